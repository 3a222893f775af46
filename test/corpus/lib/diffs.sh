# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The difference of two versions is one huge diff, but a livepatch is made from a
# fix. The history that would tell the fixes apart is not in a source package,
# so each changed file of a unit that this kernel has counts as one diff. That
# is harder than real life: a file may contain several fixes, or half of one.
# shellcheck disable=SC2154,SC2015 # set by test/corpus/run

# Units as kpatch-build lists them: "unit <tab> source <tab> object <tab> file".
unit_sources()
{
	awk -F'\t' '$1 == "unit" { print $2 }' "$kernel_dir/index-4" | LC_ALL=C sort -u
}

diff_of_file()
{
	local old=a/$1

	[ -e "$kernel_dir/source/$1" ] || old=/dev/null
	diff -u -N --label "$old" --label "b/$1" "$kernel_dir/source/$1" "$later_source/$1"
}

# work/diffs/NAME.patch and work/files, a line "NAME <tab> FILE <tab> lines added and removed" each.
# A name is short, because it becomes a part of module names.
make_diffs()
{
	local file name n=0 lines

	[ ! "$work/files" -nt "$kernel_dir/index-4" ] || return 0
	echo "corpus: comparing the sources" >&2
	rm -rf "$work/diffs.new"
	mkdir "$work/diffs.new"
	while read -r file; do
		[ -e "$later_source/$file" ] && [ -e "$kernel_dir/source/$file" ] || continue
		! cmp -s "$kernel_dir/source/$file" "$later_source/$file" || continue
		n=$((n + 1))
		printf -v name 'c%04d' "$n"
		diff_of_file "$file" >"$work/diffs.new/$name.patch" || true
		lines=$(grep -c -e '^[-+][^-+]' -e '^[-+]$' "$work/diffs.new/$name.patch" || true)
		printf '%s\t%s\t%s\n' "$name" "$file" "$lines"
	done < <(unit_sources) >"$work/files.new"
	# Results are kept by name, and are lost only where names mean other files now.
	cmp -s "$work/files.new" "$work/files" || rm -rf "$work"/{builds,boots,wrong}
	rm -rf "$work/diffs"
	mv "$work/diffs.new" "$work/diffs"
	mv "$work/files.new" "$work/files"
}

# The lot: the N smallest hashes of seed and file. So a larger N only adds, and
# a file keeps its rank when the list around it changes.
choose_diffs()
{
	local count=${N:-20} name file

	if [ -n "${FILES:-}" ]; then
		for file in $FILES; do
			awk -F'\t' -v file="$file" '$2 == file || $1 == file { print $1 "\t" $2; found = 1 }
				END { exit !found }' "$work/files" || die "no diff for $file between these versions"
		done
		return
	fi
	[ "$count" != all ] || count=$(wc -l <"$work/files")
	while IFS=$'\t' read -r name file _; do
		printf '%s\t%s\t%s\n' "$(printf '%s %s' "${SEED:-1}" "$file" | sha256sum | cut -c 1-16)" "$name" "$file"
	done <"$work/files" | LC_ALL=C sort | cut -f 2- | awk -v count="$count" 'NR <= count'
}

# The kernel's source as links, with every header as the later version has it: to
# tell what lacks a header of the same update from what lacks another thing. In the
# cache, because 80,000 files below build/ would slow down make.
make_header_tree()
{
	local header

	[ ! -d "$header_tree" ] || return 0
	echo "corpus: linking the source with the later headers" >&2
	rm -rf "$header_tree.new"
	cp -r -s "$kernel_dir/source" "$header_tree.new"
	(cd "$later_source" && find . -name '*.h' -printf '%P\n') | while read -r header; do
		cmp -s "$kernel_dir/source/$header" "$later_source/$header" || {
			mkdir -p "$header_tree.new/$(dirname "$header")"
			ln -s -f "$later_source/$header" "$header_tree.new/$header"
			echo "$header"
		}
	done | LC_ALL=C sort >"$header_tree.list"
	mv "$header_tree.new" "$header_tree"
}

# The command that kpatch-build has recorded for a unit, for the tree with the later headers.
compiles_in_header_tree()
{
	local unit=$1 recorded=$kernel_dir/units/${1%.c}.o/command command tree=$header_tree

	[ -e "$recorded" ] || return 1
	command=$(sed -e 's/ -Wp,-MM*D,[^ ]*//' -e 's/ -c -o [^ ]* / /' -e 's/ *;.*//' \
		-e "s|$kernel_dir/source|$tree|g" "$recorded")
	(cd "$kernel_dir/build" && eval "$command -fsyntax-only -MD -MF $work/unit.d") >"$work/unit.log" 2>&1
}

# Whether the header is the old version's or the later one's in the header tree.
make_old()
{
	local header

	for header; do
		rm "$header_tree/$header"
		[ ! -e "$kernel_dir/source/$header" ] || ln -s "$kernel_dir/source/$header" "$header_tree/$header"
	done
}

make_new()
{
	local header

	for header; do
		ln -s -f "$later_source/$header" "$header_tree/$header"
	done
}

# Leaves old as many of these headers as it can, by halves; prints those that must be new.
keep_new_what_must()
{
	local unit=$1 half=$((($# - 1) / 2))
	shift

	make_old "$@"
	! compiles_in_header_tree "$unit" || return 0
	make_new "$@"
	if [ $# = 1 ]; then
		echo "$1"
	else
		keep_new_what_must "$unit" "${@:1:half}"
		keep_new_what_must "$unit" "${@:half+1}"
	fi
}

# What the compiler's last complaint names, one word per line: types, members, functions.
# shellcheck disable=SC1112 # these quotes are GCC's
words_missing()
{
	grep -E ' (error|warning): ' "$work/unit.log" | grep -o '‘[^’]*’' | grep -oE '[A-Za-z_][A-Za-z0-9_]{3,}' | LC_ALL=C sort -u
}

# Those of the headers whose later version says one of the words (standard input) where it differs.
headers_that_bring()
{
	local header

	cat >"$work/words"
	for header; do
		! diff "$kernel_dir/source/$header" "$later_source/$header" 2>/dev/null |
			grep -w -q -F -f "$work/words" || echo "$header"
	done
}

# needed_headers UNIT: the changed headers without which the unit's later version doesn't
# compile. It reads many more, each of them somebody else's fix. The compiler names what it
# lacks; a header that brings it may lack something itself.
needed_headers()
(
	exec 8>"$header_tree.lock"
	flock 8
	make_header_tree
	rm -f "$header_tree/$1"
	cp "$later_source/$1" "$header_tree/$1"
	compiles_in_header_tree "$1" || exit 1
	mapfile -t read < <(tr ' ' '\n' <"$work/unit.d" | sed -n "s|^$header_tree/||p" | LC_ALL=C sort -u |
		LC_ALL=C comm -12 - "$header_tree.list")
	[ ${#read[@]} -gt 0 ] || exit 0
	made=()
	make_old "${read[@]}"
	while ! compiles_in_header_tree "$1"; do
		mapfile -t bring < <(words_missing | headers_that_bring "${read[@]}")
		before=${#made[@]}
		mapfile -t made < <(printf '%s\n' "${made[@]}" "${bring[@]}" | grep . | LC_ALL=C sort -u)
		[ ${#made[@]} -gt "$before" ] || made=("${read[@]}")
		make_new "${made[@]}"
	done
	case ${#made[@]} in
	0) ;;
	1) echo "${made[0]}" ;;
	*) keep_new_what_must "$1" "${made[@]}" ;;
	esac
	make_new "${read[@]}"
)
