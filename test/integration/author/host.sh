# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The examples of doc/author-guide.md: a header alone, most of the others together, and one that
# replaces another.
example() { printf '%s\n' "${@/#/$top/doc/examples/}"; }

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
