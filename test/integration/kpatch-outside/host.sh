# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
local_modules module
livepatch outside --oot-module "$work/modules/module/kst_outside.ko" --oot-module-src "$test_dir/module" fix.patch
program kpatch
