#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: the stock kernel of Debian 13, fetched with its compiler if the cache doesn't have them (600 MB from
#   the archive, 5 GB of disk); this machine has neither.
# Prevents: livepatches that can be built only on the release of Debian that their kernel is from.
# Fails if: they can't be fetched, another compiler made the modules, or one of the demonstration's seven steps
#   fails in a VM with that kernel.
set -uo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.." || exit
export KERNEL=trixie
system_path=$PATH
# shellcheck source-path=SCRIPTDIR source=../lib/kpatch-build.sh
. test/lib/kpatch-build.sh || exit 1

# Nothing but the link says where the compiler is: the tools find it by themselves, with nothing of it in PATH.
text=$(sed -n 's/^CONFIG_CC_VERSION_TEXT="\(.*\)"/\1/p' "$kernel_dir/build/.config")
PATH=$system_path kpatch_build -n hotfix_1 -o out "$top/test/integration/demo/hotfix-1.patch"
[ "$status" = 0 ] || { complain "exit $status"; cat "$work/log"; }
for module in out/hotfix_1*.ko; do
	readelf -p .comment "$module" | grep -qF "GCC: ${text#* }" || complain "$module was not made by $text"
done
[ -e "$kernel_dir/toolchain" ] || [ "$("${text%% *}" --version | head -n 1)" = "$text" ] ||
	complain "neither a link to the compiler nor the compiler"

# The cache alone, without --fetch and without an archive.
PATH=$system_path APT_CONFIG=/dev/null kpatch_build --check --kernel "$release" "$top/test/integration/demo/hotfix-2.patch"
[ "$status" = 0 ] || { complain "from the cache: exit $status"; cat "$work/log"; }

# With gcc-14, printk() and its kin make .cold parts, into which the unwinder must see as well (KS240).
make_diff cold fs/read_write.c '$a /* nothing else */'
PATH=$system_path kpatch_build --assume-changed __kernel_read -o cold-out cold.patch
[ "$status" = 0 ] || { complain "a function with a .cold part: exit $status"; cat "$work/log"; }
nm cold-out/cold.ko | grep -q ' t __kernel_read\.cold$' || complain "__kernel_read has no .cold part any more: take another"

"$top/test/integration/run" demo || complain "the demonstration failed on $release"
exit $failed
