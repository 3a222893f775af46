# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a script whose expectation does not hold.
# Prevents: a failed expectation that is only printed.
# Fails if: guest.sh's exit code is lost on its way out of the VM.

step "expect what is not so"
expect_eq 1 2 "one"
