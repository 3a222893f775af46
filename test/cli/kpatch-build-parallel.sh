#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: an ordinary user with a cache in which nothing is prepared, and read-only packages and source; two
#   runs started at the same time, later one with their cache, and one of another user with another cache.
# Prevents: two runs that prepare one tree at the same time; outputs that depend on user, time and place; a
#   build that needs root, or writes outside of its cache.
# Fails if: one of them fails, the tree is prepared twice, the same diff doesn't give the same bytes, or the
#   shared build tree contains objects afterwards.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib/kpatch-build.sh
. "$(dirname "$(readlink -f "$0")")/../lib/kpatch-build.sh"

make_diff both fs/proc/meminfo.c 's/VmallocTotal:   /VmallocTOTAL:   /' \
	net/netfilter/x_tables.c 's/cond_resched();/cond_resched(); cond_resched();/'
private_cache shared
ln -sfn "$work/kernel/root" "$own/root" # as_user() makes it
ln -sfn "$work/kernel/source" "$own/source"
mkdir one "two words" "$work/elsewhere"
cp both.patch one/
cp both.patch "two words/"
if [ "$(id -u)" = 0 ]; then
	chmod 711 "$work"
	chown -R 65534:65534 "$work/shared" "$work/here" "$work/tmp" "$work/elsewhere"
fi
(cd one && as_user TZ=Asia/Kathmandu LC_ALL=C "$bin/kpatch-build" --kernel "$release" -j1 both.patch >"$work/log1" 2>&1) &
first=$!
(cd "two words" && umask 077 && as_user HOME=/nonexistent TZ=America/Lima LANG=tr_TR.UTF-8 "$bin/kpatch-build" --kernel "$release" -j2 -o "out put" both.patch >"$work/log2" 2>&1) &
second=$!
wait $first || { complain "the first run: $?"; cat "$work/log1"; }
wait $second || { complain "the second run: $?"; cat "$work/log2"; }
[ "$(cat "$work"/log[12] | grep -c 'prepare the build tree')" = 1 ] || complain "the tree was not prepared once"
grep -q 'wait for another run' "$work"/log[12] || complain "nobody waited"
diff -r one/both "two words/out put" || complain "two runs made different bytes"

# kbuild's objects were moved out; all that compiles a unit again later is in the cache
[ ! -e "$own/build/fs/proc/meminfo.o" ] || complain "an object was left in the build tree"
[ -e "$own/units/fs/proc/meminfo.o/original.o" ] || complain "the original isn't cached"

# again, another day, from the cache, elsewhere, with intermediate files kept
(cd "$work/elsewhere" && as_user TMPDIR="$work/elsewhere" "$bin/kpatch-build" --kernel "$release" --keep \
	"$work/here/one/both.patch" >"$work/log3" 2>&1) || { complain "the third run: $?"; cat "$work/log3"; }
grep -q 'compile .* original' "$work/log3" && complain "unchanged originals were compiled again"
kept=$(sed -n 's/^intermediate files: //p' "$work/log3")
[ -e "$kept/unit-0/patched.o" ] || complain "--keep keeps nothing: '$kept'"
diff -r one/both "$work/elsewhere/both" || complain "a later run made different bytes"

# by who runs the test, with the kernel that all tests share
unset XDG_CACHE_HOME
kpatch_build -o mine both.patch
[ "$status" = 0 ] || { complain "another user's run: $status"; cat "$work/log"; }
diff -r one/both mine || complain "another user made different bytes"
[ -s mine/both.html ] && [ -s mine/both.json ] || complain "there is no report, or no manifest"
for word in "$work" "$HOME" "$TMPDIR"; do
	grep -rqaF "$word" one/both && complain "the output names a folder of this machine: $word"
done
[ -z "$(ls -A "$TMPDIR")" ] || complain "left in TMPDIR: $(ls -A "$TMPDIR")"
exit $failed
