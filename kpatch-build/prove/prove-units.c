// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The pass that compares the newly compiled originals with what is shipped:
 * every function and every variable of every unit, with prove-function.h.
 * Anything that isn't compared is counted, with the reason.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "kpatch-build/compile/unit-cache.h"
#include "kpatch-build/build.h"
#include "kpatch-build/index/dwarf-units.h"
#include "lib/files.h"
#include "kpatch-build/compile/makers.h"
#include "kpatch-build/prove/prove-tables.h"
#include "kpatch-build/prove/prove-function.h"
#include "kpatch-build/prove/uncompared.h"
#include "kpatch-build/progress.h"
#include "kpatch-build/prove/pair-symbols.h"
#include "kpatch-build/prove/shipped-code.h"
#include "kpatch-build/prove/tables.h"
#include "kpatch-build/result.h"
#include "kpatch-build/prove/prove-data.h"
#include "kpatch-build/prove/prove-exports.h"

/* One attempt for one unit. */
struct pass {
	const struct job *job;
	const struct reached *reached;
	struct unit *unit;
	const struct object *object;
	struct diag *diag; /* for this attempt */
	struct proof proof;
	struct shipped_tables *tables;
	size_t functions, variables, entries;
	json_t *uncompared;
};

static const struct result_function *find_replaced(const struct unit *unit, const char *name)
{
	const struct result_function *function;

	result_for_each(function, unit->result, functions)
		if (function_is_replaced(function) && !strcmp(function->name, name))
			return function;
	return NULL;
}

static int leave_out(struct pass *pass, const char *what, const char *name, const char *why)
{
	return json_array_append_new(pass->uncompared,
				     json_pack("{s:s, s:s, s:s}", what, name, "unit",
					       pass->unit->source, "why", why))
		       ? diag_oom(pass->diag)
		       : 0;
}

static void tell_both_sides(const struct pass *pass, const struct prove_result *result)
{
	if (result->why)
		diag_detail(pass->diag, "at +%#lx: %s", result->offset, result->why);
	if (result->ours)
		diag_detail(pass->diag, "compiled here: %s", result->ours);
	if (result->shipped)
		diag_detail(pass->diag, "shipped:       %s", result->shipped);
}

static int report(struct pass *pass, const struct elf_symbol *symbol, unsigned int line,
		  enum prove_verdict verdict, const struct prove_result *result)
{
	static const char *const codes[][PROVE_ERROR] = {
		{ [PROVE_DIFFERENT] = "KS330",
		  [PROVE_NOT_SHIPPED] = "KS331",
		  [PROVE_UNKNOWN] = "KS333" },
		{ [PROVE_DIFFERENT] = "KS351",
		  [PROVE_NOT_SHIPPED] = "KS352",
		  [PROVE_UNKNOWN] = "KS351" },
	};
	bool data = symbol->type == STT_OBJECT;
	struct diag_place place = {
		.file = pass->unit->source,
		.line = line,
		.function = data ? NULL : symbol->name,
	};

	if (verdict == PROVE_ERROR)
		return diag_oom(pass->diag);
	diag_error(pass->diag, codes[data][verdict], &place, "'%s' of %s", symbol->name,
		   pass->unit->object);
	tell_both_sides(pass, result);
	return -EINVAL;
}

/*
 * Does the shipped symbol with the name of a weak function or variable of ours belong to another
 * unit? That one is strong, unless a header declares all of them weak (arch_perf_update_userpage()
 * of 6.1): then the debug information tells the unit.
 */
static bool is_another_units(const struct pass *pass, const struct object_symbol *shipped)
{
	const struct object *object = pass->object;
	char *name = NULL;
	bool another;

	if (shipped->bind != STB_WEAK || object != pass->reached->objects)
		return shipped->bind == STB_GLOBAL;
	if (dwarf_unit_at(object->symbols, shipped->value, &name, pass->diag))
		return false;
	another = !name || !is_name_of_source(name, pass->unit->source);
	free(name);
	return another;
}

/* Are all shipped symbols of that name another unit's? An undefined weak symbol has no override. */
static bool is_overridden(const struct pass *pass, const struct elf_symbol *symbol)
{
	const struct object_symbol *found;
	size_t n;

	found = object_index_find(shipped_code_index(pass->proof.code), symbol->name, &n);
	for (size_t i = 0; i < n; i++)
		if (found[i].bind != STB_LOCAL && !is_another_units(pass, &found[i]))
			return false;
	return symbol->bind == STB_WEAK && n;
}

/* "foo.cold" of an overridden foo: dead code. */
static bool is_part_of_overridden(const struct pass *pass, const struct elf_symbol *symbol)
{
	size_t length = strcspn(symbol->name, ".");

	if (!str_starts(symbol->name + length, ".cold"))
		return false;
	for (size_t i = 0; i < pass->proof.n_named; i++) {
		const struct elf_symbol *whole = pass->proof.named[i];

		if (strlen(whole->name) == length && !strncmp(whole->name, symbol->name, length))
			return is_overridden(pass, whole);
	}
	return false;
}

/* If the function is replaced, it must be at the position where livepatch will find it. */
static enum prove_verdict prove_symbol(struct pass *pass, const struct elf_symbol *symbol,
				       const struct result_function *replaced,
				       const struct object_symbol **pair,
				       struct prove_result *result)
{
	unsigned int sympos = replaced ? replaced->sympos : 0;
	enum prove_verdict verdict = PROVE_NOT_SHIPPED;
	const struct object_symbol *found;
	size_t n;

	found = object_index_find(shipped_code_index(pass->proof.code), symbol->name, &n);
	if (replaced && !sympos && n > 1) {
		result->why = "the name isn't unique, and no position was given";
		return verdict;
	}
	for (size_t i = 0; i < n && verdict != PROVE_EQUAL; i++) {
		if (!proof_may_pair(&pass->proof, symbol, &found[i]) ||
		    (sympos && found[i].sympos != sympos))
			continue;
		prove_result_free(result);
		if (symbol->type == STT_OBJECT)
			verdict = prove_data(&pass->proof, symbol, &found[i], result);
		else
			verdict = prove_function(&pass->proof, symbol, &found[i], result);
		*pair = verdict == PROVE_EQUAL ? &found[i] : NULL;
	}
	return verdict;
}

static int prove_one(struct pass *pass, const struct elf_symbol *symbol,
		     const struct object_symbol **pair)
{
	const struct result_function *replaced =
		symbol->type == STT_FUNC ? find_replaced(pass->unit, symbol->name) : NULL;
	unsigned int line = replaced ? replaced->place.line : 0;
	const char *what = symbol->type == STT_OBJECT ? "variable" : "function", *why;
	struct prove_result result = { 0 };
	enum prove_verdict verdict;
	int err = 0;

	why = uncompared_symbol(symbol, pass->object == pass->reached->objects);
	if (why && !replaced)
		return leave_out(pass, what, symbol->name, why);
	verdict = prove_symbol(pass, symbol, replaced, pair, &result);
	if (verdict != PROVE_EQUAL && !replaced &&
	    (is_overridden(pass, symbol) || is_part_of_overridden(pass, symbol)))
		err = leave_out(pass, what, symbol->name,
				"weak here: the shipped one is another unit's");
	else if (verdict != PROVE_EQUAL)
		err = report(pass, symbol, line, verdict, &result);
	else if (symbol->type == STT_OBJECT)
		pass->variables++;
	else
		pass->functions++;
	prove_result_free(&result);
	return err;
}

/* Each function that is replaced has to exist in the original. */
static int find_all_replaced(struct pass *pass)
{
	const struct result_function *function;
	int err = 0;

	result_for_each(function, pass->unit->result, functions) {
		const char *name = function->name;
		struct diag_place place = {
			.file = pass->unit->source,
			.function = name,
			.line = function->place.line,
		};
		const struct elf_symbol *s;

		/* a function that has moved here is proved with its old unit */
		if (!function_is_replaced(function) ||
		    has_moved_to(pass->reached, pass->unit, name))
			continue;
		elf_for_each_symbol(pass->proof.unit, s)
			if (s->type == STT_FUNC && s->section && !strcmp(s->name, name))
				break;
		if (!s)
			err = diag_error(pass->diag, "KS333", &place,
					 "'%s' isn't in the compiled original", name);
	}
	return err;
}

/* Nothing but zeroes, and no pointers: padding that aligns the next variable. */
static bool is_padding(const struct elf_section *section, uint64_t from, uint64_t to)
{
	const struct elf_rela *rela;

	for (uint64_t i = from; section->data && i < to; i++)
		if (section->data[i])
			return false;
	elf_for_each_rela(section, rela)
		if (rela->offset >= from && rela->offset < to)
			return false;
	return true;
}

/* Report data that no variable covers as uncompared. */
static int report_uncovered_data(struct pass *pass)
{
	const struct elf_section *s;
	int err = 0;

	elf_for_each_section(pass->proof.unit, s) {
		uint64_t end = 0;
		bool all = true;

		if (!(s->flags & SHF_ALLOC) || elf_section_is_code(s) || s->type == SHT_NOTE ||
		    table_rule_for(s))
			continue;
		for (size_t i = 0; i < pass->proof.n_named; i++) {
			const struct elf_symbol *symbol = pass->proof.named[i];

			if (symbol->section != s)
				continue;
			if (symbol->value > end)
				all &= is_padding(s, end, symbol->value);
			if (symbol->value + symbol->size > end)
				end = symbol->value + symbol->size;
		}
		if (!all || (end < s->size && !is_padding(s, end, s->size)))
			err = err ?: leave_out(pass, "section", s->name, uncompared_rest(s));
	}
	return err;
}

static int entry_differs(void *arg, const char *table, const struct elf_symbol *symbol,
			 uint64_t offset, const struct prove_result *result)
{
	struct pass *pass = arg;
	struct diag_place place = {
		.file = pass->unit->source,
		.function = symbol && symbol->type == STT_FUNC ? symbol->name : NULL,
	};

	diag_error(pass->diag, "KS355", &place, "'%s' of %s", table, pass->unit->object);
	if (symbol)
		diag_detail(pass->diag, "it is about %s+%#lx", symbol->name, offset);
	tell_both_sides(pass, result);
	return -EINVAL;
}

static int entries_left(void *arg, const char *table, size_t n)
{
	return leave_out(arg, "section", table,
			 "entries about code that has no name, or that isn't compared");
}

static int prove_entries(struct pass *pass)
{
	const struct table_findings findings = { entry_differs, entries_left, pass };
	int err = prove_tables(&pass->proof, pass->tables, &findings, &pass->entries);

	if (err != -ENOMEM)
		err = prove_exports(&pass->proof, &findings, &pass->entries) ?: err;
	return err == -ENOMEM ? diag_oom(pass->diag) : err;
}

static int attempt(struct pass *pass)
{
	int err = find_all_replaced(pass), one;

	pass->functions = pass->variables = pass->entries = 0;
	json_array_clear(pass->uncompared);
	for (size_t i = 0; i < pass->proof.n_named; i++) {
		const struct elf_symbol *symbol = pass->proof.named[i];

		pass->proof.pairs[i] = NULL;
		if (!(symbol->section->flags & SHF_ALLOC) || !symbol->size)
			continue;
		one = prove_one(pass, symbol, &pass->proof.pairs[i]);
		err = err ?: one;
	}
	one = prove_entries(pass);
	err = err ?: one;
	one = report_uncovered_data(pass);
	return err ?: one;
}

/* The name in the FILE symbol that the compiler wrote. */
static const char *file_of(const struct pass *pass)
{
	const struct elf_symbol *s;

	elf_for_each_symbol(pass->proof.unit, s)
		if (s->type == STT_FILE)
			return s->name;
	return pass->unit->source;
}

/* Static names that the linker keeps, which identify the unit's FILE block. */
static const char **static_names(const struct pass *pass, size_t *n)
{
	const char **names = calloc(pass->proof.n_named + 1, sizeof(*names));
	bool vmlinux = pass->object == pass->reached->objects;

	*n = 0;
	for (size_t i = 0; names && i < pass->proof.n_named; i++) {
		const struct elf_symbol *s = pass->proof.named[i];

		if (s->bind == STB_LOCAL && s->size && (s->section->flags & SHF_ALLOC) &&
		    !uncompared_symbol(s, vmlinux))
			names[(*n)++] = s->name;
	}
	return names;
}

/*
 * Several files may have the same name and the same static names: then one of them must be equal in
 * everything. If none has these names, the comparison with the whole object tells what is missing.
 */
static int prove_unit(struct pass *pass)
{
	struct diag *first = NULL;
	const char **names;
	size_t n;
	int err = 0;

	names = static_names(pass, &n);
	if (!names)
		return diag_oom(pass->job->diag);
	do {
		pass->proof.block = object_index_next_block(pass->proof.blocks, file_of(pass),
							    names, n, pass->proof.block);
		if (first && !pass->proof.block)
			break;
		pass->diag = diag_new("kpatch-build");
		if (!pass->diag) {
			err = diag_oom(pass->job->diag);
			break;
		}
		err = attempt(pass);
		if (err && !first)
			first = pass->diag;
		else
			diag_free(pass->diag);
	} while (err && pass->proof.block);
	if (err && first)
		diag_take_new(pass->job->diag, first);
	if (!err) {
		pass->unit->proved = pass->functions;
		pass->unit->proved_data = pass->variables;
		pass->unit->proved_entries = pass->entries;
		pass->unit->uncompared = json_incref(pass->uncompared);
	}
	diag_free(first);
	free(names);
	return err;
}

/* What the units of one object share. */
struct shipped_object {
	const struct object *object;
	struct shipped_code *code;
	struct shipped_tables tables;
	struct object_index *twin; /* NULL: the object itself has FILE symbols */
};

static int load_object(struct shipped_object *shipped, struct diag *diag)
{
	const struct object *object = shipped->object;
	int err;

	if (shipped->code)
		return 0;
	err = shipped_code_load(object->file, object->name, &shipped->code, diag);
	if (!err && strcmp(object->symbols, object->file))
		err = object_index_load(object->symbols, object->name, &shipped->twin, diag);
	return err;
}

static int prove_unit_of(const struct job *job, const struct reached *reached, struct unit *unit,
			 struct shipped_object *shipped)
{
	struct pass pass = {
		.job = job,
		.reached = reached,
		.unit = unit,
		.object = shipped->object,
		.tables = &shipped->tables,
		.uncompared = json_array(),
	};
	struct elf_model *original = NULL;
	int err;

	err = load_object(shipped, job->diag);
	err = err ?: elf_model_load(unit->original, &original, job->diag);
	if (!err && proof_init(&pass.proof, original, shipped->code,
			       shipped->twin ?: shipped_code_index(shipped->code)))
		err = diag_oom(job->diag);
	err = err ?: prove_unit(&pass);
	proof_free(&pass.proof);
	elf_model_free(original);
	json_decref(pass.uncompared);
	return err;
}

int prove_units(struct build *build)
{
	int err = 0, one;

	progress_step(build->progress, "prove that the originals are the shipped code");
	for (size_t i = 0; i < build->n_objects; i++) {
		struct shipped_object shipped = { .object = &build->objects[i] };

		for (size_t u = 0; u < build->n_units; u++) {
			if (strcmp(build->units[u].object, shipped.object->name) ||
			    build->units[u].added)
				continue;
			one = prove_unit_of(&build->job, &build->reached, &build->units[u],
					    &shipped);
			if (one)
				unit_cache_forget(&build->units[u]);
			err = err ?: one;
		}
		shipped_tables_free(&shipped.tables);
		object_index_free(shipped.twin);
		shipped_code_free(shipped.code);
	}
	return err;
}
