# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: first-init, in the initramfs, has loaded T1, then M for it, and C, then T3 for it. The initramfs had
#   no object modules. Now the root file system is mounted, which has them.
# Prevents: a machine that boots with old code in a target without any message; a core that searches for files
#   in an initramfs that is gone.
# Fails if: a main module or a target is loaded without its object module; or the programs that the core starts,
#   or the files that it reads, are from another root than that of init.

step "in the initramfs: M was refused, because T1 was there; T3 was refused, because C was there"
expect_eq 1 "$(cat /first/kst_m.exit)"
grep -q 'Input/output error' /first/kst_m || fail "M: $(cat /first/kst_m)"
expect_eq 0 "$(cat /first/value)"
expect_eq 1 "$(cat /first/kst_t3.exit)"
grep -q 'Input/output error' /first/kst_t3 || fail "T3: $(cat /first/kst_t3)"
grep -q 'klp_split: kst_c: kst_t3: modprobe kst_c__kst_t3 failed' /first/log || fail "the log does not say why"
expect_eq 'klp_split kst_c kst_t1' "$(cut -d' ' -f1 /first/modules | sort | xargs)"

step "in the root file system: both work"
wait_transition
modprobe kst_t3
expect_eq 401 "$(cat /sys/module/kst_t3/parameters/value)"
modprobe kst_m
wait_transition
expect_eq 301 "$(cat /sys/module/kst_t1/parameters/value)"

step "also without modprobe"
rmmod kst_t1
folder=/lib/modules/$(uname -r)/updates/klp-split/kst_m
mkdir -p "$folder"
cp "$(modinfo -n kst_m__kst_t1)" "$folder/"
echo /nowhere >/proc/sys/kernel/modprobe
modprobe kst_t1
expect_eq 301 "$(cat /sys/module/kst_t1/parameters/value)"
rmmod kst_t1
disable kst_m
rmmod kst_m
rmmod kst_t3
rmmod kst_c
rmmod klp_split
