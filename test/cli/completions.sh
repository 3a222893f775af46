#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: the tools are built; a few lines here replace the helper functions of bash-completion.
# Prevents: a completion that offers words which the tool doesn't know, or prints errors into the user's prompt.
# Fails if: a tool's commands or options are not offered, or a completion has no file.
# shellcheck disable=SC2034,SC2317 # called by, and read in, the completions
set -euo pipefail

cd "$(dirname "$0")/../.."
bin=$(readlink -f "${BUILD:-build}")/bin
failed=0

_init_completion() { cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} words=("${COMP_WORDS[@]}") cword=$COMP_CWORD; }
_parse_help() { "$bin/$1" --help | grep -oE -e '--[a-z][-a-z]+' | sort -u; }
_filedir() { COMPREPLY=(files); }

# offers FUNCTION WORD WORDS…: completing the last of WORDS offers WORD
offers()
{
	local function=$1 expected=$2
	shift 2
	COMP_WORDS=("$@")
	COMP_CWORD=$(($# - 1))
	COMPREPLY=()
	"$function" "$1" "${!#}" "${COMP_WORDS[COMP_CWORD - 1]}"
	[[ " ${COMPREPLY[*]-} " = *" $expected "* ]] ||
		{ echo "$*: offers '${COMPREPLY[*]-}', not '$expected'"; failed=1; }
}

for tool in kpatch kpatch-build klp-relocs create-diff-object; do
	# shellcheck source=/dev/null
	. "completions/$tool"
done
offers _kpatch load kpatch ''
offers _kpatch unload kpatch --quiet u
offers _kpatch force kpatch fo
offers _kpatch uninstall kpatch -k x un
offers _kpatch files kpatch install ''
offers _kpatch check kpatch ch
offers _kpatch files kpatch check ''
offers _kpatch --timeout kpatch load --ti
offers _kpatch files kpatch load ''
offers _kpatch_build files kpatch-build ''
offers _kpatch_build --kernel kpatch-build --ker
offers _kpatch_build "$(uname -r)" kpatch-build --kernel ''
offers _klp_relocs convert klp-relocs con
offers _klp_relocs files klp-relocs show ''
offers _klp_relocs --symvers klp-relocs verify --sym
offers _create_diff_object --object-file create-diff-object --object-f
offers _create_diff_object files create-diff-object ''
exit $failed
