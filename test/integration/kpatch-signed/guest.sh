# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a kernel that accepts only modules signed with a key that it trusts, on firmware with a key of ours;
#   the same livepatch without a signature, and signed by kpatch-build with an unknown key and with ours.
# Prevents: a signature that the kernel doesn't recognise; a livepatch that is loaded in part where it isn't
#   trusted, or refused where it is.
# Fails if: the kernel treats the signed core as unsigned, anything untrusted is loaded or left, kpatch doesn't
#   report the reason, or a module that is signed with our key isn't loaded or taints the kernel.
expect_eq Y "$(cat /sys/module/module/parameters/sig_enforce)" "signatures are enforced"
expect_ok dmesg
output_has '[Ss]ecure boot enabled'

# rejected FOLDER REGEX WHY: kpatch says why, the kernel says REGEX, nothing is left; it isn't installed, and WHY is said
rejected()
{
	dmesg_mark
	expect_fail kpatch load "/livepatches/$1"
	output_has "signature is missing or not one that this kernel trusts"
	expect_exit 3 kpatch install "/livepatches/$1"
	output_has "KS424.*$3"
	dmesg_has "$2"
	not_loaded klp_split hotfix
	expect_eq "" "$(ls /sys/kernel/livepatch)" "livepatches"
	expect_eq "" "$(ls "/lib/modules/$(uname -r)/updates/klp-split" 2>/dev/null)" "installed livepatches"
}

step "without a signature"
rejected unsigned "Loading of unsigned module is rejected" "has no signature"

step "with a signature, by a key that it doesn't know"
rejected unknown "Loading of module with unavailable key is rejected" "is signed by 'nobody'"

step "with a signature, by a key that the firmware knows"
expect_ok kpatch load /livepatches/known
wait_transition
patched hotfix vmlinux
expect_ok grep -q VmallocTOTAL /proc/meminfo
expect_eq 0 $(($(cat /proc/sys/kernel/tainted) & 1 << 13)) "unsigned module (taint E)"
expect_ok kpatch unload hotfix
not_loaded hotfix
