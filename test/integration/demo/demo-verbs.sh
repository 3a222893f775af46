# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# What the demonstration and the tests of its single steps say in the VM.
export XTABLES_LIBDIR=/usr/lib/xtables

# See it, and have it compared.
show()
{
	expected=$1
	shift
	found=$("$@")
	printf '   $ %s\n%s\n' "$*" "$found" | sed '2,$s/^/     /'
	expect_eq "$expected" "$found" "$*"
}

# A table is there, and listed, when somebody first uses it.
load_ip6table_filter()
{
	modprobe ip6table_filter
	ip6tables-legacy -t filter -S >/dev/null
}

livepatch_modules()
{
	awk '$1 ~ /^hotfix/ { print $1 }' /proc/modules | sort | tr '\n' ' '
}

second_line_of_version()
{
	sed -n 2p /proc/version
}

# Its last word is the process that was started last; the rest changes too.
loadavg_ends_in_hotfix()
{
	grep -c 'hotfix-1$' /proc/loadavg || true
}
