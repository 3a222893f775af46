# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Power cuts while apt installs the livepatch, or upgrades it: the VM is killed at a random moment
# between dpkg's first action and its last, booted again, looked at, and repaired as an administrator
# would. Each starts from a VM that was kept in life.sh, so only the boot after the cut is to be
# waited for.
# shellcheck disable=SC2154,SC2034 # of run and vm.sh

# What is cut: the kept VM, the version that it installs, the version that is there before (0: none).
cut_kinds=("empty 1 0" "installed 2 1")

# read_until_dpkg: what apt prints, up to dpkg's first word.
read_until_dpkg()
{
	until vm_line; [[ $line = "(Reading database"* ]]; do
		[[ $line != "@@ $sent "* ]] || die "apt installs nothing"
	done
}

installation() { echo "apt-get -q -y -o Dpkg::Use-Pty=0 install livepatch-fix-$release=$1 klp-split-core-$release"; }

# An installation without a cut says how long there is something to cut: in $window, microseconds.
measure()
{
	local start

	vm_resume "$1" "$work/cut.qcow2"
	vm_send "$(installation "$2")"
	read_until_dpkg
	start=${EPOCHREALTIME/./}
	while vm_line; [[ $line != "@@ $sent "* ]]; do :; done
	[ "$line" = "@@ $sent 0" ] || fail "installation of version $2: $line"
	window=$((${EPOCHREALTIME/./} - start))
	vm_cut
}

# cut NAME VERSION MICROSECONDS; what was going on is in $doing.
cut()
{
	local end

	vm_resume "$1" "$work/cut.qcow2"
	vm_send "$(installation "$2")"
	read_until_dpkg
	end=$((${EPOCHREALTIME/./} + $3))
	doing="dpkg begins"
	while [ "${EPOCHREALTIME/./}" -lt $end ]; do
		! IFS= read -r -t 0.02 -u "$vm_from" line || doing=$line
		[[ $line != "@@ $sent "* ]] || { doing="it was over"; break; }
	done
	vm_cut
}

# look_and_repair VERSION BEFORE
look_and_repair()
{
	vm_boot "$work/cut.qcow2"
	in_vm "echo \"systemd: $booted; dpkg: \$(dpkg-query -W -f '\${Package} \${Version} \${Status}, ' 'livepatch-*' klp-split 'klp-split-core-*' 2>/dev/null)\"
		notes_are_whole
		if command -v kpatch >/dev/null; then
			truthful
			echo \"after boot: \$(kpatch list | head -n 1)\"
		else
			not_fixed
		fi"
	in_vm "dpkg --configure -a
		apt -f install
		expect_eq '' \"\$(dpkg --audit)\" 'dpkg --audit'
		consistent $2"
	in_vm "apt install livepatch-fix-$release=$1 klp-split-core-$release
		consistent $1
		fixed $1
		status_is 0"
	vm_cut
}

run_cuts()
{
	local n kind

	# RANDOM's sequence is the seed's
	seed=${SEED:-$RANDOM}
	RANDOM=$seed
	vm_kernel=$image/vmlinuz
	vm_initrd=$image/initrd
	if [ ! -e "$work/installed.state" ]; then
		begin
		vm_cut
	fi
	step "power cuts, seed $seed"
	windows=()
	for kind in "${cut_kinds[@]}"; do
		# shellcheck disable=SC2086 # words
		measure $kind
		windows+=("$window")
		echo "    $kind: dpkg works for $((window / 1000)) ms"
	done
	for ((n = 0; n < ${CUTS:-10}; n++)); do
		kind=${cut_kinds[n % 2]}
		read -r state version before <<<"$kind"
		# what takes a bit longer or shorter each time should not be over before
		at=$((windows[n % 2] * RANDOM * 9 / 327680))
		cut "$state" "$version" $at
		step "cut $((n + 1)), $((at / 1000)) ms into the installation of version $version over $before: $doing"
		look_and_repair "$version" "$before"
	done
}
