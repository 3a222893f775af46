#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a large module, so that converting takes a while; signals at any moment; a full disk.
# Prevents: an incomplete module under its final name, which could be installed or loaded, and temporary files
#   that are left.
# Fails if: after a run of any outcome the file is neither the complete old one nor the complete new one, or
#   another file is there.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib/klp-modules.sh
. "$(dirname "$(readlink -f "$0")")/../lib/klp-modules.sh"

{
	echo 'LIVEPATCH("big") extern int hidden; REF(hidden, "vmlinux", "hidden", 0)'
	echo 'char ballast[8 << 20] = { 1 };'
	echo 'int f(void) { return hidden; }'
} | compile big
mkdir folder
"$relocs" convert -o new.ko big.ko || exit 1

# state: old, new, or what is wrong; nothing may lie beside the file
state()
{
	[ "$(ls -A folder)" = m.ko ] || { echo "there is: $(ls -A folder)"; return; }
	if cmp -s folder/m.ko big.ko; then echo old
	elif cmp -s folder/m.ko new.ko; then echo new
	else echo "neither old nor new"; fi
}

# Until it has begun the child is a copy of this shell, whose trap a signal would run there.
started() { while [ "/proc/$1/exe" -ef /proc/$$/exe ]; do :; done; }

interrupted=0
for round in $(seq 1 3 180); do
	for signal in TERM INT HUP; do
		cp big.ko folder/m.ko
		# (a shell's background programs ignore SIGINT)
		env --default-signal "$relocs" convert folder/m.ko 2>/dev/null &
		pid=$!
		started $pid
		sleep "0.$(printf '%03d' "$round")"
		kill -$signal $pid 2>/dev/null
		wait $pid 2>/dev/null
		status=$?
		result=$(state)
		case $status-$result in
		0-new) ;;
		12[0-9]-old | 12[0-9]-new | 1[34][0-9]-old | 1[34][0-9]-new) interrupted=$((interrupted + 1)) ;;
		*) complain "SIG$signal after $round ms: exit $status, $result" ;;
		esac
		[ $failed = 0 ] || exit 1
	done
	[ "$status" != 0 ] || [ $interrupted -lt 5 ] || break # it is quicker than this
done
[ $interrupted -ge 5 ] || complain "only $interrupted of the signals came in time"

# As on a full disk: a limit on file sizes is the same to the writer.
cp big.ko folder/m.ko
(ulimit -f 4096; "$relocs" convert folder/m.ko 2>err)
same "exit on a full disk" $? 1
grep -q KS901 err || complain "a full disk is not told: $(cat err)"
same "after a full disk" "$(state)" old

# A real one, where mounting is allowed.
mkdir small
if unshare -m true 2>/dev/null; then
	# shellcheck disable=SC2016 # expanded inside
	unshare -m sh -c 'mount -t tmpfs -o size=14m none small && cp big.ko small/m.ko &&
		"$0" convert small/m.ko 2>err; echo $? >status
		cmp small/m.ko big.ko && ls -A small >list' "$relocs"
	same "exit on a full file system" "$(cat status)" 1
	grep -q 'KS901.*No space left' err || complain "a full file system is not told: $(cat err)"
	same "after a full file system" "$(cat list)" m.ko
fi

# A folder that can't be written to.
expect 1 KS901 -- convert -o no/such/folder/m.ko big.ko
exit "$failed"
