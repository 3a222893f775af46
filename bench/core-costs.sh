#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The costs and savings of splitting: the load of a target takes the load
# of an object module in addition; the memory of targets that aren't loaded is saved;
# klp relocations, which splitting uses for everything, are slow on kernels that
# search all symbols for each of them. Measured in one boot of a VM, under
# emulation: the ratios are what to look at.
#
# usage: bench/core-costs.sh
set -euo pipefail

top=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
RESULTS=$work/results "$top/test/integration/run" "$top/bench/core-costs" >"$work/log" 2>&1 ||
	{ cat "$work/log" >&2; exit 1; }
cat "$work/results/costs"
