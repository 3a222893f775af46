# SPDX-License-Identifier: GPL-2.0-or-later
core
prefix=kst_name_of_4
test_module kst-dash_x kst_t1 kst_m kst_m__kst_t1
test_module ${prefix}3_characters_67890123456789_1x ${prefix}3_characters_67890123456789_1x__kst_dash_x
test_module ${prefix}4_characters_67890123456789_1xX ${prefix}5_characters_67890123456789_1xXY
