# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: at each step of a livepatch's life (core loaded, livepatch enabled with and without its target,
#   target loaded and removed, with and without modprobe, livepatch and core removed) the first, second,
#   third… allocation fails that is made below the core, until there is none left to fail.
# Prevents: a path after a failed allocation that leaks, crashes, leaves an object module behind, or lets a
#   target run unpatched.
# Fails if: any of these happens, a step is half done, a removal is refused, or the step doesn't work after.

. ./steps.sh
prepare
for step in load-core remove-core enable enable-with-target load-target remove-target remove-livepatch \
	enable-with-target-without-modprobe load-target-without-modprobe; do
	fail_each "$step"
done
show_table 3
still_works
