#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A fresh machine lacks most of what the tests and the demonstration need. This
# installs the missing packages of some groups (see "packages" beside this file),
# as root or through sudo. If all are installed, it does nothing and needs no network.
#
# usage: install-packages.sh [--list] [GROUP…]    default: check; --list prints the names only
set -eu

table=$(dirname "$0")/packages
list=
[ "${1:-}" != --list ] || { list=1; shift; }
[ $# -gt 0 ] || set -- check

# The packages of the groups, with those of the groups that they contain.
wanted=$(awk -v wanted="$*" '
	/^\[/ {
		gsub(/[^a-z0-9 -]/, " ")
		group = $1
		known[group] = 1
		for (i = 2; i <= NF; i++)
			contains[group] = contains[group] " " $i
		next
	}
	!/^#/ && NF { packages[group] = packages[group] $1 "\n" }
	function take(name,    n, i, others) {
		if (!(name in known)) { print "install-packages: no group " name > "/dev/stderr"; exit failed = 1 }
		if (name in taken) return
		taken[name] = 1
		n = split(contains[name], others)
		for (i = 1; i <= n; i++) take(others[i])
		printf "%s", packages[name]
	}
	END { if (!failed) { n = split(wanted, groups); for (g = 1; g <= n; g++) take(groups[g]) } }' "$table")

if [ -n "$list" ]; then
	echo "$wanted"
	exit 0
fi

missing=
for package in $wanted; do
	dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
		missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=
[ "$(id -u)" = 0 ] || as_root=sudo
echo "installing:$missing"
$as_root apt-get update -q
# shellcheck disable=SC2086 # a list of words
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -q -y --no-install-recommends $missing
