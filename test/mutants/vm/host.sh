# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The lots of this boot (list): their modules and livepatches. LOTS is set by boots.py.
# shellcheck disable=SC2154
core
program kpatch
while read -r lot; do
	file "$LOTS/$lot/$lot.ko" "mutants/$lot.ko"
	for path in "$LOTS/$lot/livepatch"/*; do
		file "$path" "livepatches/lp_$lot/$(basename "$path")"
	done
done <"$test_dir/list"
cpus 1 # per-CPU variables are those of one CPU
memory 1024M
time_limit $((120 + 60 * $(wc -l <"$test_dir/list")))
