# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# A VM that runs a whole Debian, and the line to the agent in it (guest/agent). One at a time.
# Sourced by run, which sets work, image and repository.
# shellcheck disable=SC2154,SC2034

vm_pid=
vm_boots=0
vm_number=0
vm_memory=768M

# overlay BASE NEW: what is written goes to NEW; BASE must not be written to any more.
overlay()
{
	rm -f "$2"
	qemu-img create -q -f qcow2 -F qcow2 -b "$1" "$2"
}

# vm_start DISK [OPTION…]: kernel, initrd and words for the command line as vm_kernel,
# vm_initrd and vm_words say. As ../lib/vm/boot.sh has it, with disks; the third one takes a tar
# archive out of the VM.
vm_start()
{
	local disk=$1 pipe
	shift

	for pipe in line monitor; do
		rm -f "$work/$pipe.in" "$work/$pipe.out"
		mkfifo "$work/$pipe.in" "$work/$pipe.out"
	done
	exec {vm_to}<>"$work/line.in" {vm_from}<>"$work/line.out"
	exec {vm_orders}<>"$work/monitor.in" {vm_replies}<>"$work/monitor.out"
	[ -e "$work/exchange" ] || truncate -s 128M "$work/exchange"
	vm_log=$work/kernel-$((++vm_number)).log
	qemu-system-x86_64 -accel tcg,thread=single -cpu "${CPU:-max}" -smp 2 -m $vm_memory \
		-nodefaults -no-user-config -display none -no-reboot \
		-kernel "$vm_kernel" -initrd "$vm_initrd" \
		-append "root=/dev/vda rw console=ttyS0 ignore_loglevel oops=panic panic=-1 no_timer_check $vm_words" \
		-drive "file=$disk,format=qcow2,if=virtio" \
		-drive "file=$repository,format=raw,if=virtio,readonly=on" \
		-drive "file=$work/exchange,format=raw,if=virtio" \
		-serial "file:$vm_log" -chardev "pipe,id=line,path=$work/line" -serial chardev:line \
		-chardev "pipe,id=monitor,path=$work/monitor" -mon monitor,mode=control "$@" \
		</dev/null >"$work/qemu.log" 2>&1 &
	vm_pid=$!
	vm_order qmp_capabilities
}

# A line from the agent, in $line; the VM may take as long as it likes while it lives.
vm_line()
{
	local end=$((SECONDS + 600 * ${TIMEOUT_FACTOR:-1})) status=0

	until IFS= read -r -t 5 -u "$vm_from" line; do
		kill -0 "$vm_pid" 2>/dev/null || { wait "$vm_pid" || status=$?; vm_pid=; die "the VM has ended ($status)"; }
		[ $SECONDS -lt $end ] || die "the VM says nothing any more"
	done
	line=${line%$'\r'}
}

# vm_boot DISK: start it, and wait until systemd has started all; its word for how that went is in $booted.
vm_boot()
{
	local start=$SECONDS

	vm_start "$@"
	vm_boots=$((vm_boots + 1))
	until vm_line; [[ $line = "@@ ready "* ]]; do :; done
	booted=${line#@@ ready }
	vm_boot_seconds=$((SECONDS - start))
}

# Send a script; its output is still to be read.
vm_send()
{
	printf '%s %s\n' $((++sent)) "$(base64 -w 0 <<<". /repository/verbs.sh; set -eu"$'\n'"$1")" >&"$vm_to"
}
sent=0

# in_vm SCRIPT: run it there; what it prints is shown, and in $output. It must succeed.
in_vm()
{
	output=
	vm_send "$1"
	while vm_line; [[ $line != "@@ $sent "* ]]; do
		[ -n "$output$line" ] || continue
		output+=$line$'\n'
		echo "    $line"
	done
	[ "$line" = "@@ $sent 0" ] || fail "in the VM (exit ${line##* }): ${output##*$'\n'FAIL: }"
}

# After an orderly shutdown.
vm_await_end()
{
	local status=0

	wait "$vm_pid" || status=$?
	vm_pid=
	vm_close
	[ $status = 0 ] || die "QEMU ended with $status: $(tail -n 1 "$work/qemu.log")"
}

vm_close()
{
	exec {vm_to}>&- {vm_from}>&- {vm_orders}>&- {vm_replies}>&-
}

# Power cut.
vm_cut()
{
	kill -KILL "$vm_pid"
	wait "$vm_pid" 2>/dev/null || true
	vm_pid=
	vm_close
}

# vm_order COMMAND [ARGUMENTS]: of QEMU's machine protocol; its reply is in $reply.
vm_order()
{
	printf '{"execute": "%s", "arguments": %s}\n' "$1" "${2:-{\}}" >&"$vm_orders"
	until IFS= read -r -t 60 -u "$vm_replies" reply && [[ $reply = '{"return"'* || $reply = '{"error"'* ]]; do
		kill -0 "$vm_pid" 2>/dev/null || die "the VM has ended: $1: $(tail -n 1 "$work/qemu.log")"
	done
	[[ $reply = '{"return"'* ]] || die "$1: $reply"
}

# vm_until STATUS COMMAND: ask until that is the status.
vm_until()
{
	until vm_order "$2"; [[ $reply = *"\"status\": \"$1\""* ]]; do
		[[ $reply != *'"failed"'* ]] || die "$2: $reply"
		sleep 0.2
	done
}

# vm_keep NAME DISK: the VM as it is now, so that vm_resume NAME goes on from here; and it goes on itself.
vm_keep()
{
	vm_order migrate "{\"uri\": \"exec:cat >$work/$1.state\"}"
	vm_until completed query-migrate
	cp --sparse=always "$2" "$work/$1.qcow2"
	vm_order cont
}

# vm_resume NAME DISK: go on from there; DISK becomes an overlay.
vm_resume()
{
	overlay "$work/$1.qcow2" "$2"
	vm_start "$2" -incoming "exec:cat $work/$1.state"
	vm_until running query-status
}
