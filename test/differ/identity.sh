#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: units of the kernel, spread evenly over vmlinux and its modules (N of them, by default 12).
# Prevents: an output object that is incomplete, or has a reference without a target, for any kind of function
#   and table entry in the kernel's source.
# Fails if: replacing all functions of a unit by themselves is refused (except for symbols that the kernel
#   object really lacks), the output's own check fails, or the linker refuses the output.
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
top=$here/../..
build=$(cd "$top" && readlink -f "${BUILD:-build}")
[[ $build = /* ]] || build=$top/$build
# shellcheck source=test/differ/lib/compile.sh
. "$here/lib/compile.sh"
# shellcheck disable=SC2034 # for units.sh
kernel_dir=$kernel
# shellcheck source=test/lib/units.sh
. "$top/test/lib/units.sh"
differ=$build/bin/create-diff-object
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The kernel's build folder is everybody's: compile in a copy.
cp -a "$kernel/build" "$work/build"
read -ra units <<<"${UNITS:-$(spread_units "${N:-12}" | tr '\n' ' ')}"
make -s -k -C "$kernel/source" O="$work/build" CC="$cc" KERNELRELEASE="$release" \
	KCFLAGS="$section_flags" "${units[@]/%.c/.o}" >"$work/make.log" 2>&1 ||
	{ tail -n 20 "$work/make.log"; exit 1; }

object_of() { unit_index | awk -F'\t' -v u="$1" '$1 == "unit" && $2 == u { print $3 }'; }

file_of()
{
	local debug=$kernel/root/usr/lib/debug

	if [ "$1" = vmlinux ]; then
		echo "$debug/boot/vmlinux-$release"
	else
		find "$debug/lib/modules" -name "${1//_/[-_]}.ko" # some have both: camellia-x86_64
	fi
}

failed=0
replaced=0
for unit in "${units[@]}"; do
	object=$(object_of "$unit")
	status=0
	"$differ" --assume-changed '*' --object "$object" --object-file "$(file_of "$object")" \
		--symvers "$symvers" --json "$work/json" -o "$work/out.o" \
		"$work/build/${unit%.c}.o" "$work/build/${unit%.c}.o" >"$work/log" 2>&1 || status=$?
	[ $status != 3 ] || continue # no function that ftrace can redirect
	if [ $status != 0 ] || ! ld -r -o "$work/linked.o" "$work/out.o" 2>>"$work/log"; then
		failed=$((failed + 1))
		echo "FAIL: $unit in $object: exit status $status"
		sed 's/^/    /' "$work/log"
	fi
	replaced=$((replaced + $(jq '[.functions[] | select(.status == "changed")] | length' "$work/json")))
done
echo "${#units[@]} units, $replaced functions, $failed failures"
[ $failed = 0 ] && [ $replaced -gt 0 ]
