// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A fix for a module may need a function that vmlinux has and doesn't export:
 * its diff exports it. The running kernel's list of exports can't be extended,
 * but the livepatch doesn't need that: in its own modules a klp relocation
 * finds the function, exported or not. So a symbol that one unit leaves
 * undefined, and that another unit of these diffs exports, becomes such a
 * reference.
 *
 * Other modules don't get the export. If nothing in the livepatch uses it, it
 * is refused, as other modules would be the purpose of the diff.
 */
#include <errno.h>
#include <string.h>

#include "kpatch-build/build.h"
#include "lib/arch.h"
#include "lib/elf-model.h"
#include "lib/klp-format.h"
#include "lib/object-index.h"
#include "kpatch-build/check/unresolved.h"
#include "kpatch-build/result.h"
#include "lib/elf-write.h"

static int put_string(struct elf_model *model, struct elf_section *strings, const char *string,
		      struct elf_section *refs, uint64_t at)
{
	int64_t offset = elf_section_append(strings, string, strlen(string) + 1, 1);

	return offset < 0 ? -ENOMEM
			  : elf_rela_add(refs, at, arch_pointer(model->machine), strings->symbol,
					 offset);
}

/* Written like those of create-diff-object: klp-format.h. */
static int put_reference(struct elf_model *model, struct elf_symbol *symbol, const char *object,
			 unsigned int sympos)
{
	struct elf_section *strings = elf_section_find(model, KLP_STRINGS_SECTION);
	struct elf_section *refs = elf_section_find(model, KLP_REFS_SECTION);
	uint64_t entry[KLP_REFS_ENTRY_SIZE / 8] = { [3] = sympos };
	int64_t at;
	int err;

	refs = refs
		       ?: elf_section_add(model, KLP_REFS_SECTION, SHT_PROGBITS, SHF_ALLOC, 8, NULL,
					  0);
	if (!refs || !strings || !strings->symbol)
		return -ENOMEM;
	at = elf_section_append(refs, entry, sizeof(entry), 8);
	err = at < 0 ? -ENOMEM : elf_rela_add(refs, at, arch_pointer(model->machine), symbol, 0);
	err = err ?: put_string(model, strings, object, refs, at + 8);
	return err ?: put_string(model, strings, symbol->name, refs, at + 16);
}

/* Find the exported function or variable in @object; -ENOENT, reported, if it can't be used. */
static int find_exported(const struct object *object, const char *name,
			 const struct diag_place *place, unsigned int *sympos, struct diag *diag)
{
	const struct object_symbol *found;
	struct object_index *index;
	int err = object_index_load(object->file, object->name, &index, diag);
	size_t n;

	if (err)
		return err;
	found = object_index_find(index, name, &n);
	err = -ENOENT;
	for (size_t i = 0; i < n && err; i++) {
		if (found[i].bind == STB_LOCAL || found[i].init || found[i].moves)
			continue;
		*sympos = object_symbol_klp_pos(&found[i]);
		err = 0;
	}
	object_index_free(index);
	if (err)
		diag_error(diag, "KS143", place, "'%s': %s has none that stays after init", name,
			   object->name);
	return err;
}

/* Only objects that stay loaded as long as the target may be used. */
static int check_dependency(const struct reached *reached, const struct unit *unit,
			    const char *object, const char *name, struct diag *diag)
{
	const struct object *target = build_find_object(reached, unit->object);
	struct diag_place place = unresolved_place(unit, name);
	struct object_index *index;
	int err;

	if (!strcmp(object, KLP_VMLINUX))
		return 0;
	err = object_index_load(target->file, target->name, &index, diag);
	if (err)
		return err;
	if (!object_index_depends_on(index, object)) {
		err = diag_error(diag, "KS142", &place, "'%s' of %s", name, object);
		diag_detail(diag, "%s depends on: %s", target->name,
			    *object_index_depends(index) ? object_index_depends(index)
							 : "no module");
	}
	object_index_free(index);
	return err;
}

static struct elf_symbol *find_undefined(const struct elf_model *model, const char *name)
{
	struct elf_symbol *symbol = elf_symbol_find(model, name);

	return symbol && !symbol->section && symbol->shndx == SHN_UNDEF ? symbol : NULL;
}

static int bind_unit(const struct reached *reached, struct unit *unit, const struct object *from,
		     const char *name, const struct diag_place *place, bool *used,
		     struct diag *diag)
{
	struct elf_model *model;
	struct elf_symbol *symbol;
	unsigned int sympos = 0;
	int err;

	if (is_resolved(unit, name)) {
		*used = true;
		return 0;
	}
	err = elf_model_load(unit->changed, &model, diag);
	if (err)
		return err;
	symbol = find_undefined(model, name);
	if (symbol) {
		*used = true;
		err = check_dependency(reached, unit, from->name, name, diag);
		err = err ?: find_exported(from, name, place, &sympos, diag);
		if (!err && (put_reference(model, symbol, from->name, sympos) ||
			     result_add_reference(unit->result, from->name, name, sympos)))
			err = diag_oom(diag);
		err = err ?: elf_model_write(model, unit->changed, diag);
	}
	elf_model_free(model);
	return err;
}

static int bind_export(const struct reached *reached, const struct unit *exporter,
		       const struct result_export *export, struct diag *diag)
{
	const char *name = export->name;
	const struct object *from = build_find_object(reached, exporter->object);
	bool used = false;
	int err = 0;

	for (size_t i = 0; i < reached->n_units && !err; i++)
		if (reached->units[i].changed && &reached->units[i] != exporter)
			err = bind_unit(reached, &reached->units[i], from, name, &export->place,
					&used, diag);
	if (!err && !used)
		err = diag_error(diag, "KS143", &export->place,
				 "'%s': nothing in these diffs uses it", name);
	return err;
}

int bind_exports(struct build *build)
{
	const struct result_export *export;
	int err = 0, one;

	for (size_t i = 0; i < build->n_units; i++) {
		const struct unit *unit = &build->units[i];

		result_for_each(export, unit->result, exports) {
			one = bind_export(&build->reached, unit, export, build->diag);
			err = err ?: one;
		}
	}
	return err;
}
