# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the checks of the sources share: which files there are. A tree that was
# unpacked from an archive has no git, so files are found, not asked for.
set -uo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
cd "$top" || exit

# need PROGRAM PACKAGE: a check that can't run has not passed.
need()
{
	command -v "$1" >/dev/null || { echo "FAIL: no $1; 'make packages' installs it (package $2)"; exit 1; }
}

# Every file of the tree, but none that was built.
all_files()
{
	find . \( -path './build*' -o -path ./.git \) -prune -o -type f -print | sed 's,^\./,,' | sort
}

# The tools and their unit tests. kmod/, templates/ and test/modules/ are kernel code: cli/kmod-style checks those.
tool_sources()
{
	all_files | grep -E '^(lib|create-diff-object|klp-relocs|kpatch-build|kpatch|doc|test/unit)/.*\.[ch]$'
}

# Scripts for a shell: by their names, or by their first lines.
shell_files()
{
	local file line

	while read -r file; do
		case $file in
		*.sh) echo "$file" ;;
		*.*) ;;
		*)
			IFS= read -r line <"$file" || continue
			[[ ! $line =~ ^'#!'.*[/\ ](bash|sh)$ ]] || echo "$file"
			;;
		esac
	done < <(all_files) 2>/dev/null
}
