# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: object modules use an export of their target (type B), of a module that their target depends on (D),
#   and a function that the main module adds (C).
# Prevents: references that keep targets in memory for ever; modprobe processes that wait for each other in a
#   circle.
# Fails if: such symbols are ordinary undefined symbols instead of klp relocations.

step "the modules depend on the core alone"
for module in kst_r1 kst_r1__kst_t1 kst_r1__kst_t2; do
	expect_eq klp_split "$(modinfo -F depends $module)" "depends of $module"
done

step "loading main with both targets there"
modprobe kst_t2
modprobe kst_r1
wait_transition
expect_eq 1016 "$(cat /sys/module/kst_t1/parameters/references)" "types B and C"
expect_eq 1200 "$(cat /sys/module/kst_t2/parameters/value)" "types C and D"

step "nobody holds a target but its own users"
expect_eq kst_t2, "$(used_by kst_t1)"
expect_eq 0 "$(use_count kst_t2)"
rmmod kst_t2
rmmod kst_t1
not_loaded kst_t1 kst_t2 kst_r1__kst_t1 kst_r1__kst_t2

step "loading a target that brings its dependency, both patched"
modprobe kst_t2
expect_eq 1016 "$(cat /sys/module/kst_t1/parameters/references)"
expect_eq 1200 "$(cat /sys/module/kst_t2/parameters/at_init)"

step "several at once"
rmmod kst_t2 kst_t1
for _ in 1 2 3 4; do
	modprobe kst_t2 &
	modprobe kst_t1 &
done
wait
expect_eq 1200 "$(cat /sys/module/kst_t2/parameters/value)"

disable kst_r1
rmmod kst_r1
rmmod kst_t2 kst_t1
rmmod klp_split
