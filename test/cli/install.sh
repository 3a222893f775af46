#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: the tools are built.
# Prevents: an installed tool that still needs the source tree; an uninstall that leaves files, or removes other
#   files.
# Fails if: a tool, a man page or a file that kpatch-build needs is not installed, an installed tool doesn't
#   start, or uninstall leaves one of our files or removes another one.
set -euo pipefail

cd "$(dirname "$0")/../.."
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

make -s install DESTDIR="$root" prefix=/usr >/dev/null
for f in bin/kpatch-build bin/create-diff-object bin/klp-relocs sbin/kpatch share/man/man8/kpatch.8 \
	share/man/man1/kpatch-build.1 share/klp-split/kmod/klp_split.h share/klp-split/templates/main.c \
	share/man/man7/klp-split-codes.7 share/doc/klp-split/author-guide.md share/doc/klp-split/examples/header.patch \
	share/bash-completion/completions/kpatch lib/systemd/system/kpatch.service; do
	[ -f "$root/usr/$f" ] || { echo "not installed: $f"; exit 1; }
done
for tool in bin/kpatch-build bin/create-diff-object bin/klp-relocs sbin/kpatch; do
	"$root/usr/$tool" --version >/dev/null
done

grep -q '^ExecStart=/usr/sbin/kpatch ' "$root/usr/lib/systemd/system/kpatch.service" ||
	{ echo "kpatch.service names another kpatch"; exit 1; }
if command -v systemd-analyze >/dev/null; then
	systemd-analyze verify --root "$root" --man=no /usr/lib/systemd/system/kpatch.service 2>&1 |
		grep -F kpatch.service | grep -v 'not found' && { echo "kpatch.service: see above"; exit 1; }
fi

touch "$root/usr/bin/somebody-elses"
make -s uninstall DESTDIR="$root" prefix=/usr >/dev/null
left=$(cd "$root" && find . -type f)
[ "$left" = ./usr/bin/somebody-elses ] || { printf 'after uninstall:\n%s\n' "$left"; exit 1; }
[ ! -e "$root/usr/share/klp-split" ] || { echo "left: share/klp-split"; exit 1; }
