#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: changed functions of lib/, which ftrace can't redirect: one that only units of vmlinux call, one that
#   is exported, some whose address init code has passed on; and an index that lacks the unit with the callers.
#   integration/differ-cases loads the first.
# Prevents: a livepatch whose new function has no callers, or not all, including callers in unknown modules.
# Fails if: the first isn't built with exactly its callers, in a second unit; or any of the others is built.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib/kpatch-build.sh
. "$(dirname "$(readlink -f "$0")")/../lib/kpatch-build.sh"

make_diff called lib/assoc_array.c '/^struct assoc_array_edit \*assoc_array_insert(/,/^{/s/^{/&\n\tpr_info("inserted\\n");/'
make_diff exported lib/glob.c 's/^bool __pure glob_match(.*/&/; /^bool __pure glob_match(/,/^{/s/^{/&\n\tif (!*pat)\n\t\treturn !*str;/'

functions=$("$bin/kpatch-build" --kernel "$release" -j2 --check --json called.patch 2>"$work/log" | tee called.json |
	jq -r '[.manifest.objects[].functions[] | "\(.status) \(.unit)"] | unique | join(", ")')
[[ "$functions" = *"changed security/keys/keyring.c"* && "$functions" = *"new lib/assoc_array.c"* &&
	"$functions" != *"changed lib/"* ]] || { complain "functions: $functions"; cat "$work/log"; }

described called.json

refused 2 KS102 -- exported.patch

# --- functions whose address init code has given away, alone in the diff and beside one that can be replaced
make_diff hotplug lib/percpu_counter.c '/^static int percpu_counter_cpu_dead(/,/^}/s/compute_batch_value(cpu);/pr_info("dead\\n"); &/'
refused 2 KS102 -- hotplug.patch
if grep -q 'apic_eoi_write(u32' "$kernel_dir/source/arch/x86/kernel/kvm.c"; then
	make_diff paravirt arch/x86/kernel/kvm.c '/kvm_guest_apic_eoi_write(/,/^{/s/^{/&\n\tif (reg == ~0U)\n\t\treturn;/
		/^static void kvm_guest_cpu_offline(/,/^{/s/^{/&\n\tpr_info("offline\\n");/'
	refused 2 KS102 -- paravirt.patch
fi

# --- an index without the callers' unit
own=$work/cache/klp-split/kernels/$release
mkdir -p "$own"
ln -s "$kernel_dir"/* "$own/"
rm "$own/index-4"
grep -v $'^unit\tsecurity/keys/keyring.c\t' "$kernel_dir/index-4" >"$own/index-4"
XDG_CACHE_HOME=$work/cache refused 2 KS102 -- called.patch
grep -q "used by .*keyring.c.*, which isn't compiled again" "$work/log" ||
	{ complain "who isn't compiled isn't said"; cat "$work/log"; }
exit $failed
