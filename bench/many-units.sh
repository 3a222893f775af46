#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A fix that touches many units, or a header that many read, must take as much
# longer as its units take to compile, and no more: nothing may visit all
# units for each unit. So livepatches of 1, 10 and 100 units are built, each the
# first time (originals too) and again; one of a header; and one from nothing
# but the unpacked packages. It prints processor seconds of all programs together,
# per unit and in ratio to the smallest, and the memory of the largest program.
#
# usage: bench/many-units.sh [-c] [N…]   default: -c 1 10 100
#   -c  the header and the cold start, too
#
# Ends with 1 if a unit of the largest livepatch costs more than 1.5 times what one of the smallest does.
set -euo pipefail

top=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
build=$(cd "$top" && readlink -f "${BUILD:-build}")
release=$("$top/test/lib/kernel.sh" release)
kernel_dir=$("$top/test/lib/kernel.sh" fetch "$release")
# shellcheck source=test/lib/units.sh
. "$top/test/lib/units.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

all=
[ $# -gt 0 ] || set -- -c 1 10 100
[ "$1" != -c ] || { all=yes; shift; }

# The packages and the source are shared, what is made of them is this run's own.
mkdir -p "$work/cache/klp-split/kernels/$release"
ln -s "$kernel_dir/root" "$kernel_dir/source" "$work/cache/klp-split/kernels/$release/"

# measure ARGUMENTS…: sets cpu (seconds), wall and mb
measure()
{
	local status=0
	env XDG_CACHE_HOME="$work/cache" time -q -o "$work/time" -f '%U %S %e %M' \
		"$build/bin/kpatch-build" --kernel "$release" -n bench -o "$work/out" "$@" >"$work/log" 2>&1 || status=$?
	[ $status = 0 ] || { cat "$work/log"; echo "exit $status: $*"; exit 1; } >&2
	read -r cpu wall mb < <(awk '{ print $1 + $2, $3, int($4 / 1024) }' "$work/time")
}

row() { printf '%-44s %9s %9s %9s %6s\n' "$@"; }
per_unit() { awk -v a="$1" -v n="$2" 'BEGIN { printf "%.2f", a / n }'; }

row livepatch 'CPU s' 'per unit' 'wall s' MB
# from the packages: the build tree, the index, the core, one unit
comment_diff last fs/proc/meminfo.c >"$work/cold.patch"
measure --assume-changed meminfo_proc_show "$work/cold.patch"
row 'cold: prepare, index, core, one unit' "$cpu" '' "$wall" "$mb"

# All functions of each unit are replaced, as far as they can be: more than a fix would ask for.
first='' last=''
for n; do
	mapfile -t units < <(spread_units "$n")
	comment_diff last "${units[@]}" >"$work/bench.patch"
	measure --assume-changed '*' "$work/bench.patch"
	row "$n units, originals too" "$cpu" "$(per_unit "$cpu" "$n")" "$wall" "$mb"
	measure --assume-changed '*' "$work/bench.patch"
	row "$n units, again" "$cpu" "$(per_unit "$cpu" "$n")" "$wall" "$mb"
	sed -n 's/^  \(.*\) *\([0-9.]* s\)$/    \1\2/p' "$work/log"
	last=$(per_unit "$cpu" "$n")
	first=${first:-$last}
done

if [ -n "$all" ]; then
	# an inline function that twenty of the units that read this header have in them
	header=fs/ext4/ext4_jbd2.h
	mkdir -p "$work/a/fs/ext4" "$work/b/fs/ext4"
	cp "$kernel_dir/source/$header" "$work/a/$header"
	sed '/^static inline int ext4_handle_valid(/,/^}/s/(unsigned long)handle < /(unsigned long)handle + 1 <= /' \
		"$work/a/$header" >"$work/b/$header"
	(cd "$work" && diff -u --label "a/$header" --label "b/$header" "a/$header" "b/$header") >"$work/header.patch" || true
	for which in 'originals too' again; do
		measure "$work/header.patch"
		n=$(sed -n 's/.*compile \([0-9]*\) patched.*/\1/p' "$work/log")
		row "header, $n units, $which" "$cpu" "$(per_unit "$cpu" "$n")" "$wall" "$mb"
	done
fi
[ "$#" -gt 1 ] || exit 0
echo "a unit of the largest costs $(awk -v a="$last" -v b="$first" 'BEGIN { printf "%.2f", a / b }') times what one of the smallest does"
awk -v a="$last" -v b="$first" 'BEGIN { exit a > 1.5 * b }'
