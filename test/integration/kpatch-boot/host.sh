# SPDX-License-Identifier: GPL-2.0-or-later
# The first init loads a target, as an initramfs does.
core
test_module kst_t1 kst_t2 kst_sleeper
handmade kst_r1 kst_r2 kst_m kst_z
program kpatch jq strace
file "$test_dir/first-init" first-init 755
cmdline rdinit=/first-init
time_limit 400

# A copy whose symbols are others, byte for byte as long.
cp -r "$guest/livepatches/kst_r1" "$guest/livepatches/bad-symbol"
LC_ALL=C sed -i "s/\.klp\.sym\.kst_t1\.kst_t1_helper,/.klp.sym.kst_t1.kst_t1_helpez,/g" \
	"$guest/livepatches/bad-symbol"/*.ko

# One that the core has to refuse; another test's.
rm "$guest/livepatches/kst_m/kst_m__kst_t2.ko"
