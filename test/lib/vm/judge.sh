# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# A test whose script succeeds may still have left a warning in the kernel's
# log, a livepatch in memory or an unexpected taint. The judge reads
# what the VM left and prints every complaint, one per line; no line is a pass.
# shellcheck disable=SC2154 # set by test/integration/run and host-verbs.sh

judge()
{
	judge_end
	judge_kernel_log "$work/kernel.log" "$top/test/lib/vm/log-patterns"
	[ ! -e "$work/results/exit-code" ] || judge_leftovers "$work/results"
}

judge_end()
{
	local code

	case $vm_status in
	0) ;;
	124)
		echo "hang: not at its end after $((time_limit * ${TIMEOUT_FACTOR:-1})) s"
		return
		;;
	*) echo "QEMU ended with $vm_status: $(tail -n 1 "$work/qemu.log")" ;;
	esac
	if [ ! -e "$work/results/exit-code" ]; then
		echo "the VM ended before the test did"
		return
	fi
	code=$(cat "$work/results/exit-code")
	[ "$code" = 0 ] || echo "guest.sh ended with $code: $(grep -e '^FAIL: ' -e '^failed ' "$work/guest.log" | head -n 1)"
}

# The test's own marks ("klp-test: …") are not the kernel's words.
judge_kernel_log()
{
	local log=$1 table=$2 pattern reason line allowed rule

	if ! grep -q 'Linux version' "$log"; then
		echo "no kernel log: the kernel did not start"
		return
	fi
	while IFS=$'\t' read -r pattern reason _; do
		while IFS= read -r line; do
			allowed=
			for rule in "${allowed_log[@]}"; do
				[[ ! $line =~ $rule ]] || allowed=1
			done
			[ -n "$allowed" ] || echo "kernel log: $reason: ${line%$'\r'}"
		done < <(grep -a -v klp-test: "$log" | grep -a -E -e "$pattern" | head -n 3)
	done < <(grep -v '^#' "$table")
}

# Taints that these tests always cause: bits of include/linux/panic.h.
usual_taints="12 13 15" # out of tree, unsigned, livepatch

# What kmemleak reports, without what the kernel has lost while it booted: a stale pointer on a stack
# can hide that from the looks before the test, which are to set it aside.
leaks_of_test()
{
	awk '/^unreferenced object/ { head = $0; getline; boot = /comm "swapper\/0", pid [01],/; if (!boot) print head }
		!boot' "$1"
}

judge_leftovers()
{
	local results=$1 taints bit name state flags livepatch leaks=

	[ ! -s "$results/kmemleak" ] || leaks=$(leaks_of_test "$results/kmemleak")
	[ -z "$leaks" ] ||
		echo "leftover: memory that nobody will free (results/kmemleak): $(sed -n 's/^ *\[<.*>\] //p' <<<"$leaks" | head -n 6 | paste -sd ' ')"
	taints=$(cat "$results/tainted")
	for ((bit = 0; bit < 20; bit++)); do
		((taints >> bit & 1)) || continue
		[[ " $usual_taints $allowed_taints " = *" $bit "* ]] ||
			echo "taint: bit $bit of /proc/sys/kernel/tainted is set ($taints)"
	done
	while read -r name _ _ _ state _ flags; do
		[ "$state" = Live ] || echo "leftover: module $name is in state $state"
		# The core is marked as livepatch too, because it uses klp relocations.
		[[ $flags != *K* || $name = klp_split || " $allowed_livepatches " = *" $name "* ]] ||
			echo "leftover: livepatch module $name is still loaded"
	done <"$results/modules"
	while read -r livepatch; do
		[[ " $allowed_livepatches " = *" $livepatch "* ]] ||
			echo "leftover: /sys/kernel/livepatch/$livepatch is still there"
	done <"$results/livepatches"
}
