// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * readelf doesn't know klp relocations: it prints a flag without a name and
 * symbols in a reserved section. Whoever has to judge a livepatch wants to see
 * for each place in the code which symbol of which object it will reach.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/klp-format.h"
#include "klp-relocs/module.h"
#include "klp-relocs/show.h"

/* A parsed relocation to a klp symbol; object is NULL if the symbol's name is malformed. */
struct line {
	const struct elf_section *section;
	const struct elf_rela *rela;
	char *object, *name;
	unsigned long sympos;
	const struct elf_symbol *user;
};

/* False if @rela, found in @section, isn't a klp relocation and refers to an ordinary symbol. */
static bool take_apart(const struct elf_model *model, const struct elf_section *section,
		       const struct elf_rela *rela, struct line *line)
{
	bool klp = section->flags & SHF_RELA_LIVEPATCH;

	*line = (struct line){ .section = klp ? section->target : section, .rela = rela };
	if (!line->section || (!klp && !(rela->symbol && rela->symbol->shndx == SHN_LIVEPATCH)))
		return false;
	if (rela->symbol)
		klp_symbol_parse(rela->symbol->name, &line->object, &line->name, &line->sympos);
	line->user = module_symbol_at(model, line->section, rela->offset);
	return true;
}

static void line_end(struct line *line)
{
	free(line->object);
	free(line->name);
}

static void print_line(const struct elf_model *model, const struct line *line, FILE *out)
{
	const char *symbol = line->rela->symbol ? line->rela->symbol->name : "(none)";
	char buffer[32], place[256];

	snprintf(place, sizeof(place), "%s+%#lx", line->section->name, line->rela->offset);
	fprintf(out, "%-34s %-16s ", place, relocation_name(model, line->rela->type, buffer));
	if (line->object)
		fprintf(out, "%-14s %s,%lu", line->object, line->name, line->sympos);
	else
		fprintf(out, "%-14s %s", "(malformed)", symbol);
	if (line->rela->addend)
		fprintf(out, " %+ld", line->rela->addend);
	if (line->user)
		fprintf(out, "  in %s", line->user->name);
	fputc('\n', out);
}

void show_text(const struct elf_model *model, FILE *out)
{
	const struct elf_section *section;
	const struct elf_rela *rela;
	size_t n = 0;

	elf_for_each_section(model, section) {
		elf_for_each_rela(section, rela) {
			struct line line;

			if (!take_apart(model, section, rela, &line))
				continue;
			if (!n++)
				fprintf(out, "%-34s %-16s %-14s %s\n", "PLACE", "TYPE", "OBJECT",
					"SYMBOL,POSITION ADDEND");
			print_line(model, &line, out);
			line_end(&line);
		}
	}
	if (elf_section_find(model, KLP_REFS_SECTION))
		fprintf(out, "%s is not converted yet: it has a section %s\n", model->path,
			KLP_REFS_SECTION);
	else if (!n)
		fprintf(out, "%s has no klp relocations\n", model->path);
}

static json_t *line_to_json(const struct elf_model *model, const struct line *line)
{
	const char *symbol = line->rela->symbol ? line->rela->symbol->name : "";
	char buffer[32];

	/* clang-format off */
	return json_pack("{s:s, s:I, s:s, s:s?, s:s, s:I, s:I, s:s?}",
			 "section", line->section->name,
			 "offset", (json_int_t)line->rela->offset,
			 "type", relocation_name(model, line->rela->type, buffer),
			 "object", line->object,
			 "symbol", line->name ?: symbol,
			 "sympos", (json_int_t)line->sympos,
			 "addend", (json_int_t)line->rela->addend,
			 "function", line->user ? line->user->name : NULL);
	/* clang-format on */
}

json_t *show_json(const struct elf_model *model)
{
	json_t *relocations = json_array();
	const struct elf_section *section;
	const struct elf_rela *rela;

	elf_for_each_section(model, section) {
		elf_for_each_rela(section, rela) {
			struct line line;

			if (!take_apart(model, section, rela, &line))
				continue;
			json_array_append_new(relocations, line_to_json(model, &line));
			line_end(&line);
		}
	}
	return json_pack("{s:s, s:b, s:o}", "module", model->path, "converted",
			 !elf_section_find(model, KLP_REFS_SECTION), "relocations", relocations);
}
