# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a livepatch that the script loads and forgets.
# Prevents: a livepatch that can't be removed and that nobody notices.
# Fails if: the judge does not look at what is still loaded.

step "load a livepatch"
modprobe stays
enabled stays
wait_transition
