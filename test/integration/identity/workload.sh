#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A bit of all that a kernel does for programs, each with a result that is known. Ends with an error
# as soon as one isn't as it should be. usage: workload.sh NAME PORT, both unique among those that run.
set -eu
export XTABLES_LIBDIR=/usr/lib/xtables

files()
{
	dir=$1
	mkdir -p "$dir/a/b"
	i=0
	while [ $i -lt 20 ]; do
		echo "$i" >"$dir/a/b/$i"
		ln "$dir/a/b/$i" "$dir/a/hard-$i"
		ln -s "b/$i" "$dir/a/soft-$i"
		i=$((i + 1))
	done
	[ "$(cat "$dir"/a/soft-* | sort -n | tail -n 1)" = 19 ]
	[ "$(find "$dir" -type f | wc -l)" = 40 ]
	mv "$dir/a/b" "$dir/c"
	[ "$(cat "$dir/c/7")" = 7 ]
	[ ! -e "$dir/a/soft-7" ]
	dd if=/dev/zero of="$dir/zeroes" bs=4k count=256 2>/dev/null
	[ "$(wc -c <"$dir/zeroes")" = 1048576 ]
	truncate -s 100 "$dir/zeroes"
	[ "$(stat -c %s "$dir/zeroes")" = 100 ]
	chmod 600 "$dir/zeroes"
	touch -d '2001-01-01 00:00' "$dir/zeroes"
	rm -r "$dir"
}

overlays()
{
	mkdir -p "$1/lower" "$1/upper" "$1/work" "$1/all"
	echo lower >"$1/lower/file"
	mount -t overlay -o "lowerdir=$1/lower,upperdir=$1/upper,workdir=$1/work" overlay "$1/all"
	[ "$(cat "$1/all/file")" = lower ]
	echo upper >"$1/all/file"
	[ "$(cat "$1/upper/file")" = upper ]
	rm "$1/all/file"
	[ "$(cat "$1/lower/file")" = lower ]
	files "$1/all/files"
	umount "$1/all"
	rm -r "$1"
}

processes()
{
	[ "$(seq 1000 | grep 7 | sort -rn | head -n 1)" = 997 ]
	sleep 100 &
	kill -STOP $!
	kill -CONT $!
	kill $!
	wait $! || [ $? = 143 ]
	# shellcheck disable=SC3045 # busybox has it
	(ulimit -n 20; true)
	grep -q stack /proc/self/maps
	mkfifo "$1/fifo"
	echo through >"$1/fifo" &
	[ "$(cat "$1/fifo")" = through ]
	wait $!
	rm "$1/fifo"
	# overflow of a pipe: the writer sleeps, then is killed by SIGPIPE
	seq 100000 | head -n 1 >/dev/null
}

reads()
{
	for file in meminfo stat vmstat slabinfo zoneinfo interrupts cpuinfo filesystems mounts \
		net/dev net/tcp net/udp net/unix net/netstat net/route net/arp net/ip_tables_names \
		self/maps self/smaps self/status self/stat self/limits self/mountinfo self/io self/sched \
		self/cgroup self/environ self/wchan modules kallsyms timer_list buddyinfo swaps; do
		[ ! -r "/proc/$file" ] || cat "/proc/$file" >/dev/null
	done
	find /proc/self/task /proc/self/fd /proc/self/ns -ls >/dev/null 2>&1 || true
	find /sys/module /sys/class /sys/kernel/slab -type f -perm -400 2>/dev/null | head -n 200 |
		xargs cat >/dev/null 2>&1 || true
	dmesg | tail -n 1 >/dev/null
}

network()
{
	ping -c 2 -i 0.1 127.0.0.1 >/dev/null
	# its input stays open until all is there: at its end it would hang up
	mkfifo "$1/open"
	nc -l -p "$2" <"$1/open" >"$1/received" &
	server=$!
	exec 9>"$1/open"
	tries=0
	until head -c 200000 /dev/zero | nc 127.0.0.1 "$2" 2>/dev/null; do
		tries=$((tries + 1))
		[ $tries -lt 50 ]
		sleep 0.1
	done
	wait $server
	exec 9>&-
	[ "$(wc -c <"$1/received")" = 200000 ]
	rm "$1/received" "$1/open"
	address=10.9.$(($2 % 256)).7 # an address can be added once only
	ip addr add "$address/24" dev lo
	ping -c 1 "$address" >/dev/null
	ip route >/dev/null
	ip addr del "$address/24" dev lo
}

firewall()
{
	iptables-legacy -N "$1"
	iptables-legacy -A "$1" -p tcp --dport 9 -j DROP
	iptables-legacy -A "$1" -m limit --limit 5/s -j ACCEPT
	if grep -q '^xt_conntrack ' /proc/modules; then
		iptables-legacy -A "$1" -m conntrack --ctstate NEW -j ACCEPT
	fi
	[ "$(iptables-legacy -S "$1" | grep -c dport)" = 1 ]
	iptables-legacy -F "$1"
	iptables-legacy -X "$1"
}

ipc()
{
	id=$(ipcmk -Q | grep -o '[0-9]*$') && cat /proc/sysvipc/msg >/dev/null && ipcrm -q "$id"
}

where=/tmp/workload-$1
mkdir -p "$where"
files "$where/tmpfs"
overlays "$where/overlay"
processes "$where"
reads
network "$where" "$2"
[ "$1" != main ] || firewall test
ipc
/test/faults
rm -r "$where"
