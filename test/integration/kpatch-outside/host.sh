# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# not where it was built, which __FILE__ says in the module
local_modules module
mkdir "$work/its source"
cp -r -T "$test_dir/module" "$work/its source"
livepatch outside --oot-module "$work/modules/module/kst_outside.ko" --oot-module-src "$work/its source" fix.patch
program kpatch
