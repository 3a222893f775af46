#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: changed files that are read by more than units of vmlinux and modules: the vDSO, the boot code, the
#   purgatory, the EFI stub, asm-offsets.c, linker scripts, programs of the build.
# Prevents: a vDSO that silently stays unpatched while the kernel's part of a fix is livepatched; and a refusal
#   because of a comment, or of a macro that the reader doesn't use.
# Fails if: a change isn't refused with the reader's name, or one that makes no difference to any reader is
#   refused.
# shellcheck disable=SC2016 # "$" is an address of sed
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib/kpatch-build.sh
. "$(dirname "$(readlink -f "$0")")/../lib/kpatch-build.sh"

# says TEXT: the last refusal does
says() { grep -q "$1" "$work/log" || { complain "'$1' isn't said"; sed 's/^/    /' "$work/log"; }; }

# changes READER FILE SED: refused, with the name of what reads the file
changes()
{
	make_diff reader "$2" "$3"
	refused 2 KS361 -- --check reader.patch
	says "KS361: .*$1"
}

# passes FILE SED…: nothing in the kernel or its readers changes
passes()
{
	make_diff same "$@"
	refused 3 -- --check same.patch
}

# --- headers: what a reader uses of them
changes 'the vDSO reads it, in arch/x86/entry/vdso/vclock_gettime.c' arch/x86/include/asm/vdso/gettimeofday.h \
	's/return (u64)rdtsc_ordered()/& + 1/'
changes 'the vDSO reads it' include/vdso/helpers.h '/^static.*vdso_read_begin/,/^}/s/& 1/\& 3/'
changes 'the boot code reads it' include/linux/decompress/mm.h 's/malloc_ptr += size;/malloc_ptr += size + 8;/'
changes 'the boot code reads it' arch/x86/boot/boot.h 's/#define STACK_SIZE\t.*/#define STACK_SIZE 2048/'
changes 'the EFI stub reads it' drivers/firmware/efi/libstub/efistub.h 's/^#define EFI_MMAP_NR_SLACK_SLOTS.*/#define EFI_MMAP_NR_SLACK_SLOTS 99/'
changes 'asm-offsets.h reads it, in arch/x86/kernel/asm-offsets.c' arch/x86/include/asm/suspend_64.h \
	's/^struct saved_context {/&\n\tlong klp_new;/'
changes 'a program of the build reads it, in lib/gen_crc32table.c' lib/crc32defs.h '$a #define klp_new 1\nstatic int klp_new_variable = klp_new;'
changes 'the boot code reads it' arch/x86/entry/calling.h '0,/pushq/s/pushq/nop; &/'

# --- headers that scripts read as text: what they pick is in comments, too
changes 'lib/build_OID_registry reads it as text' include/linux/oid_registry.h \
	'/OID_id_ecPublicKey/s,1\.2\.840\.10045\.2\.1,1.2.840.10045.2.9,'
grep -q "oid_registry.h:$(grep -n OID_id_ecPublicKey "$kernel_dir/source/include/linux/oid_registry.h" | cut -d: -f1): " \
	"$work/log" || complain "the line isn't named: $(cat "$work/log")"
passes include/linux/oid_registry.h 's,^enum OID {,/* a comment */\n&,'

# … and what makes no difference to it
passes include/vdso/helpers.h '1s,^,/* a comment */\n,' include/vdso/datapage.h '$a #define KLP_UNUSED 1'
passes arch/x86/include/asm/suspend_64.h '$a extern int klp_unused(void);'
passes arch/x86/boot/boot.h '$a #define KLP_UNUSED 1'
passes arch/x86/include/asm/realmode.h '1s,^,/* a comment */\n,'

# --- .c files that readers include, or compile once more
shared=arch/x86/kernel/sev-shared.c # 6.1; later:
[ -e "$kernel_dir/source/$shared" ] || shared=arch/x86/coco/sev/shared.c
changes 'the vDSO reads it, in arch/x86/entry/vdso/vclock_gettime.c' lib/vdso/gettimeofday.c \
	'/^__cvdso_clock_gettime_common/,/^}/s/return -1;/return 0;/'
changes 'the boot code reads it' "$shared" '/sev_es_terminate(/,/^}/s/while (true)/while (!false \&\& !0)/; s/val |= GHCB_SEV_TERM_REASON.*/val |= 7;/'
changes 'it is part of the purgatory of kexec' lib/crypto/sha256.c '/^static inline void BLEND_OP/,/^}/s/+ W\[I-7\]/- W[I-7]/'
changes 'it is part of the EFI stub' lib/cmdline.c 's/int get_option(char \*\*str, int \*pint)$/int klp_new; &/'
changes 'it is part of the boot code' arch/x86/boot/string.c '$a int klp_new(void) { return 1; }'
changes 'it is part of the purgatory of kexec' arch/x86/purgatory/purgatory.c '$a int klp_new(void) { return 1; }'
changes 'it is part of a program of the build' usr/gen_init_cpio.c '$a int klp_new;'
passes lib/crypto/sha256.c '1s,^,/* a comment */\n,'
passes arch/x86/boot/string.c '1s,^,/* a comment */\n,'

# --- all files of readers are understood: none is refused for a comment
readers=()
for file in "$kernel_dir"/source/arch/x86/{entry/vdso{,/vdso32},boot{,/compressed},realmode/rm,purgatory}/*.c \
	"$kernel_dir"/source/drivers/firmware/efi/libstub/{efi-stub-helper,gop,secureboot,tpm,file,mem,random,randomalloc,pci,skip_spaces,alignedmem,relocate,vsprintf,x86-stub}.c \
	"$kernel_dir"/source/{arch/x86/kernel/asm-offsets,kernel/bounds,lib/gen_crc32table}.c; do
	[[ $file != */mkcpustr.c ]] || continue # it includes what the build makes of cpufeatures.h, which is refused as such
	readers+=("${file#"$kernel_dir/source/"}" '1s,^,/* a comment */\n,')
done
passes "${readers[@]}"

# --- the tables say which files of other folders a makefile compiles for a reader
grep -ohE '\$\(srctree\)/[^ ]*\.c' "$kernel_dir"/source/{arch/x86/{entry/vdso,boot,boot/compressed,realmode/rm,purgatory},drivers/firmware/efi/libstub}/Makefile |
	sort -u >compiled
printf '%s\n' "\$(srctree)/arch/x86/boot/compressed/string.c" "\$(srctree)/lib/%.c" "\$(srctree)/lib/crypto/sha256.c" |
	cmp -s - compiled || complain "readers.c lacks a row: $(cat compiled)"

# --- the tools that make every unit what it is
make_diff objtool tools/objtool/check.c '1s/^/\n/'
refused 2 KS316 -- objtool.patch
says objtool
make_diff modpost scripts/mod/modpost.c '1s/^/\n/'
refused 2 KS315 -- modpost.patch
exit $failed
