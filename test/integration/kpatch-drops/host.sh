# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
local_modules module
program kpatch jq
livepatch meminfo "$test_dir/meminfo.patch"
livepatch version "$test_dir/version.patch"
livepatch stacked --non-replace "$test_dir/version.patch"
livepatch both "$test_dir/meminfo.patch" "$test_dir/version.patch"
time_limit 300
