# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a kernel without address randomisation; every name that our index says vmlinux has several times.
# Prevents: positions counted otherwise than by the kernel: another function is patched.
# Fails if: kallsyms lists a name in another order or more or less often, or a klp relocation of our making, to a
#   second or later position in vmlinux or a module, leads elsewhere.

step "vmlinux: positions are those of kallsyms"
echo 0 >/proc/sys/kernel/kptr_restrict
awk 'NF == 3 { n[$3]++; line[NR] = $1 " " $3 " " n[$3]; name[NR] = $3 }
	END { for (i = 1; i <= NR; i++) if (n[name[i]] > 1) print line[i] }' /proc/kallsyms | sort >found
sort /expected >wanted
expect_ok diff wanted found

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
