#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: modules of the stock kernel, as objtool, compiler and linker made them, and small ones with a defect,
#   next to a "vmlinux" that has all lists.
# Prevents: a module whose returns, calls, static calls or stacks the kernel doesn't find, and a check that
#   complains about the kernel's own modules.
# Fails if: a stock module is refused, or a module that lacks a list or an entry isn't.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib/klp-modules.sh
. "$(dirname "$(readlink -f "$0")")/../lib/klp-modules.sh"

# problems FILE VMLINUX: the codes of this check, each with the list that it is about
problems()
{
	"$relocs" verify -b vmlinux="$2" "$1" 2>&1 |
		sed -nE '/: KS24[012]: /{s/.*: (KS24[012]): .*\) in ([._a-z]+)$/\1 \2/;s/.*: (KS24[012]): .*/\1/;p}' |
		sort -u | tr '\n' ' '
}

# --- the kernel's own modules ----------------------------------------------------------

kernel=$("$top/test/lib/kernel.sh" fetch)
vmlinux=$(echo "$kernel"/root/usr/lib/debug/boot/vmlinux-*)
n=0
lists=
while read -r file; do
	case $file in
	*.xz) xz -dc "$file" >stock.ko ;;
	*) cp "$file" stock.ko ;;
	esac
	same "$file" "$(problems stock.ko "$vmlinux")" ""
	n=$((n + 1))
	for list in $(readelf -SW stock.ko | grep -oE ' (__mcount_loc|\.(return|call|retpoline|static_call)_sites) ' | sort -u); do
		[[ " $lists " = *" $list "* ]] || lists+=" $list"
		cp stock.ko "with$list.ko"
	done
done < <(find "$("$top/test/lib/kernel.sh" modules "$kernel")" -name '*.ko' -o -name '*.ko.xz' | sort | awk 'NR % 60 == 0')
[ $n -ge 10 ] || complain "only $n stock modules"

# Negative controls: without one of its lists, each of them is found out.
for list in $lists; do
	objcopy --remove-section "$list" "with$list.ko" without.ko
	[[ $(problems without.ko "$vmlinux") = *"KS240 $list "* ]] || complain "nobody misses $list"
	rm without.ko
done
[[ $lists = *__mcount_loc*return_sites* || $lists = *return_sites*__mcount_loc* ]] ||
	complain "stock modules have only these lists:$lists"
objcopy --remove-section .orc_unwind_ip --remove-section .orc_unwind with__mcount_loc.ko without.ko
[[ $(problems without.ko "$vmlinux") = *"KS240 .orc_unwind "* ]] || complain "nobody misses ORC"

# --- single entries ----------------------------------------------------------------------

cat >lists.s <<'END'
	.text
	.globl _start
_start: ret
	.data
__start_static_call_sites: .quad 0
__stop_static_call_sites: .quad 0
__return_sites: .long 0
__return_sites_end: .long 0
__ibt_endbr_seal: .long 0
__ibt_endbr_seal_end: .long 0
END
as --64 -o lists.o lists.s && ld -o lists lists.o || exit 1

# module NAME <<assembler: only what this check looks at
module()
{
	as --64 -o "$1.ko" -
}

module two-returns <<'END'
	.type f,@function
f:	jne __x86_return_thunk
	jmp __x86_return_thunk
	.size f,.-f
	.section .return_sites,"a"
	.long f-.
	.long f+6-.
END
same "both returns" "$(problems two-returns.ko lists)" ""
module one-return <<'END'
	.type f,@function
f:	jne __x86_return_thunk
	jmp __x86_return_thunk
	.size f,.-f
	.section .return_sites,"a"
	.long f-.
END
same "one of two returns" "$(problems one-return.ko lists)" "KS240 .return_sites "
"$relocs" verify -b vmlinux=lists one-return.ko >out 2>err
said ".text+0x6 (f) in .return_sites"

# The kernel finds the key of an exported trampoline, and no other's.
symvers Module.symvers __SCT__exported=vmlinux
for key in __SCK__call __SCT__call __SCT__exported; do
	compile key <<-END
		LIVEPATCH("fix") INFO("klp_split_patch=fix")
		extern char call __asm__("__SCT__call"), key __asm__("__SCK__call");
		REF(call, "vmlinux", "__SCT__call", 0)
		REF(key, "vmlinux", "__SCK__call", 0)
		__asm__(".text\n.type f,@function\nf: call __SCT__call\n.size f,.-f\n"
			".section .static_call_sites,\"aw\"\n.long f-.\n.long $key-.\n.text");
	END
	"$relocs" convert -s Module.symvers key.ko || complain "key.ko can't be converted"
	want=
	[ $key != __SCT__call ] || want="KS241 "
	same "the key $key" "$(problems key.ko lists)" "$want"
done

# pointer NAME CODE SEAL: a function that begins with CODE, and a pointer to it
pointer()
{
	module "$1" <<-END
		.type f,@function
		f:	$2
		nop
		nop
		nop
		nop
		.size f,.-f
		.data
		.quad f
		.section .ibt_endbr_seal,"a"
		$3
	END
}
pointer landing endbr64 ""
same "a pointer to ENDBR" "$(problems landing.ko lists)" ""
pointer no-landing nop ""
same "a pointer to other code" "$(problems no-landing.ko lists)" "KS242 "
pointer sealed endbr64 ".long f-."
same "a pointer to an ENDBR that is taken out" "$(problems sealed.ko lists)" "KS242 "

exit $failed
