# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
core
test_module kst_t1 kst_notifier kst_m kst_m__kst_t1
file "$test_dir/modprobe.hang" usr/sbin/modprobe.hang 755
file "$test_dir/modprobe.late" usr/sbin/modprobe.late 755
file "$test_dir/modprobe.slow" usr/sbin/modprobe.slow 755

# As a packager would leave it, and as a disk might. "damaged" has one byte in its middle turned over.
plain=$(built_modules)/kst_m__kst_t1.ko
turned_over()
{
	local at=$(($(stat -c %s "$1") / 2)) byte

	byte=$(od -A n -t u1 -j $at -N 1 "$1")
	cp "$1" "$2"
	printf "\\x$(printf %x $((byte ^ 255)))" | dd of="$2" bs=1 seek=$at conv=notrunc status=none
}
for format in 'xz --check=crc32' 'zstd -q' gzip; do
	case $format in xz*) ending=xz ;; zstd*) ending=zst ;; gzip) ending=gz ;; esac
	good=$work/good.ko.$ending
	$format -c "$plain" >"$good"
	head -c 3000 "$good" >"$work/truncated.ko.$ending"
	turned_over "$good" "$work/damaged.ko.$ending"
	for kind in good truncated damaged; do
		file "$work/$kind.ko.$ending" "compressed/$kind.ko.$ending"
	done
done
