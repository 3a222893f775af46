# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The events in the life of a machine with livepatch packages, in a possible order.
# shellcheck disable=SC2154,SC2034,SC2016 # of run and vm.sh; scripts are for the VM

run_shell()
{
	local script

	overlay "$image/disk.qcow2" "$work/disk.qcow2"
	vm_boot "$work/disk.qcow2"
	echo "up after $vm_boot_seconds s: $booted"
	while IFS= read -r -p "debian> " script; do
		vm_send "set +eu; $script"
		while vm_line; [[ $line != "@@ $sent "* ]]; do echo "$line"; done
		echo "exit ${line##* }"
	done
}

# reboot [DISK]: an orderly one; goes on when the next system is up.
vm_reboot()
{
	vm_send 'systemctl reboot --no-block'
	vm_await_end
	vm_boot "$disk"
	expect_running
}

expect_running()
{
	[ "$booted" = running ] || in_vm 'systemctl --failed --no-legend; systemctl status --no-pager kpatch || :; fail "the system is not up as it should be"'
}

# panic: as a bug in the patched code would bring it; its log is judged here, the next boot is begun.
vm_panic()
{
	vm_send 'echo c >/proc/sysrq-trigger'
	vm_await_end
	grep -q 'Kernel panic - not syncing: sysrq triggered crash' "$vm_log" || fail "the kernel did not panic"
	mv "$vm_log" "$work/panic.log"
	vm_boot "$disk"
	expect_running
}

# begin: boot, and the first livepatch is installed; kept for cuts.sh, before and after.
begin()
{
	disk=$work/life.qcow2
	overlay "$image/disk.qcow2" "$disk"
	vm_boot "$disk"
	step "booted in $vm_boot_seconds s: $booted"
	in_vm 'not_fixed
		has_no_extra
		apt update
		files_of_system >/root/before'
	! is_wanted cuts || vm_keep empty "$disk"

	step "apt install: enabled at once, and at the next boot"
	in_vm "apt install $fix=1 klp-split-core-$release
		fixed 1
		status_is 0
		output_has 'fix_1: enabled, installed'
		output_has 'kpatch.service is enabled'
		modinfo -n klp_split | grep updates/klp-split-core"
	! is_wanted cuts || vm_keep installed "$disk"
}

run_life()
{
	begin

	step "a second livepatch on top of it, from a package of its own"
	in_vm "apt install $extra
		fixed 1
		has_extra
		status_is 0"

	step "reboot: both are enabled before the network is there"
	vm_reboot
	in_vm "fixed 1
		has_extra
		status_is 0
		output_has 'fix_1: enabled, installed'
		output_has 'extra_1: enabled, installed'
		# zram came with the initramfs, before there was a kpatch
		lsinitramfs /boot/initrd.img-$release | grep /zram.ko
		journal() { journalctl -b -o short-monotonic --no-pager \"\$@\"; }
		at() { systemctl show -P \$2 \$1; }
		done=\$(at kpatch.service ExecMainExitTimestampMonotonic)
		for unit in network-pre.target network.target; do
			reached=\$(at \$unit ActiveEnterTimestampMonotonic)
			echo \"kpatch was done at \$done us, \$unit reached at \$reached us\"
			[ 0 -lt \$done ] && [ \$done -lt \$reached ] || fail \"\$unit was there before\"
		done
		networkd=\$(at systemd-networkd.service ExecMainStartTimestampMonotonic)
		[ \$done -lt \$networkd ] || fail 'systemd-networkd was there before'
		test -e /var/lib/klp-split/$release/fix_1.json
		systemctl is-active kpatch-settle.service"

	step "the kernel panics soon after boot: loaded again, and the boot is counted against the livepatches"
	vm_panic
	in_vm "fixed 1
		has_extra
		status_is 0
		grep '\"crashes\": 1' /var/lib/klp-split/$release/fix_1.json
		grep '\"crashes\": 1' /var/lib/klp-split/$release/extra_1.json"

	step "a target that goes and comes back"
	in_vm 'rmmod zram
		not_loaded fix_1__zram
		modprobe zram
		fixed 1'

	step "apt upgrade to one that would undo the fix of another package: the old one stays, and status says it"
	in_vm "apt upgrade
		fixed 1
		has_extra
		status_is 6
		output_has '! fix_2: its package is here, but it is neither installed nor loaded'"

	step "asked for: replaced in one step, and all that was below it"
	in_vm "dmesg_mark
		kpatch install --drop=fix_1,extra_1 /usr/lib/klp-split/livepatches/$release/fix_2
		kpatch load --drop=fix_1,extra_1 fix_2
		fixed 2
		has_no_extra
		not_loaded fix_1 fix_1__zram extra_1
		dmesg_lacks 'fix_1.*unpatching'
		status_is 6
		output_has 'fix_2: enabled, installed'
		output_has 'extra_1: replaced by fix_2, installed'
		output_has '! extra_1: is installed and not enabled: fix_2 has replaced it'
		apt remove $extra
		kpatch uninstall fix_1
		status_is 0"

	step "downgrade"
	in_vm "apt install --allow-downgrades $fix=1
		fixed 1
		not_loaded fix_2 fix_2__zram
		status_is 0
		expect_eq 1 \"\$(dpkg-query -W -f '\${Version}' $fix)\" version"

	step "upgrade of the kernel; the old livepatches stay installed"
	in_vm "apt install linux-image-$other
		fixed 1
		tar -cf /dev/vdc -C /boot vmlinuz-$other initrd.img-$other
		sync"
	mkdir -p "$work/boot"
	tar -xf "$work/exchange" -C "$work/boot"
	vm_kernel=$work/boot/vmlinuz-$other
	vm_initrd=$work/boot/initrd.img-$other
	vm_reboot
	in_vm "expect_eq $other \"\$(uname -r)\" kernel
		not_fixed
		has_no_extra
		not_loaded klp_split
		# the shutdown was in good order, soon after boot or not: nothing speaks against the livepatches
		test ! -e /var/lib/klp-split/$release
		systemctl is-active kpatch.service
		journalctl -b -u kpatch.service --no-pager | grep 'fix_1 is for kernel $release: not loaded on $other'
		status_is 0
		output_has 'fix_1: installed for kernel $release'
		# an upgrade from here is for the next boot of that kernel
		apt install $fix=2
		status_is 0
		output_has 'fix_2: installed for kernel $release'
		output_lacks fix_1
		not_fixed"
	vm_kernel=$image/vmlinuz
	vm_initrd=$image/initrd

	step "back in the old kernel, kpatch.enable=0: nothing is loaded"
	vm_words=kpatch.enable=0
	vm_reboot
	vm_words=
	in_vm "not_fixed
		has_no_extra
		not_loaded klp_split
		status_is 6
		output_has 'kpatch.enable=0: nothing was loaded at boot'
		output_has '! fix_2: is installed and not loaded, because of kpatch.enable=0'"

	step "without it, they are enabled again"
	vm_reboot
	in_vm "fixed 2
		has_no_extra
		status_is 0"

	step "remove: the original code runs"
	in_vm "apt remove $fix
		not_fixed
		not_loaded klp_split fix_2
		status_is 0
		has_no_extra"

	step "purge: nothing is left"
	in_vm "apt purge $fix $extra klp-split klp-split-core-$release linux-image-$other
		files_of_system >/root/after
		if ! diff /root/before /root/after; then
			fail 'this is left behind, or was taken along'
		fi"
	vm_send 'systemctl poweroff --no-block'
	vm_await_end
}
