# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a stock kernel without any livepatch; two stock modules, one of which needs the other.
# Prevents: a VM whose modules can't be loaded, so that all other tests fail for an unrelated reason.
# Fails if: modules or their dependencies are not copied to the VM, or depmod is not run on them.

step "the VM is a stock kernel that can be livepatched"
expect_ok test -d /sys/kernel/livepatch
expect_eq "" "$(ls /sys/kernel/livepatch)"

step "a module and its dependency load"
modprobe xt_comment
loaded xt_comment x_tables
expect_eq 1 "$(use_count x_tables)" "use count of x_tables"
expect_eq xt_comment, "$(used_by x_tables)"

step "both leave"
modprobe -r xt_comment
not_loaded xt_comment x_tables
uname -r | save release
