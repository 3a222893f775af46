#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: functions and variables that other files use move to another file, are renamed, or become weak,
#   strong, static, global or inline, in vmlinux and in a module. Most users are in files that the diffs don't
#   name. Other changed files are read by more than units of vmlinux and modules.
# Prevents: users that silently continue to use the old code or the old variable; and a refusal of a move that
#   can be followed.
# Fails if: a move within one object isn't built with exactly that function replaced, or any other change isn't
#   refused with a message that names the file that would not link.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib/kpatch-build.sh
. "$(dirname "$(readlink -f "$0")")/../lib/kpatch-build.sh"

# text_of FUNCTION FILE: its definition, to be read by sed's r command
text_of() { { echo; sed -n "/^[a-z].*[ *]$1(/,/^}/p" "$kernel_dir/source/$2"; } >"$work/$1.c"; }

# functions STATUS NAME…: the livepatch of the last diffs has exactly these, "status name"
functions()
{
	local found

	found=$(sed -n '/^{/,$p' "$work/log" | jq -r \
		'[.manifest.objects[].functions[] | "\(.status) \(.name)"] | sort | unique | join(", ")')
	[ "$found" = "$1" ] || { complain "$2: '$found' instead of '$1'"; sed 's/^/    /' "$work/log"; }
}

# built FUNCTIONS DIFF…
built()
{
	local want=$1
	shift
	kpatch_build --check --json "$@"
	[ "$status" = 0 ] || { complain "'$*': exit $status"; grep -v '^{' "$work/log" | sed 's/^/    /'; return; }
	functions "$want" "$*"
}

# says TEXT: the last refusal does
says() { grep -q "$1" "$work/log" || { complain "'$1' isn't said"; sed 's/^/    /' "$work/log"; }; }

includes='#include <linux\/sched.h>\n#include <linux\/kthread.h>\n#include <linux\/string_helpers.h>\n#include "internal.h"'

# --- a function moves to another file of vmlinux
text_of proc_task_name fs/proc/array.c
sed 's/^{/{\n\tseq_puts(m, "(moved)");/' "$work/proc_task_name.c" >"$work/changed.c"
make_diff same fs/proc/array.c '/^void proc_task_name(/,/^}/d' \
	fs/proc/cmdline.c "s/#include <linux\/seq_file.h>/&\n$includes/; \$r $work/proc_task_name.c"
make_diff moved fs/proc/array.c '/^void proc_task_name(/,/^}/d' \
	fs/proc/cmdline.c "s/#include <linux\/seq_file.h>/&\n$includes/; \$r $work/changed.c"
built 'changed proc_task_name' same.patch
built 'changed proc_task_name' moved.patch

# … to a new file
{ printf '#include <linux/seq_file.h>\n%b\n' "${includes//\\\//\/}"; cat "$work/changed.c"; } >"$work/new.c"
printf '%s\n' '--- /dev/null' '+++ b/fs/proc/klp_new.c' "@@ -0,0 +1,$(wc -l <"$work/new.c") @@" >new.patch
sed 's/^/+/' "$work/new.c" >>new.patch
make_diff gone fs/proc/array.c '/^void proc_task_name(/,/^}/d' fs/proc/Makefile '$a proc-y += klp_new.o'
built 'changed proc_task_name' gone.patch new.patch

# … to a file that declares it static: what sees a declaration doesn't compile
make_diff hidden fs/proc/array.c '/^void proc_task_name(/,/^}/d' fs/proc/internal.h '/proc_task_name/d' \
	fs/proc/cmdline.c "s/#include <linux\/seq_file.h>/&\n$includes/; \$r $work/changed.c"
sed -i 's/^+void proc_task_name/+static __used void proc_task_name/' hidden.patch
refused 2 KS326 -- hidden.patch

# … to a module, to two files, and twice in one kernel
make_diff away fs/proc/array.c '/^void proc_task_name(/,/^}/d; s/#include "internal.h"/&\n#define proc_task_name(m, p, e) seq_puts(m, "?")/' \
	net/8021q/vlanproc.c '/^static int vlandev_seq_show(struct seq_file \*seq, void \*offset)$/i\
struct task_struct;\
void proc_task_name(struct seq_file *m, struct task_struct *p, bool escape);\
void proc_task_name(struct seq_file *m, struct task_struct *p, bool escape)\
{\
	seq_puts(m, "?");\
}\
'
refused 2 KS357 -- away.patch
says 'used by .* (fs/proc/base.c'
make_diff two fs/proc/array.c '/^void proc_task_name(/,/^}/d' \
	fs/proc/cmdline.c "s/#include <linux\/seq_file.h>/&\n$includes/; \$r $work/changed.c" \
	fs/proc/version.c "s/#include \"internal.h\"/$includes/; \$r $work/changed.c"
refused 2 KS359 -- two.patch
make_diff twice fs/proc/cmdline.c "s/#include <linux\/seq_file.h>/&\n$includes/; \$r $work/changed.c"
refused 2 KS339 -- twice.patch

# --- another name: for all its users, for some, or none of the others
make_diff half fs/proc/array.c 's/proc_task_name(/proc_task_name2(/'
refused 2 KS357 -- half.patch
says "KS357: .*'proc_task_name' of fs/proc/array.c"
says 'used by .* (fs/proc/base.c'
make_diff compiled fs/proc/array.c 's/proc_task_name(/proc_task_name2(/' fs/proc/base.c '1s/^/\n/'
refused 2 KS357 -- compiled.patch
says 'fs/proc/base.c still uses it'
make_diff whole fs/proc/array.c 's/proc_task_name(/proc_task_name2(/' fs/proc/base.c 's/proc_task_name(/proc_task_name2(/' \
	fs/proc/internal.h 's/proc_task_name(/proc_task_name2(/'
built 'changed comm_show, changed do_task_stat, changed proc_pid_status, new proc_task_name2, removed proc_task_name' whole.patch
make_diff static fs/proc/array.c 's/#include "internal.h"/#define proc_task_name kept\n&\n#undef proc_task_name/; s/^void proc_task_name(/static noinline &/'
refused 2 KS357 -- static.patch
says 'used by .* (fs/proc/base.c'
make_diff variable kernel/time/timer.c 's/jiffies_64/jiffies_65/'
refused 2 KS357 -- variable.patch
says 'the linker script uses it (arch/x86/kernel/vmlinux.lds.S)'
make_diff formats fs/exec.c 's/\<suid_dumpable\>/suid_dumps/'
refused 2 KS357 -- formats.patch
# … a variable that is renamed with all its users is the running kernel's, unless another file has its old name now
make_diff forks kernel/fork.c 's/total_forks/forks_total/' fs/proc/stat.c 's/total_forks/forks_total/' \
	include/linux/sched/stat.h 's/total_forks/forks_total/'
built 'changed show_stat' forks.patch
says "'forks_total' is 'total_forks'"
make_diff taken kernel/fork.c 's/^unsigned long total_forks;/&\nextern unsigned long forks_total;/; s/total_forks/forks_total/' \
	fs/proc/loadavg.c 's/^static int loadavg_proc_show/unsigned long total_forks;\n\n&/'
refused 2 KS173 KS183 -- --check taken.patch

# --- an export goes along; one that is lost is missed by modules
text_of mangle_path fs/seq_file.c
{ sed 's/^{/{\n\tif (!*p)\n\t\treturn s;/' "$work/mangle_path.c"; echo 'EXPORT_SYMBOL(mangle_path);'; } >"$work/exported.c"
make_diff export fs/seq_file.c '/^char \*mangle_path(/,/^}/d; /EXPORT_SYMBOL(mangle_path)/d' \
	fs/proc/cmdline.c "s/#include <linux\/seq_file.h>/&\n#include <linux\/export.h>\n#include <linux\/string.h>/; \$r $work/exported.c"
built 'changed mangle_path' export.patch
make_diff unexported fs/seq_file.c 's/\<seq_put_hex_ll\>/seq_put_hexadecimal_ll/'
refused 2 KS357 -- unexported.patch

# --- exported functions that are gone: nothing of this kernel uses it; a module does; the export only is gone
more='/^void d_genocide(/,/^}/s/^\td_walk(parent, parent, /\tif (parent)\n\t&/'
make_diff nobody fs/dcache.c '/^void d_set_fallthru(/,/^EXPORT_SYMBOL(d_set_fallthru);/d;'"$more"
built 'changed d_genocide, removed d_set_fallthru' nobody.patch
says "'d_set_fallthru' of fs/dcache.c"
says '"KS392"'
make_diff imported fs/dcache.c '/^struct dentry \*d_add_ci(/,/^EXPORT_SYMBOL(d_add_ci);/d'
refused 2 KS357 -- imported.patch
says 'module .* uses it'
make_diff inside fs/dcache.c '/^EXPORT_SYMBOL(d_set_fallthru);/d;'"$more"
built 'changed d_genocide' inside.patch
! grep -q KS392 "$work/log" || complain 'a function that is still there is called gone'
says "the export of 'd_set_fallthru' is gone"
make_diff used fs/dcache.c '/^EXPORT_SYMBOL(d_add_ci);/d;'"$more"
built 'changed d_genocide' used.patch
says "the export of 'd_add_ci' is gone"
says 'module .* uses it'

make_diff looked-up fs/nfs/nfs3client.c 's/\<nfs3_set_ds_client\>/nfs3_set_data_client/'
refused 2 KS357 -- looked-up.patch
says 'nfsv4.ko looks it up by name'

# --- statics: to another file and for all, and with another's name
text_of comm_show fs/proc/base.c
sed 's/^static int comm_show/int comm_show/; s/^{/{\n\tseq_puts(m, "");/; /proc_task_name/!s/get_proc_task(inode)/get_proc_task(inode)/' \
	"$work/comm_show.c" >"$work/global.c"
make_diff global fs/proc/base.c '/^static int comm_show(/,/^}/d' \
	fs/proc/internal.h 's/^extern void proc_task_name/int comm_show(struct seq_file *m, void *v);\n&/; s/^void proc_task_name/int comm_show(struct seq_file *m, void *v);\n&/' \
	fs/proc/cmdline.c "s/#include <linux\/seq_file.h>/&\n$includes\n#include <linux\/sched\/task.h>/; \$r $work/global.c"
built 'changed comm_open, changed comm_show, removed comm_show' global.patch

# --- weak and strong
make_diff strong arch/x86/pci/common.c '/^int pcibios_enable_device(/i\
resource_size_t pcibios_default_alignment(void)\
{\
	return PAGE_SIZE;\
}\
'
refused 2 KS358 -- strong.patch
make_diff weak fs/proc/cmdline.c 's/#include <linux\/seq_file.h>/&\n#include <linux\/sched.h>\n#include "internal.h"\nvoid __weak proc_task_name(struct seq_file *m, struct task_struct *p, bool escape)\n{\n\tseq_puts(m, "weak");\n}/
	/^static int cmdline_proc_show(/,/^}/s/^\treturn 0;/\tproc_task_name(m, current, true);\n&/'
built 'changed cmdline_proc_show' weak.patch
make_diff weaker fs/proc/array.c 's/^void proc_task_name(/void __weak proc_task_name(/; s/p->flags & PF_KTHREAD)/p->flags \& PF_KTHREAD \&\& m->size)/'
built 'changed proc_task_name' weaker.patch

# the first of two weak ones counts, and neither has a symbol that tells: the other's source does
make_diff weakened arch/x86/kernel/cpu/bugs.c 's/^ssize_t cpu_show_meltdown/ssize_t __weak cpu_show_meltdown/'
refused 2 KS358 -- weakened.patch
says 'the linker may take that of drivers/base/cpu.c'
# … a weak one that isn't in use: what changes in it never runs
make_diff unused drivers/base/cpu.c '/^ssize_t __weak cpu_show_meltdown/,/^}/s/Not affected/Not affected at all/'
refused 3 KS363 -- --check unused.patch

# --- in a module
text_of vlan_dev_set_ingress_priority net/8021q/vlan_dev.c
sed 's/^{/{\n\tpr_info("moved\\n");/' "$work/vlan_dev_set_ingress_priority.c" >"$work/changed.c"
make_diff vlan net/8021q/vlan_dev.c '/^void vlan_dev_set_ingress_priority(/,/^}/d' net/8021q/vlanproc.c "\$r $work/changed.c"
built 'changed vlan_dev_set_ingress_priority' vlan.patch

# … into a header, as a function that each of its users has a copy of
sed 's/^void /static noinline __maybe_unused void /' "$work/changed.c" >"$work/copied.c"
make_diff copied net/8021q/vlan_dev.c '/^void vlan_dev_set_ingress_priority(/,/^}/d' \
	net/8021q/vlan.h "/^void vlan_dev_set_ingress_priority(/,/;/d; \$r $work/copied.c"
built 'changed vlan_changelink, changed vlan_ioctl_handler, new vlan_dev_set_ingress_priority' copied.patch
# … and one that takes the name of a function of the kernel, which the module's other files use
make_diff imported net/8021q/vlan_dev.c '/^void vlan_dev_set_ingress_priority(/i\
void remove_proc_entry(const char *name, struct proc_dir_entry *parent)\
{\
}\
'
refused 2 KS362 -- --check imported.patch
says "'remove_proc_entry' of net/8021q/vlan_dev.c"
says 'in 8021q'

# --- readers that are no units: kpatch-build-readers.sh; and files that nothing can compare
make_diff features arch/x86/include/asm/cpufeatures.h '$a /* */'
refused 2 KS316 -- features.patch
make_diff table arch/x86/lib/x86-opcode-map.txt '1s/^/# a line\n/'
refused 2 KS316 -- table.patch
exit $failed
