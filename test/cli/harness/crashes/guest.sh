# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a kernel that crashes in the middle of the script.
# Prevents: a test that counts as passed because nobody was left to say otherwise.
# Fails if: the end of the VM is taken for the end of the test.

step "crash the kernel"
echo c >/proc/sysrq-trigger
sleep 60
