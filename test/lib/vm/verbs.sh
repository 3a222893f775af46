# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# The verbs of a guest.sh. Each verb either holds or ends the test with what was
# expected and what was found; ../../integration/README.md lists them.
# shellcheck disable=SC2034 # STEP is shown by start

STEP="start"
OUTPUT=/tmp/output

# Also written to the kernel's log, to show what the kernel was doing when it complained.
step()
{
	STEP=$*
	echo "== $*"
	echo "<6>klp-test: $*" >/dev/kmsg
}

fail()
{
	echo "FAIL: $*"
	exit 1
}

expect_eq()
{
	[ "$1" = "$2" ] || fail "${3:-value}: expected '$1', found '$2'"
}

expect_ne()
{
	[ "$1" != "$2" ] || fail "${3:-value}: is '$1', should have changed"
}

# Run a command; its output goes to $OUTPUT and is shown if the outcome isn't the expected one.
expect_ok()
{
	if ! "$@" >"$OUTPUT" 2>&1; then
		cat "$OUTPUT"
		fail "should have succeeded: $*"
	fi
}

expect_fail()
{
	if "$@" >"$OUTPUT" 2>&1; then
		cat "$OUTPUT"
		fail "should have failed: $*"
	fi
}

# expect_exit CODE COMMAND…
expect_exit()
{
	expected=$1
	found=0
	shift
	"$@" >"$OUTPUT" 2>&1 || found=$?
	if [ "$found" != "$expected" ]; then
		cat "$OUTPUT"
		fail "exit code: expected $expected, found $found: $*"
	fi
}

# What the last expect_ok, expect_fail or expect_exit printed.
output_has()
{
	grep -q -e "$1" "$OUTPUT" || { cat "$OUTPUT"; fail "output lacks: $1"; }
}

output_lacks()
{
	if grep -q -e "$1" "$OUTPUT"; then
		cat "$OUTPUT"
		fail "output should not have: $1"
	fi
}

# The kernel's names have '_' where files may have '-'.
kernel_name()
{
	echo "$1" | tr - _
}

is_loaded()
{
	grep -q "^$(kernel_name "$1") " /proc/modules
}

loaded()
{
	for module; do
		is_loaded "$module" || fail "module is not loaded: $module"
	done
}

not_loaded()
{
	for module; do
		! is_loaded "$module" || fail "module is loaded: $module"
	done
}

# Prints a module's reference count.
use_count()
{
	loaded "$1"
	cat "/sys/module/$(kernel_name "$1")/refcnt"
}

# Prints who holds a module, as /proc/modules names them: "a,b," or "-".
used_by()
{
	loaded "$1"
	awk -v m="$(kernel_name "$1")" '$1 == m { print $4 }' /proc/modules
}

# How much slower than a stock kernel: a test has to hold a window open for that much longer.
case $(uname -r) in
*-debug-*) SLOW=3 ;;
*) SLOW=1 ;;
esac
! grep -q -w test.parallel /proc/cmdline || SLOW=$((SLOW * 2))

# wait_until SECONDS COMMAND…: until the command succeeds; other verbs are fine as commands.
wait_until()
{
	tenths=$(($1 * 10 * SLOW))
	shift
	while ! ("$@") >/dev/null 2>&1; do
		tenths=$((tenths - 1))
		[ $tenths -gt 0 ] || fail "did not happen in time: $*"
		sleep 0.1
	done
}

no_transition()
{
	for livepatch in /sys/kernel/livepatch/*/transition; do
		[ "$(cat "$livepatch" 2>/dev/null || echo 0)" = 0 ] || return 1
	done
}

# wait_transition [SECONDS]: until no livepatch is in transition.
wait_transition()
{
	wait_until "${1:-60}" no_transition
}

klp()
{
	cat "/sys/kernel/livepatch/$(kernel_name "$1")/$2" 2>/dev/null || echo absent
}

# enabled P, not_enabled P: the livepatch as a whole. The second also holds if it is not there.
enabled()
{
	expect_eq 1 "$(klp "$1" enabled)" "livepatch $1: enabled"
}

not_enabled()
{
	expect_ne 1 "$(klp "$1" enabled)" "livepatch $1: enabled"
}

# patched P OBJECT…, not_patched P OBJECT…: is the object's code replaced?
patched()
{
	livepatch=$1
	shift
	enabled "$livepatch"
	for object; do
		expect_eq 1 "$(klp "$livepatch" "$(kernel_name "$object")/patched")" \
			"livepatch $livepatch: $object/patched"
	done
}

not_patched()
{
	livepatch=$1
	shift
	for object; do
		expect_ne 1 "$(klp "$livepatch" "$(kernel_name "$object")/patched")" \
			"livepatch $livepatch: $object/patched"
	done
}

# Turn off a livepatch through sysfs and remove its module.
disable()
{
	echo 0 >"/sys/kernel/livepatch/$(kernel_name "$1")/enabled"
	wait_until "${2:-60}" test ! -e "/sys/kernel/livepatch/$(kernel_name "$1")"
}

# A livepatch that livepatch has released: its sysfs folder, or its transition, ends a moment before
# its module is unused (klp_free_patch_finish() puts the module last).
let_go_of()
{
	# (the core is marked as livepatch too)
	[ "$1" != klp_split ] && [ ! -e "/sys/kernel/livepatch/$1" ] || return 1
	awk -v m="$1" '$1 == m { found = $3 > 0 && $5 == "Live" && $NF ~ /K/ } END { exit !found }' /proc/modules
}

# rmmod [OPTION…] MODULE: of a livepatch, after livepatch has put it, or two seconds later. A test
# that kills what it started in the background starts /usr/sbin/rmmod.
rmmod()
(
	for module; do :; done
	module=$(kernel_name "$module")
	tries=20
	while [ $tries -gt 0 ] && let_go_of "$module"; do
		tries=$((tries - 1))
		sleep 0.1
	done
	exec /usr/sbin/rmmod "$@"
)

# The kernel's log since the last dmesg_mark (or boot).
DMESG_FROM=1
dmesg_mark()
{
	DMESG_FROM=$(($(dmesg | wc -l) + 1))
}

dmesg_has()
{
	dmesg | tail -n "+$DMESG_FROM" | grep -v klp-test: | grep -q -e "$1" ||
		fail "the kernel's log lacks: $1"
}

dmesg_lacks()
{
	if dmesg | tail -n "+$DMESG_FROM" | grep -v klp-test: | grep -e "$1"; then
		fail "the kernel's log should not have: $1"
	fi
}

# save NAME: standard input, as a file of the results.
save()
{
	cat >"/results/$1"
}
