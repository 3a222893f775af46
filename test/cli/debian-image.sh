#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: debootstrap fails while the image for test/debian is made.
# Prevents: an incomplete Debian in the cache, which every later run would use.
# Fails if: the program reports success, or leaves an image or its work folder.
set -uo pipefail

top=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
complain() { echo "FAIL: $*"; failed=1; }

mkdir "$work/bin" "$work/tmp"
printf '#!/bin/sh\necho the archive is down\nexit 7\n' >"$work/bin/debootstrap"
printf '#!/bin/sh\nexec "$@"\n' >"$work/bin/sudo"
chmod +x "$work/bin"/*
PATH=$work/bin:$PATH TMPDIR=$work/tmp XDG_CACHE_HOME=$work/cache "$top/test/debian/image" 6.1.0-none \
	>"$work/out" 2>"$work/err" && complain "a failure of debootstrap went unseen"
[ ! -s "$work/out" ] || complain "it names an image: $(cat "$work/out")"
grep -q "can't make a Debian" "$work/err" || complain "it doesn't say so: $(cat "$work/err")"
grep -q "archive is down\|apt has no source" "$work/err" || complain "it doesn't say why: $(cat "$work/err")"
left=$(find "$work/tmp" "$work/cache" -mindepth 1 ! -name '*.lock' ! -path "$work/cache/klp-split" ! -path '*/debian')
[ -z "$left" ] || complain "left over: $left"
exit $failed
