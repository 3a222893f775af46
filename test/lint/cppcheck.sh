#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: cppcheck; cppcheck-suppressions in this folder lists its false alarms.
# Prevents: leaks, use after free and wrong formats on paths that no test covers.
# Fails if: cppcheck warns, or can't read a file.

# shellcheck source-path=SCRIPTDIR source=lib/lint.sh
. "$(dirname "$0")/lib/lint.sh"
need cppcheck cppcheck

suppressions=$(mktemp)
trap 'rm -f "$suppressions"' EXIT
# (a suppression's line can have no comment behind it)
awk '!/^#/ && NF { print $1 }' test/lint/cppcheck-suppressions >"$suppressions"
cppcheck -j 2 --std=c11 --quiet --error-exitcode=1 --enable=warning,performance,portability --inline-suppr \
	--library=posix,gnu --library=test/lint/cppcheck.cfg --suppressions-list="$suppressions" \
	-D_GNU_SOURCE -I. lib create-diff-object klp-relocs kpatch-build kpatch doc
