#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: fixes that can't be livepatched as they are: a change of init code beside one that runs; a new function of
#   nfs that nfsv4 calls; and the same with something in it that can't be left out, or copied.
# Prevents: a suggestion that isn't the fix any more: what the rest needs is left out, or a copy works on other data
#   than the original; and one that nobody has checked, or that overwrites what the author wrote.
# Fails if: the suggested diff has other hunks, or the livepatch other functions; a diff of the second kind gets a
#   suggestion, or a file is left of it.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib/kpatch-build.sh
. "$(dirname "$(readlink -f "$0")")/../lib/kpatch-build.sh"

# replaced NAME…: the last run says that these functions are new or changed
replaced()
{
	local have
	have=$(awk '$1 ~ /^(new|changed)$/ { print $2 }' "$work/log" | sort | xargs)
	[ "$have" = "$(printf '%s\n' "$@" | sort | xargs)" ] || complain "replaces '$have', not '$*'"
}

# suggested NAME: a diff is suggested for NAME.patch, and can be livepatched
suggested()
{
	kpatch_build --check --suggest "$1.patch"
	[ "$status" = 0 ] || { complain "$1: exit $status"; cat "$work/log"; return 1; }
	[ -e "$1.suggested.patch" ] || { complain "$1: nothing is written"; return 1; }
}

# has FILE TEXT, lacks FILE TEXT
has() { grep -qF -e "$2" "$1" || complain "$1 lacks '$2': $(cat "$1")"; }
lacks() { ! grep -qF -e "$2" "$1" || complain "$1 has '$2'"; }

# --- init code is left out: a marked function; a helper that the compiler inlines into one
sctp=net/sctp/protocol.c
exit_part='/^static void __net_exit sctp_ctrlsock_exit/,/^}/s/inet_ctl_sock_destroy(/pr_info_once("klp\\n");\n\t&/'
helper_part='/^static int sctp_v4_add_protocol/,/^}/s/return -EAGAIN/return -EBUSY/'
make_diff init $sctp "/^static __init int sctp_init/,/^}/s/status = -ENOBUFS/status = -ENOMEM/
$helper_part;$exit_part"
refused 2 KS103 -- --check init.patch
suggested init && {
	replaced sctp_ctrlsock_exit
	lacks init.suggested.patch EBUSY
	has init.suggested.patch 'sctp_v4_add_protocol() is left out'
	has init.suggested.patch '+	pr_info_once("klp\n");'
}
make_diff helper $sctp "$helper_part;$exit_part"
kpatch_build --check --leave-out sctp_v4_add_protocol helper.patch
[ "$status" = 0 ] || { complain "--leave-out: exit $status"; cat "$work/log"; }
replaced sctp_ctrlsock_exit
grep -q "protocol.c:[0-9]*: warning KS367: .*'sctp_v4_add_protocol'" "$work/log" || complain "KS367 isn't said"

# --- what can't be left out: code that runs later, what nobody changes, the whole
refused 2 KS368 -- --check --leave-out sctp_ctrlsock_exit helper.patch
refused 2 KS368 -- --check --leave-out sctp_v4_del_protocol helper.patch
make_diff whole $sctp "$helper_part"
refused 2 KS367 KS368 -- --check --leave-out sctp_v4_add_protocol whole.patch
make_diff later $sctp "$helper_part;/^static void __net_exit sctp_ctrlsock_exit/,/^}/s/inet_ctl_sock_destroy(/sctp_v4_add_protocol();\n\t&/"
refused 2 KS368 -- --check --leave-out sctp_v4_add_protocol later.patch

# --- … and what the rest needs: state that both name, a member, a function that only the init part calls
caps=kernel/capability.c
runs='/^bool privileged_wrt_inode_uidgid/,/^}/s/return /return file_caps_enabled + 3 \&\& /'
make_diff state $caps "/^static int __init file_caps_disable/,/^}/s/file_caps_enabled = 0;/file_caps_enabled = -1;/;$runs"
refused 2 KS369 -- --check --leave-out file_caps_disable state.patch
refused 2 KS369 -- --check --suggest state.patch
make_diff member $sctp "/^static __init int sctp_init/,/^}/s/status = -ENOBUFS/sctp_protocol.no_policy = 0;\n\t&/
/^static void __net_exit sctp_ctrlsock_exit/,/^}/s/inet_ctl_sock_destroy(/if (sctp_protocol.no_policy)\n\t\t&/"
refused 2 KS369 -- --check --leave-out sctp_init member.patch
make_diff setup $caps "/^static int __init file_caps_disable/i static int klp_table;\nstatic noinline void klp_setup(void)\n{\n\tklp_table = 3;\n}\n
/^static int __init file_caps_disable/,/^}/s/file_caps_enabled = 0;/&\n\tklp_setup();/
/^bool privileged_wrt_inode_uidgid/,/^}/s/return /return !klp_table \&\& /"
refused 2 KS369 -- --check --leave-out file_caps_disable setup.patch

# --- a changed value is set by callbacks, if it is a number whose two values the file has
make_diff value $caps 's/^int file_caps_enabled = 1;/int file_caps_enabled = 2;/'
suggested value && {
	replaced klp_post_patch_file_caps_enabled klp_pre_unpatch_file_caps_enabled
	has value.suggested.patch '+	if (READ_ONCE(file_caps_enabled) != (1))'
	has value.suggested.patch '+	WRITE_ONCE(file_caps_enabled, 2);'
}
make_diff macro_value $caps '/^int file_caps_enabled/i #define KLP_ON 2
s/^int file_caps_enabled = 1;/int file_caps_enabled = KLP_ON, klp_other;/'
refused 2 KS104 KS393 -- --check --suggest macro_value.patch
make_diff after_init mm/usercopy.c 's/^static bool enable_checks __initdata = true/static bool enable_checks __initdata = false/'
refused 2 KS103 KS393 -- --check --suggest after_init.patch

# --- a function of another module is copied, with what it calls
proto='/^extern void nfs_free_client/a void klp_forget(struct nfs_client *clp);'
use='/^struct nfs_client \*nfs4_alloc_client/,/^}/s/^\tnfs_free_client(clp);/\tklp_forget(clp);\n&/'
function='static void klp_mark(struct nfs_client *clp)\n{\n\tclp->cl_cb_ident = 0;\n}\n\nvoid klp_forget(struct nfs_client *clp)\n{\n\tklp_mark(clp);\n}\nEXPORT_SYMBOL_GPL(klp_forget);\n'
branches='#if IS_ENABLED(CONFIG_NFS_V4)\n'$function'#else\nstatic void klp_mark(struct nfs_client *clp)\n{\n}\n#endif\n'
# copying NAME FUNCTION [SED of nfs4client.c]
copying() { make_diff "$1" fs/nfs/internal.h "$proto" fs/nfs/client.c "/^void nfs_free_client/i $2" fs/nfs/nfs4client.c "$use${3:+;$3}"; }
copying copy "$branches"
refused 2 KS108 KS146 KS364 -- --check copy.patch
suggested copy && {
	has copy.suggested.patch 'static void klp_klp_mark(struct nfs_client *clp)'
	has copy.suggested.patch '+	klp_klp_forget(clp);'
	has copy.suggested.patch 'a copy of klp_forget() of fs/nfs/client.c'
}

# --- … but not with data of its file, or where a name means something else
copying data "static int klp_count;\n\n${function/klp_mark(clp);/klp_mark(clp);\\n\\tklp_count++;}"
refused 2 KS108 KS146 KS364 KS393 -- --check --suggest data.patch
has "$work/log" "only its own file defines (klp_count)"
copying local "${function/klp_mark(clp);/static int n;\\n\\n\\tif (n++)\\n\\t\\tklp_mark(clp);}"
refused 2 KS108 KS146 KS364 KS393 -- --check --suggest local.patch
has "$work/log" "it has a static variable"
copying macro "#define KLP_VALUE 0\n\n${function/= 0/= KLP_VALUE}" '/^struct nfs_client \*nfs4_alloc_client/i #define KLP_VALUE 1\n'
refused 2 KS108 KS146 KS364 KS393 -- --check --suggest macro.patch
has "$work/log" "(KLP_VALUE)"

# --- a new member becomes a shadow variable, which its uses call for; the cached source stays as it is
eventfd=fs/eventfd.c
shown='/^static void eventfd_show_fdinfo/,/^}/s/\tspin_lock_irq(/\tctx->klp_shown++;\n\tif (ctx->klp_shown > 3)\n\t\tctx->klp_shown = ctx->klp_shown - 1;\n&/'
# member NAME DECLARATION [SED]: a new member of struct eventfd_ctx
member() { make_diff "$1" $eventfd "/^struct eventfd_ctx {/,/^}/s/^\t__u64 count;/&\n\t\/* how often *\/\n\t$2/;$shown${3:+;$3}"; }
member member 'unsigned int klp_shown;'
sum=$(sha256sum "$kernel_dir/source/$eventfd")
suggested member && {
	has member.suggested.patch '+	klp_set_klp_shown(ctx, klp_get_klp_shown(ctx) + 1);'
	has member.suggested.patch '+	if (klp_get_klp_shown(ctx) > 3)'
	has member.suggested.patch '+		klp_set_klp_shown(ctx, klp_get_klp_shown(ctx) - 1);'
	has member.suggested.patch '+	klp_drop_klp_shown(ctx), kfree(ctx);'
	has member.suggested.patch 'It is freed in eventfd_free_ctx()'
	lacks member.suggested.patch '+	unsigned int klp_shown;'
	lacks member.suggested.patch 'how often'
}
[ "$sum" = "$(sha256sum "$kernel_dir/source/$eventfd")" ] || complain "the source of the kernel was changed"

# --- … but not if the object ends in another way, or the member is more than a number that is set and read
member embedded 'unsigned int klp_shown;' '/^static void eventfd_show_fdinfo/i static struct eventfd_ctx klp_other __used;'
member address 'unsigned int klp_shown;' '/^static void eventfd_show_fdinfo/,/^}/s/^}/\tklp_sum(\&ctx->klp_shown);\n}/
/^static void eventfd_show_fdinfo/i static void klp_sum(unsigned int *n) { ++*n; }'
member array 'unsigned int klp_shown, klp_more[2];'
for name in embedded address array; do
	kpatch_build --check --suggest "$name.patch"
	[ "$status" = 2 ] || complain "$name: exit $status"
	has "$work/log" 'KS393'
	has "$work/log" 'gets no shadow variable'
	[ ! -e "$name.suggested.patch" ] || complain "$name: a suggestion is written"
done

# --- what there is no form for; a diff that needs none; a file that is there
make_diff no_form lib/string.c '/^size_t strlcpy/,/^}/s/strlen(src)/strlen(src) + !src/'
refused 2 KS102 KS393 -- --check --suggest no_form.patch
make_diff fine fs/proc/meminfo.c 's/VmallocTotal:   /VmallocTOTAL:   /'
kpatch_build --check --suggest fine.patch
[ "$status" = 0 ] || complain "fine: exit $status"
[ ! -e fine.suggested.patch ] || complain "a suggestion for a diff that needs none"
has "$work/log" 'can be livepatched as it is'
echo mine >init.suggested.patch
refused 1 KS395 -- --check --suggest init.patch
[ "$(cat init.suggested.patch)" = mine ] || complain "a suggestion has overwritten another file"
kpatch_build --check --name init --suggest=init.suggested.patch - <init.patch
[ "$status" = 0 ] || { complain "to a named file: exit $status"; cat "$work/log"; }
has init.suggested.patch 'sctp_v4_add_protocol() is left out'
exit "$failed"
