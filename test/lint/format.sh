#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: clang-format 14, Debian 12's; other versions break some lines differently.
# Prevents: diffs in which reformatted lines hide the real change.
# Fails if: a file of the tools isn't formatted according to .clang-format, or a line of a script or text ends
#   with a blank.

# shellcheck source-path=SCRIPTDIR source=lib/lint.sh
. "$(dirname "$0")/lib/lint.sh"

failed=0
format=clang-format-14
command -v $format >/dev/null || format=clang-format
need $format clang-format-14
[[ $($format --version) = *' version 14.'* ]] || { echo "FAIL: $format is not version 14"; exit 1; }

tool_sources | xargs $format --dry-run -Werror 2>&1 | grep -A2 'error:' | head -n 60
[ "${PIPESTATUS[1]}" = 0 ] || { echo "FAIL: '$format -i FILE' lays a file out"; failed=1; }

# (a diff's context lines may be blank)
if all_files | grep -E '\.([chS]|sh|py|[1-8])$|(^|/)(Makefile|Kbuild|run)$' | xargs grep -nE '[[:blank:]]+$'; then
	echo "FAIL: blanks at the end of lines"
	failed=1
fi

exit $failed
