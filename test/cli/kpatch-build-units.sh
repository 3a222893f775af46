#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: files that aren't units, or are both a unit and part of another one; a new function used by a module.
# Prevents: a fix that reaches only one of two copies of a function; a livepatch with a wrong position of a
#   function.
# Fails if: a unit that includes the file is left out, two functions of one name get one position, or a module
#   that uses a new function of vmlinux depends on it by name.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib/kpatch-build.sh
. "$(dirname "$(readlink -f "$0")")/../lib/kpatch-build.sh"

built()
{
	kpatch_build "$@"
	[ "$status" = 0 ] || { complain "'$*': exit $status"; cat "$work/log"; }
}

# kernel/sched/rt.c is included by build_policy.c
make_diff included kernel/sched/rt.c '/^static unsigned int get_rr_interval_rt/,/^}/s/sched_rr_timeslice/& + 1/'
built included.patch
unit=$(jq -r '.objects[0].units[]' included/included.json)
[ "$unit" = kernel/sched/build_policy.c ] || complain "rt.c is part of build_policy.c, not of '$unit'"
[ "$(jq -r '.objects[0].functions[] | .file + " " + .name' included/included.json)" = \
	"kernel/sched/rt.c get_rr_interval_rt" ] || complain "another function or file: $(cat included/included.json)"

# fs/binfmt_elf.c is a unit, and compat_binfmt_elf.c includes it
make_diff twice fs/binfmt_elf.c 's/e_phentsize != sizeof(struct elf_phdr)/e_phentsize - 1 == sizeof(struct elf_phdr)/'
built twice.patch
[ "$(jq '.objects[0].units | length' twice/twice.json)" = 2 ] || complain "not both units were compiled"
positions=$(jq -r '.objects[0].functions[] | select(.name == "load_elf_phdrs") | .sympos' twice/twice.json | sort | tr '\n' ' ')
[ "$positions" = "1 2 " ] || complain "load_elf_phdrs at positions $positions"

# a module calls what the diff adds to vmlinux: dependency type C
make_diff added fs/proc/meminfo.c 's/^static int meminfo_proc_show.*/int klp_new(int a);\
noinline int klp_new(int a) { return a + jiffies; }\
&/; s/si_meminfo(&i);/if (klp_new(3) == 42) return 1; &/' \
	net/netfilter/x_tables.c '/^int xt_register_target/,/^}/s/af = target->family;/& if (klp_new(af) == 77) return -EINVAL;/
s/^int xt_register_target(/extern int klp_new(int);\
&/'
built -R added.patch
[ "$(jq -r .replace added/added.json)" = false ] || complain "-R gives a livepatch that replaces"
[ "$(modinfo -F depends added/added__x_tables.ko)" = klp_split ] ||
	complain "depends: $(modinfo -F depends added/added__x_tables.ko)"
"$bin/klp-relocs" show added/added__x_tables.ko | grep -q 'added.*klp_new\|klp_new.*added' ||
	complain "no klp relocation to the main module: $("$bin/klp-relocs" show added/added__x_tables.ko)"

# what would be built, without building: the same functions, and nothing written
before=$(snapshot)
kpatch_build --check added.patch
[ "$status" = 0 ] || { complain "--check: exit $status"; cat "$work/log"; }
[ "$before" = "$(snapshot)" ] || complain "--check left: $(diff <(echo "$before") <(snapshot) | grep '^[<>]')"
for function in $(jq -r '.objects[].functions[].name' added/added.json); do
	grep -q " $function " "$work/log" || complain "--check doesn't name $function: $(cat "$work/log")"
done

# a folder is its diffs in their order: the second applies to what the first leaves
mkdir series
make_diff series/0001-a fs/proc/meminfo.c 's/VmallocTotal:   /VmallocTOTAL:   /'
sed 's/VmallocTOTAL:   /VmallocAND:    /; s/VmallocTotal/VmallocTOTAL/' series/0001-a.patch >series/0002-b.patch
kpatch_build --check --json series
[ "$status" = 0 ] || { complain "a folder of diffs: exit $status"; cat "$work/log"; }
mkdir empty
refused 1 -- empty

# vmlinux gets a new function, and keeps all that it has: no object of the livepatch
make_diff helper fs/proc/meminfo.c 's/^static int meminfo_proc_show.*/int klp_new(int a);\
noinline int klp_new(int a) { return a + jiffies; }\
&/' net/netfilter/x_tables.c '/^int xt_register_target/,/^}/s/af = target->family;/& if (klp_new(af) == 77) return -EINVAL;/
s/^int xt_register_target(/extern int klp_new(int);\
&/'
built helper.patch
[ "$(modinfo -F klp_split_object helper/helper.ko | cut -d : -f 1)" = x_tables ] ||
	complain "objects: $(modinfo -F klp_split_object helper/helper.ko)"
readelf -sW helper/helper.ko | grep -q ' klp_new$' || complain "the new function isn't in the main module"

# nobody calls what is new: nothing would change
make_diff idle fs/proc/meminfo.c 's/^static int meminfo_proc_show.*/int klp_new(int a);\
noinline int klp_new(int a) { return a + jiffies; }\
&/'
kpatch_build idle.patch
[ "$status" = 3 ] || complain "a new function that nobody calls: exit $status, not 3"

# only a module changes: there is a main module all the same
make_diff only net/netfilter/x_tables.c 's/cond_resched();/cond_resched(); cond_resched();/'
built --json only.patch
[ "$(cd only && echo *.ko)" = "klp_split.ko only.ko only__x_tables.ko" ] || complain "modules: $(ls only)"

# what vmlinux exports in a namespace: the unit imports none itself, and its part of vmlinux no more than that
make_diff namespace fs/efivarfs/super.c '/^static int efivarfs_statfs/,/^}/s/return 0;/return buf->f_bavail == 1;/' \
	drivers/firmware/efi/vars.c '/^efi_status_t efivar_set_variable(/,/^}/s/efivar_unlock();/& if (status == 1) return 2;/'
built namespace.patch
for pair in namespace__efivarfs=efivar_query_variable_info namespace=efivar_set_variable_locked; do
	"$bin/klp-relocs" show "namespace/${pair%=*}.ko" | grep -q "vmlinux  *${pair#*=}," ||
		complain "no klp relocation to ${pair#*=}"
	[ -z "$(modinfo -F import_ns "namespace/${pair%=*}.ko")" ] || complain "${pair%=*}.ko imports a namespace"
done

# a function that the diff declares and nobody defines
make_diff undefined fs/proc/meminfo.c 's/^static int meminfo_proc_show.*/int klp_new(int);\
&/; s/si_meminfo(&i);/if (klp_new(3))\n\t\treturn 1;\n\t&/'
refused 2 KS146 -- undefined.patch
grep -q klp_new "$work/log" || complain "the undefined function isn't named"

# all functions of a unit, without any diff
built --prove fs/open.c
grep -qE '^fs/open.c: [1-9][0-9]* functions, [1-9][0-9]* variables and [1-9][0-9]* table entries equal' "$work/log" || complain "--prove: $(cat "$work/log")"
# what it has is exported by another unit
built --prove fs/jbd2/commit.c
exit $failed
