# SPDX-License-Identifier: GPL-2.0-or-later
core
test_module kst_t1 kst_m kst_m__kst_t1 kst_silent kst_silent__kst_t1 kst_nosym kst_nosym__kst_t1 \
	kst_huge kst_huge__kst_t1 kst_nofunc kst_nofunc__kst_t1
allow_log 'kst_huge__kst_t1|modprobe: vmalloc|Call Trace:' "an allocation that can't succeed"

# Less memory than kst_huge wants: the debug kernel gets more than twice of what is said.
[[ $release != *-debug-* ]] || memory 256M

good=$(built_modules)/kst_m__kst_t1.ko
LC_ALL=C sed 's/\(vermagic=[^ ]*\) SMP/\1 XMP/' "$good" >"$work/vermagic.ko"
file "$work/vermagic.ko" broken/vermagic.ko

strip --strip-all -o "$work/stripped.ko" "$good"
file "$work/stripped.ko" broken/stripped.ko

# struct module_signature, include/linux/module_signature.h: the last 4 of its 12 bytes are the
# signature's size; a line of 28 bytes marks the end of the file.
# The debug kernel has neither such modules nor an eye for signatures.
stock=$("$top/test/lib/kernel.sh" modules "$kernel_dir")/kernel/net/netfilter/x_tables.ko
if [ -e "$stock.xz" ]; then
	xz -dc "$stock.xz" >"$work/stock.ko"
	stock=$work/stock.ko
fi
[ -e "$stock" ] || return 0
size=$((16#$(tail -c 32 "$stock" | head -c 4 | od -A n -t x1 | tr -d ' \n') + 40))
{ cat "$good"; tail -c $size "$stock"; } >"$work/signed.ko"
tail -c 28 "$work/signed.ko" | grep -q '^~Module signature appended~$' || die "$stock is not signed"
file "$work/signed.ko" broken/signed.ko
