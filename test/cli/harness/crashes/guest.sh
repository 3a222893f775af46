# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: the kernel crashes in the middle of the script.
# Prevents: a test that counts as passed because the crash prevents a report.
# Fails if: the end of the VM counts as the end of the test.

step "crash the kernel"
echo c >/proc/sysrq-trigger
sleep 60
