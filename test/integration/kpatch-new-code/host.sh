# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
stock_module dummy
program kpatch
livepatch new_code "$test_dir/new-code.patch"
livepatch other --non-replace "$test_dir/other.patch"
