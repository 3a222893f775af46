#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Tests need a stock kernel: its image and modules to boot, its headers and
# prepared build tree to build modules for it, its debug files and source for
# kpatch-build. Names like "the newest 6.1" must mean the same to every test.
#
# So this is the one place that turns KERNEL= into a release, and lets kpatch-build make
# sure that the cache contains that release completely.
#
# usage: kernel.sh release [SPEC]   print the release that SPEC means
#        kernel.sh fetch [SPEC]     fetch and prepare it if needed; print its folder
#        kernel.sh path DIR         print PATH with the kernel's compiler, if it isn't the system's
#        kernel.sh modules DIR      print the folder of the modules in a kernel's folder: since
#                                   Debian 13 packages have it in usr/lib
#
# SPEC (default: $KERNEL, else 6.1): a release (as uname -r prints it), a line
# ("6.1": flavour cloud-amd64) or line and flavour ("6.1-amd64"). Of a line the
# newest is taken that is in the archive or in the cache. "trixie" is the newest
# cloud kernel of Debian 13; a line never means one of another Debian release. "debug" or "6.1-debug" is
# the kernel that ../debug-kernel/build makes from the source of that line's; so are
# "small" and "6.1-small".

set -euo pipefail

top=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/klp-split

die()
{
	echo "kernel.sh: $*" >&2
	exit 1
}

releases_in_archive()
{
	command -v apt-cache >/dev/null || return 0
	apt-cache pkgnames linux-image- 2>/dev/null |
		sed -n 's/^linux-image-\([0-9].*\)$/\1/p' | grep -v -e '-dbg$' -e '-unsigned$' || true
}

releases_in_cache()
{
	local dir

	for dir in "$cache"/kernels/*/; do
		[ -d "$dir/root" ] && basename "$dir"
	done
	return 0
}

# Kernels of another release of Debian have its name in theirs ("+deb13"): those of our own line don't.
of_this_debian() { grep -v -F +deb13 || true; }

newest_of_trixie()
{
	releases_in_cache | grep -E '^6\.12\..*\+deb13.*-cloud-amd64$' | sort -V | tail -n 1
}

# The newest in the cache; the archive's, if there is none: what it is called is known when it is here.
trixie_release()
{
	local found

	found=$(newest_of_trixie || true)
	if [ -z "$found" ]; then
		kpatch_build --fetch --kernel trixie/newest-cloud-amd64 --prove fs/proc/version.c >&2 ||
			die "can't fetch and prepare trixie's kernel (600 MB from the archive, 5 GB of disk)"
		found=$(newest_of_trixie)
	fi
	echo "$found"
}

# A line's releases differ from its meta package ("6.12-cloud-amd64") by a third
# number; a flavour follows a digit, so that "amd64" does not mean "cloud-amd64".
newest_of_line()
{
	local line=$1 flavour=$2

	sed -n "s/^\(${line//./\\.}\.[0-9].*[0-9]-$flavour\)\$/\1/p" | sort -uV | tail -n 1
}

# SPEC is "debug", "LINE-debug", or a release that is made of a line and "-debug-"; or "small".
is_debug()
{
	[[ $1 =~ ^(([0-9]+\.[0-9]+)-)?(debug|small)$ ||
	   $1 =~ ^(([0-9]+\.[0-9]+)\.[0-9]+-)(debug|small)-[0-9a-f]+$ ]]
}

# debug_kernel VERB SPEC…: its build, on the source of the stock kernel of its line.
debug_kernel()
{
	local verb=$1 spec=$2 line=6.1 kind=debug dir

	[[ $spec != *small* ]] || kind=small

	[[ ! $spec =~ ^[0-9]+\.[0-9]+ ]] || line=${BASH_REMATCH[0]}
	dir=$(kernel_fetch "$line")
	"$top/test/debug-kernel/build" "$verb" "$dir/source" "$cache/debug" "$kind"
}

kernel_release()
{
	local spec=${1:-${KERNEL:-6.1}} found

	if is_debug "$spec"; then
		found=$(debug_kernel release "$spec")
		[[ $spec =~ (debug|small)$ || $spec = "$found" ]] || die "no kernel '$spec': the source gives $found"
		echo "$found"
		return
	fi
	if [ "$spec" = trixie ]; then
		trixie_release
		return
	fi
	if [[ $spec =~ ^([0-9]+\.[0-9]+)(-([a-z-]*amd64))?$ ]]; then
		found=$( (releases_in_archive; releases_in_cache) | of_this_debian |
			 newest_of_line "${BASH_REMATCH[1]}" "${BASH_REMATCH[3]:-cloud-amd64}")
		[ -n "$found" ] ||
			die "no kernel '$spec' in the package archive or in $cache/kernels; try: apt-get update"
		echo "$found"
		return
	fi
	(releases_in_archive; releases_in_cache) | grep -qxF -e "$spec" ||
		die "no kernel '$spec' in the package archive or in $cache/kernels; try: apt-get update"
	echo "$spec"
}

# What is there under these names is whole: kpatch-build sees to that.
is_complete()
{
	local dir=$1 release=$2

	[ -e "$dir/root/boot/vmlinuz-$release" ] && [ -d "$dir/source" ] &&
		[ -e "$dir/build/.klp-split-prepared" ]
}

kpatch_build()
{
	local tool=${BUILD:-build}/bin/kpatch-build

	[[ $tool = /* ]] || tool=$top/$tool
	"$tool" "$@"
}

# Proving the smallest unit makes kpatch-build fetch and prepare everything, as a user's build would.
kernel_fetch()
{
	local release dir

	release=$(kernel_release "$@")
	if is_debug "$release"; then
		debug_kernel fetch "$release"
		return
	fi
	dir=$cache/kernels/$release
	if ! is_complete "$dir" "$release"; then
		kpatch_build --fetch --kernel "$release" --prove fs/proc/version.c >&2 ||
			die "can't fetch and prepare kernel $release"
		# If its packages are installed, nothing was fetched. (kpatch-build makes a root of its
		# own again when they are gone.)
		[ -e "$dir/root" ] || [ ! -e "/boot/vmlinuz-$release" ] || ln -s -n -f / "$dir/root"
		is_complete "$dir" "$release" || die "kpatch-build left $dir incomplete"
	fi
	echo "$dir"
}

kernel_modules()
{
	local dir=$1 release

	release=$(basename "$dir")
	for dir in "$dir"/root/{,usr/}lib/modules/"$release"; do
		[ ! -d "$dir/kernel" ] || { echo "$dir"; return; }
	done
	die "no modules below $1/root"
}

kernel_path()
{
	[ ! -e "$1/toolchain" ] || printf '%s:' "$(readlink -f "$1/toolchain")/bin"
	echo "$PATH"
}

case ${1:-} in
path) kernel_path "${2:?}" ;;
modules) kernel_modules "${2:?}" ;;
release) kernel_release "${2:-}" ;;
fetch) kernel_fetch "${2:-}" ;;
*) die "usage: kernel.sh release|fetch [SPEC], or path|modules DIR" ;;
esac
