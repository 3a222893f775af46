#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: the compiler is started by ccache, by distcc with a server on the loopback, by a program that doesn't
#   exist, and by one that adds a flag.
# Prevents: modules that depend on how the compiler was started; a launcher that is silently not used; the
#   result of one that changes what is compiled.
# Fails if: the modules' bytes differ from those built without a launcher, ccache or distcc weren't used, or a
#   launcher that can't be right isn't refused.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib/kpatch-build.sh
. "$(dirname "$(readlink -f "$0")")/../lib/kpatch-build.sh"

make_diff fix fs/proc/meminfo.c 's/VmallocTotal:   /VmallocTOTAL:   /'
private_cache launcher

# build NAME ARGUMENTS…: with no original kept from before, so that all is compiled
build()
{
	local out=$1
	shift
	rm -rf "$own/units"
	kpatch_build -o "$out" "$@" fix.patch
	[ "$status" = 0 ] || { complain "$*: exit $status"; sed 's/^/    /' "$work/log"; return; }
	[ "$out" = plain ] && return
	for file in plain/*.ko; do
		cmp "$file" "$out/${file##*/}" || complain "$*: other bytes"
	done
}

# ccache_count NAME: one of its counters
ccache_count() { ccache --print-stats | awk -v name="$1" '$1 == name { print $2 }'; }

build plain

export CCACHE_DIR=$work/ccache
build first --compiler-launcher ccache
misses=$(ccache_count cache_miss)
[ "${misses:-0}" -ge 2 ] || complain "ccache compiled ${misses:-0} units, not original and patched"
grep -rl ccache "$own/units" && complain "what is kept of a unit names the launcher"
before=$(ccache_count direct_cache_hit)
build second --compiler-launcher=ccache
hits=$(($(ccache_count direct_cache_hit) - before))
[ "$hits" -ge 2 ] || complain "ccache knew $hits units from before, not both"
unset CCACHE_DIR

# --- distcc: no fallback to a compiler of our own, so that it must have gone over the network
log=$work/distccd.log
server=
for port in 3701 3702 3703 3704 3705; do
	TMPDIR=/tmp distccd --daemon --no-detach --allow 127.0.0.1 --listen 127.0.0.1 --port "$port" --log-stderr \
		--log-level info 2>"$log" &
	server=$!
	for _ in {1..50}; do
		kill -0 $server 2>/dev/null || break
		grep -q listening "$log" && break 2
		sleep 0.1
	done
	wait $server
	server=
done
if [ -n "$server" ]; then
	mkdir "$work/distcc"
	export DISTCC_HOSTS=127.0.0.1:$port DISTCC_FALLBACK=0 DISTCC_DIR=$work/distcc
	build distributed --compiler-launcher distcc
	compiled=$(grep -c "COMPILE_OK.*meminfo" "$log")
	[ "$compiled" -ge 2 ] || complain "distcc's server compiled $compiled units, not original and patched"
	kill "$server"
	wait "$server" 2>/dev/null
else
	complain "distccd doesn't start: $(cat "$log")"
fi

# --- what can't be right
rm -rf "$own/units"
refused 1 KS325 -- --compiler-launcher "$work/no-such-launcher" fix.patch
grep -q no-such-launcher "$work/log" || complain "the launcher isn't named"
cat >"$work/lying" <<-'END'
	#!/bin/sh
	exec "$@" -fno-inline-small-functions
END
chmod +x "$work/lying"
refused 2 KS354 -- --compiler-launcher "$work/lying" fix.patch
kpatch_build --compiler-launcher 'a;b' fix.patch
[ "$status" = 1 ] || complain "a launcher with a shell's characters: exit $status"
exit $failed
