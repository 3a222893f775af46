# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a target is loaded that a livepatch is on for, or a livepatch whose target is there; each
#   allocation that the module loader makes for it fails in turn. (Those for the object module: no-memory.)
# Prevents: a load that ends anywhere on its way, and leaves an object module behind or a target that
#   runs unpatched.
# Fails if: the core misses the end of a load that has failed, or takes away too little or too much then.

. ./steps.sh
prepare
for step in load-target-in-loader enable-with-target-in-loader; do
	fail_each "$step"
done
show_table 4
still_works
