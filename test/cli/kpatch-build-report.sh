#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: diffs with markup in their text and in their name, a changed inline function, a new variable, a file
#   of documentation.
# Prevents: a report that lacks facts which an approver needs, that loads or runs anything, or has broken links;
#   markup of a diff in the page; events that a program can't read; a check that builds modules.
# Fails if: one of the facts is missing in the page, the manifest or the text; a link has no target; a tag is
#   from the diff; a line of --json=events isn't JSON.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib/kpatch-build.sh
. "$(dirname "$(readlink -f "$0")")/../lib/kpatch-build.sh"

# shows WHAT REGEX FILE
shows() { grep -qE -e "$2" "$3" || complain "$3 doesn't tell of $1: $2"; }

# is_a_page FILE: one whole file that needs nothing else, and whose links all have a target
is_a_page()
{
	local page=$1 link
	[ "$(head -n 1 "$page")" = '<!DOCTYPE html>' ] || complain "$page: no page"
	tail -n 1 "$page" | grep -q '</html>' || complain "$page isn't whole"
	grep -oE '(src|href|srcset|action|data|poster) *= *"?[^" >]*' <(strip_text "$page") | grep -vE '^href="#' &&
		complain "$page refers to other files"
	grep -qiE '<(script|iframe|object|embed|link|img|base|form)|@import|url\(|[[:space:]]on[a-z]+=' <(strip_text "$page") &&
		complain "$page has what runs or loads"
	while read -r link; do
		grep -qE "id=\"?${link//./\\.}[\" >]" "$page" || complain "$page: no target for #$link"
	done < <(grep -oE 'href="#[^"]*' "$page" | cut -d'#' -f2 | sort -u)
}
# Tags alone: what stands between them is text.
strip_text() { tr '\n' ' ' <"$1" | grep -oE '<[^>]*>'; }

make_diff change fs/pipe.c 's|^\treturn (file->f_flags & O_DIRECT) != 0;|\tstatic int nr_packetized; /* <script>alert("1")</script> \&amp; <b onclick=x> */\n\n\tif (file->f_flags \& O_DIRECT)\n\t\tnr_packetized++;\n&|' \
	Documentation/admin-guide/README.rst '1s/^/\n/'
{ printf 'Subject: <img src=x onerror=alert(2)>\n\n\xff\xfe\x1b[31m\n---\n'; cat change.patch; } >'a<b>&.patch'
rm change.patch
make_diff table net/netfilter/x_tables.c 's/^\tmutex_unlock(&xt\[af\]\.mutex);/\tcond_resched();\n&/'

# --- a check: nothing is built, all is told
kpatch_build --check --report check.html --json=events -n told 'a<b>&.patch'
[ "$status" = 0 ] || { complain "--check: $status"; cat "$work/log"; exit 1; }
[ ! -e told ] || complain "--check has made an output"
grep '^{' "$work/log" >events
jq -es 'map(.event) | .[-1] == "result" and (.[:-1] | length > 4 and all(. == "begin" or . == "end"))' events >events.ok ||
	complain "events: $(cat events)"
tail -n 1 events | jq -e '.result == "checked" and .exit == 0 and .manifest.objects[0].units == ["fs/pipe.c"] and
	(.manifest.objects[0].functions | any(.name == "pipe_write" and .status == "changed")) and
	(.manifest.objects[0].inlined | any(.name == "is_packetized" and .file == "fs/pipe.c" and
		(.into | index("pipe_write"))))' >events.ok || complain "the events' result: $(tail -n 1 events)"
tail -n 1 events | jq -e '.manifest.objects[0].ledger | .carried > 0 and .irrelevant > 0 and .refused == 0 and
	(.reasons | map(.count) | add) == .carried + .irrelevant' >events.ok ||
	complain "the ledger: $(tail -n 1 events | jq -c '.manifest.objects[0].ledger')"
tail -n 1 events >result.json
described result.json
is_a_page check.html
shows 'the ledger' 'The livepatch contains <b>[1-9][0-9]*</b>' check.html
shows 'a check' 'no modules were built' check.html
kpatch_build --check -n told 'a<b>&.patch'
shows 'the unit' '^    unit     fs/pipe.c$' "$work/log"
kpatch_build --check --ledger -n told 'a<b>&.patch'
shows 'the ledger of the unit' '^fs/pipe.c, in vmlinux: [0-9]* differences, [1-9][0-9]* carried, [1-9][0-9]* irrelevant, 0 refused$' "$work/log"
shows 'an entry' "^  carried    function 'pipe_write': content, by pipe_write: " "$work/log"
kpatch_build --check --ledger --json -n told 'a<b>&.patch'
jq -e '.ledger | length == 1 and (.[0] | .unit == "fs/pipe.c" and .object == "vmlinux" and
	(.entries | length) == .carried + .irrelevant + .refused)' <(sed -n '/^{/,$p' "$work/log") >events.ok ||
	complain "the ledger as JSON: $(cat "$work/log")"
sed -n '/^{/,$p' "$work/log" >ledger.json
"$top/test/lib/validate" "$top/schema/result.schema.json" ledger.json || complain "the ledger is not as the schema says"
kpatch_build --check -n told 'a<b>&.patch'
shows 'the inlined function' '^    inlined  is_packetized  *fs/pipe.c:[0-9]*, into pipe_write' "$work/log"

# --- a build of two objects
kpatch_build -n told --report elsewhere.html 'a<b>&.patch' table.patch
[ "$status" = 0 ] || { complain "the build: $status"; cat "$work/log"; exit 1; }
page=told/told.html
cmp "$page" elsewhere.html || complain "--report is another report"
is_a_page "$page"
shows 'the function' '<code>pipe_write</code>' "$page"
shows 'its place' '<a href="#fs/pipe.c_[0-9]*">fs/pipe.c:[0-9]*</a>' "$page"
shows 'the inlined function' '<code>is_packetized</code>' "$page"
shows 'the new variable' '<code>nr_packetized' "$page"
shows 'a variable that is used' 'used unchanged' "$page"
shows 'the types' 'The layouts of <b>[1-9][0-9]+</b> structures' "$page"
shows 'the object module' 'told__x_tables.ko' "$page"
shows 'the warning' 'KS319' "$page"
shows 'the proof' '<b>[0-9]+ functions, [0-9]+ variables and [0-9]+ entr[yies]+</b> of the kernel.s tables, was compared' "$page"
shows 'relocations' 'klp relocations' "$page"
shows 'how to roll back' 'kpatch unload told' "$page"
shows 'the source' 'l add.><i>[0-9]*</i>.*nr_packetized\+\+' "$page"
shows 'the diff' '<i></i><i>[0-9]*</i>\+.*nr_packetized\+\+' "$page"
shows 'the name of the diff' 'a&lt;b&gt;&amp;\.patch' "$page"
shows 'markup as text' '&lt;script&gt;alert\(&quot;1&quot;\)&lt;/script&gt; &amp;amp;' "$page"
grep -qP '\x1b|\xff' "$page" && complain "bytes that are no text are in the page"
iconv -f UTF-8 -t UTF-8 "$page" >/dev/null || complain "the page isn't UTF-8"
jq -e '(.objects | length == 2 and all(.klp_relocations | length > 0)) and (.warnings | length == 1) and
	(.objects[0].data | any(.name | startswith("nr_packetized")))' told/told.json >/dev/null ||
	{ complain "the manifest"; cat told/told.json; }
described told/told.json
# A consumer that trusts the schema may rely on it: each of these is no manifest.
for wrong in 'del(.klp_split_manifest)' '.klp_split_manifest = 2' 'del(.kernel.build_id)' '.kernel.release = ""' \
	'.diffs = []' '.diffs[0].sha256 = "1234"' 'del(.objects[0].module)' '.objects[1].functions[0].status = "altered"' \
	'.objects[0].references = "4"' '.objects[0].functions[0].line = -1' '.warnings[0].code = "319"' '.replace = 1' \
	'.objects[0].klp_relocations[0].functions = "f"' 'del(.states)'; do
	jq "$wrong" told/told.json >wrong.json
	"$top/test/lib/validate" "$top/schema/manifest.schema.json" wrong.json >/dev/null && complain "valid after $wrong"
done
# Later versions may add members.
jq '.later = 1 | .objects[0].functions[0].later = 1' told/told.json >later.json
"$top/test/lib/validate" "$top/schema/manifest.schema.json" later.json || complain "no member may be added"
grep -q "$work" told/told.json "$page" && complain "a folder of this machine is named"

# --- built again over it, report and all
kpatch_build -n told table.patch
[ "$status" = 0 ] || { complain "over an older one: $status"; cat "$work/log"; }
grep -q pipe_write "$page" && complain "the older report is still there"
exit $failed
