# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a script that never ends.
# Prevents: a test run that hangs with its VM, without a message.
# Fails if: there is no time limit, or the VM continues to run after it.

step "wait for something that never happens"
sleep 100000
