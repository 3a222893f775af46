#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A fresh machine lacks most of what the tests and the demonstration need. Says
# what is missing and installs it, as root or through sudo; does nothing, and
# needs no network, where all is there.
set -eu

list=$(dirname "$0")/packages
missing=
for package in $(awk '!/^#/ && NF { print $1 }' "$list"); do
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
