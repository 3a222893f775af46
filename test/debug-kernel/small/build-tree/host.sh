# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash

# change FILE SED: a diff of a file of the kernel's source
change()
{
	local old=$kernel_dir/build/source/$1

	if sed "$2" "$old" | diff -u --label "a/$1" --label "b/$1" "$old" -; then
		die "$2 changes nothing in $1"
	fi
}

{
	change fs/proc/meminfo.c 's/"VmallocTotal:   /"VmallocPatched: /'
	change fs/configfs/dir.c '/configfs_lookup(struct inode/,/^}/s/d_name.len > NAME_MAX/d_name.len > 8/'
} >"$work/own.patch"
(cd "$kernel_dir/build" && find . -type f -newer vmlinux) >"$work/before"
livepatch own --build-tree "$kernel_dir/build" "$work/own.patch"
(cd "$kernel_dir/build" && find . -type f -newer vmlinux) >"$work/after"
cmp "$work/before" "$work/after" || die "the build tree was written to"
stock_module configfs
program kpatch
