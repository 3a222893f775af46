# SPDX-License-Identifier: GPL-2.0-or-later
#
# For tests of klp-relocs: small livepatch modules made with the compiler alone,
# with what kbuild and the differ would have put into them, and files to check
# them against. Source this; it leaves the shell in a folder of its own.
# shellcheck shell=bash

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
relocs=$(cd "$top" && readlink -f "${BUILD:-build}")/bin/klp-relocs
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

failed=0
complain() { echo "FAIL: $*"; failed=1; }

# The words of the module format; kmod/klp_split.h has them for the kernel.
cat >words.h <<'END'
#define JOIN2(a, b) a##b
#define JOIN(a, b) JOIN2(a, b)
#define INFO(text) static const char JOIN(info_, __COUNTER__)[] \
	__attribute__((used, aligned(1), section(".modinfo"))) = text;
#define LIVEPATCH(name) INFO("livepatch=Y") INFO("name=" name)
struct ref { const void *symbol; const char *object, *name; unsigned long sympos; };
#define REF(s, o, n, p) static const struct ref __attribute__((used, section(".klp.refs"))) \
	JOIN(ref_, __COUNTER__) = { &s, o, n, p };
struct func { const char *name; void *func; unsigned long sympos; };
#define FUNC(n, f, p) static const struct func __attribute__((used, aligned(8), section(".klp_split.funcs"))) \
	JOIN(func_, __COUNTER__) = { n, f, p };
#define BUILD_ID(word) __asm__(".section .note.gnu.build-id,\"a\",@note\n.long 4,4,3\n" \
	".asciz \"GNU\"\n.long " #word "\n.text");
#define MAIN_BUILD_ID_FIELD static const char main_build_id[129] \
	__attribute__((used, section(".klp_split.main_build_id"))) = "";
struct version { unsigned long crc; char name[56]; };
#define VERSION(n) static const struct version __attribute__((used, section("__versions"))) \
	JOIN(version_, __COUNTER__) = { 1, n };
END

# compile NAME [GCC OPTION…] <<source: NAME.ko, as linked by kbuild
compile()
{
	local name=$1
	shift
	{ echo '#include "words.h"'; cat; } >"$name.c"
	gcc -O1 -fno-pic -mcmodel=kernel -fno-asynchronous-unwind-tables -fno-stack-protector -fno-toplevel-reorder \
		-fcf-protection=none "$@" -c -o "$name.ko" "$name.c" || exit 1
}

# symvers FILE SYMBOL=OWNER…
symvers()
{
	local file=$1 pair
	shift
	for pair; do
		printf '0x00000001\t%s\t%s\tEXPORT_SYMBOL_GPL\t\n' "${pair%%=*}" "${pair#*=}"
	done >"$file"
}

# expect EXIT CODE… -- ARGUMENTS…: the exit code, and exactly these KS codes
expect()
{
	local exit=$1 codes=() status=0 found
	shift
	while [ "$1" != -- ]; do
		codes+=("$1")
		shift
	done
	shift
	"$relocs" "$@" >out 2>err || status=$?
	found=$(grep -oE '\bKS[0-9]{3}:' err | tr -d : | sort -u | tr '\n' ' ')
	[ $status = "$exit" ] || complain "klp-relocs $*: exit $status, not $exit: $(cat err)"
	[ "$found" = "${codes[*]:+${codes[*]} }" ] ||
		complain "klp-relocs $*: reported '$found', not '${codes[*]}': $(cat err)"
}

# said TEXT: the last expect's errors have it
said() { grep -qF -e "$1" err || complain "not said: $1: $(cat err)"; }

# klp_symbols FILE, klp_sections FILE, undefined FILE: one per line
klp_symbols() { readelf -sW "$1" | awk '/ff20/ { print $NF }' | sort; }
klp_sections() { readelf -SW "$1" | sed 's/^ *\[ *[0-9]*\]//' | awk '$1 ~ /^\.klp\.rela\./ { print $1, $2, $7 }'; }
undefined() { readelf -sW "$1" | awk '$7 == "UND" && $8 != "" { print $8 }' | sort; }

# same WHAT GOT WANTED
same() { [ "$2" = "$3" ] || complain "$1: got:"$'\n'"$2"$'\n'"wanted:"$'\n'"$3"; }
