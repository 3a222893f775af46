#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: diffs that give variables of the running kernel another name, scope, type or file, and diffs that add
#   new ones.
# Prevents: a livepatch that loses the contents of a variable of the running kernel (then no binary format is
#   registered any more), or that uses the "done" flag of another secret; a refusal of new variables.
# Fails if: the code or the exit code is another one, or another variable becomes new.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib/kpatch-build.sh
. "$(dirname "$(readlink -f "$0")")/../lib/kpatch-build.sh"

UNCHANGED=3
mark='#include <klp-split-author.h>\nKLP_SPLIT_NEW_STATE'

make_diff renamed fs/exec.c 's/\bformats\b/binary_formats/'
make_diff local kernel/irq/proc.c '/^\tstatic int prec;/d; /^int show_interrupts/i static int prec;\n'
make_diff local-changed kernel/irq/proc.c \
	'/^\tstatic int prec;/d; /^int show_interrupts/i static int prec;\n
	s/for (prec = 3, j = 1000;/for (prec = 4, j = 10000;/'
make_diff type fs/eventpoll.c 's/\bloop_check_gen\b/loop_generation/; s/^static u64 loop_gen.*/static u32 loop_generation;/'
make_diff anew fs/eventpoll.c "s/\\bloop_check_gen\\b/loop_generation/
	s/^static u64 loop_gen.*/static u32 loop_generation;\\n$mark(loop_generation);/"
make_diff moved fs/eventpoll.c 's/^static u64 loop_check_gen.*/extern u64 loop_check_gen;/' \
	fs/eventfd.c '/^static DEFINE_IDA/i u64 loop_check_gen;'
make_diff moved-type fs/eventpoll.c 's/\bloop_check_gen\b/loop_generation/
	s/^static u64 loop_gen.*/extern u64 loop_generation;/' \
	fs/eventfd.c '/^static DEFINE_IDA/i u64 loop_generation;'
make_diff moved-anew fs/eventpoll.c 's/^static u64 loop_check_gen.*/extern u64 loop_check_gen;/' \
	fs/eventfd.c "/^static DEFINE_IDA/i u64 loop_check_gen;\\n$mark(loop_check_gen);"
make_diff once net/core/secure_seq.c \
	'/^static siphash_aligned_key_t net_secret;/a static siphash_aligned_key_t port_secret;
	/^static __always_inline void net_secret_init/i static __always_inline void port_secret_init(void)\
{\
	net_get_random_once(\&port_secret, sizeof(port_secret));\
}\

	/^u64 secure_ipv6_port_ephemeral/,/^}/s/net_secret/port_secret/'
# one use of a shared variable is moved to a new one, another stays; the compiler has merged the two, or not
make_diff part fs/exec.c 's/^static DEFINE_RWLOCK(binfmt_lock);/&\nstatic LIST_HEAD(searched);/
	/^static int search_binary_handler/,/^}/s/&formats/\&searched/'
make_diff part-changed fs/eventpoll.c 's/^static u64 loop_check_gen.*/&\nstatic u64 loop_set_gen;/
	/^static int ep_loop_check_proc/,/^}/ {
		s/ep->gen = loop_check_gen;/ep->gen = ++loop_set_gen;/
		s/depth > EP_MAX_NESTS/depth > EP_MAX_NESTS - 1/
	}'
make_diff key net/core/dev.c 's/^static DEFINE_STATIC_KEY_FALSE(generic_xdp_needed_key);/&\nstatic DEFINE_STATIC_KEY_FALSE(own_key);/
	/^static int __netif_receive_skb_core/,/^}/s/&generic_xdp_needed_key/\&own_key/'
make_diff key-anew net/core/dev.c "s/^static DEFINE_STATIC_KEY_FALSE(generic_xdp_needed_key);/&\\nstatic DEFINE_STATIC_KEY_FALSE(own_key);\\n$mark(own_key);/
	/^static int __netif_receive_skb_core/,/^}/s/&generic_xdp_needed_key/\\&own_key/"

refused $UNCHANGED KS173 -- --check renamed.patch
refused $UNCHANGED KS173 -- --check local.patch
refused 2 KS170 -- --check local-changed.patch
refused 2 KS170 -- --check type.patch
grep -q "may be 'loop_check_gen'" "$work/log" || complain "the variable that is lost isn't named"
refused 0 -- --check anew.patch
# under its name it is the running kernel's, in whatever file; under another name that isn't known
kpatch_build -o moved moved.patch
[ "$status" = 0 ] || { complain "moved.patch: exit $status"; cat "$work/log"; }
"$bin/klp-relocs" show moved/moved.ko >"$work/shown"
grep -q 'vmlinux  *loop_check_gen' "$work/shown" || { complain "the new code has a variable of its own"; cat "$work/shown"; }
rm -rf moved
refused 2 KS172 KS176 -- --check moved-type.patch
grep -q "may be 'loop_check_gen' of fs/eventpoll.c" "$work/log" || complain "the file that lost it isn't named"
refused 2 KS125 KS176 -- --check moved-anew.patch
refused 0 KS177 -- --check once.patch
refused 2 KS170 -- --check part.patch
refused 0 KS177 -- --check part-changed.patch
refused 2 KS178 -- --check key.patch
refused 0 -- --check key-anew.patch
exit $failed
