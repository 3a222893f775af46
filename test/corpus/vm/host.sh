# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The livepatches of this boot (list), with all of their targets. CORPUS_BUILDS is set by boots.sh.
# shellcheck disable=SC2154
core
program kpatch
while read -r name targets; do
	for path in "$CORPUS_BUILDS/$name/$name"/*; do
		file "$path" "livepatches/$name/$(basename "$path")"
	done
	for target in $targets; do
		stock_module "$target"
	done
done <"$test_dir/list"
memory 1024M
time_limit $((120 + 40 * $(wc -l <"$test_dir/list")))
