# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: modprobe, which the core runs to load an object module, is missing, hangs, is slow, does nothing, or
#   has no permissions; the file is where `kpatch load` installs it, or it is not.
# Prevents: a target that waits for ever, or runs without its new code; an object module whose loading continues
#   after its modprobe was killed, and ends after the target is gone.
# Fails if: there is no second way to load, or no timeout; the load of the target continues before modprobe has
#   ended; or an object module that is loaded outside of the state LOADING links itself to its target.

sysfs=/sys/kernel/klp_split/kst_m/kst_t1
parameters=/sys/module/klp_split/parameters
object=$(modinfo -n kst_m__kst_t1)
installed=/lib/modules/$(uname -r)/updates/klp-split/kst_m
mkdir -p "$installed" /etc/modprobe.d

patched_then_gone()
{
	expect_eq 301 "$(cat /sys/module/kst_t1/parameters/value)"
	expect_eq 301 "$(cat /sys/module/kst_t1/parameters/at_init)"
	expect_eq loaded "$(cat $sysfs/state)"
	expect_eq none "$(cat $sysfs/error)"
	rmmod kst_t1
	not_loaded kst_m__kst_t1
	expect_eq idle "$(cat $sysfs/state)"
}

# refused WORD TEXT: the target is, sysfs has the word, and the log the text.
refused()
{
	failures=$(cat $sysfs/failures)
	dmesg_mark
	expect_fail modprobe kst_t1
	output_has 'Input/output error'
	dmesg_has "klp_split: kst_m: kst_t1: $2"
	not_loaded kst_t1 kst_m__kst_t1
	expect_eq idle "$(cat $sysfs/state)"
	expect_eq "$1" "$(cat $sysfs/error)"
	expect_eq $((failures + 1)) "$(cat $sysfs/failures)"
}

use() { echo "$1" >/proc/sys/kernel/modprobe; }
install_file() { cp "$object" "$installed/"; }

modprobe kst_m
wait_transition
expect_eq kst_m__kst_t1 "$(cat $sysfs/module)"

step "modprobe is missing: the file is loaded without it"
install_file
use /nowhere/modprobe
dmesg_mark
modprobe kst_t1
dmesg_has "klp_split: kst_m: kst_t1: modprobe kst_m__kst_t1 can't be run (-2); loading the file without it"
patched_then_gone

step "there is no path of modprobe: the same"
use ""
modprobe kst_t1
patched_then_gone

step "the core's own path of modprobe comes first"
echo /sbin/modprobe >$parameters/modprobe
rm -r "$installed"
modprobe kst_t1
patched_then_gone
echo /nowhere/modprobe >$parameters/modprobe
use /sbin/modprobe
refused modprobe-not-run "neither modprobe (-2) nor loading the file (-2) loaded kst_m__kst_t1"
echo >$parameters/modprobe

step "another folder for files"
use /nowhere/modprobe
mkdir -p /elsewhere/kst_m
cp "$object" /elsewhere/kst_m/
echo /elsewhere >$parameters/directory
modprobe kst_t1
patched_then_gone
head -c 3000 "$object" >/elsewhere/kst_m/kst_m__kst_t1.ko
refused modprobe-not-run "neither modprobe (-2) nor loading the file (-8) loaded kst_m__kst_t1"

# What the kernel's own loader unpacks: one format, or none (6.1, where the file doesn't exist).
unpacked=$(cat /sys/module/compression 2>/dev/null || :)
compressed=/elsewhere/kst_m/kst_m__kst_t1.ko
rm $compressed
for format in xz.xz zst.zstd gz.gzip; do
	ending=${format%.*}
	step "the file is compressed: .$ending"
	cp "/compressed/good.ko.$ending" $compressed."$ending"
	if [ "$unpacked" = "${format#*.}" ]; then
		modprobe kst_t1
		patched_then_gone
		for damage in truncated damaged; do
			cp "/compressed/$damage.ko.$ending" $compressed."$ending"
			refused modprobe-not-run "neither modprobe (-2) nor loading the file (-[0-9]*) loaded kst_m__kst_t1"
			dmesg_has "klp_split: $compressed.$ending can't be loaded (-[0-9]*): of compressed modules"
		done
	else
		refused modprobe-not-run "neither modprobe (-2) nor loading the file (-[0-9]*) loaded kst_m__kst_t1"
		dmesg_has "klp_split: $compressed.$ending can't be loaded (-[0-9]*): of compressed modules this kernel loads"
	fi
	rm $compressed."$ending"
done

step "beside one that isn't compressed: not looked at"
cp /compressed/damaged.ko.xz $compressed.xz
cp "$object" $compressed
modprobe kst_t1
patched_then_gone
rm $compressed.xz

step "modprobe's own file is compressed: it unpacks it"
use /sbin/modprobe
mv "$object" /tmp/object.ko
cp /compressed/good.ko.xz "$object.xz"
depmod
modprobe kst_t1
patched_then_gone
rm "$object.xz"
mv /tmp/object.ko "$object"
depmod
echo >$parameters/directory

step "modprobe hangs: it is killed, and the file loaded without it"
echo 2 >$parameters/modprobe_timeout
mkdir -p "$installed"
install_file
use /usr/sbin/modprobe.hang
dmesg_mark
modprobe kst_t1
dmesg_has 'klp_split: modprobe has not loaded kst_m__kst_t1 within 2 s'
dmesg_has 'klp_split: kst_m: kst_t1: modprobe kst_m__kst_t1 was killed'
patched_then_gone

step "modprobe hangs, and there is no file: refused"
rm "$installed"/*
refused modprobe-killed "neither modprobe (-110) nor loading the file (-2) loaded kst_m__kst_t1"
expect_eq "" "$(pidof modprobe.hang)"

step "modprobe hangs, is killed, and its child comes later: refused"
cp "$object" /tmp/late.ko
use /usr/sbin/modprobe.late
refused modprobe-killed "neither modprobe (-110)"
dmesg_mark
touch /tmp/go
wait_until 20 test -e /tmp/done
expect_ne 0 "$(cat /tmp/done)"
dmesg_has 'klp_split: kst_m: kst_t1: kst_m__kst_t1 loaded by hand'
not_loaded kst_m__kst_t1

step "that child is on its way when modprobe is killed: waited for, and taken"
rm /tmp/done
use /sbin/modprobe
modprobe kst_notifier name=kst_m__kst_t1 sleep=6000
use /usr/sbin/modprobe.late
dmesg_mark
modprobe kst_t1
dmesg_has 'kst_notifier: kst_m__kst_t1 is coming'
dmesg_has 'klp_split: modprobe has not loaded kst_m__kst_t1 within 2 s'
patched_then_gone
rmmod kst_notifier
echo 90 >$parameters/modprobe_timeout

step "modprobe is slow; somebody registers a module notifier meanwhile"
use /usr/sbin/modprobe.slow
modprobe kst_t1 &
wait_until 10 grep -q loading $sysfs/state
/usr/sbin/modprobe kst_notifier name=nobody
expect_eq loading "$(cat $sysfs/state)"
wait $!
patched_then_gone
rmmod kst_notifier

step "a blacklist line is for aliases; an install line decides"
use /sbin/modprobe
echo 'blacklist kst_m__kst_t1' >/etc/modprobe.d/kst.conf
modprobe kst_t1
patched_then_gone
install_file
echo 'install kst_m__kst_t1 /bb/true' >/etc/modprobe.d/kst.conf
refused modprobe-idle 'modprobe kst_m__kst_t1 did nothing; look for an install or blacklist line'
echo 'install kst_m__kst_t1 /bb/false' >/etc/modprobe.d/kst.conf
refused modprobe-failed 'modprobe kst_m__kst_t1 failed'

step "an install line that loads main again, which is in its init: bounded by the timeout"
rm "$installed"/*
disable kst_m
rmmod kst_m
modprobe kst_t1
echo "install kst_m__kst_t1 insmod $(modinfo -n kst_m); insmod $object" >/etc/modprobe.d/kst.conf
echo 2 >$parameters/modprobe_timeout
dmesg_mark
expect_fail modprobe kst_m
dmesg_has 'klp_split: kst_m: kst_t1: neither modprobe (-110)'
wait_until 20 not_loaded kst_m kst_m__kst_t1
expect_eq 0 "$(cat /sys/module/kst_t1/parameters/value)"
rmmod kst_t1
rm /etc/modprobe.d/kst.conf
echo 90 >$parameters/modprobe_timeout

step "usermode helpers have lost the right to load modules: the target is refused, and removal works"
modprobe kst_m
wait_transition
modprobe kst_t1
echo "0 0" >/proc/sys/kernel/usermodehelper/bset
echo "0 0" >/proc/sys/kernel/usermodehelper/inheritable
patched_then_gone
refused modprobe-failed 'modprobe kst_m__kst_t1 failed'

step "unless modprobe is not asked"
use ""
install_file
modprobe kst_t1
patched_then_gone
disable kst_m
rmmod kst_m
rmmod klp_split
