#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: shellcheck; .shellcheckrc lists the disabled checks, with the reasons.
# Prevents: a test that passes because a variable was empty, or a word was split.
# Fails if: shellcheck complains about any shell script.

# shellcheck source-path=SCRIPTDIR source=lib/lint.sh
. "$(dirname "$0")/lib/lint.sh"
need shellcheck shellcheck

guests=()
parts=()
scripts=()
while read -r file; do
	case $file in
	*/guest.sh | test/debug-kernel/tests/*/steps.sh) guests+=("$file") ;;
	*) if [ "$(head -c 2 "$file")" = '#!' ]; then scripts+=("$file"); else parts+=("$file"); fi ;;
	esac
done < <(shell_files)
[ ${#guests[@]} -ge 50 ] && [ ${#parts[@]} -ge 50 ] && [ ${#scripts[@]} -ge 50 ] ||
	{ echo "FAIL: only ${#guests[@]} guests, ${#parts[@]} parts, ${#scripts[@]} scripts found"; exit 1; }

# Exceptions for one kind of files:
# SC2154, SC2034: what includes a part sets its variables, and uses the part's.
# SC3043, SC3044: the guests' shell is busybox's, which has "local"; "enable" is a verb there, no builtin of bash.
failed=0
printf '%s\n' "${guests[@]}" | xargs -P 2 -n 30 shellcheck -x -s dash -e SC2154,SC3043,SC3044 || failed=1
printf '%s\n' "${parts[@]}" | xargs -P 2 -n 30 shellcheck -x -s bash -e SC2154,SC2034 || failed=1
printf '%s\n' "${scripts[@]}" | xargs -P 2 -n 30 shellcheck -x || failed=1

exit $failed
