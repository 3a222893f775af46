# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: livepatches that don't fit: for another kernel, for another build, incomplete, or no livepatch at
#   all.
# Prevents: changing a machine before it is known whether the livepatch fits.
# Fails if: one of them is not refused, the error lacks its code or the cause, or anything was installed, loaded
#   or left.
installed=/lib/modules/$(uname -r)/updates/klp-split

untouched()
{
	not_loaded kst_r1 kst_r1__kst_t1 klp_split
	expect_eq "" "$(ls /sys/kernel/livepatch)" "livepatches"
	expect_eq "" "$(ls "$installed" 2>/dev/null)" "installed livepatches"
	dmesg_lacks livepatch:
}

# refused CODE REGEX KPATCH-ARGUMENTS…
refused()
{
	code=$1
	regex=$2
	shift 2
	expect_exit 3 kpatch "$@"
	output_has "$code"
	output_has "$regex"
	untouched
}

# refused_by_kernel CODE REGEX: kst_r1, by the running kernel; nothing is left
refused_by_kernel()
{
	expect_exit 1 kpatch load /livepatches/kst_r1
	output_has "$1"
	output_has "$2"
	dmesg_mark
	untouched
}

modprobe kst_t1
dmesg_mark

step "for another kernel: release, build, build of a loaded module"
refused KS403 "the running kernel is $(uname -r)" load /livepatches/other-release
refused KS404 "is for vmlinux 00000000" load /livepatches/other-kernel
refused KS405 "is for kst_t1 00000000" load /livepatches/other-target
for altered in other-release other-kernel other-target; do
	expect_exit 3 kpatch info /livepatches/$altered
	output_has "^! KS40[345]: "
	expect_exit 3 kpatch info --json /livepatches/$altered
	refused "KS40[345]" "is for" check /livepatches/$altered
done
expect_ok kpatch info /livepatches/kst_r1
refused "KS429" "kst_t1_helpez" check /livepatches/bad-symbol

step "all that is wrong is told at once, and nothing of a good one is loaded beside a bad one"
refused KS403 KS404 load /livepatches/kst_r2 /livepatches/other-release /livepatches/other-kernel
not_loaded kst_r2

step "not whole"
refused KS406 "kst_r1__kst_t2.ko is missing" load /livepatches/missing
refused KS406 "kst_r1__kst_t2.ko" load /livepatches/mixed/kst_r1.ko

step "not a livepatch, not one livepatch, no such file"
refused KS401 kst_t1.ko load /livepatches/kst_t1.ko
refused KS401 kst_r1__kst_t1.ko load /livepatches/truncated
refused KS401 kst_r1__kst_t1.ko load /livepatches/kst_r1/kst_r1__kst_t1.ko
refused KS402 kst_r2.ko load /livepatches/two
refused KS402 /livepatches load /livepatches
expect_exit 1 kpatch load /livepatches/none
untouched

step "no such livepatch"
refused KS412 "'nothing'" unload nothing

step "wrong usage"
expect_exit 2 kpatch
expect_exit 2 kpatch frob
expect_exit 2 kpatch load
expect_exit 2 kpatch unload
expect_exit 2 kpatch load --all --boot
expect_exit 2 kpatch list --all
expect_exit 2 kpatch load --all kst_r1
expect_exit 2 kpatch --timeout 0 list

step "not root"
echo 'nobody:x:65534:65534:nobody:/:/bin/sh' >>/etc/passwd
expect_exit 3 su nobody -c "/usr/bin/kpatch load /livepatches/kst_r1"
output_has KS400
expect_ok su nobody -c "/usr/bin/kpatch list"
untouched

step "without a core: undone"
expect_exit 1 kpatch load /livepatches/kst_r1
output_has KS408
untouched
expect_exit 1 kpatch check /livepatches/kst_r1
output_has KS408

step "an object module that the kernel refuses: undone, with the kernel's own words"
mkdir -p "/lib/modules/$(uname -r)/updates"
cp /spare/klp_split.ko "/lib/modules/$(uname -r)/updates/"
depmod
expect_exit 1 kpatch load /livepatches/bad-symbol
output_has KS409
output_has "kernel: .*kst_r1__kst_t1"
dmesg_mark
untouched
expect_eq 0 "$(cat /sys/module/kst_t1/parameters/value)"

step "a name that is taken by another build"
expect_ok kpatch load /livepatches/kst_r1
expect_exit 3 kpatch load /livepatches/other-build
output_has KS407
enabled kst_r1
expect_ok kpatch unload kst_r1
rmmod kst_t1

step "ftrace is off: told at once, by its name"
echo 0 >/proc/sys/kernel/ftrace_enabled
refused_by_kernel KS441 ftrace_enabled
output_lacks KS408
expect_exit 1 kpatch check /livepatches/kst_r1
output_has KS441
echo 1 >/proc/sys/kernel/ftrace_enabled

step "somebody else redirects a function: of the core's, then of the livepatch's"
mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null || true
modprobe kst_ipmodify function=klp_module_going
refused_by_kernel KS442 "core: klp_module_going can't be hooked"
output_has "ftrace: klp_module_going (1).*kst_ipmodify"
rmmod kst_ipmodify
modprobe kst_ipmodify function=cmdline_proc_show
refused_by_kernel KS442 "ftrace handler for function 'cmdline_proc_show'"
output_has "ftrace: cmdline_proc_show (1).*kst_ipmodify"
output_lacks KS414
rmmod kst_ipmodify
dmesg_mark

step "another core is loaded; the manual's procedure exchanges it"
expect_ok kpatch load /livepatches/kst_r2
expect_exit 1 kpatch load /livepatches/other-core
output_has KS443
output_has "symbol klp_split_enable"
enabled kst_r2
expect_ok kpatch unload --all
dmesg_mark
untouched
cp /spare/other/klp_split.ko "/lib/modules/$(uname -r)/updates/"
expect_ok kpatch load /livepatches/other-core
enabled kst_r1
expect_ok kpatch unload --all
dmesg_mark
untouched
