# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The examples of doc/author-guide.md: a header alone, most of the others together, and one that
# replaces another. They are for the source of 6.1; what doesn't fit another line's is in a folder of its own.
example()
{
	local name ours

	[[ $release =~ ^[0-9]+\.[0-9]+ ]]
	ours=$test_dir/${BASH_REMATCH[0]}

	for name; do
		if [ -e "$ours/$name" ]; then
			echo "$ours/$name"
		else
			echo "$top/doc/examples/$name"
		fi
	done
}

stock_module unix_diag sctp
program kpatch ss
for tool in sockets eventfd; do
	gcc -static -O1 -Wall -Werror -o "$work/$tool" "$test_dir/$tool.c"
	file "$work/$tool" "bin/$tool" 755
done
livepatch header "$(example header.patch)"
mapfile -t kit < <(example shadow.patch syscall.patch static-call.patch ignore.patch callback-module.patch \
	new-file.patch btf-set.patch)
livepatch kit "${kit[@]}"
livepatch limit_1 "$(example state-1.patch)"
livepatch limit_2 "$(example state-2.patch)"
time_limit 300
