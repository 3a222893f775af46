# SPDX-License-Identifier: GPL-2.0-or-later
# The kernel trusts keys of the distribution, and those that the machine's owner told its firmware. OVMF comes with
# variables that trust a test key, whose secret half is public.
program kpatch
cmdline module.sig_enforce=1
uefi /usr/share/OVMF/OVMF_VARS_4M.snakeoil.fd
openssl rsa -in /usr/share/ovmf/PkKek-1-snakeoil.key -passin pass:snakeoil -out "$work/known.key" 2>/dev/null
cp /usr/share/ovmf/PkKek-1-snakeoil.pem "$work/known.pem"
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=nobody -keyout "$work/unknown.key" \
	-out "$work/unknown.pem" 2>/dev/null
mkdir -p "$work/a/fs/proc" "$work/b/fs/proc" "$guest/livepatches"
cp "$kernel_dir/source/fs/proc/meminfo.c" "$work/a/fs/proc/"
sed 's/VmallocTotal:   /VmallocTOTAL:   /' "$work/a/fs/proc/meminfo.c" >"$work/b/fs/proc/meminfo.c"
(cd "$work" && diff -u a/fs/proc/meminfo.c b/fs/proc/meminfo.c) >"$work/hotfix.patch" || true
for key in unknown known; do
	"$build/bin/kpatch-build" --kernel "$release" -o "$guest/livepatches/$key" --sign-key "$work/$key.key" \
		--sign-cert "$work/$key.pem" "$work/hotfix.patch"
done
# the same modules, cut where the signature begins
cp -r "$guest/livepatches/known" "$guest/livepatches/unsigned"
for ko in "$guest/livepatches/unsigned"/*.ko; do
	length=$((16#$(tail -c 32 "$ko" | head -c 4 | od -An -tx1 | tr -d ' \n')))
	truncate -s -$((40 + length)) "$ko"
done
