# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: livepatches with all callbacks, for vmlinux (in the main module) and for two targets (in object
#   modules); the targets are loaded before the livepatch, after it, unloaded, or never loaded.
# Prevents: a callback of an object module that livepatch doesn't know, or that runs twice, in the wrong order,
#   or after its code was freed.
# Fails if: the callbacks that ran are not exactly those that run with unsplit livepatches of this kind.

# callbacks LINE…: what ran since the last dmesg_mark, in this order: "patch callback object", where an
# object that is a module is followed by the module's state at that moment: "kst_t3:live".
callbacks()
{
	found=$(dmesg | tail -n "+$DMESG_FROM" | sed -n 's/.*KST: //p')
	expected=$(for line; do echo "$line"; done)
	expect_eq "$expected" "$found" "callbacks"
	dmesg_mark
}

# on PATCH OBJECT…, off PATCH OBJECT…: the lines when all of these are patched, reverted, at once.
both()
{
	first=$1
	second=$2
	patch=$3
	shift 3
	for callback in $first $second; do
		for object; do
			echo "$patch $callback $object"
		done
	done
}
on() { both pre_patch post_patch "$@"; }
off() { both pre_unpatch post_unpatch "$@"; }

# Lines as arguments.
ran()
{
	set -f
	IFS='
'
	# shellcheck disable=SC2086 # lines
	set -- $1
	unset IFS
	set +f
	callbacks "$@"
}

enable()
{
	modprobe "$@"
	wait_transition
}

unload()
{
	disable "$1"
	rmmod "$1"
	not_loaded "${1}__kst_t3" "${1}__kst_sleeper"
}

# replace_is LIVEPATCH VALUE: what livepatch shows of atomic replace; a file that came after 6.1.
replace_is()
{
	case $(uname -r) in
	6.1.*) expect_eq absent "$(klp "$1" replace)" ;;
	*)
		expect_eq "$2" "$(klp "$1" replace)"
		expect_eq 444 "$(stat -c %a "/sys/kernel/livepatch/$1/replace")"
		;;
	esac
}

mkdir -p /etc/modprobe.d
modprobe klp_split
dmesg_mark

step "the target is there before, and stays"
modprobe kst_t3
enable kst_b1
ran "$(on kst_b1 vmlinux kst_t3:live)"
unload kst_b1
ran "$(off kst_b1 vmlinux kst_t3:live)"
rmmod kst_t3

step "the target comes"
enable kst_b1
ran "$(on kst_b1 vmlinux)"
modprobe kst_t3
ran "$(on kst_b1 kst_t3:coming)"
unload kst_b1
ran "$(off kst_b1 vmlinux kst_t3:live)"
rmmod kst_t3

step "the target goes"
modprobe kst_t3
enable kst_b1
dmesg_mark
rmmod kst_t3
ran "$(off kst_b1 kst_t3:going)"
unload kst_b1
ran "$(off kst_b1 vmlinux)"

step "it comes and goes, and comes again"
enable kst_b1
dmesg_mark
modprobe kst_t3
rmmod kst_t3
modprobe kst_t3
ran "$(on kst_b1 kst_t3:coming; off kst_b1 kst_t3:going; on kst_b1 kst_t3:coming)"
rmmod kst_t3
dmesg_mark
unload kst_b1
ran "$(off kst_b1 vmlinux)"

step "it is never there"
enable kst_b1
unload kst_b1
ran "$(on kst_b1 vmlinux; off kst_b1 vmlinux)"

step "a callback of the main module refuses: nothing is left"
modprobe kst_t3
expect_fail modprobe kst_b1 pre_patch_ret=-19
output_has 'No such device'
ran "kst_b1 pre_patch vmlinux"
not_loaded kst_b1 kst_b1__kst_t3
rmmod kst_t3

step "a callback of an object module refuses the target that comes, and the rest stays"
enable kst_b1
dmesg_mark
echo 'options kst_b1__kst_t3 pre_patch_ret=-19' >/etc/modprobe.d/refuse.conf
expect_fail modprobe kst_t3
output_has 'No such device'
ran "kst_b1 pre_patch kst_t3:coming"
not_loaded kst_t3 kst_b1__kst_t3
rm /etc/modprobe.d/refuse.conf
modprobe kst_t3
ran "$(on kst_b1 kst_t3:coming)"
unload kst_b1
rmmod kst_t3

step "a callback of an object module refuses the livepatch: what had run is undone"
modprobe kst_t3
echo 'options kst_b1__kst_t3 pre_patch_ret=-19' >/etc/modprobe.d/refuse.conf
dmesg_mark
expect_fail modprobe kst_b1
ran "kst_b1 pre_patch vmlinux
kst_b1 pre_patch kst_t3:live
kst_b1 post_unpatch vmlinux"
not_loaded kst_b1 kst_b1__kst_t3
rm /etc/modprobe.d/refuse.conf
rmmod kst_t3

step "two idle targets: one is loaded all the time, the other comes and goes"
modprobe kst_sleeper
dmesg_mark
enable kst_b1
ran "$(on kst_b1 vmlinux kst_sleeper:live)"
modprobe kst_t3
ran "$(on kst_b1 kst_t3:coming)"
rmmod kst_t3
ran "$(off kst_b1 kst_t3:going)"
loaded kst_b1__kst_sleeper
unload kst_b1
ran "$(off kst_b1 vmlinux kst_sleeper:live)"

step "a busy target holds the transition; the other comes, goes, and comes again; it is reversed"
busy() { echo $((10000 * SLOW)) >/sys/module/kst_sleeper/parameters/background && sleep 1; }
busy
dmesg_mark
modprobe kst_b1
expect_eq 1 "$(klp kst_b1 transition)"
modprobe kst_t3
ran "kst_b1 pre_patch vmlinux
kst_b1 pre_patch kst_sleeper:live
kst_b1 pre_patch kst_t3:coming"
rmmod kst_t3
ran "kst_b1 post_unpatch kst_t3:going"
modprobe kst_t3
ran "kst_b1 pre_patch kst_t3:coming"
expect_eq 1 "$(klp kst_b1 transition)"
echo 0 >/sys/kernel/livepatch/kst_b1/enabled
wait_until 60 test ! -e /sys/kernel/livepatch/kst_b1
ran "kst_b1 post_unpatch vmlinux
kst_b1 post_unpatch kst_t3:live
kst_b1 post_unpatch kst_sleeper:live"
rmmod kst_b1

step "the busy target itself goes during the transition"
busy
dmesg_mark
modprobe kst_b1
rmmod kst_sleeper &
rmmod=$!
wait_until 10 grep -q '^kst_sleeper .* Unloading' /proc/modules
expect_eq 1 "$(klp kst_b1 transition)"
ran "kst_b1 pre_patch vmlinux
kst_b1 pre_patch kst_t3:live
kst_b1 pre_patch kst_sleeper:live"
wait $rmmod
wait_transition
not_loaded kst_sleeper kst_b1__kst_sleeper
# Its exit waits for the worker; whether livepatch looks at tasks once more before the exit returns is a race.
if dmesg | tail -n "+$DMESG_FROM" | grep -q 'post_patch kst_sleeper'; then
	ran "kst_b1 post_patch vmlinux
kst_b1 post_patch kst_t3:live
kst_b1 post_patch kst_sleeper:going
$(off kst_b1 kst_sleeper:going)"
else
	ran "kst_b1 post_unpatch kst_sleeper:going
kst_b1 post_patch vmlinux
kst_b1 post_patch kst_t3:live"
fi
patched kst_b1 vmlinux kst_t3
unload kst_b1
ran "$(off kst_b1 vmlinux kst_t3:live)"
rmmod kst_t3

step "two livepatches, the last goes first"
modprobe kst_t3
enable kst_b1
enable kst_b2
ran "$(on kst_b1 vmlinux kst_t3:live; on kst_b2 vmlinux kst_t3:live)"
unload kst_b2
unload kst_b1
ran "$(off kst_b2 vmlinux kst_t3:live; off kst_b1 vmlinux kst_t3:live)"

step "one that replaces three: only its own callbacks run, the others' code is gone"
enable kst_b1
enable kst_b2
enable kst_pid
ask() { sh -c ':' && cat /sys/module/kst_pid/parameters/calls; }
expect_ne 0 "$(ask)" "calls of the new getpid()"
expect_eq 3 "$(set -- /sys/kernel/livepatch/*; echo $#)" "livepatches"
replace_is kst_b1 0
dmesg_mark
enable kst_b3
ran "$(on kst_b3 vmlinux kst_t3:live)"
replace_is kst_b3 1
for livepatch in kst_b1 kst_b2 kst_pid; do
	wait_until 20 test ! -e /sys/kernel/livepatch/$livepatch
done
calls=$(ask)
expect_eq "$calls" "$(ask)" "calls of the replaced getpid()"
rmmod kst_b1 kst_b2 kst_pid
not_loaded kst_b1__kst_t3 kst_b2__kst_t3
patched kst_b3 vmlinux kst_t3
expect_eq kst_b3 "$(cat /proc/cmdline)"
expect_eq 501 "$(cat /sys/module/kst_t3/parameters/value)"
unload kst_b3
ran "$(off kst_b3 vmlinux kst_t3:live)"
expect_ne kst_b3 "$(cat /proc/cmdline)"
rmmod kst_t3
rmmod klp_split
