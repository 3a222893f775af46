#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: clang; gcc's warnings are errors in CI builds (WERROR=1).
# Prevents: code that only one compiler accepts without a warning.
# Fails if: clang warns about anything in the tools or their unit tests.

# shellcheck source-path=SCRIPTDIR source=lib/lint.sh
. "$(dirname "$0")/lib/lint.sh"
need clang clang

build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
make -s -k -j2 objects CC=clang WERROR=1 CFLAGS=-fsyntax-only BUILD="$build"
