#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: signals at any moment, SIGKILL included; a cache on a full disk; a limit for the size of files.
# Prevents: an incomplete output; an incompletely prepared kernel that later builds use; folders that accumulate
#   in TMPDIR.
# Fails if: anything is left outside of the cache, or a later run with that cache has another result than an
#   undisturbed one.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib/kpatch-build.sh
. "$(dirname "$(readlink -f "$0")")/../lib/kpatch-build.sh"

make_diff good fs/proc/meminfo.c 's/VmallocTotal:   /VmallocTOTAL:   /'
kpatch_build -o "$work/expected" good.patch
[ "$status" = 0 ] || { complain "the undisturbed run: $status"; cat "$work/log"; exit 1; }
before=$(snapshot)

# interrupt SIGNAL SECONDS: exit code in $status
interrupt()
{
	env --default-signal "$bin/kpatch-build" --kernel "$release" -j2 good.patch >"$work/log" 2>&1 &
	local pid=$!
	sleep "$2"
	kill "-$1" $pid 2>/dev/null
	status=0
	wait $pid || status=$?
}

# --- while the kernel is being prepared
private_cache fresh
for signal in INT TERM HUP; do
	interrupt $signal 3
	[ $status != 0 ] || complain "SIG$signal did not come in time"
	[ "$before" = "$(snapshot)" ] || complain "SIG$signal left: $(diff <(echo "$before") <(snapshot))"
	[ ! -e "$own/build/.klp-split-prepared" ] || complain "SIG$signal: half a tree passes for prepared"
	pgrep -f "O=$(readlink -f "$own/build")" >/dev/null && complain "SIG$signal: make still runs"
done
interrupt KILL 5
rm -rf "${TMPDIR:?}"/* # nobody can clean up after SIGKILL but the next user of /tmp
[ ! -e "$own/build/.klp-split-prepared" ] || complain "SIGKILL: half a tree passes for prepared"

# --- the same cache then works, and gives the same
kpatch_build -o after good.patch
[ "$status" = 0 ] || { complain "after interrupted runs: $status"; cat "$work/log"; }
diff -r "$work/expected" after || complain "after interrupted runs: other bytes"
rm -rf after
leftovers=$(find "$own" -maxdepth 1 -name '.*' ! -path "$own")
[ -z "$leftovers" ] || complain "left in the cache: $leftovers"

# --- while units and modules are being built
for delay in 0.2 0.5 0.9 1.4 2.0; do
	rm -rf "$own/units"
	interrupt INT $delay
	[ $status = 0 ] && rm -rf good # it was quicker
	[ "$before" = "$(snapshot)" ] || complain "after $delay s: left $(diff <(echo "$before") <(snapshot))"
done
kpatch_build -o after good.patch
[ "$status" = 0 ] || { complain "after interrupted builds: $status"; cat "$work/log"; }
diff -r "$work/expected" after || complain "after interrupted builds: other bytes"
rm -rf after

# --- nothing more can be written: to files at all, or to a full file system
private_cache limited
mkdir -p "$own/build"
(ulimit -f 64; "$bin/kpatch-build" --kernel "$release" -j2 good.patch >"$work/log" 2>&1)
status=$?
[ $status = 1 ] || complain "with a limit on files: exit $status"
grep -qE 'KS(310|901)' "$work/log" || { complain "with a limit on files"; cat "$work/log"; }
[ ! -e "$own/build/.klp-split-prepared" ] || complain "with a limit on files: half a tree passes for prepared"
[ "$before" = "$(snapshot)" ] || complain "with a limit on files: left $(diff <(echo "$before") <(snapshot))"

if unshare -m true 2>/dev/null; then
	mkdir "$work/small"
	# shellcheck disable=SC2016 # expanded inside
	unshare -m bash -c '
		mount -t tmpfs -o size=12m none "$1/small" && cp -a "$1/limited/klp-split" "$1/small/" &&
		XDG_CACHE_HOME=$1/small "$2" --kernel "$3" -j2 good.patch
		echo $? >"$1/status"
		# the index is made meanwhile, and may have found room: then it is whole
		{
			ls -A "$1"/small/klp-split/kernels/*/build/.klp-split-prepared
			for index in "$1"/small/klp-split/kernels/*/index-4; do
				[ ! -e "$index" ] || cmp -s "$index" "$4" || echo "$index"
			done
		} >"$1/believed" 2>/dev/null' - "$work" "$bin/kpatch-build" "$release" "$kernel_dir/index-4" >"$work/log" 2>&1
	[ "$(cat "$work/status")" = 1 ] || { complain "on a full disk: exit $(cat "$work/status")"; cat "$work/log"; }
	grep -qE 'KS(310|901|309)' "$work/log" || { complain "on a full disk"; cat "$work/log"; }
	[ ! -s "$work/believed" ] || complain "on a full disk: passes for done: $(cat "$work/believed")"
	[ "$before" = "$(snapshot)" ] || complain "on a full disk: left $(diff <(echo "$before") <(snapshot))"
fi
exit $failed
