# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# There is no dpkg in the VM: the packages are unpacked here, and their scripts called there as dpkg does.
program kpatch
time_limit 300
for version in 1 2 3; do
	output=$(built_livepatch fix --package=deb "--package-version=$version" "fix$((version < 3 ? version : 2)).patch")
	dpkg-deb -R "$output"/livepatch-*.deb "$work/package"
	for script in postinst prerm; do
		file "$work/package/DEBIAN/$script" "packages/$version/$script" 755
	done
	cp -r "$work/package/usr" "$guest/"
	rm -r "$work/package"
done
# Version 3 was damaged on its way.
truncate -s -3000 "$guest/usr/lib/klp-split/livepatches/$release/fix_3/fix_3.ko"
