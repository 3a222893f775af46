#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: diffs that compile and whose code is right, of a kernel thread's main loop, of a function that other
#   units call, of a module that uses another one, and of exports.
# Prevents: a transition that never ends, without a warning; a caller that passes the arguments of the old
#   function; code that runs after a module which it calls is gone; a fix that is refused because it exports a
#   symbol that it uses.
# Fails if: one of them gets another code or is built, or a warning is given for a diff without these problems.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib/kpatch-build.sh
. "$(dirname "$(readlink -f "$0")")/../lib/kpatch-build.sh"

# --- main loops of threads: known by name, and found where the thread is made
make_diff threads drivers/xen/xenbus/xenbus_comms.c 's/"error %d while reading message/"Error %d while reading message/' \
	kernel/hung_task.c 's/set_user_nice(current, 0);/set_user_nice(current, 1);/' \
	fs/proc/loadavg.c 's:%u/%d:%u|%d:'
kpatch_build --check --json threads.patch
sed -n '/^{/,$p' "$work/log" >"$work/json"
[ "$status" = 0 ] || { complain "threads: exit $status"; cat "$work/log"; }
[ "$(jq -r '.diagnostics[] | select(.code == "KS140").function' "$work/json" | sort | tr '\n' ' ')" = \
	'watchdog xenbus_thread ' ] || { complain "threads: other functions are warned of"; cat "$work/log"; }
jq -e '.manifest.objects[0].functions[] | select(.name == "xenbus_thread").sleeps |
	startswith("kthread_create_on_node()")' "$work/json" >/dev/null || complain "the manifest doesn't tell"
jq -e '.manifest.objects[0].functions[] | select(.name == "loadavg_proc_show") | has("sleeps") | not' \
	"$work/json" >/dev/null || complain "the manifest tells it of a function that returns"

described "$work/json"

# --- a loop that a thread of each machine never leaves
make_diff ever kernel/audit.c '/^static int kauditd_thread/,/^}/s/^\trc = .*/&\n\tpr_info_once("klp");/;/^static int kauditd_thread/,/^}/s/while (!kthread_should_stop()) {/&\n\t\tpr_info_once("klp\\n");/'
refused 2 KS145 -- ever.patch
grep -q "audit.c:[0-9]*: KS145: .*'kauditd_thread'" "$work/log" || { complain "the loop isn't named"; cat "$work/log"; }

# --- a signature: do_suspend_lowlevel(), which is assembler, calls this one
make_diff signature arch/x86/kernel/acpi/sleep.h 's/x86_acpi_enter_sleep_state(u8 state)/x86_acpi_enter_sleep_state(u8 state, u8 more)/' \
	arch/x86/kernel/acpi/sleep.c 's/x86_acpi_enter_sleep_state(u8 state)/x86_acpi_enter_sleep_state(u8 state, u8 more)/
	s/return acpi_enter_sleep_state(state)/return acpi_enter_sleep_state(state + more)/'
refused 2 KS141 -- signature.patch
grep -q 'sleep.c:[0-9]*: KS141: .*x86_acpi_enter_sleep_state' "$work/log" || complain "signature: not at its place"
grep -q 'used by do_suspend_lowlevel' "$work/log" || { complain "the caller isn't named"; cat "$work/log"; }
# all callers are compiled again
more='s/\(err = ipc_update_perm(.*, ipcp\));/\1, 0);/'
make_diff all ipc/util.h 's/int ipc_update_perm(struct ipc64_perm \*in, struct kern_ipc_perm \*out)/int ipc_update_perm(struct ipc64_perm *in, struct kern_ipc_perm *out, long more)/' \
	ipc/util.c 's/int ipc_update_perm(struct ipc64_perm \*in, struct kern_ipc_perm \*out)/int ipc_update_perm(struct ipc64_perm *in, struct kern_ipc_perm *out, long more)/
	s/^\tout->uid = uid;/\tif (more != 42)\n\t\tout->uid = uid;/' \
	ipc/msg.c "$more" ipc/sem.c "$more" ipc/shm.c "$more"
kpatch_build --check all.patch
[ "$status" = 0 ] || { complain "all callers are compiled: exit $status"; cat "$work/log"; }

# --- a signature that BPF programs go by: the set of kfuncs is in another unit than the function
if grep -qw 'void crash_kexec' "$kernel_dir/source/include/linux/kexec.h"; then
	make_diff kfunc include/linux/kexec.h 's/void crash_kexec(struct pt_regs \*)/void crash_kexec(struct pt_regs *, int)/' \
		kernel/kexec_core.c '/^void crash_kexec(/,/^}/{s/\*regs)/*regs, int more)/;s/^\t\t__crash_kexec(regs)/\t\tif (!more)\n\t&/}' \
		arch/x86/kernel/dumpstack.c 's/\tcrash_kexec(regs);/\tcrash_kexec(regs, 0);/'
	refused 2 KS187 KS364 -- kfunc.patch
	grep -q "kexec_core.c:[0-9]*: KS187: .*'crash_kexec'" "$work/log" || { complain "kfunc: not at its place"; cat "$work/log"; }
fi

# --- what only ran while the kernel booted: alone, with something that still runs, and with a callback
ran='/^static int deferred_probe_initcall/,/^}/s/^\tinitcalls_done = true;/\tdriver_deferred_probe_trigger();\n&/'
make_diff ran drivers/base/dd.c "$ran"
refused 2 KS188 KS189 -- ran.patch
grep -q "dd.c:[0-9]*: warning KS188: .*'deferred_probe_initcall'" "$work/log" || { complain "it isn't named"; cat "$work/log"; }
make_diff ran_too drivers/base/dd.c "$ran; /^static int deferred_devs_show/,/^}/s/\treturn 0;/\tseq_puts(s, \"klp\");\n&/"
kpatch_build --check ran_too.patch
[ "$status" = 0 ] && [ "$(grep -c KS188: "$work/log")" = 1 ] && ! grep -q KS189 "$work/log" ||
	{ complain "one of two functions has run: exit $status"; cat "$work/log"; }
make_diff ran_callback drivers/base/dd.c "$ran; /^static int deferred_probe_initcall/,/^}/s/^}/&\n#include <klp-split-author.h>\nstatic void again(struct klp_object *object)\n{\n\tdriver_deferred_probe_trigger();\n}\nKLP_SPLIT_POST_PATCH(again);/"
kpatch_build --check ran_callback.patch
[ "$status" = 0 ] || { complain "a callback does what init did: exit $status"; cat "$work/log"; }
# init code has stored the address: it runs at each call through the pointer
make_diff stored net/ipv6/ip6_fib.c '/^static void fib6_flush_trees/,/^}/s/^\t__fib6_clean_all/\tif (net)\n\t&/'
kpatch_build --check stored.patch
[ "$status" = 0 ] && ! grep -q KS188 "$work/log" || { complain "an address that init code stored: exit $status"; cat "$work/log"; }

# --- the size of a buffer that an object holds; the same size, asked for in another way
bufs='/^struct pipe_inode_info \*alloc_pipe_info/,/^}/'
make_diff larger fs/pipe.c "$bufs"'s/kcalloc(pipe_bufs, /kcalloc(pipe_bufs + 1, /'
kpatch_build --check larger.patch
[ "$status" = 0 ] && grep -q "pipe.c:[0-9]*: warning KS190: .*'pipe->bufs' was pipe_bufs\*sizeof(struct pipe_buffer), and is (pipe_bufs+1)\*sizeof" "$work/log" ||
	{ complain "a larger buffer: exit $status"; cat "$work/log"; }
make_diff same_size fs/pipe.c "$bufs"'s/kcalloc(pipe_bufs, /kvmalloc_array(pipe_bufs,  /; '"$bufs"'s/GFP_KERNEL_ACCOUNT/GFP_KERNEL/'
kpatch_build --check same_size.patch
[ "$status" = 0 ] && ! grep -q KS190 "$work/log" || { complain "the same size: exit $status"; cat "$work/log"; }

# --- a new variable beside another one of its section: the compiler is asked which of the two is meant
make_diff beside net/sched/cls_flow.c 's/^static inline u32 addr_fold/static u64 secret[2] __read_mostly;\n&/
	s/^\tINIT_LIST_HEAD(&head->filters);/&\n\tget_random_bytes(secret, sizeof(secret));/'
kpatch_build --check --keep beside.patch
[ "$status" = 0 ] || { complain "a variable beside another: exit $status"; cat "$work/log"; }
kept=$(sed -n 's/^intermediate files: //p' "$work/log")
compgen -G "$kept/unit-*/names.o" >/dev/null || complain "the names weren't needed: this tests nothing"
rm -rf "$kept"

# --- half of a fix: what it calls is defined by a diff that isn't there
half='/^static int loadavg_proc_show/,/^}/s/^\treturn 0;/\treturn nobody_has_it();/; s/^static int loadavg_proc_show/int nobody_has_it(void);\n&/'
make_diff half fs/proc/loadavg.c "$half"
refused 2 KS146 -- half.patch
grep -q "loadavg.c:[0-9]*: KS146: .*'nobody_has_it', in loadavg_proc_show" "$work/log" ||
	{ complain "the use isn't named"; cat "$work/log"; }
# --check says what the modules' links would: nobody has a weak function, or two have the same
make_diff weak fs/proc/loadavg.c '/^static int loadavg_proc_show/,/^}/s/^\treturn 0;/\treturn nobody_has_it ? nobody_has_it() : 0;/
	s/^static int loadavg_proc_show/int nobody_has_it(void) __attribute__((weak));\n&/'
refused 2 KS346 -- --check weak.patch
grep -q "KS205: .*'nobody_has_it'" "$work/log" || { complain "the weak function isn't named"; cat "$work/log"; }
one='int klp_one(int x);\nint klp_one(int x)\n{\n\treturn x + 1;\n}\n&'
make_diff twice fs/proc/loadavg.c "/^static int loadavg_proc_show/,/^}/s/^\treturn 0;/\treturn klp_one(0);/; s/^static int loadavg_proc_show/$one/" \
	fs/proc/uptime.c "/^static int uptime_proc_show/,/^}/s/^\treturn 0;/\treturn klp_one(0);/; s/^static int uptime_proc_show/$one/"
refused 1 KS343 -- --check twice.patch
# the other half, in another unit
make_diff whole fs/proc/loadavg.c "$half" fs/proc/uptime.c 's/^static int uptime_proc_show/int nobody_has_it(void);\nint nobody_has_it(void)\n{\n\treturn 0;\n}\n&/'
kpatch_build --check whole.patch
[ "$status" = 0 ] || { complain "both halves: exit $status"; cat "$work/log"; }

# --- x_tables depends on nothing
use='{ extern long NAME(void *); long got = NAME((void *)par); if (got == 42) pr_info("%ld", got); }'
x_tables() { echo "/^int xt_check_match/,/^}/s/^\tint ret;/&\n\t${use//NAME/$1}/"; }
make_diff dependency net/netfilter/x_tables.c "$(x_tables nf_ct_delete)"
refused 2 KS142 -- dependency.patch
grep -q "x_tables.c:[0-9]*: KS142: .*'nf_ct_delete' of nf_conntrack" "$work/log" ||
	{ complain "the use isn't named"; cat "$work/log"; }

# --- a dependency whose file is called otherwise than its module: dm-mod, dm_mod
make_diff dash drivers/md/dm-log.c 's/DMWARN("incompatible disk log version");/DMWARN("incompatible version of the disk log");/'
kpatch_build --check dash.patch
[ "$status" = 0 ] || { complain "a module with a dash in its file's name: exit $status"; cat "$work/log"; }

# the diff itself exports it
make_diff itself net/netfilter/nf_conntrack_core.c \
	'/^int nf_conntrack_init_net/,/^}/s/^}/&\nEXPORT_SYMBOL_GPL(nf_conntrack_init_net);/' \
	net/netfilter/x_tables.c "$(x_tables nf_conntrack_init_net)"
refused 2 KS108 KS142 -- itself.patch
grep -q "x_tables.c:[0-9]*: KS142: .*'nf_conntrack_init_net' of nf_conntrack" "$work/log" ||
	{ complain "the use of what the diff exports isn't named"; cat "$work/log"; }

# --- an export of what the kernel has: for a module of the same livepatch, and for nobody
export='/^void radix_tree_node_rcu_free/,/^}/s/^}/&\nEXPORT_SYMBOL_GPL(radix_tree_node_rcu_free);/'
make_diff alone lib/radix-tree.c "$export"
refused 2 KS108 KS143 -- alone.patch
make_diff exported lib/radix-tree.c "$export" net/netfilter/x_tables.c "$(x_tables radix_tree_node_rcu_free)"
kpatch_build -o exported exported.patch
[ "$status" = 0 ] || { complain "exported: exit $status"; cat "$work/log"; }
"$bin/klp-relocs" show exported/exported__x_tables.ko >"$work/shown"
grep -q 'vmlinux.*radix_tree_node_rcu_free' "$work/shown" ||
	{ complain "the export isn't a klp relocation"; cat "$work/shown"; }
jq -e '.objects[1].references > 0' exported/exported.json >/dev/null || complain "the manifest doesn't count it"
rm -rf exported

# --- a static key that is read-only: the loader of modules writes to it, unless the kernel has sealed it
make_diff ro_key mm/usercopy.c '/^void __check_object_size/,/^}/s/^\t\/\* Skip all tests if size is zero/\tif (n == 0x7ffffff0)\n\t\tpr_info("klp: odd size\\n");\n&/'
if grep -q jump_label_init_ro "$kernel_dir/source/kernel/jump_label.c"; then
	kpatch_build --check ro_key.patch
	[ "$status" = 0 ] || { complain "a key that is sealed: exit $status"; cat "$work/log"; }
else
	refused 2 KS243 -- ro_key.patch
	grep -q "usercopy.c:[0-9]*: KS243: .*'bypass_usercopy_checks' of vmlinux" "$work/log" ||
		{ complain "the key isn't named"; cat "$work/log"; }
fi

# --- what the core itself redirects can't be replaced as long as it is loaded
for function in kernel/livepatch/core.c:klp_module_coming kernel/livepatch/core.c:klp_module_going \
	kernel/livepatch/transition.c:klp_init_transition kernel/params.c:parse_args \
	kernel/stacktrace.c:stack_trace_save_tsk_reliable; do
	file=${function%:*} name=${function#*:}
	make_diff "$name" "$file" "/^[a-z].*[ *]$name(/,/^}/s/^{/&\n\tpr_info_once(\"klp\");/"
	refused 2 KS385 -- "$name.patch"
	grep -q "$file:[0-9]*: KS385: .*'$name'" "$work/log" || { complain "$name isn't named"; cat "$work/log"; }
done
exit $failed
