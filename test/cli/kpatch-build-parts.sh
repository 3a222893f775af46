#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a change of fs/proc/meminfo.c, together with parts that the kernel is built without, and parts that
#   only look like such.
# Prevents: a commit that is refused because of a file that isn't built; a part that is left out although the
#   kernel is built with it, or although the rest needs it.
# Fails if: a warning lists other parts as left out, or a diff of the second kind isn't refused.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib/kpatch-build.sh
. "$(dirname "$(readlink -f "$0")")/../lib/kpatch-build.sh"

make_diff good fs/proc/meminfo.c 's/VmallocTotal:   /VmallocTOTAL:   /'

# part FILE LINE…: a part of a diff for an old file, which doesn't apply
part()
{
	local file=$1
	shift
	printf '%s\n' "--- a/$file" "+++ b/$file" "@@ -1,1 +1,$# @@" '-this line is nowhere'
	printf '+%s\n' "$@"
}

# new FILE LINE…: a part that adds a file
new()
{
	local file=$1
	shift
	printf '%s\n' '--- /dev/null' "+++ b/$file" "@@ -0,0 +1,$# @@"
	printf '+%s\n' "$@"
}

# changed FILE SED: a part that applies
changed() { make_diff part "$@" && cat part.patch; }

# left NAME FILE…: the diff on stdin, with the good one, changes meminfo.c; of the rest these files are left out
left()
{
	local name=$1 have
	shift
	cat - good.patch >"$name.patch"
	kpatch_build --check --json "$name.patch"
	[ "$status" = 0 ] || { complain "$name: exit status $status"; grep -E 'KS|message' "$work/log"; return; }
	have=$(sed -n '/^{/,$p' "$work/log" | jq -r '.manifest.warnings[] | select(.code == "KS365") | .message' | sed 's/ (.*//' | sort | xargs)
	[ "$have" = "$(printf '%s\n' "$@" | sort | xargs)" ] || complain "$name: left out: '$have'"
	have=$(sed -n '/^{/,$p' "$work/log" | jq -r '[.manifest.objects[].functions[].name] | join(" ")')
	[ "$have" = meminfo_proc_show ] || complain "$name: replaces '$have'"
}

# stays CODE… -- NAME: the diff on stdin, with the good one, is refused
stays()
{
	local codes=() name
	while [ "$1" != -- ]; do codes+=("$1"); shift; done
	name=$2
	cat - good.patch >"$name.patch"
	refused 2 "${codes[@]}" -- --check "$name.patch"
}

# --- files of options that aren't set; of another architecture's drivers
part fs/squashfs/file_cache.c 'int x;' | left option-unset fs/squashfs/file_cache.c
part arch/x86/crypto/sm4-aesni-avx-asm_64.S 'nop' | left assembly arch/x86/crypto/sm4-aesni-avx-asm_64.S
part drivers/char/agp/alpha-agp.c 'int x;' | left no-such-option drivers/char/agp/alpha-agp.c
sed -n '1,$p' "$kernel_dir/source/fs/squashfs/file_cache.c" >old.c
{
	printf '%s\n' '--- a/fs/squashfs/file_cache.c' '+++ /dev/null' "@@ -1,$(wc -l <old.c) +0,0 @@"
	sed 's/^/-/' old.c
	changed fs/squashfs/Makefile '/file_cache/d'
} | left removed fs/squashfs/file_cache.c fs/squashfs/Makefile

# --- headers that nothing reads: of such files, under a condition that doesn't hold
part include/linux/rcutiny.h '#define x' | left condition include/linux/rcutiny.h
part drivers/gpu/drm/radeon/radeon.h 'int x;' | left header drivers/gpu/drm/radeon/radeon.h

# --- makefiles: of a folder that isn't built; lists and flags of what isn't built
part fs/jffs2/Makefile 'ccflags-y += -DX' 'x: y' | left folder fs/jffs2/Makefile
changed fs/squashfs/Makefile '$a CFLAGS_file_cache.o += -O1' | left flag fs/squashfs/Makefile
changed fs/proc/Makefile '$a ccflags-$(CONFIG_XFS_DEBUG) += -DX' | left flags fs/proc/Makefile
changed fs/proc/Makefile '$a obj-$(CONFIG_XFS_DEBUG) += x/' | left folders fs/proc/Makefile

# --- Kconfig: words, options that stay unset; a new file and a new driver of such an option
changed fs/proc/Kconfig 's/Various \/proc files/Many files in \/proc/' | left help fs/proc/Kconfig
new_option=$'$a config KLP_NEW\\\n\tbool "New"'
changed fs/proc/Kconfig "$new_option" | left option fs/proc/Kconfig
{
	changed fs/proc/Kconfig "$new_option"
	changed fs/proc/Makefile '$a proc-$(CONFIG_KLP_NEW) += klp_new.o'
	new fs/proc/klp_new.c '#include "klp_new.h"' 'int klp_new;'
	new fs/proc/klp_new.h '#define KLP_NEW'
} | left new-file fs/proc/Kconfig fs/proc/Makefile fs/proc/klp_new.c fs/proc/klp_new.h
{
	changed fs/Kconfig '/^source "fs.proc.Kconfig"/a source "fs/klp/Kconfig"'
	changed fs/Makefile '$a obj-$(CONFIG_KLP_NEW) += klp/'
	new fs/klp/Kconfig 'config KLP_NEW' $'\tbool "New"'
	new fs/klp/Makefile 'obj-y += x.o'
	new fs/klp/x.c '#include "x.h"' 'int x;'
	new fs/klp/x.h 'extern int x;'
} | left new-driver fs/Kconfig fs/Makefile fs/klp/Kconfig fs/klp/Makefile fs/klp/x.c fs/klp/x.h

# --- what the kernel is built with, though no unit has it: programs of the build, flags given to other compilers
changed drivers/gpu/drm/radeon/mkregtable.c '$a int x;' | stays KS320 -- program
part include/linux/hidden.h 'int x;' | stays KS323 -- hidden
changed include/linux/hidden.h '$a #define KLP_X' | stays KS320 -- hidden
changed arch/x86/entry/vdso/vclock_gettime.c '$a int klp_x = 1;' | stays KS361 -- vdso
changed arch/x86/lib/copy_page_64.S '$a nop' | stays KS312 -- assembly

changed arch/x86/lib/retpoline.S '$a nop' | stays KS312 -- unnamed-assembly
part include/net/netns/conntrack.h 'int x;' | stays KS323 -- option-module

# --- flags and lists of what is built
changed fs/proc/Makefile '$a ccflags-y += -DX' | stays KS315 -- ccflags
changed fs/proc/Makefile '$a CFLAGS_meminfo.o += -DX' | stays KS315 -- cflags
changed fs/proc/Makefile '$a KASAN_SANITIZE_meminfo.o := n' | stays KS315 -- sanitize
changed fs/proc/Makefile '$a CFLAGS_REMOVE_task_mmu.o += -pg' | stays KS315 -- ftrace
changed fs/proc/Makefile '/version/d' | stays KS315 -- list
changed fs/squashfs/Makefile 's/CONFIG_SQUASHFS_FILE_CACHE/CONFIG_SQUASHFS_XATTR/' | stays KS315 -- option-set
changed fs/Makefile '$a obj-y += squashfs/klp/' | stays KS315 -- into
changed fs/proc/Makefile '$a ifdef CONFIG_X\nendif' | stays KS315 -- conditional
changed fs/proc/Makefile '$a $(obj)/x.h: $(src)/x.c' | stays KS315 -- rule
{
	changed fs/squashfs/Makefile 's/CONFIG_SQUASHFS_FILE_CACHE/CONFIG_SQUASHFS_XATTR/'
	part fs/squashfs/file_cache.c 'int x;'
} | stays KS315 KS365 -- built-then

# --- a configuration that becomes another one; code that reads a new option
changed fs/proc/Kconfig "$new_option"$'\\\n\tdefault y' | stays KS314 -- default
changed fs/proc/Kconfig '/^config PROC_KCORE/,/^$/s/^\tdepends on.*/&\n\tselect XFS_DEBUG/' | stays KS314 -- select
changed fs/proc/Kconfig '/^config PROC_KCORE/,/^$/s/^\tdepends on.*/&\n\tdepends on XFS_DEBUG/' | stays KS314 -- depends
changed fs/proc/Kconfig '/^config PROC_KCORE/,/^$/s/^\tdepends on.*/&\n\tnonsense/' | stays KS314 -- syntax
{
	changed fs/proc/Kconfig "$new_option"
	changed fs/proc/uptime.c '$a #ifdef CONFIG_KLP_NEW\n#endif'
} | stays KS314 -- reads

# --- what the rest needs is no longer left out, or the rest is refused
{
	part include/linux/rcutiny.h '#define x'
	changed fs/proc/uptime.c '1i #include <linux/rcutiny.h>'
} | stays KS323 -- includes
{
	changed include/linux/rcutiny.h '$a #define KLP_X'
	changed include/linux/rcupdate.h 's/^#elif defined(CONFIG_TINY_RCU)/#elif 1/'
} | stays KS313 -- directive
{
	changed fs/jffs2/jffs2_fs_sb.h '$a #define KLP_X'
	changed fs/proc/uptime.c '1i #define KLP(x) <../fs/jffs2/x##_fs_sb.h>\n#include KLP(jffs2)'
} | stays KS365 KS366 -- by-macro
changed fs/squashfs/file_cache.c '$a int x;' >nothing.patch
refused 2 KS320 -- nothing.patch
changed fs/proc/Kconfig "$new_option" >>nothing.patch
refused 2 KS314 -- nothing.patch
printf '%s\n' 'diff --git a/fs/squashfs/file_cache.c b/fs/squashfs/cache_file.c' 'similarity index 100%' \
	'rename from fs/squashfs/file_cache.c' 'rename to fs/squashfs/cache_file.c' | stays KS318 -- renamed

# --- the options that some file of the kernel redefines mean something else there (source/conditions.c)
redefined=$(cd "$kernel_dir/source" &&
	grep -rhoE '^[ 	]*#[ 	]*(define|undef)[ 	]+CONFIG_[A-Z0-9_]+' --include='*.[chS]' arch/x86 block certs crypto \
		fs include init io_uring ipc kernel lib mm net security | grep -o 'CONFIG_.*' | sort -u |
	while read -r option; do
		! grep -rqE "^[ 	]*(menu)?config[ 	]+${option#CONFIG_}\$" --include='Kconfig*' . || echo "$option"
	done)
for option in $redefined; do
	grep -qE "^$option=[ym]|^# $option is" "$kernel_dir/build/.config" || continue
	grep -q "\"$option\"" "$top/kpatch-build/source/conditions.c" ||
		complain "a file of the kernel redefines $option, and source/conditions.c doesn't know it"
done
exit $failed
