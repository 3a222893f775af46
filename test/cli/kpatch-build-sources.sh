#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a kernel whose files are given one by one, with a read-only source whose path contains blanks and in
#   which a user has built something; diffs as mails, with line ends of other systems, and based on each other.
# Prevents: a livepatch for another kernel than intended; a source that was modified.
# Fails if: the manifest differs from that of the same diff for the packaged kernel, a message doesn't name a
#   wrong path, or a file of the source has changed.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib/kpatch-build.sh
. "$(dirname "$(readlink -f "$0")")/../lib/kpatch-build.sh"

root=$kernel_dir/root
headers=$root/usr/src/linux-headers-$release
debug=$root/usr/lib/debug

# by_hand ARGUMENTS…: without --kernel and without packages
by_hand()
{
	status=0
	"$bin/kpatch-build" -j2 "$@" >"$work/log" 2>&1 || status=$?
}

make_diff good fs/proc/meminfo.c 's/VmallocTotal:   /VmallocTOTAL:   /'

# --- one diff as others write it: the same livepatch
kpatch_build good.patch
[ "$status" = 0 ] || { complain "the plain case: $status"; cat "$work/log"; }
# (modinfo names the fix by its subject, so the modules' digests differ)
code() { jq -S 'del(.diffs, .name, .objects[].module, .objects[].sha256)' "$1"; }
mkdir mails
{
	printf 'From 0123 Mon Sep 17 00:00:00 2001\nFrom: A\nSubject: [PATCH 1/2] x\n\n--- a quoted line\n---\n f | 2 +-\n\n'
	cat good.patch
	printf -- '-- \n2.39.2\n\n'
} >mails/0001-first.patch
printf 'From 0 Mon Sep 17 00:00:00 2001\nSubject: [PATCH 0/2] all\n\nno diff\n' >mails/0000-cover-letter.patch
sed 's/$/\r/' mails/0001-first.patch >crlf.patch
for diff in mails crlf.patch; do
	kpatch_build -n good -o other "$diff"
	[ "$status" = 0 ] || { complain "$diff: $status"; cat "$work/log"; }
	[ "$(code good/good.json)" = "$(code other/good.json)" ] || complain "$diff became another livepatch"
	rm -rf other
done

# --- diffs that build on one another
printf '%s\n' '--- /dev/null' '+++ b/fs/proc/klp-new.h' '@@ -0,0 +1,2 @@' '+#define KLP_LABEL "VmallocNEW:     "' '+' >new.patch
make_diff use fs/proc/meminfo.c 's/#include "internal.h"/&\n#include "klp-new.h"/; s/"VmallocTotal:   /KLP_LABEL "/'
printf '%s\n' '--- a/fs/proc/klp-new.h' '+++ b/fs/proc/klp-new.h' '@@ -1,2 +1,2 @@' '-#define KLP_LABEL "VmallocNEW:     "' \
	'+#define KLP_LABEL "VmallocNEWER:   "' ' ' >newer.patch
kpatch_build --keep -n three new.patch use.patch newer.patch
[ "$status" = 0 ] || { complain "three diffs: $status"; cat "$work/log"; }
strings three/three.ko | grep -q VmallocNEWER: || complain "the third diff isn't in the livepatch"
rm -rf "$(sed -n 's/^intermediate files: //p' "$work/log")"
awk '/^-[^-]/ { old = $0; next } /^[+][^+]/ { print "-" substr($0, 2); print "+" substr(old, 2); next } { print }' good.patch >back.patch
refused 3 -- good.patch back.patch

# --- what can't be taken
printf '%s\n' 'diff --git a/fs/proc/meminfo.c b/fs/proc/meminfo.c' 'index 1..2 100644' 'GIT binary patch' 'literal 1' 'x' >binary.patch
refused 2 KS316 -- binary.patch
refused 1 KS334 -- --vmlinux nowhere good.patch
grep -q -- '--vmlinux nowhere: No such file' "$work/log" || complain "which path is wrong isn't said"
mkdir empty
refused 1 KS334 -- --source empty good.patch
refused 1 KS334 -- --build-tree empty good.patch
ln -s "$headers/.config" "$headers/Module.symvers" "$debug/boot/vmlinux-$release" "$kernel_dir/source" empty/
mv "empty/vmlinux-$release" empty/vmlinux
refused 1 KS335 -- --build-tree empty good.patch

refused 1 KS336 -- --oot-module nowhere --oot-module-src empty good.patch
mkdir module
echo 'obj-m := kst_outside.o' >module/Kbuild
printf '%s\n' '#include <linux/module.h>' 'MODULE_LICENSE("GPL");' >module/kst_outside.c
printf '%s\n' '--- a/kst_outside.c' '+++ b/kst_outside.c' '@@ -1,2 +1,3 @@' ' #include <linux/module.h>' '+int x;' ' MODULE_LICENSE("GPL");' >oot.patch
refused 1 KS336 -- --oot-module "$debug/boot/vmlinux-$release" --oot-module-src module oot.patch
refused 1 KS336 -- --oot-module "$debug/lib/modules/$release/kernel/net/netfilter/x_tables.ko" --oot-module-src module oot.patch
grep -q "doesn't build a module x_tables, only others" "$work/log" || complain "$(cat "$work/log")"
refused 2 KS386 -- --oot-module "$kernel_dir/core/klp_split.ko" --oot-module-src module oot.patch

# --- its source where it was built, and elsewhere: __FILE__, which dynamic debug shows, is the path of then
outside=$top/test/integration/kpatch-outside
cp -r "$outside/module" "$work/built"
make -s -C "$kernel_dir/build" M="$work/built" KBUILD_MODPOST_WARN=1 modules >"$work/make.log" 2>&1 || complain "$(cat "$work/make.log")"
mv "$work/built/kst_outside.ko" "$work/"
rm -r "$work/built"
cp -r "$outside/module" "elsewhere too"
kpatch_build --check --oot-module "$work/kst_outside.ko" --oot-module-src "elsewhere too" "$outside/fix.patch"
[ "$status" = 0 ] || { complain "a module's source in another folder: $status"; cat "$work/log"; }
strip --strip-debug "$work/kst_outside.ko"
refused 2 "KS351 KS394" -- --check --oot-module "$work/kst_outside.ko" --oot-module-src "elsewhere too" "$outside/fix.patch"

# --- the same kernel, by hand: nothing comes from packages
source="$work/my source"
mkdir -p "$source"
ln -s "$kernel_dir"/source/* "$source/"
rm "$source/fs"
mkdir "$source/fs"
ln -s "$kernel_dir"/source/fs/* "$source/fs/"
rm "$source/fs/proc"
cp -r "$kernel_dir/source/fs/proc" "$source/fs/"
echo '#error of another configuration' >"$source/fs/proc/.config"
touch "$source/.config" "$source/fs/proc/internal.o"
chmod -R a-w "$source/fs/proc"
before=$(find "$source" -printf '%p %T@ %l\n' | sort | sha256sum)
export XDG_CACHE_HOME=$work/cache
by_hand -s "$source" -c "$headers/.config" -v "$debug/boot/vmlinux-$release" \
	--modules "$debug/lib/modules/$release/kernel" --symvers "$headers/Module.symvers" -n good -o hand good.patch
[ "$status" = 0 ] || { complain "by hand: $status"; cat "$work/log"; }
[ "$(code good/good.json)" = "$(code hand/good.json)" ] ||
	complain "by hand it becomes another: $(diff <(code good/good.json) <(code hand/good.json))"
[ "$before" = "$(find "$source" -printf '%p %T@ %l\n' | sort | sha256sum)" ] || complain "the source was written to"
chmod -R u+w "$source"
exit $failed
