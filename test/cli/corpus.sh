#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a program instead of kpatch-build that answers as the real one can, and as it never should.
# Prevents: a corpus that counts a crash as a refusal, or loses a diff; figures that can't be reproduced; a
#   result of the VM that is kept although the modules have changed.
# Fails if: a run gets a wrong class, the selection depends on anything but seed and file names, a larger N
#   drops a diff of a smaller one, the report's numbers differ from the results, a result is kept although the
#   differ makes other modules, or another header is requested than the missing one.
# shellcheck disable=SC2034,SC2154 # shared with the parts of the corpus
set -euo pipefail

top=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
here=$top/test/corpus
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
failed=0
complain() { echo "$*"; failed=1; }

build=$temp/build
work=$temp/work
kernel_dir=$temp/kernel
release=none
key=k
mkdir -p "$build/bin" "$work/diffs"
for part in diffs builds boots; do
	# shellcheck source=/dev/null
	. "$here/lib/$part.sh"
done
build_time_limit=2

# The stand-in does what the diff's text says.
cat >"$build/bin/kpatch-build" <<'END'
#!/bin/bash
[ "$1" != --explain ] || { echo "$2: headline"; exit; }
for patch; do :; done
. "$patch"
END
chmod +x "$build/bin/kpatch-build"

answer()
{
	local result=$1 codes=''
	shift
	for code; do
		codes="$codes${codes:+,}{\"code\":\"$code\",\"severity\":\"error\",\"message\":\"m\",\"details\":[]}"
	done
	printf "echo '{\"result\":\"%s\",\"diagnostics\":[%s],\"steps\":[]}'\n" "$result" "$codes"
}

# expect CLASS CODES FILE-TO-RUN [HEADERS]
n=0
expect()
{
	local class=$1 codes=$2 headers=${4:-} found

	n=$((n + 1))
	echo "$3" >"$work/diffs/t$n.patch"
	printf 't%d\tfs/t%d.c\t5\n' $n $n >>"$work/files"
	run_driver "$temp/run" "t$n" "$work/diffs/t$n.patch"
	found=$(classify "$temp/run" "t$n" "fs/t$n.c" "$headers" | tee -a "$work/results.jsonl" |
		jq -r '"\(.class)|\(.codes | join(" "))"')
	[ "$found" = "$class|$codes" ] || complain "expected $class|$codes, found $found, for: $3"
}

expect built "" "$(answer built)"
expect unchanged "" "$(answer unchanged); exit 3"
expect refused "KS104" "$(answer refused KS104); exit 2"
expect refused "KS102 KS104" "$(answer refused KS104 KS102 KS104); exit 2"
expect no-compile "KS326" "$(answer refused KS326); exit 2"
expect no-compile "KS326" "$(answer refused KS326); exit 2" "include/linux/a.h"
expect needs-header "KS313" "$(answer refused KS313); exit 2" "include/linux/a.h"
# Without a header in the diff, KS313 is an answer to another question than the one asked.
expect refused "KS313" "$(answer refused KS313); exit 2"

# What must never pass for a refusal:
expect tool-failure "KS222" "$(answer refused KS222); exit 2"
expect tool-failure "KS104 KS330" "$(answer refused KS104 KS330); exit 2"
expect tool-failure "KS104" "$(answer error KS104); exit 1"
expect tool-failure "" "$(answer error); exit 1"
expect tool-failure "" "$(answer refused); exit 2"
expect tool-failure "KS104" "$(answer built KS104)"
expect tool-failure "" "$(answer built); exit 2"
expect tool-failure "" "exit 0"
expect tool-failure "" "echo 'half {'; exit 2"
# shellcheck disable=SC2016 # for the stand-in's shell
expect tool-failure "" 'kill -SEGV $$'
expect tool-failure "" "exec sleep 100"

# The lot.
lot() { SEED=$1 N=$2 choose_diffs | cut -f 1 | tr '\n' ' '; }
[ "$(lot 1 6)" = "$(lot 1 6)" ] || complain "the same seed draws another lot"
[ "$(lot 1 6)" != "$(lot 2 6)" ] || complain "another seed draws the same lot"
[[ "$(lot 1 9)" = "$(lot 1 6)"* ]] || complain "a larger lot drops diffs of the smaller one"
[ "$(lot 1 all | wc -w)" = "$n" ] || complain "a lot of all isn't all"
[ "$(FILES='fs/t3.c t5' choose_diffs | tr '\t\n' '  ')" = "t3 fs/t3.c t5 fs/t5.c " ] || complain "FILES isn't obeyed"

# A run: all diffs, side by side, once.
for file in fs/t1.c fs/t2.c; do
	mkdir -p "$kernel_dir/units/${file%.c}.o"
done
touch "$build"/bin/{create-diff-object,klp-relocs}
vm='' JOBS=2
first=$work work=$temp/second
mkdir "$work"
cp -r "$first"/{diffs,files} "$work"
FILES='t1 t2' choose_diffs >"$work/chosen"
run_of_two() { (build_chosen) 2>"$temp/progress"; }
run_of_two
[ "$(jq -r .class "$work/results.jsonl" | sort | paste -s -d' ')" = "built unchanged" ] ||
	complain "a run of two diffs has other results: $(cat "$temp/progress")"
echo "exit 1" >"$work/diffs/t1.patch"
run_of_two
grep -q '"class":"built"' "$work/builds/t1/result.json" || complain "the same tools built a diff again"
echo '# other' >>"$build/bin/klp-relocs"
run_of_two
grep -q '"class":"built"' "$work/builds/t1/result.json" && complain "other tools did not build a diff again"

# Only the differ is another one: what it makes of the kept objects decides.
unit=$work/builds/t2/units/unit-0
mkdir -p "$unit"
cat >"$build/bin/create-diff-object" <<'END'
#!/bin/bash
while [ "$1" != -o ]; do shift; done
cat "$3" >"$2"; cp "$2" "${2%/out.o}/unit.json"
END
chmod +x "$build/bin/create-diff-object"
echo same | tee "$unit/out.o" "$unit/unit.json" >"$unit/patched.o"
echo "$build/bin/create-diff-object --json $unit/unit.json -o $unit/out.o $unit/patched.o" >"$work/builds/t2/differ"
differ_agrees t2 || complain "the same output isn't recognised"
echo other >"$unit/patched.o"
differ_agrees t2 && complain "another output passes for the same"

# A verdict of the VM is about the modules that it had.
mkdir -p "$work/boots"
echo 1234 >"$work/builds/t2/digest"
log=/dev/null
verdict t2 clean ""
is_judged t2 || complain "the verdict on a livepatch isn't found"
echo 5678 >"$work/builds/t2/digest"
is_judged t2 && complain "a verdict outlives its modules"

# Headers: three have changed, b.h brings what the unit misses, and needs a.h for it.
later_source=$temp/later header_tree=$temp/headers
for tree in "$kernel_dir/source" "$later_source"; do
	mkdir -p "$tree"/{include,fs}
	printf '#include "a.h"\n#include "b.h"\n#include "c.h"\n' >"$tree/fs/h.c"
	touch "$tree"/include/{a,b,c}.h
done
mkdir -p "$kernel_dir"/{build,units/fs/h.o}
echo "gcc -Werror=implicit-function-declaration -I$kernel_dir/source/include -c -o fs/h.o $kernel_dir/source/fs/h.c" \
	>"$kernel_dir/units/fs/h.o/command"
echo 'typedef int alpha;' >"$later_source/include/a.h"
echo 'static inline int beta(alpha a) { return a; }' >"$later_source/include/b.h"
echo 'int gamma;' >"$later_source/include/c.h"
echo 'int f(void) { return beta(1); }' >>"$later_source/fs/h.c"
found=$(needed_headers fs/h.c | tr '\n' ' ')
[ "$found" = "include/a.h include/b.h " ] || complain "needed are a.h and b.h, found: $found"

# A new index of the kernel's units is no reason to forget results; another list of diffs is.
work=$temp/third
mkdir -p "$work/builds/c0001"
printf 'unit\tfs/h.c\tvmlinux\t-\n' >"$kernel_dir/index-4"
make_diffs 2>/dev/null
mkdir -p "$work/builds/c0001"
touch -d '1 hour' "$kernel_dir/index-4"
make_diffs 2>/dev/null
[ -d "$work/builds/c0001" ] || complain "the same diffs again, and their results are gone"
grep -q beta "$work/diffs/c0001.patch" || complain "no diff of fs/h.c"
cp "$kernel_dir/source/fs/h.c" "$kernel_dir/source/fs/g.c"
cp "$later_source/fs/h.c" "$later_source/fs/g.c"
printf 'unit\tfs/%s.c\tvmlinux\t-\n' g h >"$kernel_dir/index-4"
touch -d '2 hours' "$kernel_dir/index-4"
make_diffs 2>/dev/null
[ ! -d "$work/builds/c0001" ] || complain "c0001 is another file now, and has the old one's result"
work=$first

# The report: the same figures, and a verdict that make can use.
from=1 to=2
cut -f 1,2 "$work/files" >"$work/chosen"
describe_run >"$work/run.json"
if BUILD=$build "$here/report" "$work" >"$temp/report" 2>&1; then
	complain "a report with tool failures ends with 0"
fi
grep -q '^| 11 | 57.9% | tool-failure |$' "$temp/report" || complain "the report counts tool failures wrongly"
grep -q '^- KS102 (headline)' "$temp/report" || complain "the report doesn't explain refusals"
grep -q '^| 1 | 5.3% | refused KS102 KS104 |$' "$temp/report" || complain "the report counts refusals wrongly"
for picture in classes times; do
	grep -q '^</svg>$' "$work/$picture.svg" || complain "no picture $picture.svg"
done
jq -c 'select(.class != "tool-failure")' "$work/results.jsonl" >"$temp/good"
cp "$temp/good" "$work/results.jsonl"
BUILD=$build "$here/report" --summary "$work" >/dev/null || complain "a summary without failures doesn't end with 0"
exit $failed
