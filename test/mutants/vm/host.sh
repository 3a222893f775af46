# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The mutants of this boot (list): their modules and livepatches. MUTANTS is set by boots.py.
# shellcheck disable=SC2154
core
program kpatch
while read -r name; do
	file "$MUTANTS/$name/$name.ko" "mutants/$name.ko"
	for path in "$MUTANTS/$name/livepatch"/*; do
		file "$path" "livepatches/lp_$name/$(basename "$path")"
	done
done <"$test_dir/list"
cpus 1 # per-CPU variables are those of one CPU
memory 1024M
time_limit $((120 + 30 * $(wc -l <"$test_dir/list")))
