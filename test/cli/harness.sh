#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: one test for each way to fail, below harness/, each with the complaint that is expected of it.
# Prevents: a harness that lets bad tests pass, so that no test proves anything.
# Fails if: a failure is not detected, or reported with another reason, or a VM or its files are left.
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
run=$here/../integration/run
build=$(readlink -f "$here/../../build")
failed=0
output=$(mktemp)
trap 'rm -f "$output"' EXIT

complain()
{
	echo "FAIL: $*"
	failed=1
}

for test in "$here"/harness/*/; do
	name=$(basename "$test")
	status=0
	"$run" "$test" >"$output" 2>&1 || status=$?
	if [ $status != 1 ] || ! grep -q -e "$(cat "$test/expected")" "$output"; then
		complain "$name: exit $status, and no complaint like: $(cat "$test/expected")"
		sed 's/^/    /' "$output"
	else
		echo "caught: $name: $(grep -e "$(cat "$test/expected")" "$output" | head -n 1)"
	fi
	[ -s "$build/test-logs/$name/kernel.log" ] || complain "$name: the kernel's log was not kept"
	! compgen -G "$build/integration/$name.*" >/dev/null || complain "$name: its work folder was left"
done

echo "no premise" >"$output.sh"
mkdir "$output.d" && mv "$output.sh" "$output.d/guest.sh"
status=0
"$run" "$output.d" >"$output" 2>&1 || status=$?
if [ $status != 2 ] || ! grep -q Premise "$output"; then
	complain "a test without its premise was run"
fi
rm -r "$output.d"

# An emulator that dies is started a second time, and not a third.
mkdir "$output.d"
cat >"$output.d/qemu-system-x86_64" <<'END'
#!/bin/bash
echo start >>"$0.starts"
[ -n "$ALWAYS" ] || [ "$(wc -l <"$0.starts")" -gt 1 ] || kill -SEGV $$
[ -z "$ALWAYS" ] || kill -KILL $$
PATH=${PATH#*:} exec qemu-system-x86_64 "$@"
END
chmod +x "$output.d/qemu-system-x86_64"
ALWAYS='' PATH=$output.d:$PATH "$run" smoke >"$output" 2>&1 ||
	complain "QEMU died once: the test has not passed: $(tail -n 3 "$output")"
grep -q 'QEMU ended with 139.*once more' "$output" || complain "QEMU died once: nobody is told"
rm "$output.d/qemu-system-x86_64.starts"
status=0
ALWAYS=1 PATH=$output.d:$PATH "$run" smoke >"$output" 2>&1 || status=$?
[ $status = 1 ] || complain "QEMU died twice: exit $status"
[ "$(wc -l <"$output.d/qemu-system-x86_64.starts")" = 2 ] || complain "QEMU died twice: it was not started twice"
grep -q '^QEMU ended with 137' "$output" || complain "QEMU was killed: not said so"
rm -r "$output.d"

# Interrupted, it takes its VM with it.
"$run" "$here/harness/hangs" >"$output" 2>&1 &
runner=$!
for _ in $(seq 100); do
	! pgrep -P "$runner" -x timeout >/dev/null || break
	sleep 0.2
done
sleep 1
vm=$(pgrep -P "$(pgrep -P "$runner" -x timeout)" || true)
if [ -z "$vm" ]; then
	complain "interrupt: no VM was started"
	exit 1
fi
kill "$runner"
wait "$runner" || true
for _ in $(seq 50); do
	kill -0 "$vm" 2>/dev/null || break
	sleep 0.1
done
! kill -0 "$vm" 2>/dev/null || complain "interrupt: the VM is still running"
! compgen -G "$build/integration/hangs.*" >/dev/null || complain "interrupt: the work folder was left"

exit $failed
