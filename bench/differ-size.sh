#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A tool that looks through a list for each relocation is quick on small units
# and unusable on large ones. So create-diff-object is measured on units of the
# kernel from small to large, and on generated ones with 10,000, 20,000 and
# 40,000 functions: time per function and memory per function must not grow.
#
# usage: bench/differ-size.sh [UNIT…]
#
# Times are the processor's, of the quickest of some rounds; ratios are what to
# look at. Ends with 1 if 40,000 functions take more than 6 times as long as 10,000.
set -euo pipefail

top=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
build=$(cd "$top" && readlink -f "${BUILD:-build}")
differ=$build/bin/create-diff-object
release=$("$top/test/lib/kernel.sh" release)
kernel_dir=$("$top/test/lib/kernel.sh" fetch "$release")
# shellcheck source=test/lib/units.sh
. "$top/test/lib/units.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rounds=${ROUNDS:-3}

[ $# -gt 0 ] || set -- init/version.c fs/proc/meminfo.c fs/pipe.c mm/slub.c net/core/dev.c kernel/sched/core.c \
	kernel/bpf/verifier.c arch/x86/kvm/x86.c

# measure EXIT COMMAND…: sets ms and mb
measure()
{
	local wanted=$1 status now
	shift
	ms=
	for _ in $(seq "$rounds"); do
		status=0
		env time -q -o "$work/time" -f '%U %S %M' "$@" >"$work/log" 2>&1 || status=$?
		[ $status = "$wanted" ] || { cat "$work/log"; echo "exit $status: $*"; exit 1; } >&2
		now=$(awk '{ print int(($1 + $2) * 1000) }' "$work/time")
		[ -n "$ms" ] && [ "$now" -ge "$ms" ] || ms=$now
	done
	mb=$(awk '{ print int($3 / 1024) }' "$work/time")
}

functions_in() { readelf -sW "$1" | grep -c ' FUNC '; }

row() { printf '%-34s %9s %9s %8s %10s %8s\n' "$@"; }
row unit functions KiB ms us/function MB

units=()
for unit; do
	[ -e "$kernel_dir/units/${unit%.c}.o/original.o" ] || units+=("$unit")
done
if [ ${#units[@]} -gt 0 ]; then
	comment_diff last "${units[@]}" >"$work/comment.patch"
	build_quietly "$work/comment.patch" >"$work/log" 2>&1 || [ $? = 3 ] || { cat "$work/log" >&2; exit 1; }
fi
for unit; do
	object=$kernel_dir/units/${unit%.c}.o/original.o
	strip -g -o "$work/stripped.o" "$object"
	n=$(functions_in "$object")
	measure 3 "$differ" "$object" "$object"
	row "$unit" "$n" $(($(stat -c %s "$work/stripped.o") / 1024)) "$ms" $((ms * 1000 / n)) "$mb"
done

# $1 functions, each with a string, a static variable, a call, a warning table's entry; the last one differs
generate()
{
	awk -v n="$1" 'BEGIN {
		print "int printk(const char *, ...);"
		for (i = 0; i < n; i++) {
			printf "static int count_%d; int f%d(int); int f%d(int x) {", i, i, i
			printf " static int seen; seen += x; count_%d++; printk(\"number %d: %%d\\n\", seen);", i, i
			printf " asm volatile(\"1: nop\\n.pushsection .smp_locks,\\\"a\\\"\\n.long 1b - .\\n.popsection\");"
			printf " return %s; }\n", i ? sprintf("f%d(x + 1) + count_%d + LAST", i - 1, i) : "x"
		}
	}' | sed "\$!s/ + LAST//"
}

first=
for n in 10000 20000 40000; do
	generate $n >"$work/generated.c"
	for last in 1 2; do
		gcc -O1 -c -fno-asynchronous-unwind-tables -pg -mfentry -mrecord-mcount -fno-pic -mcmodel=kernel -ffunction-sections -fdata-sections -DLAST=$last \
			-o "$work/$last.o" "$work/generated.c"
	done
	measure 0 "$differ" "$work/1.o" "$work/2.o"
	row "generated, one function changed" $n $(($(stat -c %s "$work/1.o") / 1024)) "$ms" $((ms * 1000 / n)) "$mb"
	first=${first:-$ms}
done
echo "4 times the functions take $((ms * 100 / (first + 1)))% of the time"
[ $((ms)) -le $((6 * (first + 1))) ]
