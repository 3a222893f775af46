# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a module whose init has a WARN; the script itself succeeds.
# Prevents: a warning of the kernel that is overlooked.
# Fails if: the judge does not check the kernel's log.

step "load a module that warns"
modprobe warns
