# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Builds, beside the modules of the tests: modules with N klp relocations, and one livepatch for 20
# targets twice, split and as one module.
core
test_module kst_t1 kst_m kst_m__kst_t1
time_limit 600

output=$(built_modules)
symvers=(-s "$kernel_dir/build/Module.symvers" -s "$output.work/core/Module.symvers")
generated=$work/generated
mkdir -p "$generated"
n_targets=20
n_functions=30

kbuild_generated()
{
	make -s -C "$kernel_dir/build" M="$generated" KBUILD_MODPOST_WARN=1 \
		KBUILD_EXTRA_SYMBOLS="$output.work/core/Module.symvers" modules >"$work/modules.log" 2>&1 ||
		{ cat "$work/modules.log" >&2; die "can't build the modules of the benchmark"; }
}

# relocations N: a module that refers to N symbols of vmlinux. klp-relocs makes one klp relocation
# for each symbol, so they are different symbols.
relocations()
{
	local dir=$generated/bench_relocs_$1 symbol symbols

	mkdir "$dir"
	symbols=$(awk '$2 == "t" && $3 ~ /^(tcp|pci|xfrm|blk)_[a-z0-9_]*$/ { print $3 }' \
		"$kernel_dir/root/usr/lib/debug/boot/System.map-$release" | sort | uniq -u)
	symbols=$(head -n "$1" <<<"$symbols")
	{
		headers
		echo '#include "klp_split.h"'
		for symbol in $symbols; do
			echo "extern const char ${symbol}[];"
			echo "KLP_SPLIT_REF($symbol, \"vmlinux\", \"$symbol\", 0);"
		done
		echo "const void *bench_table[] = {"
		# shellcheck disable=SC2086 # a list
		printf '%s,\n' $symbols
		echo '};'
		echo 'MODULE_LICENSE("GPL");'
		echo 'MODULE_INFO(livepatch, "Y");'
	} >"$dir/bench_relocs_$1.c"
	printf 'obj-m := %s.o\nccflags-y := -I%s/kmod\n' "bench_relocs_$1" "$top" >"$dir/Kbuild"
	echo "obj-m += bench_relocs_$1/" >>"$generated/Kbuild"
}

# code TARGET PREFIX: its functions, some 200 bytes each.
code()
{
	local f

	for ((f = 0; f < n_functions; f++)); do
		echo "noinline __attribute__((noipa)) int $2$1_f$f(int *p, int n)"
		echo "{ int i; for (i = 0; i < n; i++) { p[i] = p[i] * $((f + 3)) ^ (p[n - i - 1] >> $((f % 7 + 1)));"
		echo "if (p[i] < 0) pr_info(\"$2$1_f$f: %d at %d\\n\", p[i], i); } return p[0]; }"
	done
}

# functions_table FORMAT: the tables of the livepatch; FORMAT makes a new function of target and number.
functions_table()
{
	local t f

	for ((t = 0; t < n_targets; t++)); do
		echo "static struct klp_func funcs_${t}[] = {"
		for ((f = 0; f < n_functions; f++)); do
			echo "{ .old_name = \"t${t}_f$f\", .new_func = $(printf "$1" $t $f) },"
		done
		echo '{ } };'
	done
	echo 'static struct klp_object klp_split_objects[] = {'
	for ((t = 0; t < n_targets; t++)); do
		echo "{ .name = \"bench_t$t\", .funcs = funcs_$t },"
	done
	echo '{ } };'
}

headers() { printf '#include <linux/module.h>\n#include <linux/livepatch.h>\n'; }

# module_of NAME TEMPLATE [OBJECT]: a Kbuild for it, with the real template and linker script.
module_of()
{
	cp "$top/templates/$2.c" "$generated/$1/"
	cat >"$generated/$1/Kbuild" <<-END
	obj-m := $1.o
	$1-y := $2.o ${3:-}
	ccflags-y := -I$top/kmod -Wno-missing-prototypes
	ldflags-y := -T $top/templates/klp-split.lds
	END
	echo "obj-m += $1/" >>"$generated/Kbuild"
}

split_livepatch()
{
	local t f dir

	mkdir "$generated/bench_p"
	{
		echo '#define KLP_SPLIT_REPLACE 1'
		echo '#define KLP_SPLIT_HAS_VMLINUX 0'
		echo '#define KLP_SPLIT_VMLINUX_BUILD_ID NULL'
		functions_table 'KLP_SPLIT_PLACEHOLDER /* %d %d */'
		echo 'static const struct klp_split_target klp_split_targets[] = {'
		for ((t = 0; t < n_targets; t++)); do
			echo "{ .object = \"bench_t$t\" },"
		done
		echo '{ } };'
	} >"$generated/bench_p/tables.h"
	module_of bench_p main
	for t in 0 1; do
		dir=$generated/bench_p__bench_t$t
		mkdir "$dir"
		printf '#define KLP_SPLIT_PATCH "bench_p"\n#define KLP_SPLIT_OBJECT "bench_t%d"\n' $t >"$dir/tables.h"
		echo '#define KLP_SPLIT_OBJECT_BUILD_ID ""' >>"$dir/tables.h"
		{
			headers
			echo '#include "klp_split.h"'
			code $t new
			for ((f = 0; f < n_functions; f++)); do
				echo "KLP_SPLIT_FUNC(t${t}_f$f, new${t}_f$f, 0);"
			done
		} >"$dir/units.c"
		module_of bench_p__bench_t$t object units.o
	done
}

one_module()
{
	local t

	mkdir "$generated/bench_all"
	{
		headers
		for ((t = 0; t < n_targets; t++)); do
			code $t new
		done
		functions_table 'new%d_f%d'
		cat <<-'END'
		static struct klp_patch patch = {
			.mod = THIS_MODULE, .objs = klp_split_objects, .replace = true,
		};
		static int __init bench_init(void) { return klp_enable_patch(&patch); }
		static void __exit bench_exit(void) { }
		module_init(bench_init);
		module_exit(bench_exit);
		MODULE_LICENSE("GPL");
		MODULE_INFO(livepatch, "Y");
		END
	} >"$generated/bench_all/all.c"
	printf 'obj-m := bench_all.o\nbench_all-y := all.o\nccflags-y := -Wno-missing-prototypes\n' \
		>"$generated/bench_all/Kbuild"
	echo 'obj-m += bench_all/' >>"$generated/Kbuild"
}

targets()
{
	local t

	for t in 0 1; do
		mkdir "$generated/bench_t$t"
		{
			headers
			code $t t
			echo 'MODULE_LICENSE("GPL");'
		} >"$generated/bench_t$t/bench_t$t.c"
		printf 'obj-m := bench_t%d.o\nccflags-y := -Wno-missing-prototypes\n' $t >"$generated/bench_t$t/Kbuild"
		echo "obj-m += bench_t$t/" >>"$generated/Kbuild"
	done
}

for n in 1 11 41; do
	relocations $n
done
targets
split_livepatch
one_module
kbuild_generated
for name in bench_relocs_1 bench_relocs_11 bench_relocs_41 bench_p; do
	"$build/bin/klp-relocs" convert "${symvers[@]}" "$generated/$name/$name.ko"
done
for t in 0 1; do
	"$build/bin/klp-relocs" convert "${symvers[@]}" --provider="bench_p=$generated/bench_p/bench_p.ko" \
		"$generated/bench_p__bench_t$t/bench_p__bench_t$t.ko"
done
module "$generated"/bench_*/bench_*.ko
