# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# where it was built, as __FILE__ has it in the module
local_modules module
livepatch outside --oot-module "$work/modules/module/kst_outside.ko" --oot-module-src "$work/modules/module" fix.patch
program kpatch
