#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: out-of-tree source from which two modules are made; a header and a .c file are part of both, one unit exports
#   the function of another, and helpers that are not __init are called by the init function only.
# Prevents: a fix of one of the modules that seems to be one of both; a caller in another module that passes what the
#   function took before; a livepatch whose code never runs.
# Fails if: one of them is built without the warning, or another diff is warned of.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib/kpatch-build.sh
. "$(dirname "$(readlink -f "$0")")/../lib/kpatch-build.sh"
cc=$(sed -n 's/^CONFIG_CC_VERSION_TEXT="\([^ ]*\).*/\1/p' "$kernel_dir/build/.config")

mkdir old
cat >old/Kbuild <<-EOF
	obj-m := kst_one.o kst_two.o
	kst_one-y := main.o sum.o both.o
	kst_two-y := two.o both_too.o
EOF
cat >old/shared.h <<-'EOF'
	int sum(int a, int b);
	int both(int a);
	static inline int scaled(int a) { return a * 3; }
EOF
echo 'static inline int own(int a) { return a * 5; }' >old/own.h
cat >old/both.c <<-'EOF'
	#include <linux/module.h>
	#include "shared.h"
	static int calls;
	int both(int a) { return scaled(a) + ++calls; }
EOF
echo '#include "both.c"' >old/both_too.c
cat >old/sum.c <<-'EOF'
	#include <linux/module.h>
	#include "shared.h"
	#include "own.h"
	int sum(int a, int b) { return own(a) + b; }
EOF
cat >old/main.c <<-'EOF'
	#include <linux/module.h>
	#include "shared.h"
	static DEFINE_MUTEX(lock);
	static int total, limit = 7;
	module_param(limit, int, 0644);
	static noinline void deep(int a) { mutex_lock(&lock); total += a * 2; mutex_unlock(&lock); }
	static noinline void once(int a) { deep(a + 1); deep(a + limit); }
	static noinline void often(int a) { mutex_lock(&lock); total -= a; mutex_unlock(&lock); }
	static noinline int kept(int a) { return a + limit; }
	static int (*callback)(int) = NULL;
	int main_work(int a);
	int main_work(int a) { often(a); return sum(a, total) + both(a) + (callback ? callback(a) : 0); }
	static int start(void) { once(1); once(limit); often(limit); callback = kept; return 0; }
	static void __exit stop(void) { }
	module_init(start);
	module_exit(stop);
	EXPORT_SYMBOL_GPL(sum);
	MODULE_LICENSE("GPL");
EOF
cat >old/two.c <<-'EOF'
	#include <linux/module.h>
	#include "shared.h"
	int two(int a);
	int two(int a) { return scaled(a) + both(a); }
	EXPORT_SYMBOL_GPL(two);
	MODULE_LICENSE("GPL");
EOF
cp -r old module
make -s -j2 -C "$kernel_dir/build" M="$PWD/module" CC="$cc" KBUILD_MODPOST_WARN=1 modules >"$work/log" 2>&1 ||
	{ cat "$work/log"; complain "the modules don't build"; exit 1; }

# gives NAME EXIT 'CODES' FILE SED…: what becomes of this change (KS371: the fixtures' own compiler warnings)
gives()
{
	local name=$1 want=$2 expected=$3 found
	shift 3
	rm -rf new
	cp -r old new
	while [ $# -gt 0 ]; do
		sed -i "$2" "new/$1"
		shift 2
	done
	diff -ruN old new >"$name.patch"
	kpatch_build --check --oot-module module/kst_one.ko --oot-module-src old "$name.patch"
	found=$(grep -oE '^[^ ].*: (warning )?KS[0-9]{3}: ' "$work/log" | grep -oE 'KS[0-9]{3}' | grep -v KS371 |
		sort -u | tr '\n' ' ')
	[ "$status" = "$want" ] && [ "${found% }" = "$expected" ] ||
		{ complain "$name: exit $status with '${found% }', expected $want with '$expected'"; cat "$work/log"; }
}

# --- files that the other module is made of, too
gives header 0 KS191 shared.h 's/a \* 3/a * 4/'
grep -q "^shared.h: warning KS191: .*'kst_two'" "$work/log" || { complain "not the file and the module"; cat "$work/log"; }
gives source 0 KS191 both.c 's/+ ++calls/- ++calls/'
gives own 0 "" own.h 's/a \* 5/a * 6/'

# --- the export is in another unit than the function
gives signature 2 "KS128 KS191" shared.h 's/int sum(int a, int b)/int sum(int a, long b)/' sum.c 's/int b) { return own(a) + b/long b) { return own(a) - b/'

# --- what the init function calls, and itself, directly or not; what also runs later
gives nested 2 "KS188 KS189" main.c 's/total += a \* 2/total += a * 3/'
gives init 2 "KS188 KS189" main.c 's/once(limit);/once(limit + 1);/'
gives one_of_two 0 KS188 main.c 's/deep(a + 1)/deep(a + 2)/; s/total -= a;/total -= a + 1;/'
gives often 0 "" main.c 's/total -= a;/total -= a + 1;/'
gives kept 0 "" main.c 's/return a + limit;/return a - limit;/'
exit $failed
