# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: one livepatch moves a function of vmlinux and one of 8021q to another file each and changes them,
#   while units that it doesn't compile call both. Another one renames a list of vmlinux, adds a secret that
#   get_random_once() fills next to an older one, and code with __LINE__. A third, for an out-of-tree module,
#   exchanges two inlined functions with static locals of one name, moves another static local to file scope,
#   changes a function that has an alias, and adds a warning.
# Prevents: callers that continue to use the old code; state of the running kernel that new code initialises
#   again, or reads from another variable of the same name; a secret that stays zero; wrong line numbers in
#   messages.
# Fails if: a caller isn't redirected, a program can't be executed, a binary format registered before or under
#   the livepatch is lost, a secret is zero or its work item doesn't hold a reference on the livepatch, the
#   older secret or a count changes, or a line number differs from the guide's.

. /lines
tracing=/sys/kernel/tracing
vlan_map() { sed -n 's/.*INGRESS priority mappings: *//p' "/proc/net/vlan/$1"; }
connect()
{
	nc -l -p 7777 >/dev/null &
	wait_until 10 grep -q ':1E61 0*:0000 0A' /proc/net/tcp6
	echo hello | nc "$1" 7777
	wait
}
# secret old|new: what the last connection printed
secret() { dmesg | sed -n "s/.*differ-kinds: $1 secret //p" | tail -n 1; }

ip link set lo up
modprobe dummy
modprobe 8021q

step "moved functions: all their callers run the new code"
expect_ok kpatch load /livepatches/moved
patched moved vmlinux 8021q
expect_eq moved-grep "$(grep '^Name:' /proc/self/status | cut -f 2)"
expect_ok cat /proc/self/stat
output_has '^[0-9]* (moved-cat) '
expect_eq moved-cat "$(cat /proc/self/comm)"
expect_eq moved-kthreadd "$(cat /proc/2/comm)"
expect_ok /usr/bin/ip link add link dummy0 name by_netlink type vlan id 5 ingress-qos-map 1:2
case $(vlan_map by_netlink) in *1:102*) ;; *) fail "netlink: $(vlan_map by_netlink)" ;; esac
expect_ok vconfig set_ingress_map by_netlink 3 4
case $(vlan_map by_netlink) in *4:103*) ;; *) fail "ioctl: $(vlan_map by_netlink)" ;; esac

step "moved functions: without the livepatch, the old code"
expect_ok kpatch unload moved
expect_eq cat "$(cat /proc/self/comm)"
expect_eq grep "$(grep '^Name:' /proc/self/status | cut -f 2)"
expect_ok vconfig set_ingress_map by_netlink 6 5
case $(vlan_map by_netlink) in *5:6*) ;; *) fail "ioctl: $(vlan_map by_netlink)" ;; esac

step "state: what the kernel has is there for the new code"
modprobe binfmt_misc
mount -t binfmt_misc none /proc/sys/fs/binfmt_misc
echo ':kinds:E::kinds::/bb/cat:' >/proc/sys/fs/binfmt_misc/register
echo 'a kinds program' >/tmp/program.kinds
chmod 755 /tmp/program.kinds
expect_eq 'a kinds program' "$(/tmp/program.kinds)"
connect 127.0.0.1
dmesg_mark
expect_ok kpatch load /livepatches/state
patched state vmlinux
expect_eq 'a kinds program' "$(/tmp/program.kinds)" "a format that was registered before"
dmesg_has 'differ-kinds: format searched'
dmesg_lacks 'differ-kinds: format registered'

step "state: secrets"
connect 127.0.0.1
old=$(secret old)
case $old in '' | 0) fail "the kernel's secret is '$old'" ;; esac
echo 1 >$tracing/events/module/enable
connect ::1
new=$(secret new)
grep -q 'module_get: state ' $tracing/trace || fail "the work of DO_ONCE() doesn't hold the livepatch"
grep -q 'module_put: state .*once_deferred' $tracing/trace || wait_until 10 grep -q 'module_put: state .*once_deferred' $tracing/trace
echo 0 >$tracing/events/module/enable
case $new in '' | 0 | "$old") fail "the new secret is '$new'" ;; esac
connect ::1
expect_eq "$new" "$(secret new)" "the new secret, used again"

step "state: a format that new code registers is there for the old code"
umount /proc/sys/fs/binfmt_misc
rmmod binfmt_misc
expect_fail /tmp/program.kinds
modprobe binfmt_misc
dmesg_has 'differ-kinds: format registered'
mount -t binfmt_misc none /proc/sys/fs/binfmt_misc
echo ':kinds:E::kinds::/bb/cat:' >/proc/sys/fs/binfmt_misc/register
expect_eq 'a kinds program' "$(/tmp/program.kinds)"
expect_eq "line $version_line" "$(tail -n 1 /proc/version)"
expect_ok kpatch unload state
expect_eq 'a kinds program' "$(/tmp/program.kinds)"
connect ::1

step "state: the livepatch once more: the kernel's secret is the same, the livepatch's own is another"
expect_ok kpatch load /livepatches/state
connect 127.0.0.1
expect_eq "$old" "$(secret old)" "the kernel's secret"
connect ::1
case $(secret new) in '' | 0 | "$new" | "$old") fail "the new secret is '$(secret new)'" ;; esac
expect_ok kpatch unload state
umount /proc/sys/fs/binfmt_misc

step "a module's static locals of one name, and an alias"
value() { cat /sys/module/kst_kinds/parameters/value; }
modprobe kst_kinds
expect_eq "1 2 10 1 2" "$(value)"
expect_ok kpatch load /livepatches/kinds
patched kinds kst_kinds
dmesg_mark
expect_eq "1003 1004 1020 3 1004" "$(value)" "all counts go on, and the alias leads to the new code"

step "lines: what was there keeps its own, new code has 10000 more"
dmesg_has "differ-kinds: old code, line $old_line\$"
dmesg_has "differ-kinds: new code, line $new_line\$"
dmesg_has "WARNING: CPU: .* at .*state\.c:$warn_line kst_line"
expect_eq 1 "$(dmesg | grep -c 'cut here')" "warnings"

step "the module goes on where it was"
expect_ok kpatch unload kinds
expect_eq "5 6 30 5 6" "$(value)"
rmmod kst_kinds
