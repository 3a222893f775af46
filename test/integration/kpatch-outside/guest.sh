# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: kst_outside is an out-of-tree module, built for this kernel by its makefile. The livepatch, built
#   from the .ko, its source and a diff of a header and a unit, is loaded before it.
# Prevents: a livepatch of an out-of-tree module that patches nothing, has a second copy of its data, or doesn't
#   see its static key.
# Fails if: a unit that only the header changes isn't replaced, a count or a switched key of the module is lost,
#   or anything of the livepatch is left.
value() { cat /sys/module/kst_outside/parameters/value; }

step "unpatched: it counts"
modprobe kst_outside
expect_eq 1 "$(value)" "first read"
rmmod kst_outside

step "the livepatch is there first, and waits"
expect_ok kpatch load /livepatches/outside
not_loaded kst_outside outside__kst_outside
modprobe kst_outside
patched outside kst_outside
loaded outside__kst_outside
expect_eq 10100 "$(value)" "both units are patched"
echo 1 >/sys/module/kst_outside/parameters/value
expect_eq 11200 "$(value)" "the module's own static key and variable"
expect_eq 0 "$(use_count kst_outside)" "use count of the module"

step "unload: the module goes on where it was"
expect_ok kpatch unload outside
expect_eq 1201 "$(value)" "the old code, the same variable and key"
rmmod kst_outside
not_loaded outside outside__kst_outside klp_split
