#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: kernels whose files are missing, damaged or of another version, compilers that aren't the kernel's,
#   tools that fail; each in its own cache, which is otherwise complete.
# Prevents: a livepatch made from files of different kernels; an incompletely prepared kernel that a later run
#   uses.
# Fails if: the code or the exit code is another one, or a file is left where diffs and outputs are.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib/kpatch-build.sh
. "$(dirname "$(readlink -f "$0")")/../lib/kpatch-build.sh"

make_diff good fs/proc/meminfo.c 's/VmallocTotal:   /VmallocTOTAL:   /'
real_path=$PATH

# program NAME <<script: comes before the system's, until PATH=$real_path
program()
{
	mkdir -p "$work/path"
	{ echo '#!/bin/bash'; cat; } >"$work/path/$1"
	chmod +x "$work/path/$1"
	PATH=$work/path:$real_path
}
no_programs() { rm -rf "$work/path"; PATH=$real_path; }

# --- kernels that aren't there
private_cache empty
rm "$own"/*
refused 1 KS301 -- good.patch
grep -q "linux-image-$release-dbg" "$work/log" || complain "the missing package isn't named"
refused 1 KS305 -- --kernel no-such-flavour good.patch
refused 1 KS301 -- --kernel 1.2.3-none good.patch
refused 1 KS305 -- --kernel 1.2.3-none --fetch good.patch
program apt-get <<<'exit 100'
refused 1 KS306 -- --fetch good.patch
no_programs
# what apt-get brings is no package
# shellcheck disable=SC2016
program apt-get <<<'for p in "${@:2}"; do [[ $p == -* ]] || echo x >"${p%%=*}_${p#*=}_amd64.deb"; done'
refused 1 KS307 -- --fetch good.patch
no_programs
[ -z "$(find "$own" -mindepth 1)" ] || complain "half a kernel is in the cache: $(ls -A "$own")"

# Packages ship lib/modules, or usr/lib/modules since Debian 13. What else is there is not called missing.
for layout in lib usr/lib; do
	private_cache "of-${layout%%/*}"
	rm "$own/root"
	mkdir -p "$own/root/usr/lib" "$own/root/$layout/modules/$release"
	ln -s "$kernel_dir/root/usr/src" "$own/root/usr/"
	ln -s "$kernel_dir/root/usr/lib/debug" "$own/root/usr/lib/"
	ln -s "$("$top/test/lib/kernel.sh" modules "$kernel_dir")/kernel" "$own/root/$layout/modules/$release/"
	ln -s "$kernel_dir/build" "$own/"
	kpatch_build --check good.patch
	[ "$status" = 0 ] || complain "$layout/modules: $(cat "$work/log")"
	rm "$own/root/usr/src"
	refused 1 KS301 -- good.patch
done

# --- parts that don't belong together
headers=usr/src/linux-headers-$release
private_cache config
own_file root "$headers/.config"
sed -i '/^CONFIG_LIVEPATCH=/d' "$own/root/$headers/.config"
refused 1 KS302 -- good.patch
cp "$kernel_dir/root/$headers/.config" "$own/root/$headers/.config"
sed -i 's/^\(CONFIG_CC_VERSION_TEXT="[^ ]* \).*/\1(another) 1.2.3"/' "$own/root/$headers/.config"
refused 1 KS303 -- good.patch
private_cache source
own_file source Makefile
sed -i 's/^SUBLEVEL = .*/SUBLEVEL = 1/' "$own/source/Makefile"
refused 1 KS308 -- good.patch

# --- compilers
private_cache compiler
cc=$(sed -n 's/^CONFIG_CC_VERSION_TEXT="\([^ ]*\).*/\1/p' "$kernel_dir/root/$headers/.config")
program "$cc" <<<"echo '$cc (other) 1.2.3'"
refused 1 KS303 -- good.patch
program "$cc" <<<'exit 1'
refused 1 KS303 -- good.patch
no_programs

# --- folders that kbuild can't work in: it says so itself, and links don't help
mkdir -p "$work/a b"
cp "$kernel_dir/source/Makefile" "$work/a b/"
ln -s "$work/a b" "$work/link"
said=$(make -C "$work/link" kernelversion 2>&1)
grep -q 'cannot contain spaces' <<<"$said" ||
	complain "kbuild takes a folder with blanks: plain-folders.c isn't needed any more"
# so the cache becomes a link to a folder without, and what is made lies elsewhere
XDG_CACHE_HOME="$work/a b" refused 1 KS301 -- good.patch
cache=$(readlink "$work/a b/klp-split") || complain "no link leads to the cache"
mkdir -p "$cache/kernels/$release" "$work/t m:p"
ln -s "$kernel_dir/root" "$kernel_dir/source" "$cache/kernels/$release/"
XDG_CACHE_HOME="$work/a b" TMPDIR="$work/t m:p" kpatch_build -o "out put" good.patch
[ "$status" = 0 ] || { complain "folders with blanks: $status"; cat "$work/log"; }
[ -e "out put/good.ko" ] || complain "no module in a folder with blanks"
rmdir "$work/t m:p" || complain "something was left in TMPDIR: $(ls -A "$work/t m:p")"
rm -rf "$cache" "out put" "$work/a b/klp-split"
mkdir "$work/a b/klp-split" # somebody's: it stays what it is
XDG_CACHE_HOME="$work/a b" refused 1 KS304 -- good.patch

# --- make fails in the middle of preparing: no stamp, and the next run starts again
private_cache make
program make <<<'echo "cc: not there"; echo "make[5]: *** [x] Error 127"; seq -f "make line %g" 40; exit 2'
refused 1 KS310 -- good.patch
grep -q 'cc: not there' "$work/log" || complain "KS310 doesn't show what was missing"
no_programs
[ ! -e "$own/build/.klp-split-prepared" ] || complain "a failed preparation passes for done"

# --- debug information of one module is gone
private_cache debug
mkdir -p "$own/build" # not prepared: a make that does nothing will do
program make </dev/null
x_tables=usr/lib/debug/lib/modules/$release/kernel/net/netfilter/x_tables.ko
own_file root "$x_tables"
strip --strip-debug "$own/root/$x_tables"
refused 1 KS311 -- good.patch
[ ! -e "$own/index-4" ] || complain "an index was kept that lacks a module"
no_programs

# --- output folders
unset XDG_CACHE_HOME
mkdir used
touch used/precious
refused 1 KS342 -- -o used good.patch
touch file
refused 1 KS342 -- -o file good.patch
refused 1 KS901 -- -o file/below good.patch

# --- our own parts are broken
kpatch_build -o first good.patch
[ "$status" = 0 ] || { complain "the unbroken case: $status"; cat "$work/log"; }
kpatch_build -o first good.patch
[ "$status" = 0 ] || { complain "an older output isn't replaced: $status"; cat "$work/log"; }
copy_tools fake
tool() { { echo '#!/bin/bash'; cat; } >"$copy/build/bin/$1"; }
program ld <<<'exit 1'
refused 1 KS343 -- good.patch
no_programs
cp "$top/templates/main.c" "$work/main.c"
echo '#error broken' >>"$copy/templates/main.c"
refused 1 KS344 -- good.patch
cp "$work/main.c" "$copy/templates/main.c"
tool create-diff-object <<<'exit 1'
refused 1 KS328 -- good.patch
one='{"name": "no_such_function", "status": "changed", "sympos": 0, "line": 1}'
fake_differ "[$one]"
refused 2 KS333 -- good.patch
fake_differ "[$one]" null
refused 1 KS328 -- good.patch
grep -q "'data' is invalid in its result" "$work/log" && [ "$(grep -c 'KS328: ' "$work/log")" = 1 ] ||
	complain "what is wrong isn't named, or twice: $(cat "$work/log")"
cp "$built/create-diff-object" "$copy/build/bin/"
tool klp-relocs <<<'exit 1'
refused 2 KS346 -- good.patch
cp "$built/klp-relocs" "$copy/build/bin/"
rm "$copy/kmod/klp_split.h"
refused 1 KS345 -- good.patch
exit $failed
