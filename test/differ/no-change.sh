#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: units spread evenly over vmlinux and modules (N of them, by default 20) are compiled twice with the
#   recorded commands: from the kernel's source, and from another folder with an added comment, once at the end
#   and once at the top, so that each __LINE__ moves.
# Prevents: livepatches that replace unchanged functions because two compilations differ in something
#   irrelevant: a line in a bug table, a renumbered static, the order of a table.
# Fails if: for any unit the result is not "nothing changed".
#
# Prints a line for each unit that fails, and the messages. UNITS='a.c b.c' takes those instead.
set -euo pipefail

top=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
build=$(cd "$top" && readlink -f "${BUILD:-build}")
[[ $build = /* ]] || build=$top/$build
release=$("$top/test/lib/kernel.sh" release)
kernel_dir=$("$top/test/lib/kernel.sh" fetch "$release")
PATH=$("$top/test/lib/kernel.sh" path "$kernel_dir")
# shellcheck source=test/lib/units.sh
. "$top/test/lib/units.sh"

# In small groups: one run needs kpatch-build's lock for all units that it compiles.
GROUP=10
UNCHANGED=3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# 0 if nothing changed in any of the units.
is_unchanged()
{
	local where=$1 status=0
	shift

	comment_diff "$where" "$@" >"$work/comment.patch"
	build_quietly --name no_change --output "$work/output" "$work/comment.patch" \
		>"$work/log" 2>&1 || status=$?
	rm -rf "$work/output"
	[ $status = $UNCHANGED ]
}

read -ra units <<<"${UNITS:-$(spread_units "${N:-20}" | tr '\n' ' ')}"
failed=0
for ((i = 0; i < ${#units[@]}; i += GROUP)); do
	group=("${units[@]:i:GROUP}")
	for where in last first; do
		! is_unchanged "$where" "${group[@]}" || continue
		# Which of them?
		for unit in "${group[@]}"; do
			! is_unchanged "$where" "$unit" || continue
			failed=$((failed + 1))
			echo "$unit: comment as the $where line: not unchanged:"
			sed 's/^/    /' "$work/log"
		done
	done
done
echo "${#units[@]} units, $failed differences"
[ ${#units[@]} -gt 0 ] && [ $failed = 0 ]
