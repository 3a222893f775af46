# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
core
test_module kst_t1 kst_m kst_m__kst_t1
here=$test_dir/../no-memory
cp -r "$here/modules" "$work/fail"
make -s -C "$kernel_dir/build" M="$work/fail" modules >"$work/modules.log" 2>&1 ||
	{ cat "$work/modules.log" >&2; die "can't build kst_fail"; }
module "$work/fail/kst_fail.ko"
gcc -static -O1 -Wall -Wextra -Werror -D_GNU_SOURCE -o "$work/failing" "$here/failing.c"
file "$work/failing" test/failing 755
file "$here/steps.sh" test/steps.sh
time_limit 600
. "$here/../../memory-failures.sh"
