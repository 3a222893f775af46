#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# No tool that compiles can be faster than its compiler. So a warm build (kernel
# prepared, original cached) of a livepatch that changes one unit is measured
# against the compiler's own time for that unit, twice, with the very commands
# that kbuild recorded, in the same run on the same machine. And comparing the
# two objects should take little time compared with making them: the differ's share of the
# total and the time of each step are printed.
#
# usage: bench/one-unit.sh [UNIT SED]…   default: a small and a large unit
set -euo pipefail
shopt -s extglob

top=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
bin=$(cd "$top" && readlink -f "${BUILD:-build}")/bin
kernel_dir=$("$top/test/lib/kernel.sh" fetch)
release=$(basename "$kernel_dir")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rounds=${ROUNDS:-5}

[ $# -gt 0 ] || set -- \
	fs/proc/meminfo.c 's/VmallocTotal:   /VmallocTOTAL:   /' \
	kernel/sched/core.c 's/BUG: scheduling while atomic/bug: scheduling while atomic/'

# milliseconds COMMAND…: the quickest of some rounds, as others may be using the machine;
# what that one printed is left in $work/log
milliseconds()
{
	local begin end best=
	for _ in $(seq "$rounds"); do
		begin=$(date +%s%N)
		"$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
		end=$(date +%s%N)
		[ -n "$best" ] && [ $((end - begin)) -ge "$best" ] && continue
		best=$((end - begin))
		mv "$work/log" "$work/quickest"
	done
	mv "$work/quickest" "$work/log"
	echo $((best / 1000000))
}

# The recorded command, with outputs elsewhere; compiler and objtool, nothing else.
compile_twice()
{
	local command
	command=$(cat "$kernel_dir/units/${1%.c}.o/command")
	command=${command//-o ${1%.c}.o/-o $work/unit.o}
	command=${command//objtool ${1%.c}.o/objtool $work/unit.o}
	command=${command%" ${1%.c}.o"}
	case $command in *objtool*) command+=" $work/unit.o" ;; esac
	command=${command/-Wp,-MMD,+([^ ])/-Wp,-MMD,$work/unit.d}
	(cd "$kernel_dir/build" && sh -c "$command" && sh -c "$command")
}

# Of a line "  compare 1 unit     0.05 s".
step_ms() { sed -n "s/^  $1.* \([0-9.]*\) s\$/\1/p" "$work/log" | awk '{ ms += $1 * 1000 } END { print int(ms) }'; }

printf '%-24s %12s %12s %7s %12s\n' unit 'compiler x2' kpatch-build ratio differ
while [ $# -gt 0 ]; do
	unit=$1
	mkdir -p "$work/a/$(dirname "$unit")" "$work/b/$(dirname "$unit")"
	cp "$kernel_dir/source/$unit" "$work/a/$unit"
	sed "$2" "$work/a/$unit" >"$work/b/$unit"
	(cd "$work" && diff -u --label "a/$unit" --label "b/$unit" "a/$unit" "b/$unit") >"$work/bench.patch" || true
	build=("$bin/kpatch-build" --kernel "$release" -o "$work/out" "$work/bench.patch")
	"${build[@]}" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; } # warm up
	floor=$(milliseconds compile_twice "$unit")
	ours=$(milliseconds "${build[@]}")
	differ=$(step_ms compare)
	printf '%-24s %9d ms %9d ms %7s %5d ms %3s%%\n' "$unit" "$floor" "$ours" \
		"$(awk -v a="$ours" -v b="$floor" 'BEGIN { printf "%.2f", a / b }')" \
		"$differ" "$(awk -v a="$differ" -v b="$ours" 'BEGIN { printf "%.1f", 100 * a / b }')"
	sed -n 's/^  \(.*\) *\([0-9.]* s\)$/    \1\2/p' "$work/log"
	shift 2
done
