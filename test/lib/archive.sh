# SPDX-License-Identifier: GPL-2.0-or-later
#
# A small archive of Debian packages in a folder, with suites, lists and
# signatures like the real one, for tests of fetching: nothing is
# downloaded, and every fault of an archive can be simulated.
# shellcheck shell=bash disable=SC2154 # set by ../lib/kpatch-build.sh

# A machine with this archive's mirror as its source, or with none, and with nothing of ours in apt's
# configuration: archive_machine [URL SUITE]
archive_machine()
{
	mkdir -p "$work/machine/lists/partial"
	: >"$work/machine/status"
	: >"$work/machine/sources.list"
	[ $# = 0 ] || echo "deb [signed-by=$work/archive.gpg] $1 $2 main" >"$work/machine/sources.list"
	cat >"$work/machine/apt.conf" <<-END
	Dir::Etc::parts "/dev/null";
	Dir::Etc::main "/dev/null";
	Dir::Etc::sourcelist "$work/machine/sources.list";
	Dir::Etc::sourceparts "/dev/null";
	Dir::State "$work/machine";
	Dir::State::status "$work/machine/status";
	Dir::Cache "$work/machine";
	END
	export APT_CONFIG=$work/machine/apt.conf
}

archive_key()
{
	mkdir -m 700 "$work/gnupg"
	gpg --homedir "$work/gnupg" --batch --quiet --passphrase '' --quick-gen-key archive@example.org rsa2048 sign never 2>/dev/null
	gpg --homedir "$work/gnupg" --batch --export >"$work/archive.gpg"
}

# archive_package SUITE NAME VERSION [FIELD…]: with a file of its name, and "$work/content/NAME" if there is one
archive_package()
{
	local suite=$1 name=$2 version=$3 pool=$work/archive/pool
	shift 3
	rm -rf "$work/package"
	mkdir -p "$work/package/DEBIAN" "$work/package/usr/share/$name" "$pool" "$work/archive/lists"
	: >"$work/package/usr/share/$name/there"
	[ ! -d "$work/content/$name" ] || cp -a "$work/content/$name/." "$work/package/"
	{
		printf 'Package: %s\nVersion: %s\nArchitecture: amd64\nMaintainer: a test\nDescription: none\n' "$name" "$version"
		[ $# = 0 ] || printf '%s\n' "$@"
	} >"$work/package/DEBIAN/control"
	SOURCE_DATE_EPOCH=1 dpkg-deb --root-owner-group -Znone -b "$work/package" "$pool/${name}_${version}_amd64.deb" >/dev/null
	{
		cat "$work/package/DEBIAN/control"
		echo "Filename: pool/${name}_${version}_amd64.deb"
		echo "Size: $(stat -c %s "$pool/${name}_${version}_amd64.deb")"
		echo "SHA256: $(sha256sum <"$pool/${name}_${version}_amd64.deb" | cut -d' ' -f1)"
		echo
	} >>"$work/archive/lists/$suite"
}

# archive_sign SUITE [VALID-UNTIL]
archive_sign()
{
	local suite=$1 folder=$work/archive/dists/$1 file=main/binary-amd64/Packages
	mkdir -p "$folder/main/binary-amd64"
	cp "$work/archive/lists/$suite" "$folder/$file"
	{
		printf 'Origin: Debian\nLabel: Debian\nSuite: %s\nCodename: %s\n' "$suite" "$suite"
		LC_ALL=C date -u -d '-2 days' '+Date: %a, %d %b %Y %H:%M:%S UTC'
		[ $# = 1 ] || LC_ALL=C date -u -d "$2" '+Valid-Until: %a, %d %b %Y %H:%M:%S UTC'
		printf 'Architectures: amd64\nComponents: main\nSHA256:\n'
		echo " $(sha256sum <"$folder/$file" | cut -d' ' -f1) $(stat -c %s "$folder/$file") $file"
	} >"$folder/Release"
	rm -f "$folder/InRelease"
	gpg --homedir "$work/gnupg" --batch --quiet --clearsign -o "$folder/InRelease" "$folder/Release"
}
