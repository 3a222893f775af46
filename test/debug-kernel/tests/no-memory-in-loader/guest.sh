# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a target is loaded for which a livepatch is enabled, or a livepatch is loaded whose target is loaded.
#   In turn, each allocation of the module loader for this module fails. (Allocations for the object module:
#   no-memory.)
# Prevents: a load that fails halfway and leaves an object module in memory, or a target that runs unpatched.
# Fails if: the core doesn't notice the end of a failed load, or removes too little or too much after it.

. ./steps.sh
prepare
for step in load-target-in-loader enable-with-target-in-loader; do
	fail_each "$step"
done
show_table 4
still_works
