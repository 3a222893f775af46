# SPDX-License-Identifier: GPL-2.0-or-later
core
for livepatch in kst_v1 kst_v2 kst_v3; do
	test_module $livepatch ${livepatch}__kst_t3
done
test_module kst_t3
