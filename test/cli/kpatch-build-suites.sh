#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a small archive with the suites bookworm and trixie in a folder, signed with its own key; the
#   system's apt.
# Prevents: packages from the wrong suite, unsigned or from an old list; downloads that are discarded; a run
#   that uses the network although everything is there; a wrong compiler.
# Fails if: the code is another one, a package isn't in the cache afterwards, or apt is called unnecessarily.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib/kpatch-build.sh
. "$(dirname "$(readlink -f "$0")")/../lib/kpatch-build.sh"
# shellcheck source=../lib/archive.sh
. "$top/test/lib/archive.sh"

make_diff good fs/proc/meminfo.c 's/VmallocTotal:   /VmallocTOTAL:   /'
new=6.12.9+deb13-cloud-amd64
export XDG_CACHE_HOME=$work/cache
debs=$work/cache/klp-split/debs
mkdir "$work/cache"
forget_lists() { rm -rf "$XDG_CACHE_HOME/klp-split/apt"; }

archive_key
archive_machine "file:$work/archive" trixie
archive_package bookworm linux-image-cloud-amd64 6.1.1-1 'Depends: linux-image-6.1.0-1-cloud-amd64 (= 6.1.1-1)'
archive_package trixie linux-image-cloud-amd64 6.12.9-1 "Depends: linux-image-$new (= 6.12.9-1)"
for package in linux-image-$new linux-image-$new-dbg linux-headers-$new linux-source-6.12; do
	archive_package trixie "$package" 6.12.9-1
done
archive_package trixie-backports linux-image-amd64 7.1.1-1
archive_package trixie linux-image-6.12.5+deb13-cloud-amd64 6.12.5-1 # its debug information has left the archive
archive_sign bookworm
archive_sign trixie
archive_sign trixie-backports
with=(--fetch --keyring "$work/archive.gpg")

# --- names
refused 1 KS388 -- "${with[@]}" --kernel tricksy/newest good.patch
refused 1 KS305 -- "${with[@]}" --kernel trixie/no-such-flavour good.patch
refused 1 KS305 -- "${with[@]}" --kernel 6.12.8+deb13-cloud-amd64 good.patch
refused 1 KS305 -- "${with[@]}" --kernel 6.12.5+deb13-cloud-amd64 good.patch
grep -q 'KS305.*-dbg=' "$work/log" || complain "the missing package isn't named: $(cat "$work/log")"

# --- lists: the mirror is where the machine's own packages come from, though it has no lists
refused 1 KS301 -- "${with[@]}" --kernel trixie/newest-cloud-amd64 good.patch
grep -q "KS301.*: $new\$" "$work/log" || complain "not the newest of trixie: $(cat "$work/log")"
grep -q 'apt install' "$work/log" && complain "what was fetched is to be installed: $(cat "$work/log")"
for package in linux-image-$new linux-image-$new-dbg linux-headers-$new linux-source-6.12; do
	[ -e "$debs/${package}_6.12.9-1_amd64.deb" ] || complain "$package isn't kept"
done
grep -q signed-by "$work/cache/klp-split/apt/trixie/sources.list" || complain "trixie's sources name no key"
[ -z "$(ls "$work/machine/lists/partial")" ] && [ ! -e "$work/cache/klp-split/apt/bookworm" ] ||
	complain "others than trixie were asked"

# --- the debs are enough: nothing is asked, with or without their folder
mv "$work/cache/klp-split/apt" "$work/apt"
export APT_CONFIG=/dev/null
refused 1 KS301 -- "${with[@]}" --mirror file:/nowhere --kernel $new good.patch
mv "$debs" "$work/packages"
refused 1 KS301 -- --packages "$work/packages" --kernel $new good.patch
refused 1 KS301 -- --packages "$work/packages" --kernel newest-cloud-amd64 good.patch
grep -q "KS301.*: $new\$" "$work/log" || complain "not the newest of a folder: $(cat "$work/log")"
refused 1 KS387 -- --packages "$work/packages" --kernel newest-rt-amd64 good.patch
mkdir "$work/path"
printf '#!/bin/sh\necho "tar: x: Cannot write: No space left on device"; exit 2\n' >"$work/path/dpkg-deb"
chmod +x "$work/path/dpkg-deb"
PATH=$work/path:$PATH refused 1 KS307 -- --packages "$work/packages" --kernel $new good.patch
grep -q 'the disk is full' "$work/log" || complain "a full disk isn't named: $(cat "$work/log")"
rm "$work/packages/linux-headers-${new}_6.12.9-1_amd64.deb"
refused 1 KS387 -- --packages "$work/packages" --kernel $new good.patch
[ ! -e "$work/cache/klp-split/apt" ] || complain "an archive was asked though --packages was given"
mv "$work/apt" "$work/cache/klp-split/apt"

# --- no mirror, another mirror, one that is nowhere
archive_machine
forget_lists
refused 1 KS380 -- "${with[@]}" --kernel $new good.patch
refused 1 KS381 -- "${with[@]}" --mirror "file:$work/nowhere," --kernel $new good.patch
refused 1 KS381 -- "${with[@]}" --mirror "file:$work/archive" --kernel $new good.patch # no security
rm "$work/archive/pool/linux-headers-${new}_6.12.9-1_amd64.deb"
with+=(--mirror "file:$work/archive,")
refused 1 KS306 -- "${with[@]}" --kernel $new good.patch
[ "$(find "$debs" -type f | wc -l)" = 2 ] || complain "what came before the failure isn't kept: $(ls "$debs")"
[ -z "$(find "$debs" -name '.download*')" ] || complain "half a download is kept"

cat >"$work/path/apt-get" <<-END
#!/bin/sh
case " \$* " in *" download "*) echo half >half_1_amd64.deb; exit 100 ;; esac
exec $(type -P apt-get) "\$@"
END
chmod +x "$work/path/apt-get"
PATH=$work/path:$PATH refused 1 KS306 -- "${with[@]}" --kernel $new good.patch
[ ! -e "$debs/half_1_amd64.deb" ] || complain "a package of which half came is taken for whole"
refused 1 KS381 -- "${with[@]}" --mirror "file:$work/nowhere," --kernel $new good.patch # though the lists are new
refused 1 KS306 -- "${with[@]}" --kernel $new good.patch

# --- signatures and dates, whatever the machine's own configuration allows. apt goes on with old lists.
cat >>"$work/machine/apt.conf" <<-END
APT::Get::AllowUnauthenticated "true";
Acquire::AllowInsecureRepositories "true";
Acquire::AllowDowngradeToInsecureRepositories "true";
Acquire::AllowWeakRepositories "true";
END
touch -d '2 hours ago' "$work/cache/klp-split/apt/trixie/asked"
cp "$work/archive/dists/trixie/InRelease" "$work/InRelease"
sed -i 's/^Label: .*/Label: Other/' "$work/archive/dists/trixie/InRelease"
refused 1 KS383 -- "${with[@]}" --kernel $new good.patch
cp "$work/InRelease" "$work/archive/dists/trixie/InRelease"
forget_lists
refused 1 KS383 -- "${with[@]}" --keyring /usr/share/keyrings/debian-archive-keyring.gpg --kernel $new good.patch
sed -i 's/^Label: .*/Label: Other/' "$work/archive/dists/trixie/InRelease"
refused 1 KS383 -- "${with[@]}" --kernel $new good.patch
rm "$work/archive/dists/trixie/InRelease"
refused 1 KS383 -- "${with[@]}" --kernel $new good.patch # its Release file alone
archive_sign trixie yesterday
refused 1 KS382 -- "${with[@]}" --kernel $new good.patch
refused 1 KS306 -- "${with[@]}" --allow-expired --kernel $new good.patch

# --- no room
rm "$debs"/*
archive_package trixie linux-image-7.1.1+deb13-amd64 7.1.1-1 'Installed-Size: 99999999999'
archive_package trixie linux-image-7.1.1+deb13-amd64-dbg 7.1.1-1
archive_package trixie linux-headers-7.1.1+deb13-amd64 7.1.1-1
archive_package trixie linux-source-7.1 7.1.1-1
archive_package trixie linux-image-amd64 7.1.1-1 'Depends: linux-image-7.1.1+deb13-amd64 (= 7.1.1-1)'
archive_sign trixie
forget_lists
refused 1 KS384 -- "${with[@]}" --kernel 7.1.1+deb13-amd64 good.patch
refused 1 KS301 -- "${with[@]}" --kernel 'bookworm/*' good.patch
refused 1 KS301 -- "${with[@]}" --kernel 'bookworm/newest*' good.patch # without debug information
refused 1 KS384 -- "${with[@]}" --kernel 'trixie/newest-a*' good.patch

# --- compilers: this kernel's files, but for the name of what compiled it
private_cache compiler
config=usr/src/linux-headers-$release/.config
own_file root "$config"
sed -i 's/^CONFIG_CC_VERSION_TEXT=.*/CONFIG_CC_VERSION_TEXT="gcc-99 (Debian 99.1-1) 99.1"/' "$own/root/$config"
archive_package bookworm gcc-99 99.0-1
for package in binutils pahole libc6-dev; do
	archive_package bookworm "$package" 1
done
archive_sign bookworm
refused 1 KS303 -- good.patch
refused 1 KS389 -- "${with[@]}" good.patch
archive_package bookworm gcc-99 99.1-1
archive_sign bookworm
forget_lists
refused 1 KS390 -- "${with[@]}" good.patch # nothing there that could start it
grep -q 'ld-linux' "$work/log" || complain "the missing loader isn't named: $(cat "$work/log")"
mkdir -p "$work/content/gcc-99/usr/lib/x86_64-linux-gnu"
printf '#!/bin/sh\necho "gcc-99 (Debian) 99.2"\n' >"$work/content/gcc-99/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"
chmod +x "$work/content/gcc-99/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"
rm "$work/archive/lists/bookworm"
for package in gcc-99 binutils pahole libc6-dev; do
	archive_package bookworm "$package" 99.1-1
done
archive_sign bookworm
forget_lists
mkdir -p "$XDG_CACHE_HOME/klp-split/apt/gcc-99"
: >"$XDG_CACHE_HOME/klp-split/apt/gcc-99/pahole_0_amd64.deb" # of an earlier run: not unpacked, no file of this is a package
refused 1 KS390 -- "${with[@]}" good.patch # another one
grep -q 'the one fetched is: .*99\.2' "$work/log" || complain "the other compiler isn't named: $(cat "$work/log")"
mkdir "$work/folder"
refused 1 KS387 -- --packages "$work/folder" good.patch
cp "$work"/archive/pool/*_99.1-1_*.deb "$work/folder/"
refused 1 KS390 -- --packages "$work/folder" good.patch
cp "$work"/archive/pool/pahole_1_*.deb "$work/folder/"
refused 1 KS387 -- --packages "$work/folder" good.patch
exit $failed
