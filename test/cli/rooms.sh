#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: the tools are built; a tool's folder is divided into rooms (doc/architecture.md).
# Prevents: files that depend on each other in a circle, so that none can be read, tested or changed alone; a
#   header that doesn't lead to the function.
# Fails if: according to the object files, files use each other in a circle, a room uses one above it, or a
#   function that others use is declared in the header of another file.
set -uo pipefail

cd "$(dirname "$(readlink -f "$0")")/../.." || exit
build=${BUILD:-build}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
complain() { echo "FAIL: $*"; failed=1; }

# Files that are halves of one thing, with the reason; the first name stands for all.
halves() # FILE on each line of standard input
{
	sed -E -e 's,^lib/elf-load-symbols$,lib/elf-load,' \
		-e 's,^lib/type-(enums|members|pairs)$,lib/type-compare,' \
		-e 's,^kpatch-build/index/header-reads$,kpatch-build/index/header-graph,'
	# elf-load: symbols are read with what the loader knows of sections
	# type-compare: types consist of members and enumerators, whose types are compared
	# header-graph: who reads a header depends on what headers read, and the other way round
}

# Lists of functions of several files, to be read as a whole.
is_list()
{
	case $1 in
	kpatch-build/build.h | create-diff-object/passes.h | kpatch/verbs/verbs.h | klp-relocs/verify.h) ;;
	kpatch-build/kernel/distro.h | create-diff-object/unit/arch.h) ;; # tables of functions, one per file
	lib/diag.h) [ "$2" = lib/diag-codes ] ;;                            # the table of codes, no functions
	lib/diag-private.h) ;;                                              # what the two files of lib/diag share
	lib/object-index-private.h) ;;                                      # shared by the two makers of an index
	*) return 1 ;;
	esac
}

# Which room a file is in, by its height: a room may use those below it.
height()
{
	case $1 in
	lib/*) echo 0 ;;
	kpatch-build/build | kpatch-build/run | kpatch-build/result | kpatch-build/progress) echo 1 ;;
	kpatch-build/kernel/*) echo 2 ;;
	kpatch-build/index/*) echo 3 ;;
	kpatch-build/source/*) echo 4 ;;
	kpatch-build/compile/*) echo 5 ;;
	kpatch-build/units/*) echo 6 ;;
	kpatch-build/check/* | kpatch-build/prove/*) echo 7 ;;
	kpatch-build/module/*) echo 8 ;;
	kpatch-build/output/*) echo 9 ;;
	create-diff-object/unit/* | kpatch/machine/*) echo 1 ;;
	kpatch/verbs/*) echo 8 ;;
	klp-relocs/*) echo 1 ;; # kpatch verifies before it installs
	*/main | kpatch-build/*) echo 10 ;;
	create-diff-object/* | kpatch/*) echo 5 ;;
	*) complain "$1 is in no room that this test knows"; echo 99 ;;
	esac
}

# --- who defines and who uses a symbol: "SYMBOL FILE"
for folder in lib create-diff-object klp-relocs kpatch-build kpatch; do
	while read -r object; do
		file=${object#"$build/"}
		file=${file%.o}
		[ -e "$file.c" ] && nm "$object" | awk -v f="$file" -v t="$folder" \
			'$(NF-1) ~ /[TDBR]/ { print t, $NF, f } $(NF-1) == "U" { print "U", $NF, f }'
	done < <(find "$build/$folder" -name '*.o' | sort)
done >"$work/symbols"
[ "$(wc -l <"$work/symbols")" -gt 1000 ] || complain "the objects have only $(wc -l <"$work/symbols") symbols"
# --- one function per name: of two in an archive, the linker silently takes the one that it meets first
awk '$1 != "U" && $2 != "main" { file[$2] = file[$2] " " $3; folder[$2, $1]++; n[$2]++ }
	END { for (s in n) if (folder[s, "lib"] + folder[s, "klp-relocs"] && n[s] > 1) print s ":" file[s]
	      for (sf in folder) if (folder[sf] > 1) { split(sf, p, SUBSEP); print p[1] ":" file[p[1]] } }' "$work/symbols" |
	sort -u >"$work/twice"
[ ! -s "$work/twice" ] || complain "files define the same name: $(paste -sd';' "$work/twice")"

# "USER DEFINER SYMBOL": of lib, of the own tool, or of klp-relocs for kpatch
awk '$1 != "U" { def[$1 " " $2] = $3; next }
	{ tool = $3; sub("/.*", "", tool); d = def[tool " " $2]; if (!d) d = def["lib " $2]
	  if (!d && tool == "kpatch") d = def["klp-relocs " $2]; if (d && d != $3) print $3, d, $2 }' \
	<(grep -v '^U ' "$work/symbols") <(grep '^U ' "$work/symbols") | sort >"$work/uses"

# --- circles
paste -d' ' <(cut -d' ' -f1 "$work/uses" | halves) <(cut -d' ' -f2 "$work/uses" | halves) |
	awk '$1 != $2' | sort -u >"$work/edges"
tsort "$work/edges" >/dev/null 2>"$work/loops" || complain "files use one another in a circle: $(grep -v 'loop:$' "$work/loops" | sed 's/^tsort: //' | paste -sd' ')"

# --- rooms
cut -d' ' -f1,2 "$work/uses" | tr ' ' '\n' | sort -u >"$work/files"
while read -r file; do echo "$file $(height "$file")"; done <"$work/files" >"$work/heights"
grep -q ' 99$' "$work/heights" && failed=1
while read -r user definer symbol; do
	complain "$user uses $symbol() of $definer, which is above it"
done < <(awk 'NR == FNR { h[$1] = $2; next } h[$2] > h[$1]' "$work/heights" "$work/uses")

# --- headers lead home
while read -r definer symbol; do
	grep -qsw -- "$symbol" "$definer.h" && continue
	while read -r header; do
		is_list "$header" "$definer" && continue 2
	done < <(grep -rlw --include='*.h' -- "$symbol" "${definer%%/*}")
	complain "$symbol() of $definer.c isn't declared in $definer.h"
done < <(cut -d' ' -f2,3 "$work/uses" | sort -u)

# --- what is known of a processor or of a distribution is in its own files, or a row of a table
code() { sed -e 's,//.*,,' "$1" | tr '\n' '\001' | sed -E 's,/\*([^*]|\*+[^*/])*\*+/,,g' | tr '\001' '\n'; }
while read -r file; do
	case $file in
	*/arch-x86-64*) continue ;;
	lib/arch.c | create-diff-object/unit/arch.[ch]) ;; # the lists of processors
	lib/special-sections.c) ;;                       # sections of all processors, a row each
	create-diff-object/unit/readers.c | create-diff-object/unit/borrowers.c) ;; # functions of all processors' kernels
	kpatch-build/source/conditions.c | kpatch-build/source/file-kinds.c | kpatch-build/units/readers.c) ;; # files of the tree
	kpatch-build/options.c) ;; # the example in --help
	*) code "$file" | grep -qE 'x86|X86_|EM_X86|amd64' && [ "$file" != lib/diag-codes.c ] &&
		complain "$file knows a processor: $(code "$file" | grep -m1 -oE '.*(x86|X86_|amd64).*')" ;;
	esac
done < <(find lib create-diff-object klp-relocs kpatch-build kpatch -name '*.[ch]' | sort)
while read -r file; do
	case $file in
	kpatch-build/kernel/debian* | kpatch-build/kernel/apt.* | kpatch-build/kernel/debs.*) continue ;;
	kpatch-build/kernel/suites.* | kpatch-build/kernel/mirrors.* | kpatch-build/kernel/distro.c) continue ;;
	kpatch-build/output/package-deb.c) ;; # packages depend on those of the kernel
	*) code "$file" | grep -qiE '"[^"]*debian|debian_|linux-image|linux-headers' && [ "$file" != lib/diag-codes.c ] &&
		complain "$file knows Debian: $(code "$file" | grep -m1 -iE '"[^"]*debian|debian_|linux-image|linux-headers')" ;;
	esac
done < <(find lib create-diff-object klp-relocs kpatch-build kpatch -name '*.[ch]' | sort)

# --- a file is read at one sitting; tables, whatever their number of rows, are read a row at a time
while read -r lines file; do
	case $file in total | lib/diag-codes.c) continue ;; esac
	[ "$lines" -gt 500 ] && complain "$file has $lines lines; divide it where it changes its subject"
done < <(find lib create-diff-object klp-relocs kpatch-build kpatch kmod templates -name '*.[ch]' -exec wc -l {} +)

# --- one way of including: the path from the root
while IFS=: read -r file header; do
	[ -e "$header" ] || complain "$file: \"$header\" is not the path from the root"
done < <(grep -rhoHE --include='*.[ch]' '^#include "[^"]+"' lib create-diff-object klp-relocs kpatch-build kpatch |
	sed 's/#include "\(.*\)"/\1/')
exit $failed
