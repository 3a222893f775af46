# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The diffs are made from the kernel's source by sed, so that they apply to each line of kernels. They are kept
# outside of the work folder: livepatches are built once for the same paths and contents.
trees=$work/trees
diffs=$build/diffs/$release/differ-kinds
source=$kernel_dir/source

# edit FILE SCRIPT: changes FILE in the patched tree by a sed script, which has to change something
edit()
{
	mkdir -p "$trees/a/$(dirname "$1")" "$trees/b/$(dirname "$1")"
	[ -e "$trees/a/$1" ] || cp "$source/$1" "$trees/a/$1"
	sed "$2" "${3:-$trees/a/$1}" >"$trees/b/$1"
	! cmp -s "$trees/a/$1" "$trees/b/$1" || die "edit: nothing changes in $1"
}

# finish_diff NAME: NAME.patch has what was edited since the last one
finish_diff()
{
	mkdir -p "$diffs"
	(cd "$trees" && { diff -ruN a b || true; } | sed '/^diff /d; /^\(---\|+++\) /s/\t.*//') >"$work/$1.patch"
	cmp -s "$work/$1.patch" "$diffs/$1.patch" || mv "$work/$1.patch" "$diffs/$1.patch"
	rm -rf "$trees"
}

# function_text FILE NAME: the definition of a function that returns void
function_text() { sed -n "/^void $2(/,/^}/p" "$source/$1"; }

# line_of FILE REGEX: the number of the one line that matches
line_of() { grep -n "$2" "$1" | cut -d : -f 1; }

# Functions that move to another file. internal.h has no guard against a second inclusion.
edit fs/proc/array.c '/^void proc_task_name(/,/^}/d'
{
	includes='#include <linux/kthread.h>\n#include <linux/sched.h>\n#include <linux/string_helpers.h>'
	grep -q '"internal.h"' "$source/fs/proc/cmdline.c" || includes+='\n#include "internal.h"'
	sed "/linux.seq_file.h/a $includes" "$source/fs/proc/cmdline.c"
	echo
	function_text fs/proc/array.c proc_task_name
} >"$work/cmdline.c"
edit fs/proc/cmdline.c 's/^\tif (escape)$/\tseq_puts(m, "moved-");\n&/' "$work/cmdline.c"
edit net/8021q/vlan_dev.c '/^void vlan_dev_set_ingress_priority(/,/^}/d'
{
	cat "$source/net/8021q/vlanproc.c"
	echo
	function_text net/8021q/vlan_dev.c vlan_dev_set_ingress_priority
} >"$work/vlanproc.c"
edit net/8021q/vlanproc.c 's/\] = skb_prio;/] = skb_prio + 100;/' "$work/vlanproc.c"
finish_diff moved

# A variable that gets another name, and a new one beside one of its kind; code with __LINE__.
edit fs/exec.c '
	/^static LIST_HEAD\|^\tinsert ?\|^\t\t list_add_tail\|^\tlist_for_each_entry/s/\<formats\>/binary_formats/
	/^void __register_binfmt/,/^}/s/^\twrite_unlock.*/&\n\tpr_info("differ-kinds: format registered\\n");/
	/^static int search_binary_handler/,/^}/s/^\tretval = -ENOENT;/\tif (strstr(bprm->filename, ".kinds"))\n\t\tpr_info("differ-kinds: format searched\\n");\n&/'
edit net/core/secure_seq.c '
	/^static siphash_aligned_key_t net_secret;/a static siphash_aligned_key_t port_secret;
	/^static __always_inline void net_secret_init/i static __always_inline void port_secret_init(void)\
{\
	net_get_random_once(\&port_secret, sizeof(port_secret));\
}\

	/^u64 secure_ipv6_port_ephemeral/,/^}/{
		s/^\tnet_secret_init();/&\n\tpr_info("differ-kinds: new secret %llx\\n", net_secret.key[0]);/
		s/net_secret/port_secret/g
	}
	/^u64 secure_ipv4_port_ephemeral/,/^}/s/^\tnet_secret_init();/&\n\tpr_info("differ-kinds: old secret %llx\\n", net_secret.key[0]);/'
edit fs/proc/version.c '
	1i /* a line on top */
	/^static int version_proc_show/,/^}/s/^\treturn 0;/\tseq_printf(m, "line %d\\n", __LINE__);\n&/'
line_of "$trees/b/fs/proc/version.c" __LINE__ >"$work/version-line"
finish_diff state

stock_module 8021q binfmt_misc dummy
program kpatch ip
livepatch moved "$diffs/moved.patch"
livepatch state "$diffs/state.patch"

# Static locals, one of which becomes the file's, in a module that isn't the kernel's: that of a function of the
# kernel has no other user, and is refused (KS170) if that one changes.
local_modules module
mkdir -p "$work/source"
cp -r -T "$test_dir/module" "$work/source"
livepatch kinds --oot-module "$work/modules/module/kst_kinds.ko" --oot-module-src "$work/source" kinds.patch

# what new code prints: 10000 more than the line in the patched file; what was there: the original's
cp -r -T "$test_dir/module" "$work/patched"
patch -s -p1 -d "$work/patched" <"$test_dir/kinds.patch"
cat >"$work/lines" <<END
version_line=$((10000 + $(cat "$work/version-line")))
old_line=$(line_of "$test_dir/module/state.c" '__LINE__')
new_line=$((10000 + $(line_of "$work/patched/state.c" 'new code, line %d')))
warn_line=$((10000 + $(line_of "$work/patched/state.c" 'WARN_ON')))
END
file "$work/lines" lines

allow_log "WARNING: CPU: .* at .*state\.c:[0-9]+ kst_line\+0x.*\[kinds__kst_kinds\]" "on purpose, by new code"
allow_log '\[ cut here \]' "belongs to that warning; guest.sh counts them"
allow_log 'Call Trace:' "belongs to that warning"
allow_taint 9 "by that warning"
