#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: each row of the table has a line as the kernel prints it.
# Prevents: a regular expression with a mistake, which never matches.
# Fails if: a row does not match its sample, or the table matches the log of a healthy boot.
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
table=$here/../lib/vm/log-patterns
failed=0
rows=0

while IFS=$'\t' read -r pattern reason sample; do
	rows=$((rows + 1))
	[[ -n $reason && -n $sample ]] || { echo "FAIL: incomplete row: $pattern"; failed=1; }
	grep -q -E -e "$pattern" <<<"[    2.189547] $sample" ||
		{ echo "FAIL: '$pattern' does not match its sample: $sample"; failed=1; }
	! grep -E -e "$pattern" <<-'END' || { echo "FAIL: '$pattern' matches a healthy line"; failed=1; }
		[    0.000000] Linux version 6.1.0 (gcc-12 12.2.0, GNU ld 2.40) #1 SMP PREEMPT_DYNAMIC Debian
		[    0.310412] RETBleed: Mitigation: untrained return thunk
		[    1.201000] clocksource: tsc: mask: 0xffffffffffffffff max_cycles: 0x2578, max_idle_ns: 440795
		[    2.103000] livepatch: enabling patch 'one'
		[    2.103100] livepatch: tainting kernel with TAINT_LIVEPATCH
		[    2.103200] livepatch: 'one': starting patching transition
		[    2.103300] one: module verification failed: signature and/or required key missing - tainting kernel
		[    2.496770] ACPI: PM: Preparing to enter system sleep state S5
	END
done < <(grep -v '^#' "$table")

[ $rows -gt 20 ] || { echo "FAIL: only $rows rows were read"; failed=1; }
exit $failed
