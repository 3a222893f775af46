#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: test/lib/packages has a group per purpose; gcc and dpkg know which file is in which package.
# Prevents: a build, or a demonstration, that needs a package outside of its group; one that installs packages
#   that only tests need.
# Fails if: a header or library that the tools use is in no package of the group "build", README names other
#   packages than the group, or the demonstration's group installs one that only tests need.
set -uo pipefail

cd "$(dirname "$(readlink -f "$0")")/../.." || exit
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
complain() { echo "FAIL: $*"; failed=1; }
group() { test/lib/install-packages.sh --list "$1"; }

# A group with all that its packages depend on, as apt installs it without recommendations.
# (<…> are virtual packages; their providers follow, indented.)
closure()
{
	group "$1" | xargs apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks \
		--no-replaces --no-enhances | grep '^[a-z0-9]' | sed 's/:.*//' | sort -u
}

# --- the group "build" is enough to build
closure build >"$work/build"
[ "$(wc -l <"$work/build")" -ge 20 ] || complain "apt-cache says too little: $(wc -l <"$work/build") packages"
# Headers of the system that any source includes, and what the linker finds for each -lNAME of the Makefile.
{
	find lib create-diff-object klp-relocs kpatch-build kpatch doc -name '*.[ch]' -exec grep -h '^#include <' {} + |
		sort -u | gcc -M -D_GNU_SOURCE -x c - | tr -s ' \134' '\n' | grep '^/'
	for library in $(sed -n 's/^LDLIBS := //p' Makefile); do
		gcc -print-file-name="lib${library#-l}.so"
	done
} | sort -u | xargs readlink -f | sort -u >"$work/files"
grep -q '/gelf.h$' "$work/files" && grep -q 'capstone' "$work/files" && grep -q 'libdw.*so' "$work/files" ||
	complain "headers and libraries aren't found: $(wc -l <"$work/files") files"
# (dpkg may know a file by its name before /usr was merged)
sed -n 'p; s,^/usr,,p' "$work/files" | xargs dpkg -S 2>/dev/null | sed -E 's/^([^:,]*)[^ ]*(, .*)?: /\1 /' >"$work/owners"
while read -r file; do
	owner=$(awk -v file="$file" '$2 == file || "/usr" $2 == file { print $1; exit }' "$work/owners")
	grep -qx -e "$owner" "$work/build" || complain "the group 'build' doesn't bring $file (package ${owner:-unknown})"
done <"$work/files"

# --- README says the same
named=$(sed -n 's/.*`make packages FOR=build` installs `\([^`]*\)`.*/\1/p' README.md)
[ "$named" = "$(group build | paste -sd' ')" ] || complain "README names '$named' for building, the list '$(group build | paste -sd' ')'"

# --- the demonstration's group is a small part of the tests'
closure demo >"$work/demo"
for package in $(comm -13 <(group demo | sort) <(group check | sort)); do
	! grep -qx "$package" "$work/demo" || case $package in
	openssl | zstd | procps | bzip2) ;; # qemu's libraries and Debian's own programs depend on them
	*) complain "the demonstration installs $package, which only tests need" ;;
	esac
done
test/lib/install-packages.sh --list nonesuch >/dev/null 2>&1 && complain "a group that doesn't exist is taken"

exit $failed
