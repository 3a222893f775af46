# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: the object module of a livepatch is missing, truncated, for another kernel, badly signed, too large,
#   refers to a symbol or function that the target lacks, or does not register.
# Prevents: a target that silently runs old code because its new code could not be loaded.
# Fails if: the core lets a target be loaded after its object module has failed to load.

object=$(modinfo -n kst_m__kst_t1)
modprobe kst_m
wait_transition

refused()
{
	dmesg_mark
	expect_fail modprobe kst_t1
	output_has "$1"
	dmesg_has "klp_split: kst_m: kst_t1: .*$2"
	not_loaded kst_t1 kst_m__kst_t1
}

step "missing: the target is refused"
mv "$object" /tmp/good.ko
refused 'Input/output error' 'modprobe kst_m__kst_t1 failed'

step "truncated: the target is refused"
head -c $(($(wc -c </tmp/good.ko) / 2)) /tmp/good.ko >"$object"
refused 'Input/output error' 'modprobe kst_m__kst_t1 failed'

step "mended: it works again, without anything else"
cp /tmp/good.ko "$object"
modprobe kst_t1
expect_eq 301 "$(cat /sys/module/kst_t1/parameters/value)"

step "gone from disk while in use: the target can still leave"
rm "$object"
rmmod kst_t1
not_loaded kst_t1 kst_m__kst_t1

step "missing when the livepatch is enabled: refused, and nothing is left"
disable kst_m
rmmod kst_m
modprobe kst_t1
expect_fail modprobe kst_m
output_has 'Input/output error'
not_loaded kst_m kst_m__kst_t1
expect_eq 0 "$(cat /sys/module/kst_t1/parameters/value)"
expect_eq "" "$(ls /sys/kernel/livepatch)"
rmmod kst_t1
cp /tmp/good.ko "$object"

step "a module of that name that does not register: an error, and it is removed"
modprobe kst_silent
dmesg_mark
expect_fail modprobe kst_t1
dmesg_has 'klp_split: kst_silent: kst_t1: .*has not registered'
not_loaded kst_t1 kst_silent__kst_t1

step "the same, loaded before: an error, and it is left alone"
modprobe kst_silent__kst_t1
dmesg_mark
expect_fail modprobe kst_t1
dmesg_has 'klp_split: kst_silent: kst_t1: .*has not registered'
not_loaded kst_t1
loaded kst_silent__kst_t1
rmmod kst_silent__kst_t1

disable kst_silent
rmmod kst_silent

# refused_for LIVEPATCH WHAT-THE-KERNEL-SAYS [WORD]: the target, with the object module that lies there.
refused_for()
{
	modprobe "$1"
	wait_transition
	dmesg_mark
	expect_fail modprobe kst_t1
	dmesg_has "$2"
	not_loaded kst_t1 "$1__kst_t1"
	expect_eq "${3:-modprobe-failed}" "$(cat "/sys/kernel/klp_split/$1/kst_t1/error")"
	disable "$1"
	rmmod "$1"
}

step "for another kernel, by its version magic"
cp /broken/vermagic.ko "$object"
refused_for kst_m 'kst_m__kst_t1: version magic .* should be'

step "without its symbol table"
cp /broken/stripped.ko "$object"
refused_for kst_m 'kst_m__kst_t1: module has no symbols'

if [ -e /broken/signed.ko ]; then
	step "with a signature that is another module's"
	cp /broken/signed.ko "$object"
	expect_fail insmod "$object"
	output_has 'Key was rejected'
	refused_for kst_m 'klp_split: kst_m: kst_t1: modprobe kst_m__kst_t1 failed'
fi

step "with a symbol that its target doesn't have"
refused_for kst_nosym "livepatch: symbol 'kst_t1_nowhere' not found in symbol table"

step "for which there is no memory"
expect_fail insmod "$(modinfo -n kst_huge__kst_t1)"
output_has 'Cannot allocate memory'
refused_for kst_huge 'klp_split: kst_huge: kst_t1: modprobe kst_huge__kst_t1 failed'

step "livepatch's own coming handler fails after it was loaded"
refused_for kst_nofunc "livepatch: .*symbol 'kst_t1_nowhere' not found in symbol table" none
dmesg_has 'klp_split: kst_nofunc: kst_t1: object module loaded'
dmesg_has 'klp_split: kst_nofunc: kst_t1: object module removed'

step "mended"
cp /tmp/good.ko "$object"
modprobe kst_m
wait_transition
modprobe kst_t1
expect_eq 301 "$(cat /sys/module/kst_t1/parameters/value)"
rmmod kst_t1
disable kst_m
rmmod kst_m
rmmod klp_split
