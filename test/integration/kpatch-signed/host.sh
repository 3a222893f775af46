# SPDX-License-Identifier: GPL-2.0-or-later
# Nobody but the distribution can sign what the stock kernel trusts: the key is one that it has never seen.
program kpatch
cmdline module.sig_enforce=1
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=nobody -keyout "$work/key" -out "$work/certificate" \
	2>/dev/null
mkdir -p "$work/a/fs/proc" "$work/b/fs/proc" "$guest/livepatches"
cp "$kernel_dir/source/fs/proc/meminfo.c" "$work/a/fs/proc/"
sed 's/VmallocTotal:   /VmallocTOTAL:   /' "$work/a/fs/proc/meminfo.c" >"$work/b/fs/proc/meminfo.c"
(cd "$work" && diff -u a/fs/proc/meminfo.c b/fs/proc/meminfo.c) >"$work/hotfix.patch" || true
"$build/bin/kpatch-build" --kernel "$release" -o "$guest/livepatches/signed" --sign-key "$work/key" \
	--sign-cert "$work/certificate" "$work/hotfix.patch"
# the same modules, cut where the signature begins
cp -r "$guest/livepatches/signed" "$guest/livepatches/unsigned"
for ko in "$guest/livepatches/unsigned"/*.ko; do
	length=$((16#$(tail -c 32 "$ko" | head -c 4 | od -An -tx1 | tr -d ' \n')))
	truncate -s -$((40 + length)) "$ko"
done
