# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154 # set by test/integration/run
vmlinux=$kernel_dir/root/usr/lib/debug/boot/vmlinux-$release
gcc -std=gnu11 -D_GNU_SOURCE -I"$top" -o "$work/positions" "$test_dir/positions.c" \
	"$build/lib.a" -lelf -ldw -ljansson
nm "$vmlinux" | awk '{ print $NF }' | sort -u | "$work/positions" "$vmlinux" vmlinux >"$work/all"
[ "$(wc -l <"$work/all")" -gt 500 ] || die "vmlinux has hardly any name twice: $(wc -l <"$work/all")"
cut -d' ' -f1-3 "$work/all" >"$work/expected"
file "$work/expected" expected

# The same of modules with many such names.
stock_module cifs nfsv4
for large in cifs nfsv4; do
	shipped=$(find "$("$top/test/lib/kernel.sh" modules "$kernel_dir")/kernel" -name "$large.ko*")
	case $shipped in
	*.xz) xz -dc "$shipped" >"$work/$large.ko" ;;
	*) cp "$shipped" "$work/$large.ko" ;;
	esac
	nm "$work/$large.ko" | awk '{ print $NF }' | sort -u | "$work/positions" "$work/$large.ko" "$large" >"$work/$large"
	[ "$(wc -l <"$work/$large")" -gt 30 ] || die "$large has hardly any name twice"
	file "$work/$large" "modules/$large"
done

# Functions at a second or later position, some of each; a relocation takes the kernel a while.
mkdir -p "$work/twins"
cp "$test_dir"/modules/* "$top/kmod/klp_split.h" "$work/twins"
awk '$3 > 1 && $4 == 2 && $2 !~ /[^a-zA-Z0-9_]/' "$work/all" | sort -k3,3rn -k2,2 | awk '!seen[$2]++' |
	awk 'NR % 12 == 1' | head -n 15 |
	awk '{ printf "ASK(ref_%d, \"%s\", %d)\n", NR, $2, $3; print $1, $2, $3 >answers }' \
		answers="$work/answers" >"$work/twins/refs.h"
file "$work/answers" answers
cc=$(sed -n 's/^CONFIG_CC_VERSION_TEXT="*\([^ "]*\).*/\1/p' "$kernel_dir/build/include/config/auto.conf")
make -s -C "$kernel_dir/build" CC="$cc" M="$work/twins" KBUILD_MODPOST_WARN=1 modules \
	>"$work/modules.log" 2>&1 || { cat "$work/modules.log" >&2; die "can't build the modules"; }
"$build/bin/klp-relocs" convert -s "$kernel_dir/build/Module.symvers" "$work/twins/asker.ko" ||
	die "can't convert the module"
# What verify has to say of it: positions of vmlinux are right; one of twins moves with init. (The
# module keeps addresses and calls none of them: KS233 is right with IBT, and not what is tested.)
"$build/bin/klp-relocs" verify --json -s "$kernel_dir/build/Module.symvers" -b vmlinux="$vmlinux" \
	-t "$work/twins/twins.ko" "$work/twins/asker.ko" >"$work/verdict" || true
[ "$(jq -r '[.problems[].code] - ["KS233"] | unique | join(" ")' "$work/verdict")" = KS229 ] ||
	{ cat "$work/verdict" >&2; die "verify judges otherwise"; }
jq -r '.problems[] | select(.code == "KS229").message' "$work/verdict" | grep -qxF "'.klp.sym.twins.twin,2'" || die "verify means another symbol"
module "$work/twins/twins.ko" "$work/twins/asker.ko"
cmdline nokaslr
