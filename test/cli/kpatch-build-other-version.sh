#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a kernel, and the source of another point version of the same series, from the cache or the archive.
# Prevents: a livepatch made from the source of a neighbouring version, in which most functions are the same.
# Fails if: the message doesn't name the version; or a source with a faked version is accepted although its code
#   differs.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib/kpatch-build.sh
. "$(dirname "$(readlink -f "$0")")/../lib/kpatch-build.sh"

number() { sed -n "s/^$1 = //p" "$2/Makefile" | head -n 1; }
version_of() { echo "$(number VERSION "$1").$(number PATCHLEVEL "$1")"; }
line=$(version_of "$kernel_dir/source")
right=$(number SUBLEVEL "$kernel_dir/source")

# sets other: another version's source
find_other()
{
	local version package=linux-source-$line

	for other in "$(dirname "$kernel_dir")"/*/source; do
		[ -e "$other/Makefile" ] && [ "$(version_of "$other")" = "$line" ] &&
			[ "$(number SUBLEVEL "$other")" != "$right" ] && return
	done
	version=$(apt-cache madison -- "$package" | awk -F' *[|] *' '$3 !~ /Sources/ { print $2 }' | grep -v "^$line\.${right}[^0-9]" | head -n 1)
	[ -n "$version" ] || { echo "neither cache nor archive has another version of $line" >&2; exit 1; }
	other=$work/other
	mkdir "$other"
	(cd "$work" && apt-get -q download "$package=$version") >&2 || exit 1
	dpkg-deb --fsys-tarfile "$work/$package"_*.deb | tar -x -O --wildcards './usr/src/linux-source-*.tar.xz' |
		xz -d | tar -x -C "$other" --strip-components=1 || exit 1
}
find_other
wrong=$(number SUBLEVEL "$other")

# --- it says so itself
private_cache other
ln -sfn "$other" "$own/source"
refused 1 KS308 -- --prove lib/ctype.c
grep -q "Linux $line.$wrong, the kernel is.* $line.$right" "$work/log" || { complain "the versions aren't named"; cat "$work/log"; }

# --- it says that it is the right one: what is the same in both is proved, what isn't is named
own_file source Makefile
sed -i "0,/^SUBLEVEL = .*/s//SUBLEVEL = $right/" "$own/source/Makefile"
kpatch_build --prove lib/ctype.c
take_unit() { :; }
if [ "$status" = 1 ] && grep -q KS309 "$work/log"; then
	# its options give it away; so only the unit in question is of the other version
	rm -r "$own/source"
	ln -s "$(readlink -f "$kernel_dir/source")" "$own/source"
	take_unit() { own_file source "$1"; cp "$other/$1" "$own/source/$1"; }
	kpatch_build --prove lib/ctype.c
fi
[ "$status" = 0 ] || { complain "what didn't change: $status"; cat "$work/log"; }
differ=0
while read -r _ unit; do
	take_unit "$unit"
	kpatch_build --prove "$unit"
	case $status in
	0) ;; # a comment, or what this configuration leaves out
	2)
		differ=$((differ + 1))
		grep -qE "^ *$unit:.* KS(330|331|351|352|355): .*'.+'" "$work/log" ||
			{ complain "$unit: what differs isn't named"; cat "$work/log"; }
		;;
	*) grep -q 'KS325' "$work/log" || { complain "$unit: $status"; cat "$work/log"; } ;; # doesn't compile with that config
	esac
	[ "$differ" -lt 2 ] || break
done < <(cd "$kernel_dir/source" && for f in kernel/*.c mm/*.c fs/*.c net/core/*.c net/ipv4/*.c; do
	[ -e "$other/$f" ] && ! cmp -s "$f" "$other/$f" && grep -q "^unit	$f	vmlinux" "$kernel_dir/index-4" && echo "$(stat -c %s "$f") $f"
done | sort -n | head -n 8)
[ "$differ" -gt 0 ] || complain "of 8 units that differ between $line.$wrong and $line.$right none was refused"
exit $failed
