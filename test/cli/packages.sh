#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: the Debian packages, made from this tree with the core for this kernel.
# Prevents: a package that lacks files which its program needs, or that lintian complains about; a core that
#   DKMS can't build.
# Fails if: lintian complains, a file is in no package or in two, the unpacked kpatch-build doesn't build, or
#   DKMS doesn't build the core for this kernel.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib/kpatch-build.sh
. "$(dirname "$(readlink -f "$0")")/../lib/kpatch-build.sh"

version=1.2.3
maintainer='Some Body <somebody@klp-split.invalid>'
{ "$top/packaging/deb/build" $version "$maintainer" "$work/debs" &&
	"$top/packaging/core/build" $version "$maintainer" "$work/debs" "$release"; } >"$work/log" 2>&1 ||
	{ complain "make deb fails"; sed 's/^/    /' "$work/log"; exit 1; }
debs=("$work"/debs/*.deb)
[ "${#debs[@]}" = 8 ] || complain "packages: ${debs[*]##*/}"
# Debian's own version of today is not what a package is judged by here
lintian --fail-on error,warning "${debs[@]}" 2>&1 | grep -v 'running with root' && complain "lintian complains"

# --- what make install installs is in exactly one package
mkdir "$work/installed" "$work/root"
make -s -C "$top" install DESTDIR="$work/installed" prefix=/usr unitdir=/lib/systemd/system >/dev/null || complain "make install"
for deb in "${debs[@]}"; do
	dpkg-deb -c "$deb" | awk '$6 !~ "/$" && $6 !~ "/(changelog.gz|copyright)$" { print $6 }'
done | sed 's/\.gz$//; s,^\./,/,; s,/doc/klp-split/,/doc/klp-split-tools/,' | sort >"$work/packed"
uniq -d "$work/packed" | grep . && complain "these files are in two packages"
(cd "$work/installed" && find . -type f) | sed 's/\.gz$//; s,^\./,/,; s,/doc/klp-split/,/doc/klp-split-tools/,' | sort |
	comm -23 - "$work/packed" | grep . && complain "these files are in no package"

# --- unpacked, they work
for deb in "$work"/debs/{klp-relocs,klp-split-tools,klp-split-dkms}_*.deb; do
	dpkg-deb -x "$deb" "$work/root"
done
make_diff fix fs/proc/meminfo.c 's/VmallocTotal:   /VmallocTOTAL:   /'
"$work/root/usr/bin/kpatch-build" --kernel "$release" -o fix fix.patch >"$work/log" 2>&1 ||
	{ complain "the packaged kpatch-build: exit $?"; cat "$work/log"; }

# --- the core by DKMS, in folders of our own; with headers from where the tests have the kernel's
mkdir "$work/dkms"
PATH=$work/root/usr/bin:$PATH dkms build klp-split/$version -k "$release" --dkmstree "$work/dkms" \
	--sourcetree "$work/root/usr/src" --kernelsourcedir "$kernel_dir/build" >"$work/log" 2>&1 ||
	{ complain "dkms build: $?"; cat "$work/log" "$work"/dkms/klp-split/*/build/make.log 2>/dev/null | head -40; }
[ -n "$(find "$work/dkms" -name 'klp_split.ko*')" ] || complain "DKMS has built no core"
"$bin/klp-relocs" show "$(find "$work/dkms" -name klp_split.ko)" >"$work/shown" || complain "DKMS's core can't be read"
grep -q vmlinux "$work/shown" || complain "DKMS's core has lost its klp relocations"
exit $failed
