#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Premise: the core is compiled for a kernel that lacks an option on which the core relies.
# Prevents: a compiler message that doesn't tell the cause, or a core that compiles and is wrong.
# Fails if: an option isn't checked, or the message doesn't name it.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
kernel=$("$top/test/lib/kernel.sh" fetch)/build
options="LIVEPATCH MODULE_UNLOAD HAVE_DYNAMIC_FTRACE_WITH_ARGS HAVE_RELIABLE_STACKTRACE UNWINDER_ORC TASKS_RCU_GENERIC"
failed=0
complain() { echo "FAIL: $*"; failed=1; }

# compile [OPTION]: needs.h for that kernel without OPTION
compile()
{
	{
		echo '#include <generated/autoconf.h>'
		[ $# = 0 ] || echo "#undef CONFIG_$1"
		echo '#include "needs.h"'
	} | gcc -fsyntax-only -I "$kernel/include" -I "$top/kmod" -x c - 2>"$work/errors"
}

compile || complain "the stock kernel lacks something: $(cat "$work/errors")"
for option in $options; do
	! compile "$option" || complain "compiles without CONFIG_$option"
	grep -q "error: .*CONFIG_$option is off: " "$work/errors" ||
		complain "without CONFIG_$option: $(cat "$work/errors")"
done
found=$(sed -n 's/^#ifndef CONFIG_//p' "$top/kmod/needs.h" | sort)
[ "$found" = "$(tr ' ' '\n' <<<"$options" | sort)" ] || complain "needs.h asks for other options: $found"

# It is the core's build that stops there.
echo '#undef CONFIG_MODULE_UNLOAD' >"$work/undef.h"
! make -s -C "$top/kmod" KDIR="$kernel" OUT="$work/core" KBUILD_FLAGS="KCPPFLAGS='-include $work/undef.h'" \
	>"$work/log" 2>&1 || complain "the core was built without CONFIG_MODULE_UNLOAD"
grep -q 'CONFIG_MODULE_UNLOAD is off: ' "$work/log" || complain "the core's build says: $(cat "$work/log")"
exit $failed
