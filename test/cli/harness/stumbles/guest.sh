# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a script with a command that fails outside of any verb.
# Prevents: a typing error in a test that counts as a pass.
# Fails if: the script continues after a failed command.

step "run what does not exist"
no-such-command
step "and go on"
