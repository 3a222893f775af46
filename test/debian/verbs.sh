# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The verbs of scripts in this VM, in addition to those of ../lib/vm/verbs.sh.

# no terminal, no questions; a package's own words are shown only if something fails
apt()
{
	if ! apt-get -q -y -o Dpkg::Use-Pty=0 "$@" >/tmp/apt 2>&1; then
		cat /tmp/apt
		fail "apt-get $*"
	fi
}

# fixed N, not_fixed: what the code does. zram's object module is only there while zram is.
fixed()
{
	grep -q "^VmallocTotal$1:" /proc/meminfo || fail "meminfo lacks what version $1 adds: $(grep VmallocTotal /proc/meminfo)"
	expect_eq "0 fixed by $1" "$(cat /sys/block/zram0/disksize)" "zram's disksize"
	patched "fix_$1" vmlinux zram
}

not_fixed()
{
	grep -q '^VmallocTotal: ' /proc/meminfo || fail "meminfo has: $(grep VmallocTotal /proc/meminfo)"
	expect_eq 0 "$(cat /sys/block/zram0/disksize)" "zram's disksize"
	not_loaded fix_1 fix_2 fix_1__zram fix_2__zram
}

has_extra() { grep -q '^livepatched Linux' /proc/version || fail "/proc/version: $(cat /proc/version)"; }
has_no_extra() { grep -q '^Linux' /proc/version || fail "/proc/version: $(cat /proc/version)"; }

# status_is CODE: of kpatch status, whose words are then in $OUTPUT
status_is() { expect_exit "$1" kpatch status; }

# All that packages may leave behind, but for what apt, dpkg and the journal know of themselves.
files_of_system()
{
	find / -xdev \( -path /tmp -o -path /var/tmp -o -path /var/log -o -path /var/cache -o -path /var/lib/apt -o \
		-path /var/lib/dpkg -o -path /root \) -prune -o -printf '%p %y %m %u:%g %l\n' | sort
	find /etc /lib/modules/ /var/lib/systemd -type f ! -name random-seed -print0 | sort -z | xargs -0 sha256sum
	dpkg-query -W
	sort /etc/passwd /etc/group
}

# Check that kpatch status reports the real state.
truthful()
{
	local code=0 name

	kpatch status >/tmp/status || code=$?
	[ $code = 0 ] || [ $code = 6 ] || fail "kpatch status: exit $code"
	grep '^!' /tmp/status || :
	expect_eq $((code == 6)) "$(grep -q '^!' /tmp/status && echo 1 || echo 0)" "troubles"
	for name in fix_1 fix_2; do
		if grep -q "^$name: enabled" /tmp/status; then
			fixed "${name#fix_}"
		else
			not_enabled $name
			! grep -q "^VmallocTotal${name#fix_}:" /proc/meminfo || fail "$name is enabled, and not shown"
		fi
	done
}

# What the packages' scripts note for themselves is there as a whole, or not at all.
notes_are_whole()
{
	local note

	for note in /var/lib/klp-split/packages/*"$(uname -r)"; do
		[ ! -e "$note" ] || expect_eq "" "$(grep -av -x 'fix_[0-9]' "$note" | od -An -c | head -n 3)" "$note"
	done
}

# consistent VERSION: what dpkg has is what is enabled, now and at the next boot; 0: either of them or none.
consistent()
{
	local installed folder

	folder=/lib/modules/$(uname -r)/updates/klp-split
	truthful
	installed=$(dpkg-query -W -f '${db:Status-Abbrev} ${Version}' "livepatch-fix-$(uname -r)" 2>/dev/null | sed -n 's/^ii *//p')
	case $installed in
	'')
		not_fixed
		[ ! -e "$folder" ] || fail "left over: $(ls "$folder")"
		;;
	*)
		fixed "$installed"
		expect_eq "fix_$installed" "$(ls "$folder")" "below $folder"
		status_is 0
		systemctl -q is-enabled kpatch.service
		;;
	esac
	[ "$1" = 0 ] || [ -n "$installed" ] || fail "no livepatch is installed any more"
	expect_eq "" "$(find /lib/modules -maxdepth 1 -name '.*')" "hidden, below /lib/modules"
}
