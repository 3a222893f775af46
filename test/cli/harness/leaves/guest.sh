# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a script that loads a livepatch and doesn't remove it.
# Prevents: a livepatch that can't be removed, without a complaint.
# Fails if: the judge does not check what is still loaded.

step "load a livepatch"
modprobe stays
enabled stays
wait_transition
