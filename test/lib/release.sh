# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Some checks need programs of a later Debian than the machine's: a QEMU that
# emulates several CPUs in threads, later compilers. They are unpacked into a
# folder of their own; nothing is installed.
#
# apt resolves and downloads the packages, with a state of its own in which
# nothing is installed, from the mirror that this machine's own packages come
# from, and checks the signatures.

release_keyring=/usr/share/keyrings/debian-archive-keyring.gpg

release_mirror()
{
	local found

	# shellcheck disable=SC2016 # apt fills it in
	found=$(apt-get indextargets --format '$(ORIGIN) $(LABEL) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
		awk '$1 == "Debian" && $2 == "Debian" && $3 == "main" { print $4; exit }')
	echo "${found:-http://deb.debian.org/debian/}"
}

# release_state CODENAME FOLDER: the state of a machine on which nothing is installed. apt then wants everything.
release_state()
{
	local codename=$1 state=$2

	mkdir -p "$state"/{lists/partial,archives/partial}
	: >"$state/status"
	echo "deb [signed-by=$release_keyring] $(release_mirror) $codename main" >"$state/sources.list"
	cat >"$state/apt.conf" <<-END
	Dir::State "$state";
	Dir::State::lists "$state/lists";
	Dir::State::status "$state/status";
	Dir::Cache "$state";
	Dir::Cache::archives "$state/archives";
	Dir::Etc::sourcelist "$state/sources.list";
	Dir::Etc::sourceparts "/dev/null";
	Dir::Etc::preferences "/dev/null";
	Dir::Etc::preferencesparts "/dev/null";
	APT::Architecture "amd64";
	APT::Architectures { "amd64"; };
	APT::Install-Recommends "false";
	Acquire::Languages "none";
	END
	# apt's own user would need rights in the cache
	[ "$(id -u)" != 0 ] || echo 'APT::Sandbox::User "root";' >>"$state/apt.conf"
}

# release_unpack CODENAME WORK ROOT PACKAGE…: the newest packages of that release, and all that they depend on, down to
# the C library. WORK is for apt, and for its log.
release_unpack()
{
	local codename=$1 state=$2/apt log=$2/log root=$3 deb
	shift 3

	[ -r $release_keyring ] || { echo "no $release_keyring to check signatures with; install debian-archive-keyring" >&2; return 1; }
	release_state "$codename" "$state"
	{
		APT_CONFIG=$state/apt.conf apt-get -q -y update &&
			APT_CONFIG=$state/apt.conf apt-get -q -y --download-only install "$@"
	} >"$log" 2>&1 || { tail -n 20 "$log" >&2; echo "can't download $* of $codename" >&2; return 1; }
	# one folder for /bin and /usr/bin, as the packages expect it
	mkdir -p "$root"/usr/{bin,sbin,lib,lib64}
	ln -s usr/bin usr/sbin usr/lib usr/lib64 "$root"
	for deb in "$state"/archives/*.deb; do
		dpkg-deb -x "$deb" "$root" || { echo "can't unpack $deb" >&2; return 1; }
	done
}
