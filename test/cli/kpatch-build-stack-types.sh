#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a module whose functions pass pointers to a structure on the stack to each other; the structure gets
#   a new member, or two members are swapped.
# Prevents: a refusal (KS350) of a change that no task can see partially; and a structure of the old layout in
#   new code, because a function that has one isn't replaced, or because other code has a pointer to one.
# Fails if: it isn't built if all functions that have it are replaced and nothing else can have it, or is built
#   in any other case.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib/kpatch-build.sh
. "$(dirname "$(readlink -f "$0")")/../lib/kpatch-build.sh"

cc=$(sed -n 's/^CONFIG_CC_VERSION_TEXT="\([^ ]*\).*/\1/p' "$kernel_dir/build/.config")
mkdir old
cat >old/job.h <<-'END'
	struct shared { int a, b; };
	extern int kst_sink;
	void kst_take(void *p);
END
cat >old/main.c <<-'END'
	#include <linux/module.h>
	#include "job.h"

	struct job { int a, b; };
	struct small { int a, b; };
	struct wide { int a, b; };
	struct named { int a, b; };
	struct given { int a, b; };
	struct gave { int a, b; };
	int kst_sink;
	void kst_take(void *p) { kst_sink += !p; }

	static noinline void fill(struct job *p, int x) { p->a = x; p->b = x * 3; }
	int job(int x);
	int job(int x) { struct job j = { }; fill(&j, x); return j.a * 5 + j.b; }

	static noinline void small_fill(struct small *p, int x) { p->a = x; }
	int small(int x);
	int small(int x) { struct small s = { }; small_fill(&s, x); return s.a + s.b; }

	void wide_fill(struct wide *p, int x);
	noinline void wide_fill(struct wide *p, int x) { p->a = x; p->b = x * 3; }
	int wide(int x);
	int wide(int x) { struct wide w = { }; wide_fill(&w, x); return w.a * 5 + w.b; }

	static noinline void named_fill(struct named *p, int x) { p->a = x; p->b = x * 3; }
	static void *names[] = { (void *)named_fill };
	int named(int x);
	int named(int x) { struct named n = { }; named_fill(&n, x); kst_take(names[x & 0]); names[0] = NULL; return n.a * 5 + n.b; }

	static noinline void given_fill(struct given *p, int x) { p->a = x; p->b = x * 3; }
	int given(int x);
	int given(int x) { struct given g = { }; given_fill(&g, x); return g.a * 5 + g.b; }

	static noinline void gave_fill(struct gave *p, int x) { p->a = x; p->b = x * 3; }
	int gave(int x);
	int gave(int x) { struct gave g = { }; gave_fill(&g, x); kst_take(&g); return g.a * 5 + g.b; }

	static noinline void main_fill(struct shared *p, int x) { p->a = x; p->b = x * 3; }
	int main_shared(int x);
	int main_shared(int x) { struct shared s = { }; main_fill(&s, x); return s.a * 5 + s.b; }
	MODULE_LICENSE("GPL");
END
cat >old/other.c <<-'END'
	#include <linux/module.h>
	#include "job.h"

	static noinline void other_fill(struct shared *p, int x) { p->a = x; p->b = x * 7; }
	int other_shared(int x);
	int other_shared(int x) { struct shared s = { }; other_fill(&s, x); return s.a * 2 + s.b; }
	int other_sum(int x);
	int other_sum(int x) { kst_sink += x; return kst_sink; }
END
printf 'obj-m := kst_stack.o\nkst_stack-y := main.o other.o\n' >old/Kbuild
cp -r old module
make -s -j2 -C "$kernel_dir/build" M="$PWD/module" CC="$cc" KBUILD_MODPOST_WARN=1 modules >"$work/log" 2>&1 ||
	{ cat "$work/log"; complain "the module doesn't build"; exit 1; }

# change NAME FILE SED…: NAME.patch
change()
{
	local name=$1
	shift
	rm -rf new
	cp -r old new
	while [ $# -gt 0 ]; do
		sed -i "$2" "new/$1"
		cmp -s "old/$1" "new/$1" && complain "$name: $2 changes nothing in $1"
		shift 2
	done
	diff -ruN old new >"$name.patch"
}

module=(--oot-module module/kst_stack.ko --oot-module-src old)
built()
{
	change "$@"
	kpatch_build --check "${module[@]}" "$1.patch"
	[ "$status" = 0 ] || { complain "$1: exit $status"; sed 's/^/    /' "$work/log"; }
}
refuses()
{
	change "$@"
	kpatch_build --check "${module[@]}" "$1.patch"
	{ [ "$status" = 2 ] && [ "$(grep -o 'KS350: .*struct [a-z]*' "$work/log" | grep -o '[a-z]*$' | sort -u)" = "${1%%-*}" ]; } ||
		{ complain "$1: exit $status"; sed 's/^/    /' "$work/log"; }
}

# --- all that has it is replaced, and nothing else gets hold of it
built job-added main.c 's/^struct job {/& int c;/; / fill(struct job/s/p->b = x \* 3/p->c = x; p->b = p->c * 3/'
built job-swapped main.c 's/^struct job { int a, b;/struct job { int b, a;/'
built shared-swapped job.h 's/^struct shared { int a, b;/struct shared { int b, a;/'

# --- a function that fills it stays as it is, and is called with the new layout
refuses small-appended main.c 's/^struct small { int a, b;/struct small { int a, b, c;/; s/return s.a + s.b; }/s.c = x; return s.a + s.b + s.c; }/'
# --- other units can call a function that takes a pointer; data has the address of one
refuses wide-swapped main.c 's/^struct wide { int a, b;/struct wide { int b, a;/'
refuses named-swapped main.c 's/^struct named { int a, b;/struct named { int b, a;/'
# --- the new code gives it away, the old code did
refuses given-swapped main.c 's/^struct given { int a, b;/struct given { int b, a;/; s/given_fill(&g, x);/& kst_take(\&g);/'
refuses gave-swapped main.c 's/^struct gave { int a, b;/struct gave { int b, a;/; s/ kst_take(&g);//'
# --- of two units that know it, in one it is on the stack of a function that stays as it is
refuses shared-appended job.h 's/^struct shared { int a, b;/struct shared { int a, b, c;/' \
	main.c '/ main_fill(struct/s/p->b = x/p->b = p->c = x/; /^int main_shared(int x) {/s/return s.a/return s.c + s.a/' \
	other.c '/^int other_shared(int x) {/s/return s.a/s.c = x; return s.c + s.a/'

exit "$failed"
