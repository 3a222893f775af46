#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: livepatch modules and the files of the objects that they refer to.
# Prevents: a livepatch that the kernel refuses, that reaches a wrong symbol, or that pins the module which it
#   patches.
# Fails if: a right module is refused, a wrong one is accepted, or the reported reason isn't the defect that the
#   test made.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib/klp-modules.sh
. "$(dirname "$(readlink -f "$0")")/../lib/klp-modules.sh"

symvers Module.symvers printk=vmlinux dep_export=drivers/dep klp_split_register=/kmod/klp_split
printf '0x00000000\tscoped\tvmlinux\tEXPORT_SYMBOL_GPL\tmodule:kvm\n' >>Module.symvers

# A "vmlinux": two functions of one name, one of them only once, init code, a symbol at 0.
cat >vmlinux.s <<'END'
	.text
	.globl _start
	.type twin,@function
_start:
twin:	ret
	.type hidden,@function
hidden:	ret
	.local other
	.type other,@function
other:	ret
	.section .init.text,"ax"
	.type boots,@function
boots:	ret
	.section .data..percpu,"aw"
	.globl at_zero
at_zero: .quad 0
END
as --64 -o v1.o vmlinux.s
printf '.text\n.type twin,@function\ntwin: ret\n' | as --64 -o v2.o -
cat >vmlinux.lds <<'END'
SECTIONS { .data..percpu 0 : { *(.data..percpu) } .text 0x400000 : { *(.text) } .init.text : { *(.init.text) } }
END
ld -z max-page-size=4096 -T vmlinux.lds -o vmlinux v1.o v2.o || exit 1

# The patched module T, and D that it depends on.
compile T <<'END'
INFO("name=T") INFO("depends=D,E,with-dash")
BUILD_ID(0x78563412)
int table;
static int __attribute__((used)) inner(void) { return 1; }
__asm__(".section .init.text,\"ax\"\n.type shifts,@function\nshifts: ret\n.text\n.type shifts2,@function\nshifts2: ret\n");
END
compile D <<<'INFO("name=D") int dep_export; int dep_hidden;'
compile with_dash <<<'INFO("name=with_dash") int dash_hidden;'
compile X <<<'INFO("name=X") int strange;'

compile main <<'END'
LIVEPATCH("fix") INFO("klp_split_patch=fix") INFO("klp_split_object=vmlinux:") INFO("depends=klp_split")
BUILD_ID(0x0b000000)
int new_helper(void) { return 1; }
END

# module NAME <<source: an object module for T, converted
module()
{
	local name=$1
	{ echo 'LIVEPATCH("fix__T") INFO("klp_split_patch=fix") INFO("klp_split_object=T:12345678") INFO("depends=klp_split")'
	  echo MAIN_BUILD_ID_FIELD
	  cat; } | compile "$name"
	"$relocs" convert -s Module.symvers -p fix=main.ko "$name.ko" || complain "$name.ko can't be converted"
}
all=(-s Module.symvers -b vmlinux=vmlinux -b D=D.ko -b with_dash=with_dash.ko -b fix=main.ko -t T.ko)

# --- right -----------------------------------------------------------------------

module good <<'END'
VERSION("printk")
extern int printk(int), hidden(void), second_twin(void), table, inner(void), dep_hidden, new_helper(void);
REF(hidden, "vmlinux", "hidden", 0)
REF(second_twin, "vmlinux", "twin", 2)
REF(table, "T", "table", 0)
REF(inner, "T", "inner", 1)
REF(dep_hidden, "D", "dep_hidden", 0)
REF(new_helper, "fix", "new_helper", 0)
int f(void) { return printk(1) + hidden() + second_twin() + table + inner() + dep_hidden + new_helper(); }
END
expect 0 -- verify "${all[@]}" good.ko
grep -q '6 klp relocations to 6 symbols' out || complain "the count is wrong: $(cat out)"
expect 0 -- verify -j "${all[@]}" good.ko
same "JSON" "$(jq -c '[.verified, .relocations, .symbols, .problems]' out)" '[true,6,6,[]]'

# What modpost calls with-dash is with_dash in memory.
module dashed <<'END'
extern int dash_hidden;
REF(dash_hidden, "with_dash", "dash_hidden", 0)
int f(void) { return dash_hidden; }
END
expect 0 -- verify "${all[@]}" dashed.ko

# --- objects -----------------------------------------------------------------------

expect 2 KS224 -- verify -s Module.symvers -b D=D.ko -t T.ko good.ko
same "missing objects" "$(grep -c KS224: err)" 2 # vmlinux and fix, once each
said "2 symbols, such as .klp.sym.vmlinux"
expect 2 KS225 -- verify -s Module.symvers -b vmlinux=vmlinux -b D=D.ko -b fix=main.ko -b T=T.ko good.ko
said "what the patched module depends on is not known (--target)"
expect 2 KS220 -- verify -b vmlinux=vmlinux -b D=D.ko -b fix=main.ko -t T.ko good.ko
said "no list of exports was given"
expect 1 KS901 -- verify -b vmlinux=no-such-file good.ko
strip -o stripped vmlinux
expect 1 KS921 -- verify -b vmlinux=stripped good.ko
expect 1 KS920 -- verify -b vmlinux=vmlinux.s good.ko
expect 1 -- verify -b vmlinux good.ko
expect 1 KS901 -- verify "${all[@]}" -s no-such-file good.ko

# --- symbols that aren't there, or not once ------------------------------------------

module lost <<'END'
extern int a(void), b(void), c(void), d(void), e;
REF(a, "vmlinux", "nowhere", 0)
REF(b, "vmlinux", "twin", 3)
REF(c, "vmlinux", "hidden", 2)
REF(d, "T", "hidden", 0)
REF(e, "vmlinux", "at_zero", 0)
int f(void) { return a() + b() + c() + d() + e; }
END
expect 2 KS222 -- verify "${all[@]}" lost.ko
same "lost symbols" "$(grep -c KS222: err)" 5
said "'.klp.sym.vmlinux.twin,3': vmlinux has 2 of that name"
said "'.klp.sym.vmlinux.at_zero,0': its address is 0"
said "used by f (.text+0x"

module ambiguous <<'END'
extern int twin(void);
REF(twin, "vmlinux", "twin", 0)
int f(void) { return twin(); }
END
expect 2 KS223 -- verify "${all[@]}" ambiguous.ko

module early <<'END'
extern int shifts(void);
REF(shifts, "T", "shifts", 0)
int f(void) { return shifts(); }
END
expect 2 KS229 -- verify "${all[@]}" early.ko
# of vmlinux it may be what the original does, too
module boot <<'END'
extern int boots(void);
REF(boots, "vmlinux", "boots", 0)
int f(void) { return boots(); }
END
"$relocs" verify "${all[@]}" boot.ko >out 2>err || complain "init code of vmlinux is an error: $(cat err)"
grep -q 'warning KS229' err || complain "no warning about init code of vmlinux"

# --- keys that the module loader can't write to -----------------------------------------

# of vmlinux: two keys in read-only memory, one of which vmlinux tests itself, and a writable one
cat >keys.s <<'END'
	.section .rodata,"a"
	.globl __start_rodata, __end_rodata, tested, untested, __start___jump_table, __stop___jump_table
__start_rodata:
	.type tested,@object
tested: .quad 0
	.type untested,@object
untested: .quad 0
__start___jump_table:
	.long 0, 0
	.quad tested - . + 2
__stop___jump_table:
	.quad 0
__end_rodata:
	.data
	.globl writable
	.type writable,@object
writable: .quad 0
END
printf '.globl jump_label_init_ro\n.type jump_label_init_ro,@function\njump_label_init_ro: ret\n' >seals.s
as --64 -o keys.o keys.s && as --64 -o seals.o seals.s
sed -i 's/SECTIONS {/& .rodata 0x300000 : { *(.rodata) } .data 0x500000 : { *(.data) }/' vmlinux.lds
ld -z max-page-size=4096 -T vmlinux.lds -o vmlinux-keys v1.o v2.o keys.o || exit 1
ld -z max-page-size=4096 -T vmlinux.lds -o vmlinux-seals v1.o v2.o keys.o seals.o || exit 1
compile K <<'END'
INFO("name=T") BUILD_ID(0x78563412)
long soft, __attribute__((section(".data..ro_after_init"))) hard = 1;
const long constant = 1;
END

# entry SECTION KEY_WORD KEY: an entry of that list in the code, as the compiler and objtool make it
entry()
{
	printf '__asm__("1: nop\\n.pushsection %s,\\"aw\\"\\n.long 1b - .\\n%s %s - .\\n.popsection");\n' "$@"
}

# keyed NAME KEY OBJECT [call]: f() has a branch (or a static call) on that key of that object
keyed()
{
	{ echo "extern long $2; REF($2, \"$3\", \"$2\", 0)"
	  echo 'void f(void) {'
	  if [ $# -gt 3 ]; then entry .static_call_sites .long "$2"
	  else entry __jump_table '.long 1b - .\n.quad' "$2"; fi
	  echo '}'; } | module "$1"
}
keys=(-s Module.symvers -b D=D.ko -b fix=main.ko -t K.ko)
keyed soft soft T
expect 0 -- verify "${keys[@]}" -b vmlinux=vmlinux-keys soft.ko
keyed writable writable vmlinux call
expect 0 -- verify "${keys[@]}" -b vmlinux=vmlinux-keys writable.ko
for key in hard constant; do
	keyed "$key" "$key" T
	expect 2 KS243 -- verify "${keys[@]}" -b vmlinux=vmlinux-seals "$key.ko"
	said "'$key' of T"
done
keyed tested tested vmlinux
expect 2 KS243 -- verify "${keys[@]}" -b vmlinux=vmlinux-keys tested.ko
said "used by __jump_table+0"
expect 0 -- verify "${keys[@]}" -b vmlinux=vmlinux-seals tested.ko
keyed untested untested vmlinux
expect 2 KS243 -- verify "${keys[@]}" -b vmlinux=vmlinux-seals untested.ko
# no kernel seals static calls
keyed called tested vmlinux call
expect 2 KS243 -- verify "${keys[@]}" -b vmlinux=vmlinux-seals called.ko
said "used by .static_call_sites"

# --- dependencies --------------------------------------------------------------------

module foreign <<'END'
extern int strange;
REF(strange, "X", "strange", 0)
int f(void) { return strange; }
END
expect 2 KS225 -- verify "${all[@]}" -b X=X.ko foreign.ko
said "T.ko depends on: D,E"

# A main module is there without its targets.
compile bold <<'END'
LIVEPATCH("fix") INFO("klp_split_patch=fix") INFO("klp_split_object=T:12345678")
extern int table;
REF(table, "T", "table", 0)
int f(void) { return table; }
END
"$relocs" convert bold.ko
expect 2 KS225 -- verify "${all[@]}" bold.ko
said "is a main module"

{ echo 'INFO("depends=klp_split,D")' ; cat; } <<'END' | compile pins
LIVEPATCH("p")
extern int dep_export, scoped, printk(int);
int f(void) { return dep_export + scoped + printk(1); }
END
expect 2 KS220 KS226 -- verify "${all[@]}" pins.ko
said "'dep_export'"
said "it is an export of module dep"
said "'scoped'"
said "vmlinux exports it in a namespace"
same "pinned modules" "$(grep KS226: err)" "pins.ko: KS226: depends on another module than the core: 'D'"

# --- replaced functions --------------------------------------------------------------

module replaces <<'END'
static int new_inner(void) { return 2; }
FUNC("inner", new_inner, 0)
END
expect 0 -- verify "${all[@]}" replaces.ko
compile main_replaces <<'END'
LIVEPATCH("fix") INFO("klp_split_patch=fix") INFO("klp_split_object=T:12345678")
static int new_twin(void) { return 2; }
FUNC("twin", new_twin, 2)
FUNC("hidden", new_twin, 1)
END
"$relocs" convert main_replaces.ko
expect 0 -- verify "${all[@]}" main_replaces.ko

module replaces_wrong <<'END'
static int new(void) { return 2; }
int datum;
FUNC("nowhere", new, 0)
FUNC("inner", new, 2)
FUNC("inner", new, 0)
FUNC("inner", new, 1)
FUNC("table", new, 0)
FUNC("inner2", &datum, 0)
FUNC(0, new, 0)
FUNC("shifts", new, 1)
END
expect 2 KS222 KS229 KS232 -- verify "${all[@]}" replaces_wrong.ko
same "wrong functions" "$(grep -oE '^[^:]*: KS2[0-9]*:' err | sort | uniq -c | tr -s ' ')" " 2 replaces_wrong.ko: KS222:
 1 replaces_wrong.ko: KS229:
 4 replaces_wrong.ko: KS232:"
said "'nowhere,0': T has 0 of that name"
said "'inner' is replaced twice"
said "'table,0': in T it is no function"
said "'inner2': no name or no new code"
said "'': no name or no new code"

compile main_wrong <<'END'
LIVEPATCH("fix") INFO("klp_split_patch=fix")
static int new(void) { return 2; }
FUNC("twin", new, 0)
FUNC("boots", new, 0)
END
"$relocs" convert main_wrong.ko
expect 2 KS223 KS229 -- verify "${all[@]}" main_wrong.ko # here init code is an error
expect 2 KS224 -- verify main_wrong.ko
said "vmlinux, whose functions it replaces"

# --- names and builds ------------------------------------------------------------------

sed 's/BUILD_ID(0x78563412)/BUILD_ID(0x78563413)/' T.c >rebuilt.c
gcc -c -O1 -fno-pic -mcmodel=kernel -o rebuilt.ko rebuilt.c
expect 2 KS230 -- verify "${all[@]}" -b T=rebuilt.ko good.ko
said "made for 12345678"
said "the file given has 13345678"
expect 2 KS225 KS230 -- verify "${all[@]}" -b T=T.ko -t X.ko good.ko # nor does X depend on D
said "the file given as target is module X"

# An object module belongs to one build of its main module.
sed 's/BUILD_ID(0x0b000000)/BUILD_ID(0x0c000000)/' main.c >main_again.c
gcc -c -O1 -fno-pic -mcmodel=kernel -o main_again.ko main_again.c
expect 2 KS230 -- verify "${all[@]/main.ko/main_again.ko}" replaces.ko
said "made for main module 0000000b"
said "the file given has 0000000c"
expect 0 -- verify "${all[@]:0:4}" -b D=D.ko -t T.ko replaces.ko # without the main module: nothing to compare with
compile unbound <<'END'
LIVEPATCH("fix__T") INFO("klp_split_patch=fix") INFO("klp_split_object=T:12345678") INFO("depends=klp_split")
int f(void) { return 1; }
END
expect 2 KS230 -- verify "${all[@]}" unbound.ko
said "made for main module of unknown build"

sed -i 's/fix__T/fix_T/' good.c
gcc -c -fno-pic -mcmodel=kernel -o named.ko good.c && "$relocs" convert -s Module.symvers -p fix=main.ko named.ko
expect 2 KS231 -- verify "${all[@]}" named.ko
said "'fix_T' should be 'fix__T'"

# --- what the kernel would refuse or skip -------------------------------------------------

compile raw <<'END'
LIVEPATCH("p")
extern int hidden(void);
REF(hidden, "vmlinux", "hidden", 0)
int f(void) { return hidden(); }
END
expect 2 KS220 KS228 -- verify "${all[@]}" raw.ko
compile plain <<<'int f(void) { return 1; }'
expect 2 KS201 -- verify "${all[@]}" plain.ko

cp raw.ko base.ko
"$relocs" convert base.ko
# bent NAME OLD NEW: base.ko with a string changed for one of the same length
bent() { LC_ALL=C sed "s/$2/$3/g" base.ko >"$1.ko"; cmp -s base.ko "$1.ko" && complain "$1: nothing changed"; }
expect 0 -- verify "${all[@]}" base.ko
bent section '\.klp\.rela\.vmlinux' '.klp.rela.othermo'
expect 2 KS221 -- verify "${all[@]}" section.ko
said "is not for object vmlinux"
bent symbol 'vmlinux\.hidden,0' 'vmlinux.hidden,x'
expect 2 KS221 -- verify "${all[@]}" symbol.ko
said "malformed name"

# poke NAME OFFSET BYTES: base.ko with bytes changed (as printf takes them)
poke()
{
	cp base.ko "$1.ko"
	# shellcheck disable=SC2059 # escapes
	printf "$3" | dd of="$1.ko" bs=1 seek="$2" conv=notrunc status=none
}
# header NAME: where the section's header is; content NAME: where its content is
number() { readelf -SW base.ko | sed 's/[][]//g' | awk -v name="$1" '$2 == name { print $1 }'; }
header() { echo $(($(readelf -hW base.ko | awk '/Start of section headers/ { print $5 }') + 64 * $(number "$1"))); }
content() { echo $((16#$(readelf -SW base.ko | sed 's/[][]//g' | awk -v name="$1" '$2 == name { print $5 }'))); }
place=$((16#$(readelf -rW base.ko | awk '/klp\.sym/ { print $1 }')))
symbol=$(readelf -sW base.ko | awk '/ff20/ { print $1 }' | tr -d :)

poke unflagged $(($(header .klp.rela.vmlinux.text) + 8)) '\x40\0\0\0'
poke filled $(($(content .text) + place)) '\x01'
poke typed $(($(content .klp.rela.vmlinux.text) + 8)) '\x09'
poke unmarked $(($(content .symtab) + 24 * symbol + 6)) '\0\0'
expect 2 KS221 -- verify "${all[@]}" unflagged.ko
said "f(): KS221"
said "no klp relocation before this one to '.klp.sym.vmlinux.hidden,0'"
expect 2 KS207 -- verify "${all[@]}" filled.ko
expect 2 KS206 -- verify "${all[@]}" typed.ko
expect 2 KS220 KS221 -- verify "${all[@]}" unmarked.ko
said "is not marked SHN_LIVEPATCH"

# Two references, of which one is a klp relocation: applied last instead of first, it comes too late.
{ sed 1d raw.c; echo 'int (*pointer)(void) = hidden;'; } | compile late
"$relocs" convert late.ko
cp late.ko base.ko
expect 0 -- verify "${all[@]}" base.ko
exchanged() { dd if=base.ko bs=1 skip="$(header "$1")" count=64 status=none |
	dd of=late.ko bs=1 seek="$(header "$2")" conv=notrunc status=none; }
klp=$(readelf -SW base.ko | grep -o '\.klp\.rela[^ ]*')
ordinary=$(readelf -SW base.ko | grep -o '\.rela\.\(data\|text\)\>' | head -n 1)
exchanged "$klp" "$ordinary"
exchanged "$ordinary" "$klp"
expect 2 KS221 -- verify "${all[@]}" late.ko
said "no klp relocation before this one to '.klp.sym.vmlinux.hidden,0'"

# 32 bits: sign-extended they hold an address of the kernel, otherwise only per-CPU offsets.
{ sed 1d raw.c; cat <<'END'
__asm__(".text\nmovq $hidden, %rax\nmovq $f, %rax\n"
	".section .data..percpu,\"aw\"\nof_each_cpu: .long 0\n"
	".text\n.globl low\n.set low, 4\nmovl $of_each_cpu, %eax\nmovl $low, %eax\n");
END
} | compile fitting
"$relocs" convert fitting.ko
expect 0 -- verify "${all[@]}" fitting.ko
for what in hidden f; do
	{ sed 1d raw.c; printf '__asm__(".text; movl $%s, %%eax");\n' "$what"; } | compile low
	"$relocs" convert low.ko
	expect 2 KS206 -- verify "${all[@]}" low.ko
	said "no address of the kernel fits"
done

# --- indirect branch tracking ---------------------------------------------------------------

# A "vmlinux" and a target as objtool leaves them for IBT: each has a function that has its ENDBR,
# one whose ENDBR will be overwritten, and one that never had one.
cat >ibt.s <<'END'
	.text
	.globl _start, exported
	.type open_one,@function
	.type sealed,@function
	.type bare,@function
	.type exported,@function
_start:
open_one: endbr64
	ret
sealed:	endbr64
	ret
bare:	ret
exported: endbr64
	ret
	.data
words:	.quad 0
	.section .ibt_endbr_seal,"a"
	.long sealed - .
END
as --64 -o ibt.o ibt.s
printf 'SECTIONS { .text 0x400000 : { *(.text) } .data : { *(.data) } .seal : { } .ibt_endbr_seal : { *(.ibt_endbr_seal) } }' >ibt.lds
ld --no-warn-rwx-segments -z max-page-size=4096 -T ibt.lds -o ibt ibt.o || exit 1
sed '/endbr_seal/,$d' ibt.s | as --64 -o no-ibt.o -
ld --no-warn-rwx-segments -z max-page-size=4096 -T ibt.lds -o no-ibt no-ibt.o || exit 1
{ echo 'INFO("name=T") INFO("depends=D,E,with-dash") BUILD_ID(0x78563412)'
  echo '__asm__(".text\n.type t_open,@function\nt_open: endbr64; ret\n.type t_sealed,@function\nt_sealed: endbr64; ret\n"'
  echo '".section .ibt_endbr_seal,\"a\"\n.long t_sealed - .\n.text\n");'; } | compile IT
ibt=(-s Module.symvers -b vmlinux=ibt -b fix=main.ko -t IT.ko)
symvers Module.symvers printk=vmlinux exported=vmlinux dep_export=drivers/dep klp_split_register=/kmod/klp_split

# ibt_module NAME EXPRESSION…: an object module that uses each of the expressions
ibt_module()
{
	local name=$1
	shift
	{ cat <<'END'
extern int open_one(void), sealed(void), bare(void), t_open(void), t_sealed(void), exported(void), words;
REF(open_one, "vmlinux", "open_one", 0) REF(sealed, "vmlinux", "sealed", 0)
REF(bare, "vmlinux", "bare", 0) REF(words, "vmlinux", "words", 0)
REF(t_open, "T", "t_open", 0) REF(t_sealed, "T", "t_sealed", 0)
void take(void *);
void *kept;
void __attribute__((noinline)) take(void *p) { kept = p; }
int user(int x);
int user(int x)
{
END
	  printf '\t%s;\n' "$@" 'return x'
	  echo '}'; } | module "$name"
}
ibt_module calls 'x += open_one() + sealed() + bare() + t_sealed() + exported() + words' \
	'take(open_one)' 'take(t_open)' 'take(exported)' 'take(&words)' \
	'static void *const __attribute__((section(".klp_split.places"))) at = sealed; take((void *)&at)' \
	'__asm__ goto("jne bare; jmp sealed; lea open_one(%%rip), %%rax" :::: out); out:'
expect 0 -- verify "${ibt[@]}" calls.ko
for what in sealed bare t_sealed; do
	for how in "take($what)" "static void *const volatile table = $what; x += (long)table" \
		"__asm__(\"lea $what(%rip), %rax\")"; do
		ibt_module keeps "$how"
		expect 2 KS233 -- verify "${ibt[@]}" keeps.ko
		said "'$what' of "
		said "used by "
	done
	# a kernel that isn't built for it has no such list
	expect 0 -- verify "${ibt[@]/=ibt/=no-ibt}" keeps.ko
done
{ cat ibt.s; echo '.byte 0'; } | as --64 -o ibt.o -
ld --no-warn-rwx-segments -z max-page-size=4096 -T ibt.lds -o odd ibt.o || exit 1
expect 2 KS922 -- verify "${ibt[@]/=ibt/=odd}" calls.ko

{ echo 'VERSION("hidden")'; sed 1d raw.c; } | compile versioned
cp versioned.ko checked.ko
"$relocs" convert checked.ko
expect 0 -- verify "${all[@]}" checked.ko
# put the name back that convert took out
{ echo 'VERSION("hiddem")'; sed 1d raw.c; } | compile versioned
"$relocs" convert versioned.ko
LC_ALL=C sed -i 's/hiddem/hidden/' versioned.ko
expect 2 KS227 -- verify "${all[@]}" versioned.ko

# --- all at once, and for machines ----------------------------------------------------------

expect 2 KS222 KS224 -- verify -s Module.symvers -b vmlinux=vmlinux lost.ko
"$relocs" verify -j -s Module.symvers -b vmlinux=vmlinux lost.ko >both 2>&1
same "exit of --json" $? 2
same "JSON" "$(jq -r '[.verified, (.problems | length > 3)] | @csv' both)" "false,true"
exit "$failed"
