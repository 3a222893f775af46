# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
stock_module dummy
program kpatch
livepatch new_code "$test_dir/new-code.patch"
livepatch other --non-replace "$test_dir/other.patch"
xz --check=crc32 -c "$guest/livepatches/new_code/new_code__dummy.ko" >"$work/compressed.ko.xz"
file "$work/compressed.ko.xz" compressed.ko.xz
basename "$(find "$("$top/test/lib/kernel.sh" modules "$kernel_dir")/kernel" -name 'dummy.ko*')" >"$guest/shipped"
