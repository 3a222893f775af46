# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
stock_module sctp cmac algif_hash
program kpatch
gcc -static -O1 -Wall -Werror -o "$work/connect" "$test_dir/connect.c"
file "$work/connect" bin/sctp-connect 755
gcc -static -O1 -Wall -Werror -o "$work/add-key" "$test_dir/add-key.c"
file "$work/add-key" bin/add-key 755
gcc -static -O1 -Wall -Werror -o "$work/set-key" "$test_dir/set-key.c"
file "$work/set-key" bin/set-key 755
livepatch namespace "$test_dir/namespace.patch"
livepatch helper "$test_dir/helper.patch"
livepatch names "$test_dir/names.patch"
livepatch exit "$test_dir/exit.patch"
livepatch cases "$test_dir/cases.patch"
