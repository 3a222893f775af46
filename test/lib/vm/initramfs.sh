# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Makes the VM's root: busybox, kmod, the test, the wanted modules of the stock kernel.
# shellcheck disable=SC2154 # set by test/integration/run

# One tree, as on Debian: /bin, /sbin and /lib are links into /usr.
make_root()
{
	local name

	mkdir -p "$guest"/{proc,sys,dev,tmp,run,var,etc,root,bb,results,test} "$guest"/usr/{bin,sbin,lib,lib64}
	for name in bin sbin lib lib64; do
		ln -s "usr/$name" "$guest/$name"
	done
	mkdir -p "$guest/lib/modules/$release"
	file "$(command -v busybox)" usr/bin/busybox 755
	! ldd "$guest/usr/bin/busybox" >/dev/null 2>&1 || die "busybox is not static (install busybox-static)"
	# Not busybox's own shell: it prefers its applets to PATH, and its modprobe to kmod's.
	program kmod dash
	ln -s dash "$guest/usr/bin/sh"
	for name in depmod insmod lsmod modinfo modprobe rmmod; do
		ln -s ../bin/kmod "$guest/usr/sbin/$name"
	done
	file "$top/test/lib/vm/init" init 755
	file "$top/test/lib/vm/start" test/start 755
	file "$top/test/lib/vm/verbs.sh" test/verbs.sh
	cp -r -T -- "$test_dir" "$guest/test"
	file /dev/null etc/mtab
	echo 'root:x:0:0:root:/root:/bin/sh' >"$guest/etc/passwd"
}

# The unpacked packages have no modules.dep: depmod writes one into a folder of our own.
copy_stock_modules()
{
	local stock=$work/stock/lib/modules/$release from name path

	from=$("$top/test/lib/kernel.sh" modules "$kernel_dir")
	mkdir -p "$stock"
	ln -s "$from/kernel" "$stock/kernel"
	cp "$from"/modules.{order,builtin,builtin.modinfo} "$stock/"
	cp "$from"/modules.{order,builtin,builtin.modinfo} "$guest/lib/modules/$release/"
	[ ${#stock_modules[@]} -gt 0 ] || return 0
	depmod -b "$work/stock" "$release"
	for name in "${stock_modules[@]}"; do
		modprobe -d "$work/stock" -S "$release" --show-depends "$name" >"$work/depends" ||
			die "the stock kernel has no module '$name'"
		while read -r path; do
			file "$stock/$path" "lib/modules/$release/$path"
		done < <(sed -n "s|^insmod $stock/\([^ ]*\).*|\1|p" "$work/depends")
	done
}

# A warning of depmod is a livepatch module with a wrong dependency: not to be hidden.
make_initramfs()
{
	depmod -b "$guest" "$release"
	(cd "$guest" && find . | busybox cpio -o -H newc -R 0:0 2>/dev/null) >"$work/initramfs"
}
