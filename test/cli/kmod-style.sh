#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: the core's sources, and the scripts and build trees of the stock kernels, 6.1 and 6.12.
# Prevents: code that violates the kernel's coding style; a core that builds for only one of the kernels.
# Fails if: checkpatch, kernel-doc, sparse or the compiler with W=1 complains; a function that other files call
#   has no kernel-doc; a parameter or a file of sysfs is not described; or dkms.conf does not build the module.
set -uo pipefail

cd "$(dirname "$(readlink -f "$0")")/../.." || exit
build=$(readlink -f "${BUILD:-build}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
complain() { echo "FAIL: $*"; failed=1; }
# expect_silence WHAT COMMAND…
expect_silence()
{
	local what=$1 output
	shift
	output=$("$@" 2>&1) && [ -z "$output" ] || complain "$what: $output"
}

scripts=$(test/lib/kernel.sh fetch 6.1)/source/scripts
version=$(sed -n 's/^VERSION := //p' Makefile)

# --- as the kernel's own scripts want it -------------------------------------------------------

# Our lines may be long where a message is, as in the kernel; the scripts know that.
# shellcheck disable=SC2317 # expect_silence calls it
checkpatch() { perl "$scripts/checkpatch.pl" --no-tree --terse --no-summary -f "$@" 2>&1 | grep -v '^Use of uninitialized'; true; }
expect_silence checkpatch checkpatch kmod/*.[ch] templates/*.[ch]
# Hand-written units look like what create-diff-object writes: declarations of what other objects own;
# macros that define functions; and messages that say which callback they come from.
ignored=AVOID_EXTERNS,COMPLEX_MACRO,MACRO_WITH_FLOW_CONTROL,EMBEDDED_FUNCTION_NAME
expect_silence "checkpatch of test/modules" checkpatch --ignore "$ignored" test/modules/*.h test/modules/*/*.[ch]
expect_silence kernel-doc perl "$scripts/kernel-doc" -none kmod/*.[ch]

# Functions of core.h and klp_split.h: what other files call.
for name in $(sed -n 's/^[a-z][a-z_ ]*[ *]\([a-z_]*\)(.*/\1/p' kmod/core.h kmod/klp_split.h | sort -u); do
	grep -qE "^[a-z].*\b$name\(" kmod/*.c || continue # the kernel's
	grep -qF " * $name() - " kmod/*.c || complain "$name() has no kernel-doc"
done
# Each file of sysfs and each parameter is in the ABI text, and nothing else is.
same_names()
{
	[ -n "$2" ] && [ "$2" = "$3" ] || complain "$1: the source has '${2//$'\n'/ }', ABI-sysfs-klp_split has '${3//$'\n'/ }'"
}
abi() { sed -n "s|^What:.*$1/\([a-z_]*\)$|\1|p" kmod/ABI-sysfs-klp_split | sort; }
same_names "sysfs" "$(sed -n 's/^OBJECT_ATTRIBUTE(\([a-z_]*\),.*/\1/p' kmod/sysfs.c | sort)" "$(abi '<object>')"
same_names "sysfs of a livepatch" "$(sed -n 's/^RECORD_ATTRIBUTE(\([a-z_]*\),.*/\1/p' kmod/sysfs.c | sort)" "$(abi '/<livepatch>')"
same_names "parameters" "$(sed -n 's/^module_param[a-z_]*(\([a-z_]*\),.*/\1/p' kmod/*.c | sort)" "$(abi parameters)"
same_names "described parameters" "$(sed -n 's/^MODULE_PARM_DESC(\([a-z_]*\),.*/\1/p' kmod/*.c | sort)" "$(abi parameters)"
words() { sed -n "$@" | sort -u; }
same_names "states" "$(words 's/.*\[OBJECT_[A-Z]*\] = "\(.*\)",/\1/p' kmod/sysfs.c)" \
	"$(words '/<object>\/state$/,/<object>\/module$/s/^\t\t\([a-z]\+\)[ \t].*/\1/p' kmod/ABI-sysfs-klp_split)"
same_names "states of a livepatch" "$(words 's/.*\[RECORD_[A-Z]*\] = "\(.*\)",/\1/p' kmod/sysfs.c)" \
	"$(words '/<livepatch>\/state$/,/<livepatch>\/held_by$/s/^\t\t\([a-z]\+\)[ \t] .*/\1/p' kmod/ABI-sysfs-klp_split)"
for word in $(sed -n '/^static const char \*bring_failed/,/^}/s/.*"\([a-z-]*\)"[;:].*/\1/p' kmod/objects.c) build-id stuck none; do
	grep -qP "^\t\t$word\s" kmod/ABI-sysfs-klp_split || complain "error '$word' is not in ABI-sysfs-klp_split"
done

# --- on each kernel ------------------------------------------------------------------------------

# What kbuild says of every such module, outside of a kernel's own build.
expected='^make(\[[0-9]*\])?: (Entering|Leaving) |modpost: "[a-zA-Z_0-9]*" .* undefined!|modpost: suppressed|^Skipping BTF|^  [A-Z]+ '
for line in 6.1 6.12; do
	kernel=$(test/lib/kernel.sh fetch $line) || { complain "no kernel $line"; continue; }
	make -C kmod KDIR="$kernel/build" OUT="$work/$line" KLP_RELOCS="$build/bin/klp-relocs" KBUILD_FLAGS="W=1 C=2" \
		>"$work/log" 2>&1 || complain "$line: the core can't be built: $(cat "$work/log")"
	# What make itself prints are our own commands.
	said=$(grep -vE -e "$expected" "$work/log" | grep -vE '^(make|.*/klp-relocs) ')
	[ -z "$said" ] || complain "$line: W=1 and sparse: $said"
	for source in kmod/*.c; do
		grep -q "^  CHECK .*/$(basename "$source")$" "$work/log" || complain "$line: sparse has not seen $source"
	done
done

# --- by dkms -----------------------------------------------------------------------------------------

# As dkms does it: dkms.conf is a shell script, make runs in a copy of the folder.
make -s install DESTDIR="$work/root" prefix=/usr BUILD="$build" >/dev/null
cp -r "$work/root/usr/share/klp-split/kmod" "$work/dkms"
(
	# shellcheck disable=SC2034 # dkms.conf uses it
	cd "$work/dkms" && kernel_source_dir=$kernel/build && PATH=$build/bin:$PATH && . ./dkms.conf || exit
	[ "$PACKAGE_VERSION" = "$version" ] || echo "FAIL: dkms.conf has version '$PACKAGE_VERSION', not $version"
	eval "${MAKE[0]}" >"$work/log" 2>&1 || cat "$work/log"
	[ -f "${BUILT_MODULE_LOCATION[0]}/${BUILT_MODULE_NAME[0]}.ko" ] || echo "FAIL: dkms.conf does not say where the module is"
	eval "$CLEAN"
	[ ! -e "${BUILT_MODULE_LOCATION[0]}" ] || echo "FAIL: dkms.conf does not clean up"
) >"$work/said" 2>&1
[ ! -s "$work/said" ] || complain "dkms: $(cat "$work/said")"

exit $failed
