#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: the stock 6.12 (or KERNEL), which is built for indirect branch tracking, and whose boot code writes
#   numbers into code.
# Prevents: a livepatch with a pointer that faults at an indirect call, or with a number that was never filled
#   in; and advice that doesn't help.
# Fails if: a diff with either problem is built, the message doesn't name the place in the source, or a diff
#   that follows the message's advice is refused.
set -uo pipefail
export KERNEL=${KERNEL:-6.12}
# shellcheck source-path=SCRIPTDIR source=../lib/kpatch-build.sh
. "$(dirname "$(readlink -f "$0")")/../lib/kpatch-build.sh"

has() { grep -qx "CONFIG_$1=y" "$kernel_dir/build/.config"; }

# built NAME: where the kernel has nothing against it, and where the diff does as advised
built()
{
	kpatch_build "$1.patch"
	[ "$status" = 0 ] || { complain "$1: exit $status"; sed 's/^/    /' "$work/log"; }
	rm -rf "$1"
}

# told CODE FILE FUNCTION WORD: at that function's line
told()
{
	grep -qE "^$2:[1-9][0-9]*: $1: .*$4" "$work/log" || grep -qE "^$2:[1-9][0-9]*: $3\(\): $1: .*$4" "$work/log" ||
		{ complain "$1 isn't told at $2"; sed 's/^/    /' "$work/log"; }
}

# --- the address of a function that nobody's address was taken of before
pointer='int (*volatile wait)(struct pipe_inode_info *, unsigned int *)'
make_diff sealed fs/pipe.c "/^static int fifo_open/,/^}/{
	0,/if (wait_for_partner(/s/if (wait_for_partner(/$pointer = wait_for_partner; if (wait(/;}"
make_diff opened fs/pipe.c "/^static int fifo_open/i\\
static int klp_wait(struct pipe_inode_info *pipe, unsigned int *cnt)\\
{\\
	return wait_for_partner(pipe, cnt);\\
}
	/^static int fifo_open/,/^}/s/if (wait_for_partner(pipe, &pipe->w_counter/$pointer = klp_wait; if (wait(pipe, \&pipe->w_counter/"
if has X86_KERNEL_IBT; then
	refused 2 KS233 KS379 -- sealed.patch
	told KS233 fs/pipe.c fifo_open "'wait_for_partner' of vmlinux"
	built opened
else
	built sealed
fi

# --- a shift whose count the boot writes
make_diff shift fs/dcache.c '/^struct dentry \*__d_lookup(/,/^}/s/rcu_read_lock();/if (parent) &/'
make_diff variable fs/dcache.c '/^#define IN_LOOKUP_SHIFT/i\
static struct hlist_bl_head *klp_d_hash(u32 hash)\
{\
	return dentry_hashtable + (hash >> d_hash_shift);\
}
	/^struct dentry \*__d_lookup(/,/^}/s/= d_hash(hash)/= klp_d_hash(hash)/'
if grep -q runtime_const_shift "$kernel_dir/source/fs/dcache.c"; then
	refused 2 KS130 -- shift.patch
	told KS130 fs/dcache.c __d_lookup "'__d_lookup', by list 'runtime_shift_d_hash_shift'"
	built variable
fi
exit "$failed"
