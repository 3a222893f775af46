# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Which two versions: point versions come and go in the archive, so they are
# found by rule at run time. The older one must be there whole, for it is the
# kernel that is livepatched; of the later one only the source is needed.
# shellcheck disable=SC2154,SC2034 # set by, and for, test/corpus/run

line=${LINE:-$(grep -oE '^[0-9]+\.[0-9]+' <<<"${FROM:-6.1}" || true)}
flavour=${FLAVOUR:-cloud-amd64}

versions_of_package()
{
	apt-cache madison -- "$1" 2>/dev/null | awk -F' *[|] *' '$3 !~ /Sources/ { print $2 }'
}

source_versions()
{
	versions_of_package "linux-source-$line" | sort -uV
}

releases_in_archive()
{
	apt-cache pkgnames "linux-image-$line." |
		sed -n "s/^linux-image-\(${line//./\\.}\.[0-9].*[0-9]-$flavour\)\$/\1/p" | sort -V
}

# The release whose image, headers and debug package have this version, if there is one.
release_of_version()
{
	local version=$1 candidate package

	while read -r candidate; do
		for package in "linux-image-$candidate" "linux-image-$candidate-dbg" "linux-headers-$candidate"; do
			versions_of_package "$package" | grep -qxF -e "$version" || continue 2
		done
		echo "$candidate"
		return
	done < <(releases_in_archive)
	return 1
}

# Sets release, from, to.
resolve_versions()
{
	local version

	from=${FROM:-}
	to=${TO:-}
	if [ -n "$from" ]; then
		release=$(release_of_version "$from") ||
			die "the archive has no whole kernel of version $from; there are: $(source_versions | tr '\n' ' ')"
	else
		for version in $(source_versions); do
			! release=$(release_of_version "$version") || { from=$version; break; }
		done
		[ -n "$from" ] || die "the archive has no kernel $line-$flavour with headers, debug files and source; try: apt-get update"
	fi
	[ -n "$to" ] || to=$(source_versions | awk -v from="$from" '$0 == from { seen = NR } seen && NR > seen && NR <= seen + 2 { to = $0 } END { print to }')
	[ -n "$to" ] || die "the archive has no version of linux-source-$line after $from"
}

# The later source is only read, and only its C files: 1/10 of the whole. Sets later_source.
fetch_later_source()
{
	local package=linux-source-$line deb temp

	later_source=$cache/sources/$to
	[ ! -d "$later_source" ] || return 0
	mkdir -p "$cache/debs" "$cache/sources"
	temp=$(mktemp -d "$cache/sources/.new.XXXXXX")
	deb=$(compgen -G "$cache/debs/${package}_${to#*:}_*.deb" | head -n 1) || true
	if [ -z "$deb" ]; then
		echo "corpus: downloading $package $to" >&2
		(cd "$temp" && apt-get -q download "$package=$to" >&2) || { rm -rf "$temp"; die "can't download $package $to"; }
		mv "$temp"/*.deb "$cache/debs/"
		deb=$(compgen -G "$cache/debs/${package}_${to#*:}_*.deb" | head -n 1)
	fi
	mkdir "$temp/source"
	dpkg-deb --fsys-tarfile "$deb" | tar -x -O --wildcards './usr/src/linux-source-*.tar.xz' | xz -d |
		tar -x -C "$temp/source" --strip-components=1 --wildcards '*.[ch]'
	mv -T "$temp/source" "$later_source"
	rm -rf "$temp"
}

# The kernel to patch, with kpatch-build's list of its units. Sets kernel_dir, header_tree.
fetch_inputs()
{
	kernel_dir=$("$top/test/lib/kernel.sh" fetch "$release")
	[ -e "$kernel_dir/index-4" ] ||
		"$build/bin/kpatch-build" --kernel "$release" --fetch --prove lib/ctype.c >&2 ||
		[ -e "$kernel_dir/index-4" ] || die "kpatch-build can't prepare $release"
	fetch_later_source
	header_tree=$cache/sources/$from..$to.headers
}
