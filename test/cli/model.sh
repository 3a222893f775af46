#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Premise: kmod/model/split.pml is the core's protocol, as the core follows it.
# Prevents: a change of the protocol that has a race nobody has thought of; a
#	model whose rules no longer notice the mistakes that were made once.
# Fails if: Spin finds a state that breaks a rule, or no such state in a
#	protocol with a mistake on purpose.
exec "$(dirname "$0")/../../kmod/model/check"
