# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The examples of a test must be the kernel's own units, spread over all
# of it, and a diff of them that changes no code. Sourced; needs:
#   top  the project's folder    build  its build folder
#   release, kernel_dir          as test/lib/kernel.sh prints them

# kpatch-build with the kernel and one job.
build_quietly()
{
	"$build/bin/kpatch-build" --kernel "$release" -j1 "$@"
}

# Add a comment to each UNIT: `first` moves all lines that follow it, `last` none. Prints the diff.
comment_diff()
{
	local where=$1 unit lines
	shift

	for unit; do
		echo "--- a/$unit"
		echo "+++ b/$unit"
		if [ "$where" = first ]; then
			echo "@@ -1,3 +1,6 @@"
			printf '+/*\n+ * moved\n+ */\n'
			sed -n '1,3s/^/ /p' "$kernel_dir/source/$unit"
		else
			lines=$(wc -l <"$kernel_dir/source/$unit")
			echo "@@ -$((lines - 2)),3 +$((lines - 2)),4 @@"
			sed -n "$((lines - 2)),\$s/^/ /p" "$kernel_dir/source/$unit"
			echo "+/* added */"
		fi
	done
}

# The index of units that kpatch-build keeps with a kernel: "unit <source> <object> …".
unit_index()
{
	local index=$kernel_dir/index-4

	[ -s "$index" ] || comment_diff last init/version.c |
		build_quietly /dev/stdin >/dev/null 2>&1 || true
	[ -s "$index" ] || { echo "kpatch-build has left no index of units" >&2; return 1; }
	cat "$index"
}

# N units, at even distances in the list of all that a diff can name: their source is in the tree.
spread_units()
{
	unit_index | awk -F'\t' '
		$1 == "unit" && $2 ~ /\.c$/ && !seen[$2]++ { print $2 }' |
		(cd "$kernel_dir/source" && while read -r unit; do
			[[ ! -f $unit || $unit = *../* ]] || echo "$unit"
		done) |
		awk -v n="$1" '
			{ units[total++] = $0 }
			END {
				for (i = 0; i < n && i < total; i++)
					print units[int((i + 0.5) * total / (n < total ? n : total))]
			}'
}
