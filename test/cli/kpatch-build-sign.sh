#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a key and its certificate, another pair, a file that is neither, a kernel without signatures.
# Prevents: modules that a kernel with enforced signatures refuses only when they are loaded; a set of modules
#   of which only some are signed; a signature that makes two builds differ.
# Fails if: openssl doesn't verify the signature of each module; a module without its signature isn't the
#   unsigned one; a wrong key or certificate gives an output.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib/kpatch-build.sh
. "$(dirname "$(readlink -f "$0")")/../lib/kpatch-build.sh"

make_diff good fs/proc/meminfo.c 's/VmallocTotal:   /VmallocTOTAL:   /' \
	net/netfilter/x_tables.c 's/cond_resched();/cond_resched(); cond_resched();/'
for pair in right wrong; do
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$pair" -keyout "$work/$pair.key" \
		-out "$work/$pair.crt" 2>"$work/log" || { complain "openssl"; cat "$work/log"; exit 1; }
done

refused 1 KS932 -- --sign-key "$work/none.key" --sign-cert "$work/right.crt" good.patch
refused 1 KS932 -- --sign-key "$work/wrong.key" --sign-cert "$work/right.crt" good.patch
refused 1 -- --sign-key "$work/right.key" good.patch # usage
private_cache unsigned
own_file root "usr/src/linux-headers-$release/.config"
sed -i '/^CONFIG_MODULE_SIG_HASH/d' "$own/root/usr/src/linux-headers-$release/.config"
refused 1 KS933 -- --sign-key "$work/right.key" --sign-cert "$work/right.crt" good.patch
unset XDG_CACHE_HOME

# take_apart KO: what was signed, and the signature, by the trailer that the kernel reads: struct module_signature
# (12 bytes, the length big-endian at its end) and 28 bytes of text
take_apart()
{
	local size length
	[ "$(tail -c 28 "$1")" = '~Module signature appended~' ] || { complain "$1 isn't signed"; return; }
	size=$(stat -c %s "$1")
	length=$((16#$(tail -c 32 "$1" | head -c 4 | od -An -tx1 | tr -d ' \n')))
	head -c $((size - 40 - length)) "$1" >"$work/content"
	tail -c $((40 + length)) "$1" | head -c "$length" >"$work/signature"
}

kpatch_build -o plain good.patch
[ "$status" = 0 ] || { complain "unsigned: $status"; cat "$work/log"; exit 1; }
kpatch_build -o signed --sign-hash sha512 --sign-key "$work/right.key" --sign-cert "$work/right.crt" good.patch
[ "$status" = 0 ] || { complain "signed: $status"; cat "$work/log"; exit 1; }
for ko in plain/*.ko; do
	ko=$(basename "$ko")
	take_apart "signed/$ko"
	cmp "$work/content" "plain/$ko" || complain "$ko is another module than the unsigned one"
	for pair in right wrong; do
		verified=
		openssl cms -verify -binary -inform DER -in "$work/signature" -content "$work/content" -nointern \
			-noverify -certfile "$work/$pair.crt" -out "$work/out" 2>"$work/log" && verified=yes
		[ "$pair${verified:+ $verified}" = "right yes" ] || [ "$pair$verified" = wrong ] ||
			{ complain "$ko, certificate $pair: verified: ${verified:-no}"; cat "$work/log"; }
	done
	openssl cms -cmsout -print -inform DER -in "$work/signature" | grep -q 'algorithm: sha512' || complain "another hash"
done
jq -e --arg sum "$(sha256sum <"$work/right.crt" | cut -d' ' -f1)" \
	'.signature == {hash: "sha512", certificate_sha256: $sum}' signed/good.json >"$work/log" || complain "the manifest"
described signed/good.json
exit $failed
