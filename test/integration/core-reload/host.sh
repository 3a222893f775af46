# SPDX-License-Identifier: GPL-2.0-or-later
core
test_module kst_t1 kst_m kst_m__kst_t1
cmdline "test.rounds=${ROUNDS:-50}"
time_limit $((240 + ${ROUNDS:-50} * 3))
