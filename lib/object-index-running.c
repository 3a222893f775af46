// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The machine that is to be patched has no debug package. Its only list of
 * vmlinux's symbols is the one that livepatch itself will search: kallsyms.
 * /proc/kallsyms prints it in order, one line per symbol,
 *
 *	ffffffff81000000 T _stext
 *	ffffffffc0201000 t xt_find_table	[x_tables]
 *
 * so the positions counted here are those that the kernel counts.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/klp-format.h"
#include "lib/object-index-private.h"
#include "lib/object-index-running.h"

struct line {
	unsigned long long address;
	char type;
	char *name, *module;
};

/* Takes @line apart in place. */
static bool line_parse(char *line, struct line *parsed)
{
	char *end;

	parsed->address = strtoull(line, &end, 16);
	if (end == line || end[0] != ' ' || !end[1] || end[2] != ' ')
		return false;
	parsed->type = end[1];
	parsed->name = end + 3;
	parsed->module = strchr(parsed->name, '\t');
	if (parsed->module) {
		*parsed->module++ = '\0';
		parsed->module += *parsed->module == '[';
		parsed->module[strcspn(parsed->module, "]")] = '\0';
	}
	return *parsed->name;
}

static void add_symbol(struct object_index *index, const struct line *line)
{
	bool code = strchr("tTwW", line->type);
	bool weak = strchr("wWvV", line->type);

	index->symbols[index->n_symbols] = (struct object_symbol){
		.name = line->name,
		.value = line->address,
		.type = code ? STT_FUNC : STT_OBJECT,
		.bind = weak		   ? STB_WEAK
			: line->type < 'a' ? STB_GLOBAL
					   : STB_LOCAL,
		.symtab_index = index->n_symbols + 1,
	};
	index->n_symbols++;
}

static size_t count_lines(const char *text)
{
	size_t n = 1;

	while ((text = strchr(text, '\n'))) {
		text++;
		n++;
	}
	return n;
}

static void mark_init(struct object_index *index)
{
	const struct object_symbol *begin, *end;
	size_t n;

	begin = object_index_find(index, "__init_begin", &n);
	end = object_index_find(index, "__init_end", &n);
	for (size_t i = 0; begin && end && i < index->n_symbols; i++)
		index->symbols[i].init = index->symbols[i].value >= begin->value &&
					 index->symbols[i].value < end->value;
}

static void read_lines(struct object_index *index)
{
	bool vmlinux = !strcmp(index->name, KLP_VMLINUX);
	char *rest = index->text, *text;
	struct line line;

	while ((text = strsep(&rest, "\n"))) {
		if (!line_parse(text, &line))
			continue;
		if (vmlinux ? !line.module : line.module && !strcmp(line.module, index->name))
			add_symbol(index, &line);
	}
}

static bool has_addresses(const struct object_index *index)
{
	for (size_t i = 0; i < index->n_symbols; i++)
		if (index->symbols[i].value)
			return true;
	return false;
}

int object_index_running(const char *kallsyms, const char *object, const char *build_id,
			 struct object_index **out, struct diag *diag)
{
	struct object_index *index = calloc(1, sizeof(*index));

	if (!index)
		return diag_oom(diag);
	index->is_module = strcmp(object, KLP_VMLINUX);
	index->name = strdup(object);
	index->build_id = build_id ? strdup(build_id) : NULL;
	index->text = strdup(kallsyms);
	index->symbols = calloc(count_lines(kallsyms), sizeof(*index->symbols));
	if (!index->name || !index->text || !index->symbols || (build_id && !index->build_id)) {
		object_index_free(index);
		return diag_oom(diag);
	}
	read_lines(index);
	if (!has_addresses(index)) {
		object_index_free(index);
		return diag_error(diag, "KS950", NULL, "'%s'", object);
	}
	object_index_number(index);
	if (!index->is_module)
		mark_init(index);
	*out = index;
	return 0;
}
