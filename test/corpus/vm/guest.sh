# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Premise: /test/list names livepatches in /livepatches and their targets; nothing is loaded.
# Prevents: a livepatch that can be built, but warns, stalls, crashes or stays in memory when it is used.
# Fails if: a livepatch of the list fails a check in trial(); the first failure ends the boot.
list=/test/list
patterns=/test/patterns

tell()
{
	echo "@ $name $*"
	echo "<6>klp-test: $name $*" >/dev/kmsg
}

# Nothing in the kernel's log since the last look that would fail any other test.
clean_log()
{
	dmesg -c >/tmp/log
	complaint=$(grep -v klp-test: /tmp/log | grep -E -f "$patterns" | head -n 2 | tr '\n' ' ')
	[ -z "$complaint" ] || fail "$1: $complaint"
}

# A bit of everything: processes, pipes, files, mounts, netlink, sockets, proc and sysfs.
workload()
{
	for _ in 1 2 3; do
		sh -c 'exec true' | cat
	done
	cat /proc/meminfo /proc/stat /proc/self/maps /proc/self/status /proc/net/* /proc/mounts >/dev/null 2>&1 || true
	find /sys/class /sys/bus /sys/module -maxdepth 2 >/dev/null
	dd if=/dev/urandom of=/tmp/data bs=64k count=8 2>/dev/null
	md5sum /tmp/data >/tmp/sum
	mv /tmp/data /tmp/data2
	rm /tmp/data2 /tmp/sum
	mkdir -p /tmp/mnt
	mount -t tmpfs none /tmp/mnt
	umount /tmp/mnt
	ip addr show >/dev/null
	ip route show >/dev/null
	ping -c 1 -W 5 127.0.0.1 >/dev/null
	(echo hello | timeout 20 nc -l -p 7777 >/dev/null) &
	sleep 0.2
	echo hello | timeout 20 nc 127.0.0.1 7777 >/dev/null || true
	wait
	sync
}

# What the kernel says of each changed function: in sysfs, and in ftrace's own list.
functions_patched()
{
	while read -r object function; do
		[ "$object" = vmlinux ] || is_loaded "$object" || continue
		ls -d "/sys/kernel/livepatch/$name/$object/$function,"* >/dev/null 2>&1 ||
			fail "$1: sysfs has no $object/$function"
		patched "$name" "$object"
		grep -q "^$function \|^$function\[\|^$function$" /sys/kernel/tracing/enabled_functions ||
			fail "$1: ftrace doesn't redirect $function of $object"
	done <"/test/functions/$name"
}

load_livepatch()
{
	from=$(cut -d ' ' -f 1 /proc/uptime)
	timeout 180 kpatch load "/livepatches/$name" >/tmp/kpatch 2>&1 ||
		fail "$1: kpatch load: $(tr '\n' ' ' </tmp/kpatch)"
	wait_transition
	tell loaded "$(echo "$from" | awk '{ getline now <"/proc/uptime"; split(now, n); print n[1] - $1 }')"
}

unload_livepatch()
{
	timeout 180 kpatch unload "$name" >/tmp/kpatch 2>&1 ||
		fail "$1: kpatch unload: $(tr '\n' ' ' </tmp/kpatch)"
	[ ! -e "/sys/kernel/livepatch/$name" ] || fail "$1: still in /sys/kernel/livepatch"
	! grep "^$name" /proc/modules >/tmp/left || fail "$1: still loaded: $(cat /tmp/left)"
	while read -r object function; do
		! grep "^$function .*klp\|^$function .*livepatch" /sys/kernel/tracing/enabled_functions >/tmp/left ||
			fail "$1: ftrace still redirects $function of $object"
	done <"/test/functions/$name"
}

# Sets targets to those that load here without any livepatch; many need hardware that this VM lacks.
# Modules that can't be removed again can't be tried twice: again= is empty then.
usable_targets()
{
	targets=
	absent=
	again=1
	for target; do
		was_loaded=
		! is_loaded "$target" || was_loaded=1
		if ! modprobe "$target" >/tmp/modprobe 2>&1; then
			tell target "$target" absent "$(tail -n 1 /tmp/modprobe)"
			absent="$absent $target"
			continue
		fi
		tell target "$target" loaded
		targets="$targets $target"
		[ -z "$was_loaded" ] || again=
		modprobe -r "$target" >/dev/null 2>&1 || again=
		! is_loaded "$target" || again=
	done
	# What the stock kernel complains of when its own module is loaded is not our fault.
	dmesg -c >/dev/null
}

# A target that lacks its hardware comes and goes: its object module has to do so, too.
come_and_go()
{
	for target in $absent; do
		! modprobe "$target" >/tmp/modprobe 2>&1 || fail "$1: $target loads now"
		# modprobe may have failed before there was anything to patch
		! dmesg | grep -q "applying patch '$name' to loading module '$target'" || tell came "$target"
		not_loaded "$target" "${name}__$target"
	done
}

trial()
{
	usable_targets "$@"
	for target in $targets; do modprobe "$target"; done
	load_livepatch "targets first"
	functions_patched "targets first"
	come_and_go "targets first"
	workload
	functions_patched "targets first, after the workload"
	unload_livepatch "targets first"
	clean_log "targets first"

	[ -n "$again" ] && [ -n "$targets" ] || return 0
	for target in $targets; do modprobe -r "$target" || true; done
	for target in $targets; do
		! is_loaded "$target" || return 0 # another target or a user still needs it
	done
	load_livepatch "targets later"
	for target in $targets; do
		modprobe "$target" >/tmp/modprobe 2>&1 || fail "targets later: $target: $(tr '\n' ' ' </tmp/modprobe)"
	done
	functions_patched "targets later"
	workload
	for target in $targets; do
		modprobe -r "$target" >/tmp/modprobe 2>&1 || true
		! is_loaded "$target" || [ "$(cat "/sys/module/$target/refcnt")" = 0 ] || continue
		not_loaded "$target" "${name}__$target"
	done
	unload_livepatch "targets later"
	clean_log "targets later"
	tell later
}

workload
dmesg -c >/dev/null
while read -r name targets; do
	tell begin
	# shellcheck disable=SC2086 # a list of words
	if (set -eu; trial $targets) >/tmp/trial 2>&1 </dev/null; then
		grep '^@' /tmp/trial || true
		tell clean
	else
		grep '^@' /tmp/trial || true
		tell wrong "$(grep '^FAIL: ' /tmp/trial | sed 's/^FAIL: //' || tail -n 1 /tmp/trial)"
		cat /tmp/trial
		exit 1
	fi
done <"$list"
