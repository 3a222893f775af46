#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a module whose functions contain constants at a fixed distance from their own line numbers: as
#   arguments, operands, flags of a WARN, in tables, strings, macros and in an inline function of a header; and
#   every user of __LINE__.
# Prevents: a constant that grew by the number of added lines, and is mistaken for a line number; functions that
#   are replaced because a comment was added above them; messages with a line number that no file of the author
#   has.
# Fails if: kpatch-build finds another function changed than the one whose constant has changed, finds any where
#   only lines moved, names another line than that of the patched file, or new code prints another than
#   doc/author-guide.md states.
# shellcheck disable=SC1003,SC2015 # the source has backslashes; complain() is meant for either
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib/kpatch-build.sh
. "$(dirname "$(readlink -f "$0")")/../lib/kpatch-build.sh"

cc=$(sed -n 's/^CONFIG_CC_VERSION_TEXT="\([^ ]*\).*/\1/p' "$kernel_dir/build/.config")

# NAME, and what it has: @ is replaced by the line that it is in.
functions()
{
	cat <<-'END'
	argument	take(x, @);
	below		take(x, @ + 1);
	above		take(x, @ - 1);
	far		take(x, @ + 40);
	negative	take(x, -@);
	wide		take(x, @ + (1L << 40));
	compared	if (x == @) take(x, 1);
	added		take(x + @, 1);
	stored		int a[2] = { x, @ }; take_all(a);
	in_table	static const int t[] = { @, 1, 2 }; take(t[x & 1], 1);
	in_string	take_text("main.c:" __stringify(@));
	in_macro	TAKE_MACRO(x, @);
	taint		WARN_TAINT(x == 3, @ & 15, "taint");
	expected	WARN_ON(x == @);
	of_header	take_header(x);
	END
}

# What has __LINE__ in it, and never changes; '~' begins a line.
printers()
{
	cat <<-'END'
	warns		WARN_ON(x == 3);
	warns_once	WARN_ONCE(x == 4, "once %d\n", x);
	warns_text	WARN(x == 5, "text %d\n", x);
	bugs		BUG_ON(x == 7);
	debugs		pr_debug("debug %d\n", x);
	limits		pr_info_ratelimited("limited %d\n", x);
	sleeps		might_sleep();
	tells		take(x, __LINE__);
	copies		char c[8]; memcpy(c, text, x); take_text(c);
	spans		take(x, /* */~		__LINE__);
	of_header_line	tell_header(x);
	END
}

# write_main DIR LINES [NAME]: with as many lines on top; constants are those of the file without, but for NAME's
write_main()
{
	{
		for ((i = 0; i < $2; i++)); do echo "/* $i */"; done
		printf '%s\n' '#define pr_fmt(x) x' '#include <linux/module.h>' '#include <linux/kernel.h>' \
			'#include <linux/stringify.h>' '#include "lines.h"' '#define TAKE_MACRO(a, b) do { \' \
			'	take(a, b); \' '} while (0)' 'const char *text;' 'MODULE_LICENSE("GPL");'
		{ functions; printers; } | while read -r name body; do
			printf '\nvoid %s(int x);\nvoid %s(int x)\n{\n\t/* %s */\n\t%s\n}\n' \
				"$name" "$name" "$name" "${body/'~'/$'\n'}"
		done
	} | awk -v lines="$2" -v name="${3:-}" '
		/^\t\/\* [a-z_]+ \*\/$/ { mine = $2 == name }
		{ gsub(/@/, mine ? NR : NR - lines); print }' >"$1/main.c"
}

# write_header DIR LINES [yes]: the same of the header; yes: its constant moves
write_header()
{
	{
		for ((i = 0; i < $2; i++)); do echo "/* $i */"; done
		printf '%s\n' 'void take(int a, long b);' 'void take_all(int *a);' 'void take_text(const char *a);' \
			'static __always_inline void take_header(int x)' '{' '	take(x, @);' '}' \
			'static __always_inline void tell_header(int x)' '{' '	take(x, __LINE__);' \
			'	WARN_ON(x == 8);' '}'
	} | awk -v lines="$2" -v moves="${3:-}" '{ gsub(/@/, moves ? NR : NR - lines); print }' >"$1/lines.h"
}

mkdir old
write_main old 0
write_header old 0
cat >old/take.c <<-'END'
	#include "lines.h"
	int kst_taken;
	void take(int a, long b) { kst_taken += a + b; }
	void take_all(int *a) { kst_taken += a[0] + a[1]; }
	void take_text(const char *a) { kst_taken += a[0]; }
END
printf 'obj-m := kst_lines.o\nkst_lines-y := main.o take.o\n' >old/Kbuild
sed -i '1i #include <linux/kernel.h>' old/take.c
cp -r old module
make -s -j2 -C "$kernel_dir/build" M="$PWD/module" CC="$cc" KBUILD_MODPOST_WARN=1 modules >"$work/log" 2>&1 ||
	{ cat "$work/log"; complain "the module doesn't build"; exit 1; }

# is NAME WANTED: what the change from old/ to new/ replaces: functions, or nothing
is()
{
	local found
	diff -ruN old new >"$1.patch"
	status=0
	"$bin/kpatch-build" --kernel "$release" -j2 --check --json --oot-module module/kst_lines.ko \
		--oot-module-src old "${@:3}" "$1.patch" >"$work/result" 2>"$work/log" || status=$?
	found=$(jq -r '[.manifest.objects[]?.functions[]? | select(.status == "changed").name] | sort | join(" ")' "$work/result")
	[ "$status" = "$([ -z "$2" ] && echo 3 || echo 0)" ] && [ "$found" = "$2" ] ||
		{ complain "$1: exit $status, '$found' changed, expected '$2'"; jq -c '.diagnostics[]?' "$work/result" | head -5; }
}

fresh() { rm -rf new; cp -r old new; }

# --- only lines move
fresh; write_main new 4; is moved ""
fresh; write_header new 3; is moved-header ""
fresh; write_main new 300; write_header new 5; is moved-both ""
fresh; sed -i 's/^void below(int x)$/\/\* before it \*\/\n&/; /"linux.stringify.h"/d; s/^MODULE_LICENSE/\n\n&/' new/main.c
is moved-between ""

# --- and a constant with them
for name in $(functions | sed -n 's/^\([a-z_]*\)\t.*/\1/p'); do
	fresh
	if [ "$name" = of_header ]; then
		write_header new 4 yes
	else
		write_main new 4 "$name"
	fi
	is "constant-$name" "$name"
done
# lines removed, numbers smaller
fresh
sed -i '/^#define pr_fmt/d; s/^\ttake(x, '"$(sed -n 's/^\ttake(x, \([0-9]*\));.*/\1/p;' old/main.c | head -1)"');/\ttake(x, '"$(($(sed -n 's/^\ttake(x, \([0-9]*\));.*/\1/p' old/main.c | head -1) - 1))"');/' new/main.c
is fewer argument

# --- a number for __LINE__ is the same number
fresh
number=$(grep -n '^	take(x, __LINE__);$' old/main.c | cut -d: -f1)
sed -i "${number}s/__LINE__/$number/; 1i /* on top */" new/main.c
is line-as-number ""
fresh
sed -i "${number}s/__LINE__/$((number + 1))/; 1i /* on top */" new/main.c
is line-as-wrong-number tells

# --- a change where no directive fits changes that function, none below
fresh
sed -i 's/^	take(x, \/\* \*\/$/&\n		\/* more *\//' new/main.c
is in-arguments spans
fresh
sed -i 's/^	take(a, b); \\$/&\n	take(b, a); \\/' new/main.c
is in-macro in_macro

# --- which line is which: functions, types, the compiler's words, and new code's
fresh
sed -i 's/^	WARN_ON(x == 3);$/	take(x, 0);\n&\n	WARN_ON(x == 33);/; 1i /* on top */\n/* of it */' new/main.c
is numbers warns --keep
kept=$(sed -n 's/^intermediate files: //p' "$work/log")
[ "$(jq '.manifest.objects[].functions[] | select(.name == "warns").line' "$work/result")" = \
	"$(grep -n '^void warns(int x)$' new/main.c | cut -d: -f1)" ] || complain "numbers: warns() is named in another line"
want="$(grep -n '^	WARN_ON(x == 3);$' old/main.c | cut -d: -f1) $((10000 + $(grep -n '^	WARN_ON(x == 33);$' new/main.c | cut -d: -f1)))"
objcopy -O binary --only-section=__bug_table "$kept"/unit-*/out.o bugs 2>/dev/null
have=$(od -An -v -tu2 -w12 bugs | awk '{ print $5 }' | sort -n | tr '\n' ' ')
[ "${have% }" = "$want" ] || complain "numbers: new code warns in lines '${have% }', not '$want'"
rm -rf "$kept"

# says NAME CODE TEXT: the messages of this diff have it
says()
{
	diff -ruN old new >"$1.patch"
	kpatch_build --check --oot-module module/kst_lines.ko --oot-module-src old "$1.patch"
	grep -q "$2" "$work/log" && grep -qF -e "$3" "$work/log" ||
		{ complain "$1: no $2 with '$3'"; sed 's/^/    /' "$work/log"; }
}
fresh
sed -i 's/^	WARN_ON(x == 3);$/&\n	oops(;/; 1i /* on top */\n/* of it */' new/main.c
says error KS326 "main.c:$(grep -n 'oops' new/main.c | cut -d: -f1):9: error: "
grep -q '^ *[0-9]* | *	*oops(;' "$work/log" || complain "error: the line isn't shown"
fresh
sed -i 's/^	WARN_ON(x == 3);$/&\n	int unused_here;/; 1i /* on top */\n/* of it */' new/main.c
says warning KS371 "main.c:$(grep -n 'unused_here' new/main.c | cut -d: -f1):13: warning: "
# of a line that is unchanged: it is found in debug information
fresh
sed -i '1i /* on top */\n/* of it */' new/main.c
sed -i 's/^const char \*text;$/const char *text = "a";/' new/main.c
says variable KS104 "main.c:$(grep -n '^const char .text' new/main.c | cut -d: -f1): KS104: "
[ $failed = 0 ]
