# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: one livepatch replaces all functions that can be replaced, of many units of vmlinux and of several
#   modules, by copies of themselves that were compiled, extracted, linked and converted. Modules are loaded
#   before it and after it, while files, pipes, processes and sockets are in use.
# Prevents: emitted code that only looks right: an instruction that the kernel didn't patch as in the original,
#   a variable that exists twice, a reference to a neighbouring symbol.
# Fails if: anything behaves differently than before, the kernel complains, or unloading leaves something.

tracing=/sys/kernel/tracing

workload()
{
	expect_ok sh -x /test/workload.sh main 4000
}

workload_in_background()
{
	(
		while [ ! -e /tmp/stop ]; do
			sh -x /test/workload.sh other 4001 >/tmp/other.log 2>&1 || { touch /tmp/failed; break; }
			echo round >>/tmp/rounds
		done
	) &
	background=$!
}

# Each object that is in memory.
all_patched()
{
	for object in $(jq -r '.objects[].name // "vmlinux"' /livepatches/identity/identity.json); do
		if [ "$object" = vmlinux ] || is_loaded "$object"; then
			patched identity "$object"
		fi
	done
}

timed()
{
	start=$(date +%s)
	"$@"
	echo "$(($(date +%s) - start)) s"
}

background_goes_on()
{
	[ ! -e /tmp/failed ] || { tail -n 20 /tmp/other.log; fail "the workload in the background failed"; }
}

background_ends()
{
	touch /tmp/stop
	wait $background
	background_goes_on
	echo "$(wc -l </tmp/rounds) rounds in the background"
}

step "before"
modprobe -a iptable_filter overlay
workload
wanted=$(cat /functions)
found=$(jq '[.objects[].functions[]] | length' /livepatches/identity/identity.json)
echo "$found functions, $wanted wanted"
[ "$found" -ge "$wanted" ] || fail "the list of units is too short"

step "load, while the workload runs"
workload_in_background
# the kernel needs some milliseconds for each function and each symbol
timed kpatch --timeout 3600 load /livepatches/identity
all_patched

step "the copies do what the originals did"
workload
background_goes_on

step "switches in the copies: tracepoints, messages of pr_debug()"
echo 'module identity +p' >/sys/kernel/debug/dynamic_debug/control
for group in kmem skb net sock filelock writeback signal; do
	[ ! -e "$tracing/events/$group" ] || echo 1 >"$tracing/events/$group/enable"
done
# each in a buffer of its own, as frequent ones overwrite rare ones
for event in kmem/kmalloc net/net_dev_queue; do
	mkdir "$tracing/instances/${event#*/}"
	echo 1 >"$tracing/instances/${event#*/}/events/$event/enable"
done
workload
background_goes_on
for event in kmalloc net_dev_queue; do
	grep -q "$event:" "$tracing/instances/$event/trace" || fail "no event $event was traced"
	echo 0 >"$tracing/instances/$event/events/enable"
	rmdir "$tracing/instances/$event"
done
echo 0 >$tracing/events/enable
echo >$tracing/trace
echo 'module identity -p' >/sys/kernel/debug/dynamic_debug/control
workload

step "modules come and go"
comers=
for module in iptable_mangle xt_conntrack nf_conntrack_netlink fuse; do
	grep -q "/$module.ko" "/lib/modules/$(uname -r)/modules.builtin" || comers="$comers $module"
done
for _ in 1 2 3; do
	# shellcheck disable=SC2086 # words
	modprobe -a $comers
	all_patched
	workload
	# shellcheck disable=SC2086
	modprobe -r $comers
done

step "unload, while the workload runs"
timed kpatch --timeout 3600 unload identity
background_goes_on
background_ends
workload
modprobe -r iptable_filter overlay
