# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Diffs that can't be livepatched, and what kpatch-build --suggest makes of them.

# adapted NAME FILE SED [FILE SED]…: the livepatch NAME, from the suggestion for such a diff
adapted()
{
	local name=$1 file script folder=$work/adapted
	shift
	mkdir -p "$folder"
	while [ $# -gt 0 ]; do
		file=$1 script=$2
		shift 2
		sed "$script" "$kernel_dir/source/$file" | diff -u --label "a/$file" --label "b/$file" "$kernel_dir/source/$file" - || true
	done >"$folder/$name.patch"
	rm -f "$folder/$name.suggested.patch"
	"$build/bin/kpatch-build" --kernel "$release" --check --suggest "$folder/$name.patch" >"$work/$name.log" 2>&1 ||
		{ cat "$work/$name.log" >&2; die "no suggestion for $name"; }
	livepatch "$name" "$folder/$name.suggested.patch"
}

stock_module sctp nfsv4
program kpatch
adapted value mm/oom_kill.c 's/int sysctl_oom_dump_tasks = 1;/int sysctl_oom_dump_tasks = 0;/'
adapted init net/sctp/protocol.c '/^static int sctp_v4_add_protocol/,/^}/s/return -EAGAIN/return -EBUSY/
	/^static void __net_exit sctp_ctrlsock_exit/,/^}/s/inet_ctl_sock_destroy(/pr_info("a namespace of sctp ends\\n");\n\t&/'
adapted copy fs/nfs/internal.h '/^extern void nfs_free_client/a void klp_forget(struct nfs_client *clp);' \
	fs/nfs/client.c '/^void nfs_free_client/i static void klp_mark(struct nfs_client *clp)\n{\n\tclp->cl_cb_ident = 0;\n}\n\nvoid klp_forget(struct nfs_client *clp)\n{\n\tklp_mark(clp);\n}\nEXPORT_SYMBOL_GPL(klp_forget);\n' \
	fs/nfs/nfs4client.c '/^struct nfs_client \*nfs4_alloc_client/,/^}/s/^\tnfs_free_client(clp);/\tklp_forget(clp);\n&/'
gcc -static -O1 -Wall -Werror -o "$work/eventfd" "$test_dir/../author/eventfd.c"
file "$work/eventfd" bin/eventfd 755
adapted member fs/eventfd.c '/^struct eventfd_ctx {/,/^}/s/^\t__u64 count;/&\n\tunsigned int klp_shown;/
	/^static void eventfd_show_fdinfo/,/^}/s/\tspin_lock_irq(/\tctx->klp_shown++;\n\tseq_printf(m, "eventfd-shown: %u\\n", ctx->klp_shown);\n&/'
time_limit 300
