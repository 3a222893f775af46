#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: after a test, kmemleak reports leaks of the kernel's boot and leaks of the test.
# Prevents: a test that fails because of the kernel's own leak, or passes with a leak of its own.
# Fails if: the judge doesn't distinguish the two, or treats a part of a report as a whole one.
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
# shellcheck source=/dev/null
. "$here/../lib/vm/judge.sh"
results=$(mktemp -d)
trap 'rm -r "$results"' EXIT
# shellcheck disable=SC2034 # read by the judge
allowed_taints="" allowed_livepatches=""
echo 12288 >"$results/tainted"
touch "$results/modules" "$results/livepatches"

lost() # BY PID FUNCTION
{
	cat <<-END
	unreferenced object 0xffff888004cb2500 (size 208):
	  comm "$1", pid $2, jiffies 4294892296
	  hex dump (first 16 bytes):
	    80 8f 03 00 00 00 00 00 00 00 00 48 00 00 00 00  ...........H....
	  backtrace:
	    [<(____ptrval____)>] $3+0x123/0x2e0
	END
}

expect() # EXPECTED; the report is the standard input
{
	local found

	cat >"$results/kmemleak"
	found=$(judge_leftovers "$results")
	[ "$found" = "$1" ] || { echo "FAIL: expected: $1"; echo "      found:    $found"; exit 1; }
}

complaint='leftover: memory that nobody will free (results/kmemleak):'
expect "" </dev/null
{ lost swapper/0 0 in_boot && lost swapper/0 1 in_boot; } | expect ""
lost modprobe 512 in_test | expect "$complaint in_test+0x123/0x2e0"
{ lost swapper/0 0 in_boot && lost modprobe 512 in_test && lost swapper/0 1 in_boot; } |
	expect "$complaint in_test+0x123/0x2e0"
{ lost softirq 0 in_test && lost swapper/0 0 in_boot; } | expect "$complaint in_test+0x123/0x2e0"
