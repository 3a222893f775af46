#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: diffs of headers: of an inline function, of something unused, of a structure, a new header, one that
#   all units read.
# Prevents: a fix that reaches only some of the units that read a header; new code for data of the old layout.
# Fails if: a unit whose code changes is left out, a unit is compiled unnecessarily, or a changed layout is
#   built.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib/kpatch-build.sh
. "$(dirname "$(readlink -f "$0")")/../lib/kpatch-build.sh"

built()
{
	kpatch_build "$@"
	[ "$status" = 0 ] || { complain "'$*': exit $status"; cat "$work/log"; }
}

# an inline function of a header: all units that use it, and no other
make_diff inline ipc/util.h '/^static inline int ipc_checkid/,/^}/s/return /return id == 0x77777777 || /'
built inline.patch
users=$(cd "$kernel_dir/source/ipc" && grep -l ipc_checkid ./*.c | sed 's|^./|ipc/|' | sort | tr '\n' ' ')
units=$(jq -r '.objects[0].units[]' inline/inline.json | sort | tr '\n' ' ')
[ "$units" = "$users" ] || complain "units '$units', but '$users' use the function"

# what no unit uses isn't compiled
make_diff unused ipc/util.h 's/^static inline int ipc_checkid.*/#define KLP_UNUSED 1\n&/'
refused 3 -- unused.patch
! grep -q '^ *preprocess ' "$work/log" || complain "units were preprocessed for a name that none uses: $(cat "$work/log")"
kpatch_build --all-readers unused.patch
[ "$status" = 3 ] || complain "a macro that nobody uses: exit $status, not 3"
grep -q '^ *preprocess [1-9]' "$work/log" || complain "nothing was preprocessed: $(cat "$work/log")"
! grep -q '^ *compile ' "$work/log" ||
	complain "units were compiled for a macro that nobody uses"

# a header of a folder where warnings are errors
make_diff werror arch/x86/kvm/svm/svm_ops.h '1s/^/#define KLP_UNUSED 1\n/'
kpatch_build --all-readers werror.patch
[ "$status" = 3 ] || complain "a header of kvm: exit $status, not 3: $(cat "$work/log")"

# a helper that one unit uses: the others aren't compiled
make_diff helper ipc/util.h 's/^static inline int ipc_checkid/static inline long klp_new(long a)\n{\n\treturn a * 3;\n}\n&/' \
	ipc/msg.c '/^static int newque/,/^}/s/msq->q_qbytes = /&klp_new(ns->msg_ctlmnb) + /'
built --check helper.patch
grep -q '^ *compile 1 patched unit ' "$work/log" || complain "units were compiled for a helper that only msg.c uses: $(cat "$work/log")"

# a header that isn't there yet
make_diff user ipc/msg.c 's/^#include "util.h"/&\n#include "klp-new.h"/; /^static inline int msg_security\|^static int newque/,/^}/s/msq->q_qbytes = /&KLP_NEW + /'
printf '%s\n' '--- /dev/null' '+++ b/ipc/klp-new.h' '@@ -0,0 +1 @@' '+#define KLP_NEW 1' >new.patch
built --name new new.patch user.patch
[ "$(jq -r '.objects[0].functions[].name' new/new.json)" = newque ] ||
	complain "the new header reaches $(jq -c '.objects[0].functions' new/new.json)"
refused 2 KS320 -- new.patch

# data that the running kernel has made: in a header, in a unit
make_diff layout ipc/util.h 's/^struct ipc_params {/&\n\tlong klp_new;/' \
	ipc/msg.c '/^static int newque/,/^}/s/msq->q_qbytes = /&params->klp_new + /'
refused 2 KS350 -- layout.patch
grep -q "ipc/util.h:[0-9]*: KS350: .*struct ipc_params, at klp_new" "$work/log" ||
	complain "type, member and place: $(cat "$work/log")"
[ "$(grep -c ': KS350: ' "$work/log")" = 1 ] || complain "one type is reported once for each unit"

# a layout that many units see: decided by the diff's own file, without the others; and what follows from a
# changed type is below it, unless the diff edits it
make_diff own fs/proc/internal.h 's/^struct proc_dir_entry {/&\n\tint klp_new;/' \
	fs/proc/generic.c '/^void pde_free(/,/^}/s/^{/&\n\tpde->klp_new = 0;/'
refused 2 KS350 KS364 -- own.patch
grep -q '^ *compile 1 patched unit ' "$work/log" || complain "more than the diff's own file is compiled: $(cat "$work/log")"
grep -q "^decided by the source files that the diffs change: " "$work/log" || complain "that other units weren't compiled isn't said"
make_diff init fs/proc/internal.h 's/^struct proc_dir_entry {/&\n\tint klp_new;/' \
	fs/proc/version.c '/__init proc_version_init/,/^}/s/return 0;/return pde->klp_new;/' \
	fs/proc/softirqs.c '/^static int show_softirqs/,/^}/s/return 0;/return j ? 0 : 1;/'
refused 2 KS103 KS350 -- init.patch
grep -q '^fs/proc/version.c:[0-9]*: KS103: ' "$work/log" || complain "an error of what the diff edits is below another: $(cat "$work/log")"
grep -q '^        fs/proc/softirqs.c:[0-9]*: .*proc_softirqs_init' "$work/log" ||
	complain "what follows from the type isn't below it: $(cat "$work/log")"
make_diff only fs/proc/internal.h 's/^struct proc_dir_entry {/&\n\tint klp_new;/'
kpatch_build --json only.patch
sed -n '/^{/,$p' "$work/log" >only.json
described only.json
jq -e '.decided_by and (.diagnostics | [.[] | select(.severity == "error")] |
	.[0].code == "KS350" and .[0].consequences == length - 1 and all(.[1:][]; has("caused_by")))' only.json >/dev/null ||
	complain "cause and consequences in JSON: $(jq -c '.diagnostics[] | [.code, .function, .caused_by]' only.json)"
rm only.json
make_diff local ipc/msg.c 's/^struct msg_receiver {/&\n\tlong klp_new;/; s/msr_d.r_tsk = current;/& msr_d.klp_new = 1;/'
refused 2 KS350 -- --ledger local.patch
grep -q "^  refused    type 'struct msg_receiver': type (.* bytes, was .* bytes), KS350$" "$work/log" ||
	complain "the type is not in the ledger: $(cat "$work/log")"

make_diff handled ipc/msg.c 's/^struct msg_receiver {/#include <klp-split-author.h>\nKLP_SPLIT_LAYOUT_HANDLED("struct msg_receiver");\n&\n\tlong klp_new;/; s/msr_d.r_tsk = current;/& msr_d.klp_new = 1;/'
built --check handled.patch
grep -q 'warning KS126: .*layout of struct msg_receiver' "$work/log" || complain "$(cat "$work/log")"
make_diff nowhere ipc/msg.c 's/^struct msg_receiver {/#include <klp-split-author.h>\nKLP_SPLIT_LAYOUT_HANDLED("struct msg_recever");\n&\n\tlong klp_new;/; s/msr_d.r_tsk = current;/& msr_d.klp_new = 1;/'
refused 2 KS125 KS350 -- nowhere.patch

# each way in which a type can be the same, or another, by real units (test-type-layout.c has the variants)
make_diff renamed ipc/msg.c 's/struct msg_receiver/struct klp_receiver/; s/msr_d.r_tsk = current;/& barrier();/'
built --check renamed.patch
! grep -q 'KS3[57][05-8]' "$work/log" || complain "a renamed structure: $(cat "$work/log")"
make_diff grown ipc/msg.c 's/struct msg_receiver/struct klp_receiver/; s/^struct klp_receiver {/&\n\tlong klp_new;/; s/msr_d.r_tsk = current;/& msr_d.klp_new = 1;/'
refused 2 KS350 -- grown.patch
grep -q 'KS350: .*struct klp_receiver (before: struct msg_receiver), at klp_new' "$work/log" || complain "$(cat "$work/log")"
make_diff points ipc/msg.c 's/^\tstruct task_struct	\*r_tsk;/\tstruct mm_struct *r_mm;/; s/msr_d.r_tsk = current;/msr_d.r_mm = current->mm;/; s/msr->r_tsk/msr->r_mm->owner/'
refused 2 KS350 -- points.patch
make_diff number fs/binfmt_misc.c 's/^enum {Enabled, Magic};/enum {Unused, Enabled, Magic};/'
refused 2 KS350 -- number.patch
grep -q 'KS350: .*enum {Enabled}, at Enabled' "$work/log" || complain "$(cat "$work/log")"
# the function has 14 messages of dynamic debug; four are enough to know it by
[ "$(grep -c '^ *line [0-9]*: "' "$work/log")" = 4 ] || complain "each message is named: $(cat "$work/log")"
grep -q 'and [0-9]* more' "$work/log" || complain "how many more messages there are isn't said"
make_diff answered fs/binfmt_misc.c 's/^enum {Enabled, Magic};/#include <klp-split-author.h>\nKLP_SPLIT_LAYOUT_HANDLED("enum {Enabled}");\nenum {Unused, Enabled, Magic};/'
built --check answered.patch

# what runs when something is created, and what runs later
make_diff created fs/binfmt_misc.c '/^static int bm_init_fs_context/,/^}/s/fc->ops = /if (!fc)\n\t\treturn -EINVAL;\n\t&/'
built --check created.patch
grep -q "warning KS379: .*'bm_init_fs_context' is called as init_fs_context of struct file_system_type, for each mount" \
	"$work/log" || complain "what exists stays as it was: $(cat "$work/log")"
# … and what only such functions, or init code, lead to
make_diff helper net/netfilter/xt_CT.c '/^static int xt_ct_tg_check(/,/^}/s/ret = -ENOMEM;/ret = -ENOSPC;/'
built --check helper.patch
grep -q "warning KS379: .*'xt_ct_tg_check' is only called from checkentry of struct xt_target" \
	"$work/log" || complain "what a probe function alone calls: $(cat "$work/log")"
make_diff setup drivers/net/dummy.c '/^static void dummy_setup/,/^}/s/dev->max_mtu = 0;/dev->max_mtu = 1500;/'
built --check setup.patch
grep -q "warning KS379: .*'dummy_setup' is called as setup of struct rtnl_link_ops" "$work/log" ||
	complain "what init code calls as well: $(cat "$work/log")"
make_diff later fs/binfmt_misc.c '/^static ssize_t bm_status_write/,/^}/s/enabled = 0;/enabled = -1;/'
built --check later.patch
! grep -q KS379 "$work/log" || complain "a function that runs at each write: $(cat "$work/log")"

# a header beside one that is generated with the objects of its folder: kbuild can't preprocess
# (where nobody has compiled those objects yet: on a fresh cache)
make_diff generated security/selinux/include/avc_ss.h '1s/^/#define KLP_UNUSED 1\n/'
kpatch_build --all-readers generated.patch
[ "$status" = 3 ] || complain "a header beside a generated one: exit $status, not 3: $(cat "$work/log")"

# a header that is included by generated ones alone: debug information knows which units read it
make_diff seen include/linux/asn1_decoder.h '$s/^/#include <linux\/errno.h>\n#undef ENOMEM\n#define ENOMEM 99\n/'
built --check seen.patch
for unit in crypto/asymmetric_keys/{pkcs7,x509_cert}_parser.c; do
	grep -q "$unit" "$work/log" || complain "$unit reads asn1_decoder.h and isn't there: $(cat "$work/log")"
done

# a header of assembly: where its text changes, and where it doesn't
make_diff assembly arch/x86/kvm/vmx/run_flags.h '/VMX_RUN_VMRESUME/s/0)/4)/; /VMX_RUN_VMRESUME_SHIFT/s/0$/4/'
refused 2 KS337 -- assembly.patch
make_diff blank arch/x86/entry/calling.h '1s/^/\n/'
refused 3 -- blank.patch

# a .c file that headers include
make_diff zstd lib/zstd/common/error_private.c '1s/^/\n/'
refused 3 -- zstd.patch

# too many
make_diff all include/linux/kconfig.h '1s/^/\n/'
make_diff many include/linux/fs.h '1s/^/\n/'
refused 2 KS313 -- --all-readers all.patch
refused 2 KS313 -- --all-readers many.patch
grep -qE ': KS313: .*: [0-9]{4} units may read what changes, the limit is 500' "$work/log" || complain "$(cat "$work/log")"
refused 2 KS313 -- --max-units 1 --all-readers inline.patch
# … though not if no unit uses what changes
refused 3 -- all.patch
refused 3 -- many.patch

# both_ways UNITS NAME: this many units change, found by users and by readers, with the same messages
both_ways()
{
	kpatch_build --check "$2.patch"
	grep -E '^[^ ]|^ *compile .* patched unit' "$work/log" | sed 's/  .*//; s/[0-9.]* s$//' >"$work/users"
	grep -q "^ *compile $1 patched unit" "$work/log" || complain "$2: not $1 units: $(cat "$work/log")"
	kpatch_build --check --all-readers "$2.patch"
	grep -q "^ *compile $1 patched unit" "$work/log" || complain "$2, readers: not $1 units: $(cat "$work/log")"
	grep -E '^[^ ]|^ *compile .* patched unit' "$work/log" | sed 's/  .*//; s/[0-9.]* s$//' | diff "$work/users" - >"$work/difference" ||
		complain "$2: found by users and by readers: $(cat "$work/difference")"
}

# a macro that other macros paste together of two words: "test_opt(sb, BARRIER)"
make_diff pasted fs/ext4/ext4.h '/^#define EXT4_MOUNT_BARRIER/s/0x20000/0x1020000/'
both_ways 3 pasted
# … and that an inline function of another header uses so, which units call
make_diff chain fs/ext4/ext4.h '/^#define EXT4_MOUNT_DIOREAD_NOLOCK/s/0x400000/0x1400000/'
both_ways 3 chain
exit $failed
