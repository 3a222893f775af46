# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The verbs of a test's host.sh: what its VM contains, and what the judge has to
# accept. Sourced by test/integration/run, which sets:
#   top       the project's folder            build  its build folder
#   test_dir  the test's folder               work   scratch, removed at the end
#   guest     the VM's root folder, in $work  release, kernel_dir  the kernel
# shellcheck disable=SC2154,SC2034 # set there

stock_modules=()

# stock_module NAME…: modules of the stock kernel, with all their dependencies.
stock_module()
{
	stock_modules+=("$@")
}

# file FROM TO [MODE]: TO as the VM sees it.
file()
{
	install -D -m "${3:-644}" -- "$1" "$guest/$2"
}

# program NAME|PATH…: a program of this machine, or of ours, with its shared libraries.
program()
{
	local name path

	for name; do
		if [ -x "$build/bin/$name" ]; then
			path=$build/bin/$name
		else
			path=$(command -v -- "$name") || die "no program '$name'"
		fi
		file "$path" "usr/bin/$(basename "$path")" 755
		shared_libraries_of "$path"
	done
}

# The dynamic loader says which files it would map; a static program has none.
shared_libraries_of()
{
	local library

	for library in $(ldd "$1" 2>/dev/null | grep -o '/[^ ]*\.so[^ ]*'); do
		[ -e "$guest/$library" ] || file "$library" "$library" 755
	done
}

# module FILE…: modules for modprobe to find, below updates/.
module()
{
	local path

	for path; do
		file "$path" "lib/modules/$release/updates/$(basename "$path")"
	done
}

# The core and the hand-written modules are built once per kernel, by
# test/modules/build RELEASE KERNEL_DIR OUTPUT; parallel tests take turns.
built_modules()
{
	local output=$build/modules/$release

	mkdir -p "$output"
	flock "$output.lock" "$top/test/modules/build" "$release" "$kernel_dir" "$output" \
		>"$work/modules.log" 2>&1 ||
		{ cat "$work/modules.log" >&2; die "test/modules/build failed"; }
	echo "$output"
}

# core: klp_split.ko, for modprobe to find.
core()
{
	test_module klp_split
}

# test_module NAME…: hand-written modules of test/modules, for modprobe to find.
test_module()
{
	local name output

	output=$(built_modules)
	for name; do
		module "$output/$name.ko"
	done
}

# handmade NAME…: hand-written livepatches of test/modules as `livepatch` leaves them, in
# /livepatches/NAME, for `kpatch load`.
handmade()
{
	local name output part

	output=$(built_modules)
	for name; do
		for part in "$output/$name.ko" "$output/${name}__"*.ko; do
			file "$part" "livepatches/$name/$(basename "$part")"
		done
	done
}

# local_modules FOLDER: build the kbuild folder FOLDER of the test; its modules go below updates/.
local_modules()
{
	local copy=$work/modules/$1

	mkdir -p "$copy"
	cp -r -T -- "$test_dir/$1" "$copy"
	make -s -C "$kernel_dir/build" M="$copy" KBUILD_MODPOST_WARN=1 modules >"$work/modules.log" 2>&1 ||
		{ cat "$work/modules.log" >&2; die "can't build the modules of $test_dir/$1"; }
	module "$copy"/*.ko
}

# livepatch NAME PATCH…: build with kpatch-build; goes to /livepatches/NAME, not where
# modprobe finds it: `kpatch load` has to do that. Files are relative to the test's folder.
livepatch()
{
	local name=$1 output
	shift

	output=$(built_livepatch "$name" "$@")
	mkdir -p "$guest/livepatches"
	cp -r -T "$output" "$guest/livepatches/$name"
}

# Tests share diffs, so a livepatch is built once for the same diffs and the same tools.
built_livepatch()
{
	local name=$1 key output
	shift

	key=$(cd "$test_dir" && { echo "$name" "$*"; for word; do [ ! -f "$word" ] || cat "$word"; done
		cat "$build"/bin/{kpatch-build,create-diff-object,klp-relocs} "$top"/templates/* \
			"$top"/kmod/*.[ch]; } | sha256sum | cut -c 1-16)
	output=$build/livepatches/$release/$key/$name
	mkdir -p "$(dirname "$output")"
	(
		flock 9
		[ -d "$output" ] || (cd "$test_dir" && "$build/bin/kpatch-build" --kernel "$release" \
			--name "$name" --output "$output" "$@") >"$work/$name.log" 2>&1 ||
			{ cat "$work/$name.log" >&2; die "kpatch-build $name failed"; }
	) 9>"$(dirname "$output").lock"
	echo "$output"
}

# Limits and the kernel's command line; the values are in seconds and as QEMU takes them.
time_limit=180
memory=512M
cmdline=
cpus=2
cpus() { cpus=$1; }
time_limit() { time_limit=$1; }
memory() { memory=$1; }
cmdline() { cmdline="$cmdline $*"; }

# uefi VARIABLES: boots through UEFI firmware, with a copy of this file of its variables, among them
# the keys that it trusts.
firmware=()
uefi()
{
	cp -- "$1" "$work/variables"
	firmware=(-drive "if=pflash,format=raw,unit=0,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd"
		-drive "if=pflash,format=raw,unit=1,file=$work/variables")
}

# What the judge accepts, each with the reason why it is right here.
allowed_log=()
allowed_taints=
allowed_livepatches=
allow_log() { [ -n "${2:-}" ] || die "allow_log without a reason"; allowed_log+=("$1"); }
allow_taint() { [ -n "${2:-}" ] || die "allow_taint without a reason"; allowed_taints="$allowed_taints $1"; }
allow_livepatch() { [ -n "${2:-}" ] || die "allow_livepatch without a reason"; allowed_livepatches="$allowed_livepatches $1"; }
