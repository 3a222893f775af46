# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a livepatch for two modules that are never loaded.
# Prevents: memory wasted for new code that never runs.
# Fails if: object modules are loaded with the main module, even if their target isn't loaded.

modprobe kst_r1
wait_transition
patched kst_r1 vmlinux
not_patched kst_r1 kst_t1 kst_t2
expect_eq kst_r1 "$(cat /proc/cmdline)"
not_loaded kst_t1 kst_t2 kst_r1__kst_t1 kst_r1__kst_t2
disable kst_r1
rmmod kst_r1
rmmod klp_split
