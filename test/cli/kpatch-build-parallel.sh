#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a cache in which nothing is prepared; two runs started at once on it, later one on a prepared one.
# Prevents: two runs that prepare one tree at the same time; outputs that depend on when and where they were made.
# Fails if: one of them fails, the tree is prepared twice, or the same diff doesn't give the same bytes; or if the
#   shared build tree has objects in it afterwards.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib/kpatch-build.sh
. "$(dirname "$(readlink -f "$0")")/../lib/kpatch-build.sh"

make_diff both fs/proc/meminfo.c 's/VmallocTotal:   /VmallocTOTAL:   /' \
	net/netfilter/x_tables.c 's/cond_resched();/cond_resched(); cond_resched();/'
private_cache shared
mkdir one "two words"
cp both.patch one/
cp both.patch "two words/"
(cd one && "$bin/kpatch-build" --kernel "$release" -j1 both.patch >"$work/log1" 2>&1) &
first=$!
(cd "two words" && "$bin/kpatch-build" --kernel "$release" -j2 -o "out put" both.patch >"$work/log2" 2>&1) &
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
mkdir "$work/elsewhere"
(cd "$work/elsewhere" && TMPDIR=$work "$bin/kpatch-build" --kernel "$release" --keep \
	"$work/here/one/both.patch" >"$work/log3" 2>&1) || { complain "the third run: $?"; cat "$work/log3"; }
grep -q 'compile .* original' "$work/log3" && complain "unchanged originals were compiled again"
kept=$(sed -n 's/^intermediate files: //p' "$work/log3")
[ -e "$kept/unit-0/patched.o" ] || complain "--keep keeps nothing: '$kept'"
diff -r one/both "$work/elsewhere/both" || complain "a later run made different bytes"
for word in "$work" "$HOME" "$TMPDIR"; do
	grep -rqaF "$word" one/both && complain "the output names a folder of this machine: $word"
done
[ -z "$(ls -A "$TMPDIR")" ] || complain "left in TMPDIR: $(ls -A "$TMPDIR")"
exit $failed
