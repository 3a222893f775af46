# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a module whose init has a WARN; the script itself is content.
# Prevents: a warning of the kernel that nobody reads.
# Fails if: the judge does not look at the kernel's log.

step "load a module that warns"
modprobe warns
