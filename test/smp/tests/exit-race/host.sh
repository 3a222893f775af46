# SPDX-License-Identifier: GPL-2.0-or-later
core
test_module kst_leaver kst_e1 kst_e1__kst_leaver kst_e2 kst_e2__kst_leaver
cmdline "test.rounds=${EXITS:-200}"
time_limit $((300 + ${EXITS:-200} * 5))
