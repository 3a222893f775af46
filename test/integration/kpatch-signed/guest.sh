# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a kernel that takes no module but those signed by a key that it trusts, on firmware that has a key of ours
#   among its own; the same livepatch without a signature, and signed by kpatch-build with a key that nobody
#   knows, and with ours.
# Prevents: a signature that the kernel doesn't take for one; a livepatch that is loaded by half where it isn't trusted,
#   or refused where it is.
# Fails if: the kernel calls the signed core unsigned, anything untrusted is loaded or left, kpatch doesn't say why, or
#   what is signed with our key isn't loaded, or marks the kernel as one with unsigned modules.
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
