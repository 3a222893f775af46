// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Prints the ledger as JSON for programs, as text for `--ledger`, and in
 * messages.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/files.h"
#include "create-diff-object/ledger.h"
#include "lib/text.h"
#include "create-diff-object/ledger-report.h"

/* The key for programs, and the text that follows the name in a message. */
static const struct {
	const char *key, *what;
} differences[] = {
	[DIFFERS_CAME] = { "came", "is new" },
	[DIFFERS_WENT] = { "went", "is gone" },
	[DIFFERS_CONTENT] = { "content", "its content differs" },
	[DIFFERS_NAME] = { "name", "its name differs" },
	[DIFFERS_ALIAS] = { "alias", "one of its names is new or gone" },
	[DIFFERS_BINDING] = { "binding", "its scope or weakness differs" },
	[DIFFERS_SYMBOL] = { "symbol", "its symbol's type, size or visibility differs" },
	[DIFFERS_SECTION] = { "section", "its section differs" },
	[DIFFERS_FLAGS] = { "flags", "the flags of its section differ" },
	[DIFFERS_ALIGNMENT] = { "alignment", "its alignment differs" },
	[DIFFERS_ENTRIES] = { "entries", "its entries in a list of the kernel differ" },
	[DIFFERS_UNDEFINED] = { "undefined", "its declaration differs" },
	[DIFFERS_MODINFO] = { "modinfo", "only one of the two units has this modinfo" },
	[DIFFERS_BUILD] = { "build", "differs" },
};

static const char *const fates[] = {
	[FATE_CARRIED] = "carried",
	[FATE_IRRELEVANT] = "irrelevant",
	[FATE_REFUSED] = "refused",
};

static const char *kind_name(const struct ledger_entry *entry)
{
	const struct atom *atom = entry->patched ?: entry->original;

	if (!atom)
		return entry->differs == DIFFERS_MODINFO ? "modinfo"
		       : entry->differs == DIFFERS_BUILD ? "section"
							 : "symbol";
	switch (atom->kind) {
	case ATOM_FUNCTION:
		return "function";
	case ATOM_FRAGMENT:
		return "fragment";
	case ATOM_STRING:
		return "string";
	case ATOM_ENTRY:
		return "entry";
	default:
		return "variable";
	}
}

/* Its name, or that of its section if it has none. */
static const char *subject(const struct ledger_entry *entry)
{
	const struct atom *atom = entry->patched ?: entry->original;

	return atom ? atom_name(atom) : entry->name;
}

static const char *binding(const struct elf_symbol *symbol)
{
	return symbol->bind == STB_LOCAL    ? "static"
	       : symbol->bind == STB_WEAK   ? "weak"
	       : symbol->bind == STB_GLOBAL ? "global"
					    : "of another binding";
}

/* The two sides of the difference, if text can describe them. Caller frees. */
static void sides(const struct ledger_entry *entry, char **was, char **is)
{
	const struct elf_section *a = entry->original ? entry->original->section->elf : NULL;
	const struct elf_section *b = entry->patched ? entry->patched->section->elf : NULL;

	*was = *is = NULL;
	switch (entry->differs) {
	case DIFFERS_NAME:
	case DIFFERS_ALIAS:
		*was = entry->was ? strdup(entry->was->name) : NULL;
		*is = entry->is ? strdup(entry->is->name) : NULL;
		break;
	case DIFFERS_BINDING:
	case DIFFERS_UNDEFINED:
		*was = entry->was ? strdup(binding(entry->was)) : NULL;
		*is = entry->is ? strdup(binding(entry->is)) : NULL;
		break;
	case DIFFERS_SYMBOL:
		*was = format("type %u, %llu bytes, visibility %u", entry->was->type,
			      (unsigned long long)entry->was->size, entry->was->other);
		*is = format("type %u, %llu bytes, visibility %u", entry->is->type,
			     (unsigned long long)entry->is->size, entry->is->other);
		break;
	case DIFFERS_SECTION:
		*was = strdup(a->name);
		*is = strdup(b->name);
		break;
	case DIFFERS_FLAGS:
		*was = format("flags 0x%llx, type %u", (unsigned long long)a->flags, a->type);
		*is = format("flags 0x%llx, type %u", (unsigned long long)b->flags, b->type);
		break;
	case DIFFERS_ALIGNMENT:
		*was = format("%llu", (unsigned long long)a->align);
		*is = format("%llu", (unsigned long long)b->align);
		break;
	case DIFFERS_ENTRIES:
		*is = format("%zu in %s", entry->n, entry->name);
		break;
	case DIFFERS_MODINFO:
		*(entry->n ? is : was) = strdup(entry->name);
		break;
	default:
		break;
	}
}

char *ledger_describe(const struct ledger_entry *entry)
{
	char *was, *is, *text;

	sides(entry, &was, &is);
	text = format("%s '%s': %s%s%s%s%s%s", kind_name(entry), subject(entry),
		      differences[entry->differs].what, is || was ? " (" : "", is ?: "",
		      is && was ? ", was "
		      : was	? "was "
				: "",
		      was ?: "", is || was ? ")" : "");
	free(was);
	free(is);
	return text;
}

static json_t *entry_to_json(const struct ledger_entry *entry)
{
	const struct atom *atom = entry->patched ?: entry->original;
	char *was, *is;
	json_t *row;

	sides(entry, &was, &is);
	row = json_pack("{s:s, s:s, s:s, s:s*, s:s*, s:s*, s:s, s:s*, s:s*, s:s*, s:s*}", "kind",
			kind_name(entry), "name", subject(entry), "differs",
			differences[entry->differs].key, "section",
			atom ? atom->section->elf->name : NULL, "was", was, "is", is, "fate",
			fates[entry->fate], "by", entry->by ? atom_name(entry->by) : NULL, "code",
			entry->code, "rule", entry->rule ? entry->rule->name : NULL, "reason",
			entry->rule ? entry->rule->reason : NULL);
	free(was);
	free(is);
	return row;
}

static void count(const struct ledger *ledger, size_t n[FATE_LAST])
{
	memset(n, 0, FATE_LAST * sizeof(*n));
	for (size_t i = 0; i < ledger->n; i++)
		n[ledger->entries[i].fate]++;
}

json_t *ledger_to_json(const struct ledger *ledger)
{
	json_t *entries = json_array();
	size_t n[FATE_LAST];
	int err = entries ? 0 : -1;

	count(ledger, n);
	for (size_t i = 0; i < ledger->n && !err; i++)
		err = json_array_append_new(entries, entry_to_json(&ledger->entries[i]));
	if (err) {
		json_decref(entries);
		return NULL;
	}
	return json_pack("{s:I, s:I, s:I, s:o}", "carried", (json_int_t)n[FATE_CARRIED],
			 "irrelevant", (json_int_t)n[FATE_IRRELEVANT], "refused",
			 (json_int_t)n[FATE_REFUSED], "entries", entries);
}

void ledger_print(const struct ledger *ledger, FILE *out)
{
	size_t n[FATE_LAST];

	count(ledger, n);
	fprintf(out, "  %zu differences: %zu carried, %zu irrelevant, %zu refused\n", ledger->n,
		n[FATE_CARRIED], n[FATE_IRRELEVANT], n[FATE_REFUSED]);
	for (size_t i = 0; i < ledger->n; i++) {
		const struct ledger_entry *entry = &ledger->entries[i];
		char *what = ledger_describe(entry);

		fprintf(out, "  %-10s %s", fates[entry->fate], what ?: subject(entry));
		if (entry->by)
			fprintf(out, ", by %s", atom_name(entry->by));
		if (entry->code)
			fprintf(out, ", %s", entry->code);
		if (entry->rule)
			fprintf(out, ": %s", entry->rule->reason);
		fputc('\n', out);
		free(what);
	}
}
