#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: diffs that add .c files to vmlinux and to a module by a change of the folder's makefile, and diffs
#   that change makefiles in other ways.
# Prevents: new code that is compiled with other flags than kbuild's, or left out; a livepatch of an object that
#   is composed differently than the running one.
# Fails if: a function of a new file isn't in the livepatch of its object, or another change of a makefile is
#   accepted.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib/kpatch-build.sh
. "$(dirname "$(readlink -f "$0")")/../lib/kpatch-build.sh"

# new_file FILE LINE…: a diff that adds it, on standard output
new_file()
{
	local file=$1
	shift
	printf '%s\n' '--- /dev/null' "+++ b/$file" "@@ -0,0 +1,$# @@" "${@/#/+}"
}

# --- what is refused, by a line or by what make makes of it
make_diff flags fs/proc/Makefile '$a ccflags-y += -DKLP'
refused 2 KS315 -- flags.patch
grep -q 'flags.patch:[0-9]*: KS315: ' "$work/log" && grep -q '+ccflags-y += -DKLP' "$work/log" ||
	complain "the line isn't shown: $(cat "$work/log")"
make_diff folder fs/proc/Makefile '$a obj-y += klp/'
refused 2 KS315 -- folder.patch
make_diff less fs/proc/Makefile '/meminfo\.o/d'
refused 2 KS315 -- less.patch
grep -q 'fs/proc/meminfo.o isn.t built any more' "$work/log" || complain "$(cat "$work/log")"
make_diff more fs/proc/Makefile '$a obj-y += nommu.o'
refused 2 KS315 -- more.patch
make_diff nothing fs/proc/Makefile '1s/^/# a comment\n/' fs/proc/meminfo.c '1s,^,/* */\n,'
refused 3 KS365 -- nothing.patch
new_file fs/proc/klp_new.c 'int klp_new_value(int x) { return x + 1; }' >alone.patch
refused 2 KS317 -- alone.patch
make_diff unset fs/proc/Makefile '$a proc-$(CONFIG_KLP_NOT_SET) += klp_new.o'
refused 2 KS317 KS365 -- unset.patch alone.patch
make_diff module fs/proc/Makefile '$a obj-m += klp_new.o'
refused 2 KS338 -- module.patch alone.patch
new_file arch/x86/boot/klp_new.c 'int klp_new_value(int x) { return x + 1; }' >boot.patch
make_diff bootmake arch/x86/boot/Makefile '$a obj-y += klp_new.o'
refused 2 KS361 -- bootmake.patch boot.patch # the boot code is linked on its own
new_file arch/x86/math-emu/klp_new.c 'int klp_new_value(int x) { return x + 1; }' >emu.patch
make_diff emumake arch/x86/math-emu/Makefile '$a obj-y += klp_new.o' # a folder of 32-bit kernels
refused 2 KS338 -- emumake.patch emu.patch
make_diff make fs/proc/Makefile '$a proc-y += klp_new.o'
new_file fs/proc/klp_new.c '#include <linux/mm.h>' 'long si_mem_available(void) { return 1; }' >moved.patch
refused 2 KS339 -- make.patch moved.patch

# --- a file that goes: gone_file FILE: a diff that removes it
gone_file()
{
	local lines
	lines=$(wc -l <"$kernel_dir/source/$1")
	printf '%s\n' "--- a/$1" '+++ /dev/null' "@@ -1,$lines +0,0 @@"
	sed 's/^/-/' "$kernel_dir/source/$1"
}
gone_file fs/proc/util.c >gone.patch
refused 2 KS144 -- gone.patch
grep -q 'still lists it' "$work/log" || complain "$(cat "$work/log")"
make_diff unlisted fs/proc/Makefile 's/[[:blank:]]util\.o//; /^proc-y.*+= util\.o$/d'
refused 2 KS144 -- unlisted.patch gone.patch # generic.c uses it, and isn't compiled again
grep -q "KS144: .*'name_to_int' of fs/proc/util.c" "$work/log" && grep -q 'used by proc_.*, which isn.t compiled again' "$work/log" ||
	complain "who uses it isn't named: $(cat "$work/log")"
own='s/#include "internal.h"/&\nstatic unsigned own(const struct qstr *q) { return q->len == 1 ? q->name[0] - 48 : ~0U; }\n#define name_to_int own/'
make_diff users fs/proc/base.c "$own" fs/proc/fd.c "$own"
refused 2 KS144 -- unlisted.patch gone.patch users.patch
grep -q 'used by .* (.*generic.c' "$work/log" || complain "the last user isn't named: $(cat "$work/log")"
make_diff last fs/proc/generic.c "$own"
kpatch_build --check --json unlisted.patch gone.patch users.patch last.patch
[ "$status" = 0 ] || { complain "a file that nothing uses any more: $status"; cat "$work/log"; }
sed -n '/^{/,$p' "$work/log" | jq -e '.manifest.objects[0].functions[] | select(.name == "name_to_int" and .unit == "fs/proc/util.c").status == "removed"' \
	>/dev/null || { complain "what is removed isn't told"; cat "$work/log"; }
make_diff moved fs/proc/generic.c 's/#include "internal.h"/&\nunsigned name_to_int(const struct qstr *q) { return q->len; }/'
kpatch_build --check --json unlisted.patch gone.patch users.patch moved.patch
[ "$status" = 0 ] || { complain "a function that moves out of a removed file: $status"; cat "$work/log"; }
sed -n '/^{/,$p' "$work/log" | jq -e '.manifest.objects[0].functions[] | select(.name == "name_to_int" and .unit == "fs/proc/generic.c").status == "changed"' \
	>/dev/null || { complain "what has moved doesn't replace the running kernel's"; cat "$work/log"; }
gone_file kernel/sched/stats.c >included.patch
refused 2 KS318 -- included.patch # build_utility.c includes it
make_diff initcall fs/proc/Makefile '/loadavg\.o/d'
gone_file fs/proc/loadavg.c >loadavg.patch
refused 2 KS109 -- initcall.patch loadavg.patch

# --- a new file in vmlinux and in a module, each used by a function that is there
new_file fs/proc/klp_new.c '#include <linux/printk.h>' '#include <linux/bug.h>' 'static int calls;' \
	'static noinline long helper(long x) { pr_debug("call %d\n", ++calls); return x / 2; }' \
	'long klp_new_value(long x);' 'long klp_new_value(long x) { WARN_ON_ONCE(x < 0); return helper(x) + calls; }' >new.patch
make_diff use fs/proc/meminfo.c 's/#include "internal.h"/&\nextern long klp_new_value(long x);/; s/available = si_mem_available();/available = klp_new_value(si_mem_available());/'
new_file net/netfilter/klp_ct.c '#ifndef MODULE' '#error not as a module' '#endif' 'const char *klp_ct(void);' \
	'const char *klp_ct(void) { return KBUILD_MODNAME; }' >ct.patch
make_diff useb net/netfilter/Makefile '$a nf_conntrack-$(CONFIG_NF_CONNTRACK) += klp_ct.o' \
	net/netfilter/nf_conntrack_core.c '/^void nf_conntrack_free(/,/^}/s/^{/{ pr_info("%s", klp_ct());/; s/^void nf_conntrack_free(.*/const char *klp_ct(void);\n&/'
kpatch_build -n files make.patch new.patch use.patch ct.patch useb.patch
[ "$status" = 0 ] || { complain "exit $status"; cat "$work/log"; }
of() { jq -r --arg o "$1" '.objects[] | select(.object == $o) | .functions[] | "\(.unit) \(.name) \(.status)"' files/files.json | sort; }
[ "$(of vmlinux)" = 'fs/proc/klp_new.c helper new
fs/proc/klp_new.c klp_new_value new
fs/proc/meminfo.c meminfo_proc_show changed' ] || complain "vmlinux: $(of vmlinux)"
[ "$(of nf_conntrack)" = 'net/netfilter/klp_ct.c klp_ct new
net/netfilter/nf_conntrack_core.c nf_conntrack_free changed' ] || complain "nf_conntrack: $(of nf_conntrack)"
strings files/files__nf_conntrack.ko | grep -qx nf_conntrack || complain "the new unit wasn't compiled for its module"
exit $failed
