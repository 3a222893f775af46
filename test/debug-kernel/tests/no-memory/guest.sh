# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: at each step of a livepatch's life (core loaded, livepatch enabled with and without its target,
#   target loaded and removed, with and without modprobe, livepatch and core removed), in turn each allocation
#   in functions that the core calls fails, until no allocation is left that could fail.
# Prevents: an error path after a failed allocation that leaks memory, crashes, leaves an object module in
#   memory, or lets a target run unpatched.
# Fails if: any of these happens, a step is only half done, a removal is refused, or the step doesn't work
#   afterwards.

. ./steps.sh
prepare
for step in load-core remove-core enable enable-with-target load-target remove-target remove-livepatch \
	enable-with-target-without-modprobe load-target-without-modprobe; do
	fail_each "$step"
done
show_table 3
still_works
