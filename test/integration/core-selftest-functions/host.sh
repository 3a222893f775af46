# SPDX-License-Identifier: GPL-2.0-or-later
core
test_module kst_t3 kst_sleeper kst_pid kst_b1 kst_b1__kst_t3 kst_b1__kst_sleeper
local_modules modules
for program in getpids faulter; do
	gcc -static -O1 -Wall -Werror -o "$work/$program" "$test_dir/$program.c"
	file "$work/$program" "test/$program" 755
done
time_limit 300
# Since 6.12 four processes that never sleep, on two CPUs that QEMU emulates in turns, keep all
# others waiting for minutes; on one they take turns as they should.
[[ $release = 6.1.* ]] || cpus 1
