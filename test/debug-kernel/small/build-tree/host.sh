# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash

# change FILE SED: a diff of a file of the kernel's source
change()
{
	local old=$kernel_dir/build/source/$1

	sed "$2" "$old" | diff -u --label "a/$1" --label "b/$1" "$old" - && die "$2 changes nothing in $1"
}

{
	change fs/proc/meminfo.c 's/"VmallocTotal:   /"VmallocPatched: /'
	change fs/configfs/dir.c '/^static int configfs_mkdir/,/^}/s/ret = -EPERM;/ret = -EXDEV;/'
} >"$work/own.patch"
(cd "$kernel_dir/build" && find . -type f -newer vmlinux) >"$work/before"
livepatch own --build-tree "$kernel_dir/build" "$work/own.patch"
(cd "$kernel_dir/build" && find . -type f -newer vmlinux) >"$work/after"
cmp "$work/before" "$work/after" || die "the build tree was written to"
stock_module configfs
program kpatch
