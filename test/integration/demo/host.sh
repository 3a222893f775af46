# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# T1 is x_tables, T2 is ip_tables. ip6table_filter gives x_tables something to show before
# ip_tables is there; a TEE rule switches the static key that x_tables owns.
stock_module ip6table_filter iptable_mangle xt_comment xt_TEE
file "$top/test/integration/demo/demo-verbs.sh" lib/demo-verbs.sh
program kpatch iptables-legacy ip6tables-legacy
for plugin in TEE standard; do
	file "$(find /usr/lib -name "libxt_$plugin.so" | head -n 1)" "/usr/lib/xtables/libxt_$plugin.so"
done

for n in 1 2; do
	if [ -n "${DEMO_LIVEPATCHES:-}" ]; then
		mkdir -p "$guest/livepatches"
		cp -r "$DEMO_LIVEPATCHES/hotfix_$n" "$guest/livepatches/"
	else
		livepatch "hotfix_$n" "$top/test/integration/demo/hotfix-$n.patch"
	fi
done
