# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# IDENTITY=N replaces at least N functions: as many units of the list as that takes, from its top or
# from the unit IDENTITY_FROM on.
functions=${IDENTITY:-150}
from=${IDENTITY_FROM:-}

# A line that begins with '{' opens a function; of those a part is inlined, init or notrace.
choose_units()
{
	local unit rest sum=0

	while IFS=$'\t' read -r unit rest; do
		[[ $unit && $unit != \#* ]] || continue
		[[ -z $from || $unit = "$from" ]] || continue
		from=
		# numbers that the boot writes into the code: refused (KS130)
		! grep -q runtime_const_shift "$kernel_dir/source/$unit" || continue
		((sum * 5 < functions * 8)) || break
		sum=$((sum + $(grep -c '^{' "$kernel_dir/source/$unit")))
		echo "$unit"
	done <"$test_dir/units"
}

. "$top/test/lib/units.sh"
mapfile -t units < <(choose_units)
mkdir -p "$build/identity"
patch=$build/identity/${IDENTITY_FROM:+${IDENTITY_FROM//\//-}-}$functions.patch
comment_diff last "${units[@]}" >"$patch"
livepatch identity --assume-changed '*' -j1 "$patch"
echo "$functions" >"$guest/functions"

# What the livepatch is for, and what the workload uses.
stock_module overlay iptable_filter iptable_mangle ip6table_filter xt_conntrack xt_LOG xt_tcpudp xt_limit \
	nf_conntrack_netlink fuse loop dummy veth
core
gcc -static -pthread -O1 -Wall -Werror -o "$work/faults" "$test_dir/faults.c"
file "$work/faults" test/faults 755
program kpatch iptables-legacy jq ipcmk ipcrm
for plugin in conntrack standard tcp LOG limit; do
	file "$(find /usr/lib -name "libxt_$plugin.so" | head -n 1)" "/usr/lib/xtables/libxt_$plugin.so"
done
memory 1G
# Many places patched at one time are too many for the emulator's threads; taking turns takes time.
time_limit $((functions > 300 ? 3 * functions : 200 + functions))
