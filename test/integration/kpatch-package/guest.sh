# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: three packages of one livepatch, of which the third is damaged; their scripts are called as dpkg
#   does. The only core is the one in the packages.
# Prevents: an upgrade during which the fix is missing for a moment, a livepatch that a removed package leaves,
#   and a package manager that is blocked because a livepatch can't be loaded.
# Fails if: a script fails; another livepatch than the package's is enabled, or would be at the next boot; or
#   anything is left after removal.
modules=/lib/modules/$(uname -r)
installed() { ls "$modules/updates/klp-split" 2>/dev/null || :; }
upgrade()
{
	expect_ok "/packages/$1/prerm" upgrade "$2"
	expect_ok "/packages/$2/postinst" configure "$1"
}

step "install: enabled, and at the next boot"
expect_ok /packages/1/postinst configure ""
enabled fix_1
grep -q VmallocTotal1 /proc/meminfo
expect_eq fix_1 "$(installed)"
expect_ok kpatch unload --all
not_loaded klp_split
expect_ok kpatch load --boot
enabled fix_1

step "upgrade: replaced in one step, also by one that replaces fewer functions"
dmesg_mark
upgrade 1 2
output_has "KS447.*'fix_2' replaces 'fix_1'"
! grep -q "only in version 1" /proc/version
enabled fix_2
grep -q VmallocTotal2 /proc/meminfo
not_loaded fix_1
expect_eq fix_2 "$(installed)"
dmesg_lacks "fix_1.*unpatching"

step "an upgrade to one that can't be used: the old one stays, now and at the next boot"
upgrade 2 3
output_has "is not enabled, nor will it be at the next boot"
enabled fix_2
expect_eq fix_2 "$(installed)"

step "downgrade"
upgrade 3 1
enabled fix_1
not_loaded fix_2
expect_eq fix_1 "$(installed)"

step "the same once more is no error"
expect_ok /packages/1/postinst configure 1
enabled fix_1

step "remove: nothing is left"
expect_ok /packages/1/prerm remove
not_loaded fix_1 klp_split
expect_eq "" "$(installed)"
expect_fail test -e /var/lib/klp-split
expect_eq "$(uname -r)" "$(ls -A /lib/modules)" "below /lib/modules"
