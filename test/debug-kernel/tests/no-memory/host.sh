# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
core
test_module kst_t1 kst_m kst_m__kst_t1
local_modules modules
gcc -static -O1 -Wall -Wextra -Werror -D_GNU_SOURCE -o "$work/failing" "$test_dir/failing.c"
file "$work/failing" test/failing 755
time_limit 600
. "$test_dir/../../memory-failures.sh"
