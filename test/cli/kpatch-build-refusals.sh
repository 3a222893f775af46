#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: diffs that can't be livepatched, each for one reason, and one for many.
# Prevents: a livepatch that lacks a part of its diff; a user who sees only one problem per run; anything
#   written.
# Fails if: the code or the exit code is another one, or a file in the source, the folder or the output has
#   changed.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib/kpatch-build.sh
. "$(dirname "$(readlink -f "$0")")/../lib/kpatch-build.sh"

touch "$work/stamp"
make_diff asm arch/x86/lib/copy_page_64.S '1s/^/\n/'
make_diff header include/linux/err.h 's/return IS_ERR_VALUE((unsigned long)ptr);/return ptr \&\& IS_ERR_VALUE((unsigned long)ptr);/'
make_diff blank include/linux/fs.h '1s/^/\n/'
make_diff kconfig fs/Kconfig '1s/^/\n/'
make_diff makefile fs/proc/Makefile '$a ccflags-y += -DKLP'
make_diff lds arch/x86/kernel/vmlinux.lds.S '1s/^/\n/'
make_diff script scripts/mksysmap '1s/^/\n/'
make_diff boot arch/x86/boot/video.c '1s/^/\n/'
make_diff other arch/arm/kernel/setup.c '1s/^/\n/'
make_diff good fs/proc/meminfo.c 's/VmallocTotal:   /VmallocTOTAL:   /'
make_diff broken fs/proc/meminfo.c 's/"VmallocTotal.*/no such thing/'
make_diff relocation fs/proc/meminfo.c '$a asm(".pushsection .data.got,\\"aw\\"\\n.long printk@GOT\\n.popsection");'
sed 's/^-\(.*\)VmallocTotal/-\1VmallocOther/' good.patch >stale.patch
sed '/^ .*Committed_AS/s/(m,/(q,/' good.patch >fuzzy.patch
sed 's|^--- a/.*|--- /dev/null|; s/^@@ .*/@@ -0,0 +1 @@\n+x/; /^[- ][^-]/d; /^+[^+x]/d' good.patch | sed 's|meminfo|klp_new|' >new.patch
printf '%s\n' 'diff --git a/fs/open.c b/fs/opened.c' 'similarity index 100%' 'rename from fs/open.c' \
	'rename to fs/opened.c' >renamed.patch
sed 's|[ab]/fs/proc|&/../../../fs/proc|' good.patch >outside.patch
sed 's|[ab]/fs/proc/meminfo|x/y/z|' good.patch >nowhere.patch
head -n 6 good.patch >cut.patch
echo 'no diff at all' >none.patch

refused 2 KS312 -- asm.patch
refused 2 KS313 -- header.patch
refused 3 -- blank.patch # read by more than 500 units, but no code sees it
refused 2 KS314 -- kconfig.patch
refused 2 KS315 -- makefile.patch
refused 2 KS312 -- lds.patch
refused 2 KS315 -- script.patch
refused 3 -- boot.patch
refused 2 KS320 KS321 -- other.patch

# parts of other architectures are left out, and needn't apply; nothing else: refused
printf '%s\n' '--- a/arch/s390/include/asm/uaccess.h' '+++ b/arch/s390/include/asm/uaccess.h' '@@ -1,1 +1,1 @@' \
	'-not the line there' '+another' 'diff --git a/arch/arm64/x.bin b/arch/arm64/x.bin' \
	'Binary files a/arch/arm64/x.bin and b/arch/arm64/x.bin differ' >foreign.patch
refused 2 KS320 KS321 -- foreign.patch
cat foreign.patch good.patch >partly.patch
kpatch_build --check partly.patch
[ "$status" = 0 ] && grep -q 'KS321: .*arch/s390/include/asm/uaccess.h' "$work/log" &&
	grep -q 'KS321: .*arch/arm64/x.bin' "$work/log" ||
	complain "parts of other architectures: $status, $(cat "$work/log")"
# only drivers of those architectures themselves include their files
reads=$(cd "$kernel_dir/source" && grep -rlE --include='*.[chS]' '^[ \t]*#[ \t]*include[ \t]*["<](\.\./)+arch/' \
	block certs crypto drivers fs include init io_uring ipc kernel lib mm net security sound usr virt arch/x86 |
	xargs grep -lE '(\.\./)arch/(a|c|h|i|l|m|n|o|p|r|s|xt)' | sort)
[ "$reads" = 'drivers/char/agp/alpha-agp.c
drivers/staging/media/omap4iss/iss_csiphy.c
drivers/video/backlight/locomolcd.c' ] || complain "files of other architectures are read by $reads"
refused 2 KS322 -- cut.patch
refused 2 KS322 -- none.patch
refused 2 KS323 -- stale.patch
refused 2 KS323 -- fuzzy.patch
refused 2 KS324 -- outside.patch
refused 2 KS324 -- nowhere.patch
refused 2 KS317 -- new.patch
refused 2 KS318 -- renamed.patch
refused 2 KS326 -- broken.patch
grep -q 'no such thing' "$work/log" || complain "the compiler's message isn't shown"
grep -q "$TMPDIR" "$work/log" && complain "a path of intermediate files is shown"
refused 1 KS901 -- missing.patch
refused 1 KS115 -- relocation.patch # no answer about the diff: create-diff-object couldn't read the unit

# all of them at once
refused 2 KS312 KS314 KS315 -- asm.patch good.patch header.patch kconfig.patch makefile.patch

# applied twice: the first one has made the change of the second
cp good.patch again.patch
refused 2 KS329 -- good.patch again.patch

sed 's|meminfo\.c|x.dts|' good.patch >dts.patch
refused 2 KS316 -- dts.patch

# nothing that is compiled
make_diff documentation MAINTAINERS '1s/^/\n/' Documentation/admin-guide/README.rst '1s/^/\n/'
refused 3 KS319 -- documentation.patch
make_diff comment fs/proc/meminfo.c '1s,^,/* a comment */\n,'
refused 3 -- comment.patch

# names
refused 1 KS340 -- --name a-b/c good.patch
refused 1 KS340 -- --name vmlinux good.patch
refused 1 KS340 -- --name x-tables good.patch
refused 1 KS340 -- --name "$(printf 'x%.0s' {1..56})" good.patch
make_diff xt net/netfilter/x_tables.c 's/cond_resched();/cond_resched(); cond_resched();/'
refused 2 KS341 -- --name "$(printf 'x%.0s' {1..46})" xt.patch

changed=$(find "$kernel_dir/source" -newer "$work/stamp" -print -quit)
[ -z "$changed" ] || complain "the unpacked source was written to: $changed"
exit $failed
