# Premise: kpatch-build has built the examples of the author's guide: a header that units of vmlinux and of the
#   module unix_diag read; in one livepatch a shadow variable, a system call, static calls, an ignore mark, new
#   files, a set of BTF ids and callbacks of the module sctp; a state with all callbacks of vmlinux, and its
#   next version.
# Prevents: a guide whose examples don't work; callbacks that get lost between a unit and the loaded module, or
#   are called for the wrong object; a unit that includes a changed header but is left out.
# Fails if: an example doesn't do what it describes, before or after its module is loaded again, or anything of
#   it is left after the livepatch is disabled.

looked() { printf '%s: looks at the family of sockets' "$1"; }
shift_limit() { echo "$1" >/proc/sys/net/sctp/rwnd_update_shift; }
limit() { cat /proc/sys/fs/pipe-max-size; }

step "header: the units of vmlinux"
sockets
modprobe unix_diag
dmesg_mark
expect_ok kpatch load /livepatches/header
patched header vmlinux unix_diag
expect_ok sockets
dmesg_has "$(looked af_unix)"
dmesg_has "$(looked garbage)"

step "header: the module, and when it comes again"
dmesg_lacks "$(looked diag)"
expect_ok sockets ss -x -a
output_has author-example
dmesg_has "$(looked diag)"
rmmod unix_diag
not_loaded header__unix_diag
dmesg_mark
expect_ok sockets ss -x -a
output_has author-example
patched header unix_diag
dmesg_has "$(looked diag)"
dmesg_lacks 'taken for its own'

step "header: off"
expect_ok kpatch unload header
dmesg_mark
expect_ok sockets ss -x -a
dmesg_lacks 'family of sockets'

step "callbacks of a module: called when it comes"
dmesg_mark
eventfd sleep 1000 &
sleeper=$!
expect_ok kpatch load /livepatches/kit
patched kit vmlinux
not_loaded kit__sctp
dmesg_lacks 'limited to 8'
modprobe sctp
patched kit sctp
dmesg_has 'shift of sctp limited to 8'
expect_ok shift_limit 8
expect_fail shift_limit 9

step "shadow variable: of a new eventfd, not of an older one"
expect_ok eventfd
output_has '^\([0-9]*\) eventfd-creator: \1$'
expect_fail grep creator "/proc/$sleeper/fdinfo/3"
grep -q eventfd-count "/proc/$sleeper/fdinfo/3"
kill "$sleeper"
for _ in 1 2 3 4 5 6 7 8 9 10; do
	eventfd >/dev/null
done
eventfd sleep 1000 &
sleeper=$!
wait_until 10 grep -q "eventfd-creator: $sleeper" "/proc/$sleeper/fdinfo/3"

step "system call"
expect_fail hostname "a$(printf '\033')b"
expect_ok hostname example
expect_eq example "$(hostname)"

step "static calls: vmlinux's, and a new one that a callback has switched"
expect_ok cat /proc/uptime
output_has ' stolen=[0-9]* livepatched$'

step "ignore mark: the one change is there, the other isn't"
expect_ok cat /proc/loadavg
output_has ' of 0$'
expect_eq 444 "$(stat -c %a /proc/loadavg)"

step "new files: of vmlinux, with the kernel's own function, and of a module, with the module's variable"
expect_ok cat /proc/version
output_has '^read 1 times, among [1-9][0-9]* processes$'
cat /proc/version >/dev/null
expect_ok cat /proc/version
output_has '^read 3 times'
expect_ok cat /proc/net/sctp/snmp
output_has '^sctp has [1-9][0-9]* endpoint buckets$'

step "a new set of BTF ids: filled in, and sorted"
expect_ok cat /proc/devices
output_has '^listed: vfs_read 1 vfs_write 1 cmdline_proc_show 1 vfs_open 0$'

step "all of it off: what callbacks changed is as before"
expect_ok kpatch unload kit
expect_ok shift_limit 16
expect_fail shift_limit 17
expect_fail grep creator "/proc/$sleeper/fdinfo/3"
kill "$sleeper"
expect_ok hostname "a$(printf '\033')b"
expect_ok cat /proc/uptime
output_lacks stolen
expect_ok cat /proc/version
output_lacks '^read'
expect_ok cat /proc/net/sctp/snmp
output_lacks 'endpoint buckets'

step "callbacks alone, with a state"
echo 524288 >/proc/sys/fs/pipe-max-size
expect_ok kpatch load /livepatches/limit_1
patched limit_1 vmlinux
expect_eq 262144 "$(limit)"

step "its next version takes the state over"
expect_ok kpatch load /livepatches/limit_2
wait_until 60 not_loaded limit_1
expect_eq 131072 "$(limit)"

step "an older version of the state is refused"
expect_fail kpatch load /livepatches/limit_1
expect_eq 131072 "$(limit)"
enabled limit_2

step "what was before the first of them comes back"
expect_ok kpatch unload limit_2
expect_eq 524288 "$(limit)"
expect_ok kpatch load /livepatches/limit_2
expect_eq 131072 "$(limit)"
expect_ok kpatch unload limit_2
expect_eq 524288 "$(limit)"
