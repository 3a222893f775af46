#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a fix changes a variable's initial value and an init function in addition to a function that runs;
#   another one declares callbacks and states in two units of vmlinux; a third has a new set of BTF ids.
# Prevents: an author who knows that the first two changes don't matter, but can't declare it; a build that
#   doesn't report what it left out; a callback that is lost because another unit has one, too, or because
#   nothing declares it.
# Fails if: the fix is built without the author's declaration, or refused with it; a change that was left out
#   isn't listed or gets into the livepatch; a mistyped name is ignored; two units contradict each other and one
#   of them is used; or a set contains a number that was not found.
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

# A set of BTF ids names a function that vmlinux doesn't have: its number would be left zero.
sed 's/BTF_ID(func, vfs_write)/BTF_ID(func, klp_nowhere)/' "$top/doc/examples/btf-set.patch" >nowhere.patch
refused 2 KS356 -- nowhere.patch
grep -q '^fs/proc/devices.c: KS356: ' "$work/log" || complain "the file isn't told: $(cat "$work/log")"
grep -q 'unresolved symbol klp_nowhere' "$work/log" || complain "the name isn't told: $(cat "$work/log")"
[ ! -e nowhere ] || complain "a livepatch with an empty number was left"

# Two units: the same kind of callback, another version of the same state, a function that nothing calls.
author_unit()
{
	cat <<-EOF
		#include <klp-split-author.h>
		static void post_patch_$1(struct klp_object *obj)
		{
			pr_info("post_patch_$1\n");
		}
		KLP_SPLIT_POST_PATCH(post_patch_$1);
		KLP_SPLIT_STATE(7, $1); KLP_SPLIT_STATE(8, 1);
		static void undeclared_$1(struct klp_object *obj)
		{
			pr_info("undeclared_$1\n");
		}
	EOF
}
author_unit 1 >"$work/declared-1"
author_unit 2 >"$work/declared-2"
make_diff contradictory $unit "/^#include <linux\/uaccess.h>/r $work/declared-1" \
	fs/proc/version.c "/^#include \"internal.h\"/r $work/declared-2"
refused 2 KS151 KS370 KS371 -- contradictory.patch
for words in "KS151: .*'post_patch_[12]'.* post_patch callback for vmlinux" "the other is post_patch_[12], .*\.c:[0-9]" \
	'KS370: .*state 0x7, version [12] and [12]' "warning: ‘undeclared_1’ defined but not used" \
	"warning: ‘undeclared_2’ defined but not used"; do
	grep -q "$words" "$work/log" || { complain "no '$words'"; cat "$work/log"; }
done

# What one declares stands in the manifest, the summary and the report.
printf '%s\n' '#include <klp-split-author.h>' 'KLP_SPLIT_STATE(8, 1);' >"$work/state-2"
sed '/undeclared_1(/,$d; /^static.*undeclared/d' "$work/declared-1" >"$work/callback-1"
make_diff agreeing $unit "/^#include <linux\/uaccess.h>/r $work/callback-1" \
	fs/proc/version.c "/^#include \"internal.h\"/r $work/state-2"
kpatch_build --check --report agreeing.html --json agreeing.patch
[ "$status" = 0 ] || { complain "exit $status"; cat "$work/log"; }
sed -n '/^{/,$p' "$work/log" | jq -e '.manifest | (.states | map("\(.id) \(.version)") | sort == ["0x7 1", "0x8 1"]) and
	(.objects[0].callbacks | map("\(.kind) \(.name)") == ["post_patch post_patch_1"])' >/dev/null ||
	{ complain "callbacks and states of the manifest"; cat "$work/log"; }
sed -n '/^{/,$p' "$work/log" >agreeing.json
described agreeing.json
grep -q 'post_patch_1.*when all tasks run the new code' agreeing.html || complain "no callback in the report"
grep -q '<code>0x8</code>' agreeing.html || complain "no state in the report"
kpatch_build --check agreeing.patch
grep -q '^    calls    post_patch_1 .*kernel/capability.c:[0-9]*, as post_patch callback' "$work/log" ||
	{ complain "the summary"; cat "$work/log"; }
exit $failed
