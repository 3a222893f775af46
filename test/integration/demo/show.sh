#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The way from two source diffs to a livepatched kernel, for a person to watch.
# The same steps run as a test; here one sees the diffs, the build and each step
# in the VM.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../../.." && pwd)
cd "$top"
bold() { if [ -t 1 ]; then printf '\n\033[1m%s\033[0m\n' "$*"; else printf '\n%s\n' "$*"; fi; }

bold "The stock kernel"
release=$(test/lib/kernel.sh release)
test/lib/kernel.sh fetch "$release" >/dev/null
echo "$release, as the distribution ships it"

work=$(mktemp -d build/demo.XXXXXX)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
for n in 1 2; do
	bold "From a source diff to livepatch modules: hotfix-$n.patch"
	sed -n 's/^+++ b\//   changes /p' "$here/hotfix-$n.patch"
	start=$(date +%s.%N)
	"${BUILD:-build}/bin/kpatch-build" --kernel "$release" --name "hotfix_$n" \
		--output "$work/hotfix_$n" "$here/hotfix-$n.patch"
	end=$(date +%s.%N)
	awk -v s="$start" -v e="$end" 'BEGIN { printf "from diff to modules: %.1f s\n", e - s }'
	(cd "$work" && ls -l "hotfix_$n")
done

bold "The stock kernel boots in a VM, and is livepatched"
DEMO_LIVEPATCHES=$top/$work test/integration/run -v demo
