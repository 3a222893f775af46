// SPDX-License-Identifier: GPL-2.0-or-later
/* Which tables there are, and their entries in order; see tables.h. */
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>

#include "kpatch-build/prove/tables.h"
#include "kpatch-build/prove/shipped-code.h"

#define SYMBOLS(_start, _stop) .start = _start, .stop = _stop
/* An entry that is a place and nothing else. */
#define LIST32(_section, _start, _stop, ...)                                             \
	{                                                                                \
		.section = _section, SYMBOLS(_start, _stop), .sizes = { 4 }, .width = 4, \
		__VA_ARGS__                                                              \
	}
#define LIST64(_section, _start, _stop, ...)                                             \
	{                                                                                \
		.section = _section, SYMBOLS(_start, _stop), .sizes = { 8 }, .width = 8, \
		__VA_ARGS__                                                              \
	}
#define INITCALLS(_level, _start, _stop) LIST32(".initcall" _level ".init", _start, _stop)

/* Where they lie in vmlinux: include/asm-generic/vmlinux.lds.h, arch/x86/kernel/vmlinux.lds.S. */
const struct table_rule table_rules[] = {
	/* struct alt_instr: 12 bytes in 6.1, 14 in 6.12 */
	{ .section = ".altinstructions",
	  SYMBOLS("__alt_instructions", "__alt_instructions_end"),
	  .sizes = { 12, 14 },
	  .width = 4,
	  .code = true },
	/* struct bug_entry: place, file, line, flags */
	{ .section = "__bug_table",
	  SYMBOLS("__start___bug_table", "__stop___bug_table"),
	  .sizes = { 12 },
	  .width = 4 },
	/* struct exception_table_entry; scripts/sorttable.c sorts it */
	{ .section = "__ex_table",
	  SYMBOLS("__start___ex_table", "__stop___ex_table"),
	  .sizes = { 12 },
	  .width = 4 },
	/* struct jump_entry: place, target, key */
	{ .section = "__jump_table",
	  SYMBOLS("__start___jump_table", "__stop___jump_table"),
	  .sizes = { 16 },
	  .width = 4 },
	/* struct static_call_site: place, key with flags */
	{ .section = ".static_call_sites",
	  SYMBOLS("__start_static_call_sites", "__stop_static_call_sites"),
	  .sizes = { 8 },
	  .width = 4,
	  .later = true },
	/* struct static_call_tramp_key: trampoline, key */
	{ .section = ".static_call_tramp_key",
	  SYMBOLS("__start_static_call_tramp_key", "__stop_static_call_tramp_key"),
	  .sizes = { 8 },
	  .width = 4 },
	/* struct paravirt_patch_site: place, type, length */
	{ .section = ".parainstructions",
	  SYMBOLS("__parainstructions", "__parainstructions_end"),
	  .sizes = { 16 },
	  .width = 8 },
	LIST32(".smp_locks", "__smp_locks", "__smp_locks_end"),
	LIST32(".return_sites", "__return_sites", "__return_sites_end", .later = true),
	LIST32(".retpoline_sites", "__retpoline_sites", "__retpoline_sites_end", .later = true),
	LIST32(".call_sites", "__call_sites", "__call_sites_end", .later = true),
	LIST64("__mcount_loc", "__start_mcount_loc", "__stop_mcount_loc", .later = true),
	LIST64("_kprobe_blacklist", "__start_kprobe_blacklist", "__stop_kprobe_blacklist"),
	LIST32("__tracepoints_ptrs", "__start___tracepoints_ptrs", "__stop___tracepoints_ptrs"),
	/* struct kernel_symbol: value, name, namespace; since 6.4 modpost makes it */
	{ .section = "___ksymtab+*",
	  .module = "__ksymtab",
	  SYMBOLS("__start___ksymtab", "__stop___ksymtab"),
	  .sizes = { 12 },
	  .width = 4,
	  .later = true,
	  .elsewhere = true },
	{ .section = "___ksymtab_gpl+*",
	  .module = "__ksymtab_gpl",
	  SYMBOLS("__start___ksymtab_gpl", "__stop___ksymtab_gpl"),
	  .sizes = { 12 },
	  .width = 4,
	  .later = true,
	  .elsewhere = true },
	INITCALLS("early", "__initcall_start", "__initcall0_start"),
	INITCALLS("0*", "__initcall0_start", "__initcall1_start"),
	INITCALLS("1*", "__initcall1_start", "__initcall2_start"),
	INITCALLS("2*", "__initcall2_start", "__initcall3_start"),
	INITCALLS("3*", "__initcall3_start", "__initcall4_start"),
	INITCALLS("4*", "__initcall4_start", "__initcall5_start"),
	INITCALLS("5*", "__initcall5_start", "__initcallrootfs_start"),
	INITCALLS("rootfs*", "__initcallrootfs_start", "__initcall6_start"),
	INITCALLS("6*", "__initcall6_start", "__initcall7_start"),
	INITCALLS("7*", "__initcall7_start", "__initcall_end"),
	LIST32(".con_initcall.init", "__con_initcall_start", "__con_initcall_end"),
};

const size_t n_table_rules = sizeof(table_rules) / sizeof(*table_rules);

static bool is_table(const struct table_rule *rule, const char *name)
{
	return !fnmatch(rule->section, name, 0);
}

const struct table_rule *table_rule_for(const struct elf_section *section)
{
	for (size_t i = 0; i < n_table_rules; i++)
		if (is_table(&table_rules[i], section->name))
			return &table_rules[i];
	return NULL;
}

static int compare_entries(const void *a, const void *b)
{
	const struct table_entry *x = a, *y = b;
	uint32_t i = x->key_section ? x->key_section->index : 0;
	uint32_t j = y->key_section ? y->key_section->index : 0;

	if (i != j)
		return i < j ? -1 : 1;
	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	/* several about one place: in the order that the source gives them */
	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

/* Most tables are in order. */
static void sort(struct table *table)
{
	for (size_t i = 1; i < table->n; i++) {
		if (compare_entries(&table->list[i - 1], &table->list[i]) > 0) {
			qsort(table->list, table->n, sizeof(*table->list), compare_entries);
			return;
		}
	}
}

size_t table_first(const struct table *table, const struct elf_section *section, uint64_t key)
{
	struct table_entry wanted = { .key_section = section, .key = key };
	size_t low = 0, high = table->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (compare_entries(&table->list[mid], &wanted) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static const struct elf_rela *key_of(const struct elf_section *section, uint64_t offset)
{
	const struct elf_rela *rela;

	elf_for_each_rela(section, rela)
		if (rela->offset == offset)
			return rela;
	return NULL;
}

/* Whether all relocations of a section fit into entries of @size, each with its key. */
static bool has_size(const struct elf_section *section, const struct table_rule *rule,
		     unsigned int size)
{
	const struct elf_rela *rela;
	size_t keys = 0;

	elf_for_each_rela(section, rela)
		keys += rela->offset % size == rule->key;
	return size && section->size % size == 0 && keys == section->size / size;
}

static int add_section(struct table *table, const struct elf_section *section,
		       const struct table_rule *rule)
{
	const size_t n = section->size / table->size;
	struct table_entry *list = realloc(table->list, (table->n + n + 1) * sizeof(*list));
	const struct elf_rela *rela = section->relas, *end = rela + section->n_relas;

	if (!list)
		return -ENOMEM;
	table->list = list;
	for (size_t i = 0; i < n; i++) {
		struct table_entry *entry = &list[table->n++];
		uint64_t key = i * table->size + rule->key;

		*entry = (struct table_entry){ .section = section, .offset = i * table->size };
		while (rela < end && rela->offset < key)
			rela++;
		if (rela == end || rela->offset != key)
			rela = key_of(section, key) ?: end; /* they needn't be in order */
		if (rela == end || !rela->symbol)
			continue;
		entry->key_section = rela->symbol->section;
		entry->key = rela->symbol->value + rela->addend;
	}
	return 0;
}

int table_of_unit(const struct elf_model *unit, const struct table_rule *rule, struct table *table)
{
	const struct elf_section *s;
	int err = 0;

	*table = (struct table){ 0 };
	elf_for_each_section(unit, s) {
		if (!s->size || !s->data || !is_table(rule, s->name))
			continue;
		for (size_t i = 0; !table->size && i < 2; i++)
			if (has_size(s, rule, rule->sizes[i]))
				table->size = rule->sizes[i];
		if (!has_size(s, rule, table->size))
			return -EINVAL;
		err = add_section(table, s, rule);
		if (err)
			return err;
	}
	sort(table);
	return 0;
}

static bool read_key(const struct shipped_code *code, const struct table_rule *rule,
		     const struct shipped_function *whole, uint64_t offset,
		     struct shipped_place *key)
{
	return shipped_reference(code, whole, offset + rule->key, rule->width, rule->width == 4,
				 key);
}

/* No entry of ours says which size it is: it is the one by which all are about code. */
static bool fits(const struct shipped_code *code, const struct table_rule *rule,
		 const struct shipped_function *whole, unsigned int size)
{
	struct shipped_place key;

	if (!size || whole->size % size)
		return false;
	for (uint64_t at = 0; at < whole->size; at += size)
		if (!read_key(code, rule, whole, at, &key) || !shipped_is_code(code, &key))
			return false;
	return true;
}

int table_of_object(const struct shipped_code *code, const struct table_rule *rule,
		    unsigned int size, struct table *table)
{
	struct shipped_function whole;
	struct shipped_place key;

	*table = (struct table){ 0 };
	if (!shipped_table(code, rule->module ?: rule->section, rule->start, rule->stop, &whole))
		return 0;
	if (!size)
		size = rule->sizes[1] && !fits(code, rule, &whole, rule->sizes[0]) ? rule->sizes[1]
										   : rule->sizes[0];
	if (whole.size % size)
		return -EINVAL;
	table->size = size;
	table->list = calloc(whole.size / size + 1, sizeof(*table->list));
	if (!table->list)
		return -ENOMEM;
	for (uint64_t at = 0; at < whole.size; at += size) {
		struct table_entry *entry = &table->list[table->n++];

		*entry = (struct table_entry){ .section = whole.place.section,
					       .offset = whole.place.offset + at };
		if (read_key(code, rule, &whole, at, &key) && !key.undefined) {
			entry->key_section = key.section;
			entry->key = key.offset;
		}
	}
	sort(table);
	return 0;
}

void table_free(struct table *table)
{
	free(table->list);
	*table = (struct table){ 0 };
}
