# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Fixtures have to be what kbuild makes of source: compiled with the kernel's own
# flags, gone through objtool. Sourced; needs $top, the project's folder; sets kernel,
# release, cc and symvers.

kernel=$("${top:?}/test/lib/kernel.sh" fetch)
PATH=$("$top/test/lib/kernel.sh" path "$kernel")
release=$(basename "$kernel")
cc=$(sed -n 's/^CONFIG_CC_VERSION_TEXT="\([^ ]*\).*/\1/p' "$kernel/build/.config")
# shellcheck disable=SC2034 # for the test
symvers=$kernel/build/Module.symvers
section_flags='-ffunction-sections -fdata-sections'

# kbuild_module DIR FLAGS TARGET…: compile single targets of a module's folder
kbuild_module()
{
	local dir=$1 flags=$2
	shift 2

	make -s -j2 -C "$kernel/source" O="$kernel/build" M="$dir" CC="$cc" \
		KERNELRELEASE="$release" KCFLAGS="$section_flags -fmacro-prefix-map=$dir/= $flags" "$@"
}

# compile_fixtures WORK FIXTURES NAME…: WORK/original/NAME.o and WORK/patched/NAME.o
compile_fixtures()
{
	local work=$1 fixtures=$2 side flags name
	shift 2

	for side in original patched; do
		mkdir -p "$work/$side"
		: >"$work/$side/Kbuild"
		for name; do
			cp "$fixtures/$name.c" "$work/$side/"
			echo "obj-m += $name.o" >>"$work/$side/Kbuild"
		done
		flags=
		[ $side = original ] || flags="-DPATCHED -idirafter $(readlink -f "$top/templates")"
		kbuild_module "$work/$side" "$flags" "${@/%/.o}" >"$work/$side.log" 2>&1 ||
			{ cat "$work/$side.log"; return 1; }
	done
}

# objtool_option WORK/SIDE/NAME.o: what create-diff-object is to know of the module that follows
objtool_option()
{
	! grep -q '/objtool .* --link ' "$(dirname "$1")/.$(basename "$1").cmd" || echo --objtool-follows
}
