# SPDX-License-Identifier: GPL-2.0-or-later
#
# For tests of kpatch-build: a kernel from the cache, diffs made from its source,
# private caches that share unchanged files, and the check that a
# refused run has left nothing. Source this; it leaves the shell in a folder of
# its own, where diffs and outputs go.
# shellcheck shell=bash disable=SC2034 # what tests use

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
built=$(cd "$top" && readlink -f "${BUILD:-build}")/bin
kernel_dir=$("$top/test/lib/kernel.sh" fetch) || exit 1
PATH=$("$top/test/lib/kernel.sh" path "$kernel_dir")
release=$(basename "$kernel_dir")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/tmp" "$work/here"
export TMPDIR=$work/tmp
cd "$work/here" || exit 1

failed=0
complain() { echo "FAIL: $*" >&2; failed=1; }

# make_diff NAME FILE SED…: NAME.patch changes FILE of the kernel's source by a sed script each
make_diff()
{
	local name=$1 file script
	shift
	while [ $# -gt 0 ]; do
		file=$1 script=$2
		shift 2
		mkdir -p "$work/a/$(dirname "$file")" "$work/b/$(dirname "$file")"
		cp "$kernel_dir/source/$file" "$work/a/$file"
		sed "$script" "$work/a/$file" >"$work/b/$file"
		cmp -s "$work/a/$file" "$work/b/$file" && complain "make_diff: $script changes nothing in $file"
		(cd "$work" && diff -U3 --label "a/$file" --label "b/$file" "a/$file" "b/$file")
	done >"$name.patch"
	rm -rf "$work/a" "$work/b"
}

# kpatch_build ARGUMENTS…: with this kernel, unless they name another; its output is in $work/log, its code in $status
kpatch_build()
{
	local kernel=(--kernel "$release")
	[[ " $* " != *" --kernel "* ]] || kernel=()
	status=0
	"$bin/kpatch-build" "${kernel[@]}" -j2 "$@" >"$work/log" 2>&1 || status=$?
}

# described FILE: a manifest, or what --json printed, has what the shipped schemas describe, and nothing else
described()
{
	local schema=result

	! jq -e .klp_split_manifest "$1" >/dev/null || schema=manifest
	"$top/test/lib/validate" --strict "$top/schema/$schema.schema.json" "$1" >"$work/invalid" 2>&1 ||
		complain "$1 isn't as schema/$schema.schema.json describes it: $(cat "$work/invalid")"
	[ $schema = manifest ] || ! jq -e .manifest "$1" >"$work/manifest" || described "$work/manifest"
}

snapshot() { find "$work/here" "$work/tmp" | sort | grep -v -e '/tmp/cc'; }

# refused EXIT CODE… -- ARGUMENTS…: this exit code, exactly these KS codes, and nothing written.
# KS168 (messages of dynamic debug) is left out: it depends on the function, not on the reason.
refused()
{
	local exit=$1 codes=() found before
	shift
	while [ "$1" != -- ]; do
		codes+=("$1")
		shift
	done
	shift
	before=$(snapshot)
	kpatch_build "$@"
	found=$(grep -oE '^[^ ].*: (warning )?KS[0-9]{3}: ' "$work/log" | grep -oE 'KS[0-9]{3}' | grep -v KS168 | sort -u | tr '\n' ' ')
	if [ "$status" != "$exit" ] || [ "${found% }" != "${codes[*]}" ]; then
		complain "'$*': exit $status with '${found% }', expected $exit with '${codes[*]}'"
		sed 's/^/    /' "$work/log"
	fi
	[ "$before" = "$(snapshot)" ] || complain "'$*' left: $(diff <(echo "$before") <(snapshot) | grep '^[<>]')"
}

# private_cache NAME: a cache that has this kernel's packages and source; what is
# made from them (build tree, index, units) is its own
private_cache()
{
	mkdir -p "$work/$1/klp-split/kernels/$release"
	ln -s "$kernel_dir/root" "$kernel_dir/source" "$work/$1/klp-split/kernels/$release/"
	export XDG_CACHE_HOME=$work/$1
	own=$work/$1/klp-split/kernels/$release
}

# as_user COMMAND…: as a user without rights, who sees this kernel's packages and source read-only in $work/kernel; as
# who we are if we are no root, or may not mount
as_user()
{
	if [ "$(id -u)" != 0 ] || ! unshare -m true 2>/dev/null; then
		ln -sfn "$kernel_dir" "$work/kernel"
		env "$@"
		return
	fi
	mkdir -p "$work/kernel"
	# shellcheck disable=SC2016 # expanded inside
	unshare -m bash -c 'mount --bind "$1" "$2" && mount -o remount,bind,ro "$2" && shift 2 &&
		exec setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs env "$@"' \
		- "$kernel_dir" "$work/kernel" "$@"
}

# own_file root|source PATH: make this file of a private cache a copy, all else stays links
own_file()
{
	local dir=$own/$1 file=$2 real part at=
	[ ! -L "$dir" ] || { real=$(readlink -f "$dir"); rm "$dir"; mkdir "$dir"; ln -s "$real"/* "$real"/.[!.]* "$dir/" 2>/dev/null; }
	while IFS= read -r -d / part; do
		at+=/$part
		[ -L "$dir$at" ] || continue
		real=$(readlink -f "$dir$at")
		rm "$dir$at"
		mkdir "$dir$at"
		ln -s "$real"/* "$dir$at/"
		ln -s "$real"/.[!.]* "$dir$at/" 2>/dev/null
	done < <(printf '%s' "$file")
	real=$(readlink -f "$dir/$file")
	rm "$dir/$file"
	cp "$real" "$dir/$file"
}

# copy_tools NAME: a copy of the tools and of what they need, to be broken
copy_tools()
{
	mkdir -p "$work/$1/build"
	cp -a "$built" "$work/$1/build/bin"
	cp -a "$top/kmod" "$top/templates" "$work/$1/"
	bin=$work/$1/build/bin
	copy=$work/$1
}

# Keep one version of the tools for the whole test, even if they are compiled meanwhile.
copy_tools tools

# fake_differ FUNCTIONS [DATA]: the copied tools' create-diff-object says that these (JSON arrays) changed
fake_differ()
{
	cat >"$copy/build/bin/create-diff-object" <<-'END'
		#!/bin/bash
		while [ "$1" != --json ]; do shift; done
		cp "$(dirname "$0")/unit.json" "$2"
		touch "$4"
	END
	jq -n "{functions: $1, data: ${2:-[]}, references: [], exports: [], unresolved: [], variables: [],
		callbacks: [], states: [], diagnostics: []}" >"$copy/build/bin/unit.json"
}
