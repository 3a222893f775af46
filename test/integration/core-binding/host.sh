# SPDX-License-Identifier: GPL-2.0-or-later
core
test_module kst_t1 kst_kernel kst_target kst_target__kst_t1 kst_m kst_m__kst_t1 kst_main kst_main__kst_t1

# One that was never bound to its main module.
modules=$(built_modules)
id=$(readelf -n "$modules/kst_m.ko" | sed -n 's/.*Build ID: //p')
LC_ALL=C sed "s/$id/${id//?/\\x00}/" "$modules/kst_m__kst_t1.ko" >"$work/unbound.ko"
! cmp -s "$modules/kst_m__kst_t1.ko" "$work/unbound.ko" || die "kst_m__kst_t1.ko does not name $id"
file "$work/unbound.ko" unbound.ko
