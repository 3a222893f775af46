#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: diffs that give macros another value, write the same value differently, or add and remove macros.
# Prevents: a missing warning about flags that have another meaning in existing objects; a warning about a macro
#   whose value doesn't change.
# Fails if: a macro isn't named, or its values or its line; or one is named that is unchanged, new, unused, or
#   not a number.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib/kpatch-build.sh
. "$(dirname "$(readlink -f "$0")")/../lib/kpatch-build.sh"

UNCHANGED=3
file=fs/binfmt_misc.c
size='MAX_REGISTER_LENGTH 1920'

# says LINE…: the warnings of the last run, each a macro with its values and the place that has it now
says()
{
	printf '%s\n' "$@" | sort >"$work/expected"
	sed -n "s/^\(.*\): warning KS394: [^:]*: '\(.*\)' was \(.*\), and is \(.*\) now/\2 \3 -> \4 @ \1/p" "$work/log" |
		while read -r macro values; do
			echo "$macro ${values% @ *}"
			place=${values##* @ }
			grep -nE "define[[:space:]]+${macro%%(*}([^A-Z_0-9]|$)" "$work/patched/${place%:*}" | cut -d: -f1 |
				grep -qx "${place##*:}" || echo "$macro isn't defined at $place"
		done | sort >"$work/said"
	diff "$work/expected" "$work/said" >&2 || complain "other macros or values than expected ($*)"
}

# check EXIT CODES FILE SED [LINE…]
check()
{
	local exit=$1 expected=$2 path=$3 script=$4
	shift 4
	make_diff one "$path" "$script"
	mkdir -p "$work/patched/$(dirname "$path")"
	sed "$script" "$kernel_dir/source/$path" >"$work/patched/$path"
	# shellcheck disable=SC2086 # several codes
	refused "$exit" $expected -- --check one.patch
	[ $# = 0 ] || says "$@"
}

bits='s/(1UL << 30)/(1UL << 29)/; s/CREDENTIALS (1UL << 29)/CREDENTIALS (1UL << 30)/'
check 0 KS394 $file "s/$size/MAX_REGISTER_LENGTH 1919/" 'MAX_REGISTER_LENGTH 1920 (0x780) -> 1919 (0x77f)'
check 0 KS394 $file "$bits" 'MISC_FMT_OPEN_BINARY 1073741824 (0x40000000) -> 536870912 (0x20000000)' \
	'MISC_FMT_CREDENTIALS 536870912 (0x20000000) -> 1073741824 (0x40000000)'
check 0 KS394 $file "s/define $size/ifdef CONFIG_NET\n#define MAX_REGISTER_LENGTH \\\\\n	GENMASK(9, 0) \/* less *\/\n#else\n&\n#endif/" \
	'MAX_REGISTER_LENGTH 1920 (0x780) -> 1023 (0x3ff)'
# a macro of macros, of a header, in a line that stays
check 0 KS394 drivers/block/zram/zram_drv.h 's/LOGICAL_BLOCK_SHIFT 12/LOGICAL_BLOCK_SHIFT 13/' \
	'ZRAM_LOGICAL_BLOCK_SHIFT 12 (0xc) -> 13 (0xd)' 'ZRAM_LOGICAL_BLOCK_SIZE 4096 (0x1000) -> 8192 (0x2000)' \
	'ZRAM_SECTOR_PER_LOGICAL_BLOCK 8 -> 16 (0x10)'

# one with arguments, which code uses; beside it a list that the last definition of its macro can't expand
check 0 KS394 fs/proc/loadavg.c 's/^static int loadavg_proc_show/#define EM(x) x,\n#define EMS EM(1) EM(2)\nstatic const int __used numbers[] = { EMS 3 };\n#undef EM\n#define EM(x, y) x\nstatic const int __used more[] = { EM(1, 2) };\n#undef LOAD_INT\n#define LOAD_INT(x) ((x) >> (FSHIFT - 1))\n&/' \
	'LOAD_INT(0x2468ace1) 298261 (0x48d15) -> 596523 (0x91a2b)'

# a new name for the value of one that is gone: a new meaning, or only a name (then no code changes)
taken='s/MISC_FMT_OPEN_BINARY/MISC_FMT_LOCKED/g'
check 0 KS179 $file "$taken; s/> MAX_REGISTER_LENGTH/> MAX_REGISTER_LENGTH - 1/"
grep -q "warning KS179: .*'MISC_FMT_LOCKED' is 1073741824 (0x40000000), as 'MISC_FMT_OPEN_BINARY' was" "$work/log" ||
	complain "the macro whose value is taken over isn't named"
check $UNCHANGED KS179 $file "$taken"

# the same value; a branch that isn't taken; a string
check $UNCHANGED '' $file 's/(1UL << 30)/BIT_ULL(30)/; s/(1UL << 29)/0x20000000 \/* bit 29 *\//
	s/(1UL << 28)/((unsigned long)1 << (sizeof(int) * 7))/'
check $UNCHANGED '' $file "s/#define $size/#ifdef CONFIG_OF_NOBODY\n#define MAX_REGISTER_LENGTH 1\n#else\n&\n#endif/"
check 0 '' $file 's/KBUILD_MODNAME ": "/KBUILD_MODNAME "! "/'
# a new one; one without users; one that is code now
check 0 '' $file "s/define $size/&\n#define NEW_LENGTH 7/; s/> MAX_REGISTER_LENGTH/> MAX_REGISTER_LENGTH - NEW_LENGTH/"
check 0 '' $file "s/$size/MAX_REGISTER_LENGTH 5/; s/> MAX_REGISTER_LENGTH/> 1919/"
check 0 '' $file "s/#define $size/static int max_register = 1920;\n#define MAX_REGISTER_LENGTH max_register/"
exit $failed
