#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: codespell; spelling-words beside this file has the words that are none of its mistakes.
# Prevents: misspelt messages, manuals and comments.
# Fails if: codespell knows a better spelling of a word, or a row of spelling-words has become needless.

# shellcheck source-path=SCRIPTDIR source=lib/lint.sh
. "$(dirname "$0")/lib/lint.sh"
need codespell codespell

# Names of kernel files in results are the kernel's.
texts() { all_files | grep -vE '^(COPYING|test/corpus/results/.*|test/lint/spelling-words)$'; }

words=$(awk '!/^#/ && NF { print $1 }' test/lint/spelling-words)
failed=0
texts | xargs codespell --ignore-words-list "$(paste -sd, <<<"$words")" || failed=1
for word in $words; do
	texts | xargs grep -qIwi -e "$word" || { echo "FAIL: spelling-words: nothing says '$word'"; failed=1; }
done

exit $failed
