#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: sources, configurations and objects that are almost the kernel's, in caches of their own.
# Prevents: a livepatch for a kernel that doesn't exist: built from an edited source, another configuration or
#   another compiler.
# Fails if: one of them is not noticed, or a build is refused that has none of them.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib/kpatch-build.sh
. "$(dirname "$(readlink -f "$0")")/../lib/kpatch-build.sh"

make_diff good fs/proc/meminfo.c 's/VmallocTotal:   /VmallocTOTAL:   /'
make_diff uptime fs/proc/uptime.c 's/%lu.%02lu %lu.%02lu/%lu.%02lu  %lu.%02lu/'
make_diff loadavg fs/proc/loadavg.c 's:%u/%d:%u|%d:'

# --- an option that kbuild doesn't take
private_cache config
own_file root "usr/src/linux-headers-$release/.config"
echo 'CONFIG_NO_SUCH_OPTION=y' >>"$own/root/usr/src/linux-headers-$release/.config"
refused 1 KS309 -- good.patch
grep -q NO_SUCH_OPTION "$work/log" || complain "the option isn't named"

# --- a source with two edits: a string, and a line that doesn't compile
private_cache edited
own_file source fs/proc/meminfo.c
own_file source fs/proc/uptime.c
own_file source fs/proc/loadavg.c # a link could lead out of the tree: a diff can't change it
sed -i 's/MemTotal:       /MemTOTAL:       /' "$own/source/fs/proc/meminfo.c"
sed -i 's/^static int uptime_proc_show/no such thing\n&/' "$own/source/fs/proc/uptime.c"
refused 2 KS330 -- good.patch
grep -q 'meminfo_proc_show' "$work/log" || complain "the function isn't named"
refused 1 KS325 -- uptime.patch
grep -q 'uptime.c:.*error' "$work/log" || { complain "the compiler's message isn't shown"; cat "$work/log"; }

# --- the same cache, in a file that nobody has edited: nothing to complain
kpatch_build -o fine loadavg.patch
[ "$status" = 0 ] || { complain "refused without a reason: $status"; cat "$work/log"; }
rm -rf fine

# --- an original that another compiler made
unit=$own/units/fs/proc/loadavg.o
[ -e "$unit/original.o" ] || complain "the original isn't cached in $unit"
cp "$unit/original.o" "$work/original.o"
printf 'GCC: (other) 1.2.3\0' >"$work/comment"
objcopy --update-section .comment="$work/comment" "$unit/original.o"
refused 2 KS332 -- loadavg.patch

# --- a function that isn't in the kernel
objcopy --redefine-sym loadavg_proc_show=loadavg_proc_shown "$work/original.o" "$unit/original.o"
copy_tools fake
# shellcheck disable=SC2016
{
	echo '#!/bin/bash'
	echo 'while [ "$1" != --json ]; do shift; done; cp "$(dirname "$0")/unit.json" "$2"; touch "$4"'
} >"$copy/build/bin/create-diff-object"
one='{"name": "loadavg_proc_shown", "status": "changed", "sympos": 0, "line": 1}'
echo "{\"functions\": [$one], \"diagnostics\": []}" >"$copy/build/bin/unit.json"
refused 2 KS331 -- loadavg.patch
copy_tools fine
cp "$work/original.o" "$unit/original.o"

# --- a recorded command that does more than compile
sed -i 's/$/ | cat/' "$unit/command"
refused 1 KS327 -- loadavg.patch
sed -i 's/ | cat$//' "$unit/command"

# --- the core doesn't compile
copy_tools broken
echo '#error broken' >>"$copy/kmod/main.c"
refused 1 KS347 -- loadavg.patch

# --- a source that is edited when its original is in the cache: that one is of another source
bin=$built
[ -e "$unit/original.o" ] || complain "the original isn't cached any more"
sed -i 's/nr_running(), nr_threads/nr_running(), nr_threads + 1/' "$own/source/fs/proc/loadavg.c"
refused 2 KS330 -- loadavg.patch
exit $failed
