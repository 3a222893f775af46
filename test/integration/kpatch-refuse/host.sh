# SPDX-License-Identifier: GPL-2.0-or-later
# The core goes to /spare: one step needs it absent from where modprobe looks.
test_module kst_t1 kst_t2 kst_ipmodify
handmade kst_r1 kst_r2
program kpatch
modules=$(built_modules)
file "$modules/klp_split.ko" spare/klp_split.ko

# Copies that say something else about themselves, byte for byte as long.
altered()
{
	cp -r "$guest/livepatches/$1" "$guest/livepatches/$2"
	LC_ALL=C sed -i "$3" "$guest/livepatches/$2"/*.ko
}
altered kst_r1 other-release "s/klp_split_kernel=[0-9]/klp_split_kernel=0/"
altered kst_r1 other-kernel "s/klp_split_object=vmlinux:......../klp_split_object=vmlinux:00000000/"
altered kst_r1 other-target "s/klp_split_object=kst_t1:......../klp_split_object=kst_t1:00000000/"
altered kst_r1 bad-symbol "s/\.klp\.sym\.kst_t1\.kst_t1_helper,/.klp.sym.kst_t1.kst_t1_helpez,/g"
altered kst_r1 other-build "s/kst_r1_new_function/kst_r1_new_functiom/g"
objcopy --update-section .note.gnu.build-id=<(printf '\4\0\0\0\24\0\0\0\3\0\0\0GNU\0aaaaaaaaaaaaaaaaaaaa') \
	"$guest/livepatches/other-build/kst_r1.ko"

livepatches=$guest/livepatches
cp -r "$livepatches/kst_r1" "$livepatches/missing"
rm "$livepatches/missing/kst_r1__kst_t2.ko"
mkdir "$livepatches/mixed"
cp "$livepatches/kst_r1"/*.ko "$livepatches/mixed/"
cp "$modules/kst_r2__kst_t2.ko" "$livepatches/mixed/kst_r1__kst_t2.ko"
mkdir "$livepatches/two"
cp "$livepatches"/kst_r[12]/*.ko "$livepatches/two/"
mkdir "$livepatches/truncated"
cp "$livepatches/kst_r1"/*.ko "$livepatches/truncated/"
truncate -s -2000 "$livepatches/truncated/kst_r1__kst_t1.ko"
cp "$modules/kst_t1.ko" "$livepatches/"

# A core with another interface, and a livepatch that was built with it: the checksum of a function differs.
crc=$(modprobe --dump-modversions "$modules/kst_r1.ko" | awk '$2 == "klp_split_enable" { print substr($1, 3) }')
bytes() { sed -E 's/(..)(..)(..)(..)/\\x\4\\x\3\\x\2\\x\1/' <<<"$1"; }
mkdir "$guest/spare/other"
cp "$modules/klp_split.ko" "$guest/spare/other/"
cp -r "$livepatches/kst_r1" "$livepatches/other-core"
LC_ALL=C sed -i "s/$(bytes "$crc")/$(bytes 0badc0de)/g" "$guest/spare/other/klp_split.ko" "$livepatches/other-core/kst_r1.ko"
