# SPDX-License-Identifier: GPL-2.0-or-later
core
test_module kst_leaver kst_sleeper
for livepatch in kst_e1 kst_e2 kst_e3 kst_e4 kst_e5 kst_e6; do
	test_module $livepatch ${livepatch}__kst_leaver
done
test_module kst_e3__kst_sleeper kst_e4__kst_sleeper
