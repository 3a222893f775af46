#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: sources, configurations and objects that are almost the kernel's, in their own caches.
# Prevents: a livepatch for a kernel that doesn't exist: built from an edited source (code or data), another
#   configuration, another compiler or other flags.
# Fails if: one of these is not detected, or a build with none of them is refused.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib/kpatch-build.sh
. "$(dirname "$(readlink -f "$0")")/../lib/kpatch-build.sh"

make_diff good fs/proc/meminfo.c 's/VmallocTotal:   /VmallocTOTAL:   /'
make_diff uptime fs/proc/uptime.c 's/%lu.%02lu %lu.%02lu/%lu.%02lu  %lu.%02lu/'
make_diff loadavg fs/proc/loadavg.c 's:%u/%d:%u|%d:'

# trust_again UNIT: after a refusal, take the original in the cache for one that was made from the source as it is
trust_again() { stat -L -c '%s %.9Y %n' "$own/source/$1.c" >"$own/units/$1.o/sources"; }

# --- an option that kbuild doesn't take
private_cache config
own_file root "usr/src/linux-headers-$release/.config"
echo 'CONFIG_NO_SUCH_OPTION=y' >>"$own/root/usr/src/linux-headers-$release/.config"
refused 1 KS309 -- good.patch
grep -q NO_SUCH_OPTION "$work/log" || complain "the option isn't named"

# --- another kernel's, by what both say of themselves
sed -i '$d; s/^CONFIG_BUILD_SALT=.*/CONFIG_BUILD_SALT="another"/' "$own/root/usr/src/linux-headers-$release/.config"
refused 1 KS348 -- good.patch

# --- a configuration that compiles as well as the right one, and says that it is this kernel's; and a source with
# edits: a string, an initial value, and a line that doesn't compile
private_cache edited
own_file root "usr/src/linux-headers-$release/.config"
sed -i 's/^CONFIG_PROC_PID_CPUSET=y/# CONFIG_PROC_PID_CPUSET is not set/' \
	"$own/root/usr/src/linux-headers-$release/.config"
own_file source fs/proc/meminfo.c
own_file source fs/proc/uptime.c
own_file source lib/ctype.c
sed -i 's/^_C,_C|_S,/_C,_C,/' "$own/source/lib/ctype.c"
own_file source fs/proc/loadavg.c # a link could lead out of the tree: a diff can't change it
sed -i 's/MemTotal:       /MemTOTAL:       /' "$own/source/fs/proc/meminfo.c"
sed -i 's/^static int uptime_proc_show/no such thing\n&/' "$own/source/fs/proc/uptime.c"
refused 2 KS330 -- good.patch
grep -q 'meminfo_proc_show' "$work/log" || complain "the function isn't named"
refused 1 KS325 -- uptime.patch
grep -q 'uptime.c:.*error' "$work/log" || { complain "the compiler's message isn't shown"; cat "$work/log"; }

# --- what the flipped option changes, and the edited table
refused 2 KS330 KS351 -- --prove fs/proc/base.c
grep -q "KS351.*'tgid_base_stuff'\|KS351.*'tid_base_stuff'" "$work/log" || complain "the table isn't named"
refused 2 KS351 -- --prove lib/ctype.c
grep -q "KS351.*'_ctype'" "$work/log" || complain "the variable isn't named"
grep -q 'another value' "$work/log" || complain "what differs isn't told"

# --- tables: the line that a WARN says, the CPU feature that an alternative is for, when a function runs at boot; the
# code is the same
own_file source lib/refcount.c
own_file source arch/x86/include/asm/smap.h
own_file source fs/proc/kmsg.c
sed -i 's/fs_initcall/late_initcall/' "$own/source/fs/proc/kmsg.c"
sed -i '0,/^$/s//\n/' "$own/source/lib/refcount.c"
sed -i 's/X86_FEATURE_SMAP/X86_FEATURE_SMEP/' "$own/source/arch/x86/include/asm/smap.h"
refused 2 KS355 -- --prove lib/refcount.c
grep -q "KS355: .*'__bug_table'" "$work/log" || complain "the table isn't named"
grep -q "it is about refcount_warn_saturate+" "$work/log" || complain "what the entry is about isn't named"
refused 2 KS355 -- --prove fs/proc/kmsg.c
grep -q "it is about proc_kmsg_init" "$work/log" || complain "the function isn't named"
own_file source lib/strnlen_user.c
sed -i 's/^EXPORT_SYMBOL(/EXPORT_SYMBOL_GPL(/' "$own/source/lib/strnlen_user.c"
refused 2 KS355 -- --prove lib/strnlen_user.c
grep -q "KS355: .*'.altinstructions'" "$work/log" || complain "the table isn't named"
grep -qE "KS355: .*'_*ksymtab" "$work/log" || complain "an export for others isn't noticed"

# --- jiffies and jiffies_64 are exports of two units at one address, in any order
kpatch_build --prove kernel/time/timer.c
[ "$status" = 0 ] || { complain "two exports of one address aren't proved"; cat "$work/log"; }
own_file source kernel/time/timer.c
sed -i 's/^EXPORT_SYMBOL(jiffies_64)/EXPORT_SYMBOL_GPL(jiffies_64)/' "$own/source/kernel/time/timer.c"
refused 2 KS355 -- --prove kernel/time/timer.c
grep -q "it is about jiffies_64" "$work/log" || complain "which export differs isn't named"

# --- a compiler that is told something else, and another one, under the name of the right one
mkdir "$work/other"
cc=$(sed -n 's/^CONFIG_CC_VERSION_TEXT="\([^ ]*\).*/\1/p' "$kernel_dir/build/.config")
right=$(type -P "$cc")
# shellcheck disable=SC2016
{
	echo '#!/bin/bash'
	echo 'for word; do [ "$word" = "$OTHER_LACKS" ] || words+=("$word"); done'
	echo 'case " $* " in *" -c "*.c" "*) "$OTHER_CC" $OTHER_FLAGS "${words[@]}";; *) '"$right"' "$@";; esac'
} >"$work/other/$cc"
chmod +x "$work/other/$cc"
PATH=$work/other:$PATH OTHER_CC=$right OTHER_FLAGS=-fno-ivopts refused 2 KS354 -- --prove fs/proc/version.c
grep -q -e '-fno-ivopts' "$work/log" || complain "the flag isn't named"
PATH=$work/other:$PATH OTHER_CC=$(type -P gcc-11) OTHER_LACKS=-ftrivial-auto-var-init=zero refused 2 KS332 -- --prove fs/proc/cmdline.c
grep -q 'here:.* 11\.' "$work/log" || complain "the other compiler isn't named"

# --- without the compiler's own words, its code tells
trust_again fs/proc/cmdline
objcopy --remove-section .comment "$own/units/fs/proc/cmdline.o/original.o"
refused 2 KS354 -- --prove fs/proc/cmdline.c

# --- the same cache, in a file that nobody has edited: nothing to complain
kpatch_build -o fine loadavg.patch
[ "$status" = 0 ] || { complain "refused without a reason: $status"; cat "$work/log"; }
grep -q '2 functions, [0-9]* variables\? and [0-9]* table entr[yies]* equal the shipped ones' "$work/log" || complain "what was proved isn't told"
[ "$(jq -c '.objects[0] | [.proved, .proved_data]' fine/loadavg.json)" = '[2,0]' ] ||
	complain "the manifest doesn't say what was proved"
kpatch_build --json --prove fs/proc/loadavg.c
sed -n '/^{/,$p' "$work/log" | jq -e '.proved == 2 and (.uncompared | length > 0 and all(.why != "" and .unit == "fs/proc/loadavg.c"))' \
	>/dev/null || complain "what isn't compared is told without a reason"
rm -rf fine

# --- an original that another compiler made
unit=$own/units/fs/proc/loadavg.o
[ -e "$unit/original.o" ] || complain "the original isn't cached in $unit"
cp "$unit/original.o" "$work/original.o"
printf 'GCC: (other) 1.2.3\0' >"$work/comment"
objcopy --update-section .comment="$work/comment" "$unit/original.o"
refused 2 KS332 -- loadavg.patch
# A wrong original isn't used for ever: the next run compiles it anew.
kpatch_build --check loadavg.patch
[ "$status" = 0 ] || { complain "a wrong original stays in the cache: $status"; cat "$work/log"; }
cmp -s "$work/original.o" "$unit/original.o" || complain "the original isn't compiled anew"

# --- the same of an option that kbuild left out once
sed "s|fs/proc/loadavg\\.o|$unit/original.o|g; s| -c -o | -fno-ivopts&|" "$unit/command" >"$work/command"
(cd "$own/build" && bash "$work/command") || complain "the original doesn't compile with another option"
refused 2 KS354 -- loadavg.patch
kpatch_build --check loadavg.patch
[ "$status" = 0 ] || { complain "an original of other options stays in the cache: $status"; cat "$work/log"; }

# --- a function that isn't in the kernel
objcopy --redefine-sym loadavg_proc_show=loadavg_proc_shown "$work/original.o" "$unit/original.o"
copy_tools fake
one='{"name": "loadavg_proc_shown", "status": "changed", "sympos": 0, "line": 1}'
fake_differ "[$one]"
refused 2 KS330 KS331 -- loadavg.patch
grep -q "KS331: .*'loadavg_proc_shown'" "$work/log" || complain "the function isn't named"

# --- a variable that isn't in the kernel
echo 'int nowhere_else = 3; extern int nowhere_else; const int *volatile used = &nowhere_else;' >"$work/more.c"
gcc -c -fno-pic -mcmodel=kernel -o "$work/more.o" "$work/more.c"
ld -r -o "$unit/original.o" "$work/original.o" "$work/more.o"
trust_again fs/proc/loadavg
copy_tools fine
refused 2 KS352 -- --prove fs/proc/loadavg.c
grep -q "KS352: .*'nowhere_else'" "$work/log" || complain "the variable isn't named"
[ ! -e "$unit/sources" ] || complain "an original that isn't the kernel's stays in the cache"
cp "$work/original.o" "$unit/original.o"

# --- a recorded command that does more than compile
trust_again fs/proc/loadavg
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
