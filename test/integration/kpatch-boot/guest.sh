# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: kst_t1 was loaded in the initramfs. R1 patches vmlinux, T1 and T2; R2 vmlinux and T2; M T1. The test
#   does by hand what kpatch.service does, with the boot ids and command lines of other boots.
# Prevents: a livepatch that is installed but not enabled after a boot; one that crashes the machine at each
#   boot; one that is silently given up; files of a killed kpatch that obstruct the next one.
# Fails if: a livepatch that doesn't fit is installed; targets that were loaded before are not patched at boot;
#   a livepatch that failed, crashed the machine, or was enabled at three crashes soon after boot is tried again
#   without a request, or not reported; kpatch.enable=0 is ignored; or a kill at any moment leaves a state that
#   is not detected, or that the next kpatch doesn't repair.
modules=/lib/modules/$(uname -r)
installed=$modules/updates/klp-split
notes=/var/lib/klp-split/$(uname -r)

# As after a reboot with that boot id and command line; what was loaded is gone.
boot()
{
	kpatch -q unload --all
	umount /proc/sys/kernel/random/boot_id /proc/cmdline 2>/dev/null || :
	echo "$1" >/tmp/boot_id
	echo "$2" >/tmp/cmdline
	mount --bind /tmp/boot_id /proc/sys/kernel/random/boot_id
	mount --bind /tmp/cmdline /proc/cmdline
}

status() { kpatch status --json >/tmp/status || :; jq -r "$1" /tmp/status; }

consistent()
{
	expect_eq "$(uname -r)" "$(ls -A /lib/modules)" "below /lib/modules"
	for folder in "$installed"/*/; do
		[ -d "$folder" ] || continue
		name=$(basename "$folder")
		test -e "$folder/installed.json" || is_loaded "$name" || fail "left over: $folder"
		grep -q "klp-split/$name/" "$modules/modules.dep" || fail "modprobe doesn't know $folder"
	done
}

step "what doesn't fit is not installed"
expect_exit 3 kpatch load kst_m
output_has KS422
expect_exit 3 kpatch install /livepatches/bad-symbol
output_has KS429
output_has "KS222.*kst_t1_helpez"
expect_exit 1 kpatch install -k 6.1.0-none /livepatches/kst_m
output_has "KS901.*6.1.0-none"
mkdir /lib/modules/6.1.0-none
expect_exit 3 kpatch install -k 6.1.0-none /livepatches/kst_m
output_has KS403
rmdir /lib/modules/6.1.0-none
expect_fail test -e "$installed"

step "installed, not loaded; and who would load it at boot"
expect_ok kpatch install /livepatches/kst_m
output_has "kst_m is installed for $(uname -r)"
output_has KS427
not_loaded kst_m klp_split
consistent
expect_ok kpatch list
output_has "^kst_m: not loaded, installed$"
expect_exit 6 kpatch status
output_has "kst_t1  *not loaded\|kst_t1  *not patched, built for"
output_has "! kst_m: is installed and not loaded: kpatch load kst_m"
expect_ok kpatch info kst_m
output_has "kst_m, installed"
output_has "it fits this machine"
printf '#!/bin/sh\necho "$@" >>/tmp/systemctl\n[ "$2" = enable ]\n' >/usr/bin/systemctl
chmod 755 /usr/bin/systemctl
expect_ok kpatch install /livepatches/kst_m/kst_m.ko
output_has "enabled kpatch.service"
grep -q -e "--quiet enable kpatch.service" /tmp/systemctl
rm /usr/bin/systemctl

step "at boot: the target that the initramfs has loaded is patched"
loaded kst_t1
boot one ""
expect_ok kpatch load --boot
patched kst_m kst_t1
expect_eq 301 "$(cat /sys/module/kst_t1/parameters/value)"
expect_eq '"settling"' "$(jq .state "$notes/kst_m.json")"
expect_exit 2 kpatch settle kst_m
expect_ok kpatch settle
expect_fail test -e "$notes"
expect_ok kpatch status
output_has "kst_m: enabled, installed"
output_has "all is as it should be"
expect_eq "kst_m $(uname -r) true" "$(status '.livepatches[] | "\(.livepatch) \(.built_for) \(.objects[0].built_for | length == 40)"')"

step "kpatch.enable=0"
boot two "quiet kpatch.enable=0"
expect_ok kpatch load --boot
output_has "kpatch.enable=0"
not_loaded kst_m
expect_eq true "$(status .turned_off_at_boot)"

step "unloaded and loaded by name, without its folder"
mv /livepatches/kst_m /spare
expect_ok kpatch load kst_m
patched kst_m kst_t1
expect_ok kpatch unload kst_m
expect_ok test -e "$installed/kst_m/kst_m__kst_t1.ko"
mv /spare /livepatches/kst_m

step "the machine goes down while it is loaded at boot: it is left out at the next, and the one after"
boot three ""
mkdir -p "$notes"
printf '{"state": "trying", "boot_id": "three", "build_id": null, "when": "then"}' >"$notes/kst_m.json"
for id in four five; do
	boot $id ""
	expect_fail kpatch load --boot
	output_has "KS426.*kst_m"
	not_loaded kst_m
done
expect_exit 6 kpatch status
output_has "! kst_m: the machine went down while it was loaded at boot"
expect_ok kpatch load kst_m
boot six ""
expect_ok kpatch load --boot
enabled kst_m
kpatch settle

step "the machine crashes soon after it is enabled, three times: it is left out"
for id in a b c; do
	boot $id ""
	expect_ok kpatch load --boot
	enabled kst_m
done
boot d ""
expect_fail kpatch load --boot
output_has "KS430.*kst_m"
not_loaded kst_m
expect_exit 6 kpatch status
output_has "kst_m: not loaded, installed, left out at boot"
output_has "! kst_m: the machine went down soon after 3 boots with it"
expect_eq fatal "$(status '.livepatches[0].left_out.state')"
expect_ok kpatch load kst_m
expect_fail test -e "$notes"

step "it doesn't, if a shutdown ends the wait, or the time is over"
for id in e f g h; do
	boot $id ""
	expect_ok kpatch load --boot
	test -e "$notes/kst_m.json"
	if [ $id = e ]; then
		expect_ok kpatch settle --timeout 1
	else
		kpatch settle --timeout 300 &
		wait_until 20 grep -q "SigBlk:.*[1-9a-f]" /proc/$!/status
		expect_ok test -e "$notes/kst_m.json"
		kill $!
		wait $!
	fi
	expect_fail test -e "$notes"
done

step "livepatches of another kernel are named"
mkdir -p /lib/modules/6.1.0-none/updates/klp-split/kst_x
echo '{"order": 1}' >/lib/modules/6.1.0-none/updates/klp-split/kst_x/installed.json
boot i ""
expect_ok kpatch load --boot
output_has "kst_x is for kernel 6.1.0-none: not loaded on $(uname -r)"
kpatch settle
expect_ok kpatch status
output_has "^kst_x: installed for kernel 6.1.0-none$"
expect_eq kst_x "$(status '.other_kernels[].livepatch')"
rm -r /lib/modules/6.1.0-none

step "it fails at boot: left out and named, until somebody loads it; the others are loaded"
expect_exit 3 kpatch install /livepatches/kst_r2
output_has KS445
expect_ok kpatch install --drop /livepatches/kst_r2
mv "$installed/kst_m/kst_m__kst_t1.ko" /tmp/
boot seven ""
expect_fail kpatch load --boot
output_has KS406
enabled kst_r2
mv /tmp/kst_m__kst_t1.ko "$installed/kst_m/"
boot eight ""
expect_fail kpatch load --boot
output_has "KS425.*kst_m"
output_has KS406
enabled kst_r2
not_loaded kst_m
expect_eq failed "$(status '.livepatches[] | select(.livepatch == "kst_m") | .left_out.state')"
expect_ok kpatch install --drop=kst_r2 /livepatches/kst_m
boot nine ""
expect_ok kpatch load --boot
enabled kst_m
not_loaded kst_r2
expect_ok kpatch list
output_has "kst_r2: replaced by kst_m, installed"
expect_exit 6 kpatch status
output_has "! kst_r2: is installed and not enabled: kst_m has replaced it, without"

step "uninstalled while it is loaded: its files stay as long as they are needed"
expect_ok kpatch uninstall kst_m
output_has "still loaded"
rmmod kst_t1
modprobe kst_t1
patched kst_m kst_t1
expect_ok kpatch unload kst_m
expect_eq kst_r2 "$(ls "$installed")" "below $installed"
expect_ok kpatch uninstall --all
expect_fail test -e "$installed"
consistent

# killed SYSCALL COUNT ARGUMENTS…: kpatch is killed when it makes that system call for the COUNTth time
killed()
{
	call=$1
	count=$2
	shift 2
	step "killed at $call $count of: $*"
	strace -qqq -o /dev/null -e "trace=$call" -e "inject=$call:signal=KILL:when=$count" kpatch -q "$@" &&
		fail "was not killed"
	status=0
	kpatch status >/tmp/status || status=$?
	expect_eq 6 "$status" "kpatch status sees it: $(cat /tmp/status)"
}

# Whoever comes next puts it right.
put_right()
{
	expect_ok kpatch load --drop /livepatches/kst_r2
	patched kst_r2 vmlinux
	consistent
	expect_eq kst_r2 "$(ls /sys/kernel/livepatch)" livepatches
	not_loaded kst_r1 kst_r1__kst_t1
	expect_ok kpatch unload --all
	expect_ok kpatch -q uninstall --all
	expect_fail test -e "$installed"
	not_loaded klp_split
	consistent
}

killed renameat2 1 install /livepatches/kst_r1
put_right
for call in clone unlink; do
	killed $call 1 install /livepatches/kst_r1
	put_right
done
killed finit_module 2 load /livepatches/kst_r1
put_right
expect_ok kpatch load /livepatches/kst_r2
# depmod is the first program that it starts; the second process removes what was replaced
killed clone 2 load /livepatches/kst_r1
loaded kst_r2
put_right
for cut in "clone 1" "rename 2" "unlinkat 1"; do
	expect_ok kpatch load /livepatches/kst_r1
	# shellcheck disable=SC2086
	killed $cut unload kst_r1
	put_right
done

# It only waits if the transition does: somebody sleeps in a patched function.
modprobe kst_sleeper
expect_ok kpatch load /livepatches/kst_z
echo 10000 >/sys/module/kst_sleeper/parameters/sleep &
task=$!
wait_until 5 grep -q kst_z_wait "/proc/$task/stack"
killed poll 1 unload kst_z
wait $task
put_right
not_loaded kst_z kst_z__kst_sleeper
rmmod kst_sleeper

step "a leftover is seen before it is removed"
expect_ok kpatch load /livepatches/kst_r2
disable kst_r2
expect_exit 6 kpatch status
output_has "! kst_r2: is disabled or replaced, and still in memory"
rmmod kst_r2
expect_exit 6 kpatch status
output_has "! kst_r2: its files are left over"
expect_ok kpatch unload --all
expect_ok kpatch status
expect_fail test -e "$installed"
umount /proc/sys/kernel/random/boot_id /proc/cmdline
rmmod kst_t1
