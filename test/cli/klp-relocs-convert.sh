#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: modules as kbuild links them, with a list of references to the running kernel.
# Prevents: a reference that reaches a wrong symbol, pins a module, or that the kernel can't apply.
# Fails if: a klp symbol, its section or place isn't in the form that the kernel's livepatch expects; a
#   reference is lost; an ambiguous one is converted; or a refused module is changed.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib/klp-modules.sh
. "$(dirname "$(readlink -f "$0")")/../lib/klp-modules.sh"

symvers Module.symvers printk=vmlinux exported=vmlinux xt_register=net/netfilter/x_tables
printf '0x00000000\tscoped\tvmlinux\tEXPORT_SYMBOL_GPL\tSCOPE\n' >>Module.symvers
symvers core.symvers klp_split_register=/kmod/klp_split

# --- the way it should be ------------------------------------------------------

compile main -g <<'END'
LIVEPATCH("fix") INFO("klp_split_patch=fix")
int new_helper(int x) { return x + 1; }
static int __attribute__((used)) twice(void) { return 1; }
END

compile good -g <<'END'
LIVEPATCH("fix__x_tables") INFO("klp_split_patch=fix") INFO("klp_split_object=x_tables:") INFO("depends=klp_split")
/* one list with one symbol, as modpost writes it */
static const struct version ____versions[] __attribute__((used, section("__versions"))) = {
	{ 1, "printk" }, { 2, "exported" }, { 3, "module_layout" } };
extern int printk(int), exported, klp_split_register(void), hidden(int), table, new_helper(int), unused(void);
extern int local_of_a(void) __asm__("twin.klp.x_tables.2"), same_of_b(void) __asm__("twin.klp.x_tables.2.again");
extern int here(void);
REF(hidden, "vmlinux", "hidden_real", 0)
REF(hidden, "vmlinux", "hidden_real", 0)
REF(table, "x_tables", "table", 3)
REF(exported, "vmlinux", "exported", 0)
REF(local_of_a, "x_tables", "twin", 2)
REF(same_of_b, "x_tables", "twin", 2)
REF(unused, "vmlinux", "unused", 0)
REF(here, "vmlinux", "here", 0)
int __attribute__((noinline)) here(void) { return 1; }
__asm__(".section .debug_where,\"\"\n.quad hidden\n.text");
int *pointer = &table;
int f(int x) { return printk(exported) + hidden(new_helper(x)) + klp_split_register(); }
int g(void) { return local_of_a() + same_of_b() + table + here(); }
END
cp good.ko before.ko
expect 0 -- convert -s Module.symvers -s core.symvers -p fix=main.ko good.ko

same "klp symbols" "$(klp_symbols good.ko)" ".klp.sym.fix.new_helper,0
.klp.sym.vmlinux.exported,0
.klp.sym.vmlinux.hidden_real,0
.klp.sym.x_tables.table,3
.klp.sym.x_tables.twin,2"
same "ordinary references" "$(undefined good.ko)" "klp_split_register
printk"
same "klp sections" "$(klp_sections good.ko)" ".klp.rela.vmlinux.text RELA Io"
nm good.ko | grep -q ' T here$' || complain "a function that the link defines was taken for one of the kernel"
readelf -SW good.ko | grep -q '\.klp\.refs' && complain ".klp.refs is still there"
# The kernel searches for a symbol at each klp relocation: one is enough, if it is applied first.
references() { readelf -rW good.ko 2>/dev/null | awk -v klp="$1" '
	/^Relocation section/ { on = (index($3, ".klp.rela.") > 0) == klp } on && match($0, /\.klp\.sym\.[^ ]*/) {
		print substr($0, RSTART, RLENGTH) }' | sort | uniq -c | awk '{ print $2, $1 }'; }
same "klp relocations of each symbol" "$(references 1)" "$(klp_symbols good.ko | sed 's/$/ 1/')"
same "ordinary relocations to klp symbols" "$(references 0)" ".klp.sym.x_tables.table,3 1
.klp.sym.x_tables.twin,2 1"
same "order of relocation sections" "$(readelf -SW good.ko | sed 's/[][]//g' |
	awk '$3 == "RELA" { print ($2 ~ /^\.klp/ ? "klp" : "ordinary") }' | uniq | tr '\n' ' ')" "klp ordinary "
same "checksums" "$(objcopy -O binary -j __versions before.ko /dev/stdout | strings -n 4 | sort)" "exported
module_layout
printk"
same "checksums" "$(objcopy -O binary -j __versions good.ko /dev/stdout | strings -n 4 | sort)" "module_layout
printk"

# Each place refers to what it referred to before: offset and type don't move.
places() { readelf -rW "$1" 2>/dev/null | awk -v section="$2" '
	/^Relocation section/ { on = index($3, section) > 0 } on && $1 ~ /^0000/ { print $1, $3, $NF }' | sort; }
same "places in the code" "$(places good.ko .text | cut -d' ' -f1,2)" "$(places before.ko .rela.text | cut -d' ' -f1,2)"

# Debugging information: what pointed to the kernel is dropped, the rest stays.
readelf -rW good.ko 2>/dev/null | awk '/^Relocation section .\.rela\.debug/ { on = 1 } /^$/ { on = 0 } on' |
	grep -q -e '\.klp\.sym' -e 'ref_' && complain "debugging information refers to klp symbols"
readelf --debug-dump=info good.ko | grep 'DW_AT_name.*: pointer' >/dev/null || complain "debugging information is gone"
objdump -dr good.ko >/dev/null || complain "objdump can't read it"
eu-elflint good.ko 2>&1 | grep -v -e 'unknown flag' -e 'invalid section index' -e '^No errors$' &&
	complain "eu-elflint finds more than what marks klp"

# --- to another file -------------------------------------------------------------

cp before.ko input.ko
chmod 640 input.ko
expect 0 -- convert -s Module.symvers -s core.symvers --provider fix=main.ko --output out.ko input.ko
cmp -s input.ko before.ko || complain "the input was changed though -o was given"
cmp -s out.ko good.ko || complain "-o gives another file than in place"
expect 0 -- convert -s Module.symvers -s core.symvers -p fix=main.ko input.ko
same "rights" "$(stat -c %a input.ko)" 640

# --- twice -----------------------------------------------------------------------

cp good.ko again.ko
expect 1 KS202 -- convert -s Module.symvers -s core.symvers -p fix=main.ko again.ko
cmp -s good.ko again.ko || complain "a second conversion changed the module"

# --- refused, with all reasons at once, and left as it was ------------------------

# refused NAME CODE… -- OPTIONS…: after compile NAME
refused()
{
	local name=$1 codes=()
	shift
	while [ "$1" != -- ]; do
		codes+=("$1")
		shift
	done
	shift
	cp "$name.ko" untouched.ko
	expect 1 "${codes[@]}" -- convert "$@" "$name.ko"
	cmp -s "$name.ko" untouched.ko || complain "$name.ko was refused and changed"
	same "leftovers" "$(ls "$name".ko?* 2>/dev/null)" ""
}

compile plain <<<'int f(void) { return 1; }'
refused plain KS201 -- -s Module.symvers

compile unknown <<'END'
LIVEPATCH("p")
extern int nowhere(void), xt_register(void), scoped(void), weak_one(void) __attribute__((weak)), lonely;
int user_one(void) { return nowhere() + xt_register() + scoped(); }
int user_two(void) { return nowhere() + weak_one(); }
END
refused unknown KS205 -- -s Module.symvers
said "'nowhere'"
said "used by user_one (.text+0x"
said "used by user_two (.text+0x"
said "'xt_register'"
said "it is an export of module x_tables"
said "'scoped'"
said "vmlinux exports it in a namespace"
said "'weak_one'"
said "it is weak"
refused unknown KS205 --
said "no list of exports was given"

compile static_only <<'END'
LIVEPATCH("p")
extern int twice(void);
int f(void) { return twice(); }
END
refused static_only KS205 -- -p fix=main.ko # a static function of the main module is not its to give

# An object module belongs to one build of its main module, which is known only now.
compile built <<'END'
LIVEPATCH("fix") INFO("klp_split_patch=fix") BUILD_ID(0x0b0a0908)
int f(void) { return 1; }
END
compile bound <<'END'
LIVEPATCH("fix__x_tables") INFO("klp_split_patch=fix") INFO("klp_split_object=x_tables:") MAIN_BUILD_ID_FIELD
int f(void) { return 1; }
END
refused bound KS209 --
said "no --provider fix=FILE"
refused bound KS209 -- -p other=built.ko
refused bound KS209 -- -p fix=main.ko
said "fix has no build-id"
expect 0 -- convert -p other=main.ko -p fix=built.ko -o bound_now.ko bound.ko
same "build-id of main" "$(objcopy -O binary -j .klp_split.main_build_id bound_now.ko /dev/stdout | tr -d '\0')" 08090a0b
compile narrow <<'END'
LIVEPATCH("fix__x_tables") INFO("klp_split_patch=fix") INFO("klp_split_object=x_tables:")
static const char field[8] __attribute__((used, section(".klp_split.main_build_id"))) = "";
END
refused narrow KS209 -- -p fix=built.ko
said "no room for 08090a0b"

compile early <<'END'
LIVEPATCH("fix")
int __attribute__((section(".init.text"))) setup(void) { return 1; }
int both(void) { return 2; }
END
compile provided <<'END'
LIVEPATCH("p")
extern int setup(void), both(void);
int f(void) { return setup() + both(); }
END
cp early.ko other.ko
refused provided KS208 -- -p fix=early.ko -p other=plain.ko
said "fix frees it after init"
refused provided KS208 -- -p fix=early.ko -p other=other.ko
said "fix and other both define it"

compile contradiction <<'END'
LIVEPATCH("p")
extern int twin(void), other(void);
REF(twin, "vmlinux", "twin", 1)
REF(twin, "vmlinux", "twin", 2)
REF(other, "a", "other", 0)
REF(other, "b", "other", 0)
int f(void) { return twin() + other(); }
END
refused contradiction KS204 --
said "one reference means vmlinux:twin,1"
said "another one means vmlinux:twin,2"
said "one reference means a:other,0"

n=0
while read -r object name; do
	n=$((n + 1))
	compile "name$n" <<-END
	LIVEPATCH("p")
	extern int x(void);
	REF(x, $object, $name, 0)
	int f(void) { return x(); }
	END
	refused "name$n" KS203 --
done <<'END'
"" "f"
"x.y" "f"
"x-tables" "f"
"vmlinux" ""
"vmlinux" "f,1"
"aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffff" "f"
END

compile cut_off <<'END'
LIVEPATCH("p")
extern int x(void);
static const void *const half[] __attribute__((used, section(".klp.refs"))) = { &x, "vmlinux" };
END
refused cut_off KS203 --
compile unnamed <<'END'
LIVEPATCH("p")
extern int x(void);
static const struct ref r __attribute__((used, section(".klp.refs"))) = { &x, 0, "name", 0 };
END
refused unnamed KS203 --
said "the field for its object has no relocation"
compile shifted <<'END'
LIVEPATCH("p")
extern char x[];
static const struct ref r __attribute__((used, section(".klp.refs"))) = { x + 4, "vmlinux", "name", 0 };
END
refused shifted KS203 --
compile referred <<'END'
LIVEPATCH("p")
extern int x(void);
static const struct ref r __attribute__((used, section(".klp.refs"))) = { &x, "vmlinux", "x", 0 };
const struct ref *f(void) { return &r; }
END
refused referred KS203 --
said ".text refers to its entries"

# The loader knows no global offset table, and wants empty places.
compile got <<'END'
LIVEPATCH("p")
extern int x, y;
REF(x, "vmlinux", "x", 0)
REF(y, "vmlinux", "y", 0)
int *f(void) { int *p; __asm__("mov x@GOTPCREL(%%rip), %0" : "=r" (p)); return p; }
__asm__(".section .text.full,\"ax\"\n.type full,@function\nfull: .long 1\n.size full,4\n"
	".reloc full, R_X86_64_PC32, y\n.text");
END
refused got KS206 KS207 --
said "f(): KS206"
said "full(): KS207"

# --- nothing to convert is no reason to complain -----------------------------------

compile nothing <<'END'
LIVEPATCH("p")
extern int printk(int);
int f(void) { return printk(1); }
END
expect 0 -- convert -s Module.symvers nothing.ko
same "klp symbols" "$(klp_symbols nothing.ko)" ""
same "ordinary references" "$(undefined nothing.ko)" "printk"

# Names that only debugging information knows can't keep a module from loading.
compile unused <<'END'
LIVEPATCH("p")
__asm__(".globl nowhere_used\n.section .debug_extra\n.quad nowhere_used\n.text");
END
expect 0 -- convert unused.ko
same "ordinary references" "$(undefined unused.ko)" ""

exit "$failed"
