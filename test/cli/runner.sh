#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a copy of the runner in a tree of its own, with tests whose outcome is known.
# Prevents: failures that are not counted, and tests that silently don't run.
# Fails if: a failed, missing or interrupted test counts as passed, or something is left running.
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT

fail()
{
	echo "FAIL: $*"
	cat "$tree/output"
	exit 1
}

script()
{
	mkdir -p "$(dirname "$tree/test/$1")"
	printf '#!/bin/sh\n%s\n' "$2" >"$tree/test/$1"
	chmod +x "$tree/test/$1"
}

# expect EXIT LAST-LINE ARGUMENTS…
expect()
{
	local exit=$1 last=$2 status=0
	shift 2
	"$tree/test/run" "$@" >"$tree/output" 2>&1 || status=$?
	[ $status = "$exit" ] || fail "run $*: exit $status, not $exit"
	[ "$(tail -n 1 "$tree/output")" = "$last" ] || fail "run $*: last line is not '$last'"
}

mkdir -p "$tree/test/unit"
cp "$here/../run" "$tree/test/run"
script cli/good.sh 'echo fine'
script differ/also-good.sh 'exit 0'
expect 0 "2 passed, 0 failed"
expect 0 "1 passed, 0 failed" differ
expect 0 "1 passed, 0 failed" 'cli/g*d'

script cli/bad.sh 'echo the reason; exit 3'
expect 1 "2 passed, 1 failed" -j 3
grep -q '| the reason' "$tree/output" || fail "the log of a failed test is not shown"
expect 1 "0 passed, 1 failed" bad

# Listed in the sources, not built: failed, not forgotten.
touch "$tree/test/unit/test-unbuilt.c"
expect 1 "0 passed, 1 failed" unbuilt
chmod -x "$tree/test/cli/good.sh"
expect 1 "0 passed, 1 failed" cli/good
expect 1 "no test has a name like that: nothing" nothing
"$tree/test/run" --nonsense >"$tree/output" 2>&1 && fail "a wrong option was taken"

# Two runs over one tree: the second ends while the first still has a test to wait for.
script cli/waits.sh "until [ -e $tree/go ]; do sleep 0.1; done"
"$tree/test/run" waits also-good >"$tree/first" 2>&1 &
runner=$!
for _ in $(seq 50); do
	! grep -q '^passed .*also-good' "$tree/first" || break
	sleep 0.1
done
expect 0 "1 passed, 0 failed" also-good
touch "$tree/go"
wait $runner || true
[ "$(tail -n 1 "$tree/first")" = "2 passed, 0 failed" ] || {
	cp "$tree/first" "$tree/output"
	fail "a run lost a verdict to another"
}

# A program of the test that needs a moment to end is waited for.
script cli/slow.sh "
(trap 'sleep 1; exit' TERM; while :; do sleep 0.1; done) &
echo \$! >$tree/pid
exec sleep 1000"
"$tree/test/run" slow >"$tree/output" 2>&1 &
runner=$!
for _ in $(seq 50); do
	[ ! -s "$tree/pid" ] || break
	sleep 0.1
done
kill -TERM $runner
wait $runner && fail "an interrupted run has passed"
# (where no init collects orphans, a dead one stays as a zombie)
! grep -q 'State:.[RSD]' "/proc/$(cat "$tree/pid")/status" 2>/dev/null || fail "a test outlived the run"
echo "all as said"
