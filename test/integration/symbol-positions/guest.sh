# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a kernel without address randomisation; every name that occurs several times in vmlinux according to
#   our index, and those of two large modules.
# Prevents: positions that are counted in another way than the kernel does: then another function is patched.
# Fails if: kallsyms lists a name in another order or number, or a klp relocation of our making to a second or
#   later position in vmlinux or a module has a wrong target.

step "vmlinux: positions are those of kallsyms"
echo 0 >/proc/sys/kernel/kptr_restrict
awk 'NF == 3 { n[$3]++; line[NR] = $1 " " $3 " " n[$3]; name[NR] = $3 }
	END { for (i = 1; i <= NR; i++) if (n[name[i]] > 1) print line[i] }' /proc/kallsyms | sort >found
sort /expected >wanted
expect_ok diff wanted found

for list in /modules/*; do
	module=${list##*/}
	step "$module: those of its $(cut -d' ' -f3 "$list" | sort -u | wc -l) such names, too"
	modprobe "$module"
	awk '{ print NR, $0 }' "$list" >numbered
	for section in $(cut -d' ' -f1 "$list" | sort -u); do
		address=$(cat "/sys/module/$module/sections/$section") # in one piece, or not at all
		low=${address#0xffffffff} # dash can't count further
		awk -v "of=$section" '$2 == of { print $1, $3, $4 }' numbered |
			while read -r number offset name; do
				printf '%d ffffffff%08x %s\n' "$number" $((0x$low + offset)) "$name"
			done
	done | sort -n | cut -d' ' -f2- | sort -s -k2,2 >wanted
	awk -v "of=[$module]" 'NR == FNR { listed[$3] = 1; next }
		$4 == of && $3 in listed { print $1, $3 }' "$list" /proc/kallsyms | sort -s -k2,2 >found
	expect_ok diff wanted found
done

step "klp relocations lead to these addresses"
dmesg_mark
modprobe twins
modprobe asker
while read -r line; do
	dmesg_has "asker: $line\$"
done </answers

step "in a live module, what lies in init memory is no longer counted"
dmesg_has 'asker: twin 1 2 pair 1 2$'
rmmod asker
rmmod twins
