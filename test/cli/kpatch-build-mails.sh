#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: fixes in the forms that users have: through pipes, in archives, in mails of several encodings, in
#   mailboxes, with other folders in front of the tree; and inputs that aren't a fix, are truncated, or unpack
#   to too much data.
# Prevents: a fix that is refused because of its packaging, and one of which a part is lost.
# Fails if: other functions change than with the plain diff, or damage is ignored.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib/kpatch-build.sh
. "$(dirname "$(readlink -f "$0")")/../lib/kpatch-build.sh"

make_diff good fs/proc/version.c 's/utsname()->version);/utsname()->version + 1);/'
make_diff other fs/proc/uptime.c 's/%lu.%02lu %lu.%02lu/%lu.%02lu  %lu.%02lu/'

# found NAME FUNCTIONS [CODE…] -- ARGUMENTS…: a livepatch of this name changes these functions; warnings have these codes
found()
{
	local name=$1 functions=$2 have codes=()
	shift 2
	while [ "$1" != -- ]; do
		codes+=("$1")
		shift
	done
	shift
	kpatch_build --check "$@"
	[ "$status" = 0 ] || { complain "$*: exit status $status"; cat "$work/log"; return; }
	have=$(sed -n 's/^\(.*\) for 6.*/\1/p' "$work/log")
	[ "$have" = "$name" ] || complain "$*: the livepatch is called '$have' instead of '$name'"
	have=$(sed -n 's/^ *changed  *\([a-z_]*\) .*/\1/p' "$work/log" | sort | xargs)
	[ "$have" = "$functions" ] || complain "$*: changed: '$have' instead of '$functions'"
	have=$(grep -oE '^[^ ].*: (warning )?KS[0-9]*:' "$work/log" | grep -o 'KS[0-9]*' | xargs)
	[ "$have" = "${codes[*]}" ] || complain "$*: '$have' instead of '${codes[*]}'"
}

# mail SUBJECT [HEADER…]: a mail with the text of stdin
mail()
{
	local subject=$1
	shift
	printf 'From 0123456789abcdef Mon Sep 17 00:00:00 2001\nFrom: A <a@example.org>\nDate: Sun, 1 Mar 2026 10:00:00 +0000\n'
	printf 'Subject: %s\n' "$subject"
	[ $# = 0 ] || printf '%s\n' "$@"
	printf '\n'
	cat
	printf '\n'
}

# --- pipes: read once, named by a subject or by --name
mail '[PATCH 6.1 3/7] proc: show the version, once more and better' <good.patch >mail.patch
found proc_show_the_version_once_more version_proc_show -- - <mail.patch
found x version_proc_show -- -n x - <good.patch
found x 'uptime_proc_show version_proc_show' -- -n x <(cat good.patch) <(cat other.patch)
mkfifo pipe
cat mail.patch >pipe &
found proc_show_the_version_once_more version_proc_show -- pipe
wait $!
rm pipe
refused 1 KS340 -- --check - <good.patch
refused 2 KS322 -- --check -n x - </dev/null
refused 2 KS372 -- --check -n x - </dev/zero
kpatch_build --check -n x - - <good.patch
[ "$status" = 1 ] || complain "standard input is read twice"
# a package's time isn't that of the pipe
kpatch_build -n piped -o piped - <mail.patch
[ "$status" = 0 ] || { complain "a livepatch from a pipe: $status"; cat "$work/log"; }
described piped/piped.json
jq -e --arg sum "$(sha256sum <mail.patch | cut -d' ' -f1)" '.diffs | map({name, sha256, subject, author}) ==
	[{name: "stdin", sha256: $sum, subject: "proc: show the version, once more and better", author: "A <a@example.org>"}]' piped/piped.json >/dev/null ||
	complain "the manifest names the pipe $(jq -c .diffs piped/piped.json)"
rm -r piped

# --- archives, by their content
for program in gzip xz bzip2 zstd; do
	$program -qc good.patch >"good.patch.${program:0:2}"
done
mv good.patch.bz good.patch.bz2
mv good.patch.zs good.patch.zst
mv good.patch.gz fix-1.diff.gz
for archive in fix-1.diff.gz good.patch.xz good.patch.bz2 good.patch.zst; do
	name=${archive%%.*}
	found "${name/-/_}" version_proc_show -- "$archive"
	head -c 120 "$archive" >cut.patch
	refused 1 KS353 -- --check cut.patch
done
found stdin version_proc_show -- -n stdin - <good.patch.xz
{ cat fix-1.diff.gz; echo; } >trailing.patch.gz
refused 1 KS353 -- --check trailing.patch.gz
mkdir folder
mv good.patch.xz folder/1.patch.xz
cp other.patch folder/2.diff
found x 'uptime_proc_show version_proc_show' -- -n x folder
head -c 80M /dev/zero | gzip -c >bomb.patch.gz
refused 2 KS372 -- --check bomb.patch.gz
head -c 80M /dev/zero | xz -0c >bomb.patch
refused 2 KS372 -- --check bomb.patch
tar -cf tar.patch good.patch
refused 2 KS322 -- --check tar.patch
grep -q 'it is a tar archive' "$work/log" || complain "an archive of files isn't told: $(cat "$work/log")"
iconv -t UTF-16 good.patch >utf16.patch
refused 2 KS322 -- --check utf16.patch
grep -q 'it is UTF-16' "$work/log" || complain "UTF-16 isn't told: $(cat "$work/log")"
printf '\xef\xbb\xbf' | cat - good.patch >bom.patch
found bom version_proc_show -- bom.patch
# what is after a NUL would be lost
{ cat good.patch; printf '\0\n'; cat other.patch; } >nul.patch
refused 2 KS322 -- --check nul.patch

# --- encodings
type='Content-Type: text/plain; charset="UTF-8"'
base64 good.patch | mail '[PATCH] x' "$type" 'Content-Transfer-Encoding: base64' >base64.patch
found base64 version_proc_show -- base64.patch
sed 's/$/\r/' base64.patch >base64-crlf.patch
found base64_crlf version_proc_show -- base64-crlf.patch
sed 's/$/\r/' good.patch | base64 | mail '[PATCH] x' "$type" 'Content-Transfer-Encoding: base64' >crlf-in-base64.patch
found crlf_in_base64 version_proc_show -- crlf-in-base64.patch
sed 's/=/=3D/g; s/\t/=09/g; s/\(proc_ban\)\(ner\)/\1=\n\2/' good.patch |
	mail '[PATCH] x' "$type" 'Content-Transfer-Encoding: quoted-printable' >quoted.patch
found quoted version_proc_show -- quoted.patch
sed '/^ *$/!s/^ /  /' good.patch | mail '[PATCH] x' 'Content-Type: text/plain; format=flowed' >flowed.patch
found flowed version_proc_show -- flowed.patch
{
	printf -- 'see there\n--b\nContent-Type: text/x-patch; name="x.patch"\nContent-Disposition: attachment; filename="x.patch"\n'
	printf 'Content-Transfer-Encoding: base64\n\n'
	base64 good.patch
	printf -- '--b--\n'
} | sed '1i --b\n' | mail '[PATCH] x' 'Content-Type: multipart/mixed; boundary="b"' >attached.eml
found attached version_proc_show -- attached.eml
head -c -8 attached.eml >cut.eml
refused 2 KS373 -- --check cut.eml
sed 's/^Y/!/; 0,/^[A-Za-z0-9+]\{76\}$/s/^[A-Za-z0-9+]\{76\}$/&!/' base64.patch >damaged.patch
refused 2 KS373 -- --check damaged.patch
# a second mail after the first one is no separate mail without "From ", and isn't passed over
{ sed 1d mail.patch; sed 1d base64.patch; } >joined.patch
refused 2 KS322 -- --check joined.patch
mail '[PATCH] x' </dev/null >none.patch
refused 2 KS322 -- --check none.patch
# where lines aren't those of the file, it is said which they are
sed 's/seq_printf/seq_prinff/' good.patch | base64 | mail '[PATCH] x' 'Content-Transfer-Encoding: base64' >stale.patch
refused 2 KS323 -- --check stale.patch
grep -q '^stale.patch (decoded): KS323' "$work/log" || complain "of a decoded mail: $(cat "$work/log")"

# --- mailboxes: in the order of the series, without its cover letter and what readers say
{
	mail '[PATCH 2/2] b' <other.patch
	mail '[PATCH 0/2] all' < <(sed 's/seq_printf/other/' good.patch)
	base64 good.patch | mail '[PATCH 1/2] a' 'Content-Transfer-Encoding: base64'
} >series.mbox
found series 'uptime_proc_show version_proc_show' -- series.mbox
found a 'uptime_proc_show version_proc_show' -- - <series.mbox
make_diff again fs/proc/version.c 's/utsname()->version);/utsname()->version + 2);/'
sed -i 's/^-\(\t.*version\)/-\1 + 1/' again.patch
{ mail '[PATCH 2/3] b' <again.patch; mail '[PATCH 1/3] a' <good.patch; mail 'Re: [PATCH 1/3] a' <<<'Reviewed-by: B'; } >order.mbox
found order version_proc_show KS374 KS374 -- order.mbox
{ mail '[PATCH] a' <good.patch; mail 'Re: [PATCH] a' <other.patch; } >answer.mbox
refused 2 KS391 -- --check answer.mbox
mail '[PATCH 0/2] all' <good.patch >0000-cover-letter.patch
found mail version_proc_show -- -n mail 0000-cover-letter.patch good.patch
refused 2 KS322 -- --check 0000-cover-letter.patch
# lines are those of the mailbox
{ mail '[PATCH 1/2] a' <good.patch; sed 's/seq_printf/seq_prinff/' other.patch | mail '[PATCH 2/2] b'; } >lines.mbox
refused 2 KS323 -- --check lines.mbox
line=$(grep -n '^@@' lines.mbox | tail -1 | cut -d: -f1)
grep -q "the hunk in line $line doesn't fit fs/proc/uptime.c:" "$work/log" || complain "line $line: $(cat "$work/log")"

# --- what is given twice
refused 2 KS329 -- --check -n x good.patch fix-1.diff.gz
{ cat good.patch other.patch; } >both.patch
refused 2 KS329 -- --check good.patch other.patch both.patch
{ cat good.patch good.patch; } >itself.patch
refused 2 KS329 -- --check itself.patch
# one of its hunks is made by the earlier diff, the other doesn't fit
{ cat good.patch; sed 's/seq_printf/seq_prinff/' other.patch; } >half.patch
refused 2 KS323 -- --check good.patch half.patch
grep -q 'an earlier diff has made the hunk in line 3, of fs/proc/version.c' "$work/log" || complain "$(cat "$work/log")"

# --- what doesn't fit is shown
grep -q "expected: .*seq_prinff" "$work/log" || complain "the line that differs isn't shown: $(cat "$work/log")"
grep -q "found: .*seq_printf" "$work/log" || complain "the line of the kernel isn't shown: $(cat "$work/log")"
sed 's/^ \t/ /' good.patch >blanks.patch
refused 2 KS323 -- --check blanks.patch
grep -q 'only blanks differ' "$work/log" || complain "lost tabs: $(cat "$work/log")"
sed 's|fs/proc/version.c|fs/proc/none.c|' good.patch >absent.patch
refused 2 KS323 -- --check absent.patch
grep -q 'there is no fs/proc/none.c' "$work/log" || complain "a file that isn't there: $(cat "$work/log")"

# --- where the tree begins
for prefix in linux-6.1/a linux-6.1.orig/. ./. kernel home/me/src/linux /usr/src/linux ../../x /tmp/kernel//; do
	sed "s|^\\([-+]* \\)[ab]/|\\1$prefix/|" good.patch >prefix.patch
	found prefix version_proc_show -- prefix.patch
done
{ sed 's|^\([-+]* \)[ab]/|\1linux/a/|' good.patch; sed 's|^\([-+]* \)[ab]/|\1|' other.patch; } >depths.patch
found depths 'uptime_proc_show version_proc_show' -- depths.patch
sed 's|^\([-+]* \)[ab]/fs/|\1fs/../../etc/|' good.patch >up.patch
refused 2 KS324 -- --check up.patch
exit "$failed"
