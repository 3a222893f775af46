#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a fix changes a variable's initial value and an init function besides a function that runs.
# Prevents: an author who knows that the first two don't matter, and can't say so; a build that says
#   nothing of what it left out.
# Fails if: the fix is built without the author's word, or refused with it; what was left out isn't listed
#   or gets into the livepatch; or a mistyped name is passed over.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib/kpatch-build.sh
. "$(dirname "$(readlink -f "$0")")/../lib/kpatch-build.sh"

unit=kernel/capability.c
fix='s/^int file_caps_enabled = 1;/int file_caps_enabled = 2;/
/^static int __init file_caps_disable/,/^}/s/file_caps_enabled = 0;/file_caps_enabled = -1;/
/^bool privileged_wrt_inode_uidgid/,/^}/s/return /return file_caps_enabled + 3 \&\& /'
words='/^#include <linux\/audit.h>/i #include <klp-split-author.h>
/^int file_caps_enabled/i KLP_SPLIT_DATA_HANDLED(file_caps_enabled);\
KLP_SPLIT_IGNORE_FUNCTION(file_caps_disable);'

make_diff unsaid $unit "$fix"
refused 2 KS103 KS104 -- unsaid.patch
grep -q "used by privileged_wrt_inode_uidgid" "$work/log" || complain "not said who uses the variable"

make_diff said $unit "$fix
$words"
kpatch_build said.patch
[ "$status" = 0 ] || { complain "exit $status"; cat "$work/log"; }
for name in file_caps_enabled file_caps_disable; do
	grep -q "warning KS126: .*'$name'" "$work/log" || complain "$name is left out, and nothing says so"
done
[ "$(jq -r '.objects[].functions[].name' said/said.json)" = privileged_wrt_inode_uidgid ] ||
	complain "other functions: $(jq -c '.objects[].functions[].name' said/said.json)"

make_diff mistyped $unit "$fix
${words/file_caps_disable/file_caps_disabled}"
refused 2 KS103 KS125 KS126 -- mistyped.patch
exit $failed
