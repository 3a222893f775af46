#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a diff with a subject; dpkg-deb and rpmbuild, and versions of them that fail.
# Prevents: a package that can be installed for another kernel than it was built for, that doesn't say what it
#   fixes, or that differs from run to run.
# Fails if: name, version, dependency, changelog, scripts or modules are wrong; the same build makes another
#   package; or a failed dpkg-deb leaves an output.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib/kpatch-build.sh
. "$(dirname "$(readlink -f "$0")")/../lib/kpatch-build.sh"

make_diff Mend_it fs/proc/meminfo.c 's/VmallocTotal:   /VmallocTOTAL:   /'
sed -i '1i From: A. "Uthor" <a@example.org>\nSubject: [PATCH 1/2] proc: mend it\n\nThis is CVE-2026-4321.\n' Mend_it.patch

mkdir "$work/bin"
printf '#!/bin/sh\n[ "$1" = -x ] && exec /usr/bin/dpkg-deb "$@"\necho broken\nexit 2\n' >"$work/bin/dpkg-deb"
chmod 755 "$work/bin/dpkg-deb"
PATH=$work/bin:$PATH refused 1 KS951 -- --package=deb Mend_it.patch

kpatch_build -o out --package=deb --package-version=1.2 Mend_it.patch
package=livepatch-mend-it-$release
deb=out/${package}_1.2_$(dpkg --print-architecture).deb
[ "$status" = 0 ] && [ -e "$deb" ] || { complain "no $deb"; cat "$work/log"; ls out; exit 1; }
[ -e out/Mend_it_1_2.ko ] || complain "the livepatch's name lacks the version: $(ls out)"
version=$(jq -r .kernel.version out/Mend_it_1_2.json)
[ "$(modinfo -F klp_split_fix out/Mend_it_1_2.ko)" = "proc: mend it" ] || complain "modinfo: klp_split_fix"
[ "$(modinfo -F klp_split_cve out/Mend_it_1_2.ko)" = CVE-2026-4321 ] || complain "modinfo: klp_split_cve"
said=$(jq -r '.diffs[0] | "\(.subject), \(.author), \(.cves[])"' out/Mend_it_1_2.json)
[ "$said" = 'proc: mend it, A. "Uthor" <a@example.org>, CVE-2026-4321' ] || complain "manifest: $said"
sum=$(jq -r '.objects[0].sha256' out/Mend_it_1_2.json)
sha256sum --quiet -c <<<"$sum  out/Mend_it_1_2.ko" || complain "manifest: the module's digest is $sum"
depends=$(dpkg-deb -f "$deb" Depends)
[ "$depends" = "klp-split, linux-image-$release (= $version)" ] || complain "Depends: $depends"
dpkg-deb -R "$deb" tree
cmp out/Mend_it_1_2.ko "tree/usr/lib/klp-split/livepatches/$release/Mend_it_1_2/Mend_it_1_2.ko" ||
	complain "the module isn't in it"
zcat "tree/usr/share/doc/$package/changelog.gz" | grep -qx '  \* proc: mend it (CVE-2026-4321)' || complain "changelog"
dpkg-deb -f "$deb" Description | grep -qx '  \* proc: mend it (CVE-2026-4321)' || complain "description"
for script in postinst prerm; do
	[ -x "tree/DEBIAN/$script" ] || complain "no $script"
	sh -n "tree/DEBIAN/$script" || complain "$script"
	! grep @ "tree/DEBIAN/$script" | grep -v '\$@' || complain "$script has gaps"
done
cp "$deb" first.deb
kpatch_build -o out --package=deb --package-version=1.2 Mend_it.patch
cmp first.deb "$deb" || complain "another package for the same build"

# --- rpm
printf '#!/bin/sh\necho broken\nexit 2\n' >"$work/bin/rpmbuild"
chmod 755 "$work/bin/rpmbuild"
PATH=$work/bin:$PATH refused 1 KS951 -- --package=rpm Mend_it.patch
rm "$work/bin/rpmbuild"
sed -i 's/mend it/mend 100% of it/' Mend_it.patch
kpatch_build -o rpm --package=rpm --package-version=1.2 Mend_it.patch
rpm=$(echo rpm/"$package"-1.2-1.*.rpm)
[ "$status" = 0 ] && [ -e "$rpm" ] || { complain "no $rpm"; cat "$work/log"; ls rpm; exit 1; }
rpm -qp --requires "$rpm" | grep -qxF "/lib/modules/$release/modules.builtin" || complain "rpm: it isn't for this kernel"
rpm -qp --requires "$rpm" | grep -qx klp-split || complain "rpm: kpatch isn't required"
rpm -qp --changelog "$rpm" | grep -qx -e '- proc: mend 100% of it (CVE-2026-4321)' ||
	complain "rpm: changelog"
rpm -qp --qf '%{DESCRIPTION}\n' "$rpm" | grep -qx -e '- proc: mend 100% of it (CVE-2026-4321)' || complain "rpm: description"
[ "$(rpm -qp --qf '%{POSTIN}' "$rpm" | sed '1,2d')" = "$(sed 1d tree/DEBIAN/postinst)" ] || complain "rpm: other scripts"
rpm -qp --qf '%{PREUN}' "$rpm" | sh -n || complain "rpm: %preun"
(mkdir unpacked && cd unpacked && rpm2cpio "../$rpm" | cpio -idm --quiet)
cmp rpm/Mend_it_1_2.ko "unpacked/usr/lib/klp-split/livepatches/$release/Mend_it_1_2/Mend_it_1_2.ko" ||
	complain "rpm: the module isn't in it as it was built"
cp "$rpm" first.rpm
kpatch_build -o rpm --package=rpm --package-version=1.2 Mend_it.patch
cmp first.rpm "$rpm" || complain "another rpm for the same build"

for wrong in "--package=tar" "--package=deb --package-version=x" "--package=deb --check"; do
	# shellcheck disable=SC2086
	kpatch_build -o other $wrong Mend_it.patch
	[ "$status" = 1 ] && [ ! -e other ] || complain "$wrong: exit $status"
done
exit $failed
