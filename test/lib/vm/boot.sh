# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Boots the VM and waits for its end, however it ends.
# shellcheck disable=SC2154,SC2034 # set by test/integration/run and host-verbs.sh

# The debug kernel checks each access to memory, and keeps a shadow of it: the time and
# memory limits of a test are those for the stock kernel.
fit_limits_to_kernel()
{
	[[ $release = *-debug-* ]] || return 0
	time_limit=$((time_limit * 3))
	# shellcheck disable=SC2017 # whole mebibytes first
	memory=$(($(numfmt --from=iec "$memory") / 1048576 * 2 + 512))M
}

# Sets qemu_command. KVM hangs where nested virtualisation is half there, and
# makes timing depend on the machine: always emulated. All its CPUs run in one thread, in turns:
# with a thread for each, QEMU before 8.1 may lose a write to code that another CPU is just
# translating, and livepatching, tracing and static keys write code all the time; that CPU then
# runs into a breakpoint that isn't there any more, for ever. PARALLEL=N takes a later QEMU and
# N CPUs in threads of their own. (no_timer_check: at boot
# the kernel wants four ticks in a time in which a loaded host may give none.)
make_qemu_command()
{
	local guest_line=$1 mode=$2 qemu=qemu-system-x86_64 thread=single

	if [ -n "${PARALLEL:-}" ]; then
		qemu=$("$top/test/smp/qemu")
		thread=multi
		cpus=$PARALLEL
		# they have to share the host's CPUs, and one that isn't running may be what all wait for
		mode="$mode test.parallel"
	fi
	qemu_command=("$qemu" -accel "tcg,thread=$thread" -cpu "${CPU:-max}" -smp "$cpus" -m "$memory"
		-nodefaults -no-user-config -display none -no-reboot
		-kernel "$kernel_dir/root/boot/vmlinuz-$release" -initrd "$work/initramfs"
		-append "console=ttyS0 ignore_loglevel oops=panic panic=-1 no_timer_check $cmdline $mode"
		-serial "file:$work/kernel.log" -chardev "$guest_line" -serial chardev:guest
		-serial "file:$work/results.tar" "${firmware[@]}")
}

# Sets vm_status: 0; 124 if it did not end in time; another if QEMU itself failed or a signal ended
# it. timeout(1) outlives us if we are killed, and so ends the VM in any case.
boot_once()
{
	local end=$((SECONDS + time_limit * ${TIMEOUT_FACTOR:-1}))

	vm_status=0
	timeout --kill-after=5 "$((time_limit * ${TIMEOUT_FACTOR:-1}))" "${qemu_command[@]}" \
		</dev/null >"$work/qemu.log" 2>&1 &
	vm_pid=$!
	wait "$vm_pid" || vm_status=$?
	vm_pid=
	[ $vm_status != 137 ] || [ $SECONDS -lt $end ] || vm_status=124
}

# Whatever the guest does, a panic included, QEMU ends by itself. If a signal ends it (its own
# fault, or a host that is short of memory), that says nothing about what is tested: once more.
run_vm()
{
	make_qemu_command "file,id=guest,path=$work/guest.log" ""
	boot_once
	if [ $vm_status -gt 128 ]; then
		echo "QEMU ended with $vm_status: $(tail -n 1 "$work/qemu.log"); this says nothing about the test: once more"
		boot_once
	fi
}

run_shell()
{
	make_qemu_command "stdio,id=guest,signal=off" test.shell
	echo "kernel log: $work/kernel.log" >&2
	"${qemu_command[@]}"
}
