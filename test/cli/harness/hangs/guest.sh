# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a script that never ends.
# Prevents: a test run that hangs with its VM, and tells nothing.
# Fails if: there is no limit, or the VM outlives it.

step "wait for something that never happens"
sleep 100000
