// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads debug information into lists of places (bits from the start, size, what
 * is there), one list per type, and compares the lists. A member whose type has
 * no name is taken apart, since nothing else would tell of its change; one whose
 * type has a name is only named: that type is compared on its own.
 */
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "type-layout.h"

/* Structures without names inside one another, arrays of arrays; more is damage or a loop. */
#define DEPTH_MAX 32

struct slot {
	char *name;     /* "bar", "u.bar", an enumerator */
	char *kind;     /* what is there: "8 bytes", "struct foo", "struct foo[4]" */
	long long place; /* bits from the start, or the enumerator's value */
	long long bits; /* of a bit field; 0: as large as its kind */
};

struct layout {
	char *name; /* "struct foo", "enum bar", "struct foo in baz()" */
	bool is_enum;
	Dwarf_Word size;
	struct slot *slots;
	size_t n;
	char *file;
	int line;
};

struct type_layouts {
	struct layout *layouts; /* sorted by name once they are read */
	size_t n, cap;
};

static const Dwfl_Callbacks callbacks = {
	.section_address = dwfl_offline_section_address,
	.find_debuginfo = dwfl_standard_find_debuginfo,
};

static const struct {
	int tag;
	const char *word;
} words[] = {
	{ DW_TAG_structure_type, "struct" },
	{ DW_TAG_union_type, "union" },
	{ DW_TAG_enumeration_type, "enum" },
};

static const char *word_of(Dwarf_Die *die)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (words[i].tag == dwarf_tag(die))
			return words[i].word;
	return NULL;
}

static bool type_of(Dwarf_Die *die, Dwarf_Die *type)
{
	Dwarf_Attribute attribute;

	return dwarf_attr_integrate(die, DW_AT_type, &attribute) &&
	       dwarf_formref_die(&attribute, type);
}

static Dwarf_Word number_of(Dwarf_Die *die, unsigned int name, Dwarf_Word fallback)
{
	Dwarf_Attribute attribute;
	Dwarf_Word value;

	return dwarf_attr(die, name, &attribute) && !dwarf_formudata(&attribute, &value) ? value
											 : fallback;
}

static int add_slot(struct layout *layout, char *name, char *kind, long long place, long long bits)
{
	struct slot *slots = realloc(layout->slots, (layout->n + 1) * sizeof(*slots));

	if (slots)
		layout->slots = slots;
	if (!slots || !name || !kind) {
		free(name);
		free(kind);
		return -ENOMEM;
	}
	slots[layout->n++] = (struct slot){ name, kind, place, bits };
	return 0;
}

/* "[4][2]" for an array; caller frees */
static char *dimensions(Dwarf_Die *array)
{
	char *text = strdup(""), *longer;
	Dwarf_Die child;

	for (int more = dwarf_child(array, &child); !more && text;
	     more = dwarf_siblingof(&child, &child)) {
		if (dwarf_tag(&child) != DW_TAG_subrange_type)
			continue;
		if (dwarf_hasattr(&child, DW_AT_count))
			longer = format("%s[%llu]", text,
					(unsigned long long)number_of(&child, DW_AT_count, 0));
		else /* without a bound: a flexible array, whose bound is said to be -1 */
			longer = format("%s[%llu]", text,
					(unsigned long long)number_of(&child, DW_AT_upper_bound,
								      -1) + 1);
		free(text);
		text = longer;
	}
	return text;
}

/* Past typedefs and qualifiers; false for void. */
static bool peel(Dwarf_Die *type)
{
	for (int depth = 0; depth < DEPTH_MAX; depth++) {
		switch (dwarf_tag(type)) {
		case DW_TAG_typedef:
		case DW_TAG_const_type:
		case DW_TAG_volatile_type:
		case DW_TAG_restrict_type:
		case DW_TAG_atomic_type:
			if (!type_of(type, type))
				return false;
			continue;
		default:
			return true;
		}
	}
	return false;
}

static int add_members(struct layout *layout, Dwarf_Die *type, const char *prefix, long long base,
		       int depth);

/*
 * What is at @place, of @type. Values of one size are not told apart (int, unsigned, pointer): the
 * bits lie where they lay, and what they mean the code says.
 */
static int add_value(struct layout *layout, char *name, Dwarf_Die *type, const char *array,
		     long long place, long long bits, int depth)
{
	Dwarf_Die element = *type;
	const char *word;
	int err;

	if (!name || depth > DEPTH_MAX) {
		free(name);
		return name ? -EINVAL : -ENOMEM;
	}
	if (!peel(&element))
		return add_slot(layout, name, strdup("nothing"), place, bits);
	word = word_of(&element);
	if (dwarf_tag(&element) == DW_TAG_array_type) {
		char *text = dimensions(&element), *both = text ? format("%s%s", array, text) : NULL;

		err = -ENOMEM;
		if (both && type_of(&element, &element))
			err = add_value(layout, name, &element, both, place, bits, depth + 1);
		else
			free(name);
		free(both);
		free(text);
		return err;
	}
	if (word && dwarf_diename(&element))
		return add_slot(layout, name, format("%s %s%s", word, dwarf_diename(&element), array),
				place, bits);
	if (word && dwarf_tag(&element) != DW_TAG_enumeration_type) {
		/* the size too: an array of them, or padding at the end */
		err = add_slot(layout, strdup(name),
			       format("%s of %lld bytes%s", word,
				      (long long)number_of(&element, DW_AT_byte_size, 0), array),
			       place, bits);
		err = err ?: add_members(layout, &element, name, place, depth + 1);
		free(name);
		return err;
	}
	return add_slot(layout, name,
			format("%lld bytes%s",
			       dwarf_tag(&element) == DW_TAG_pointer_type
				       ? 8LL
				       : (long long)number_of(&element, DW_AT_byte_size, 0),
			       array),
			place, bits);
}

static int add_member(struct layout *layout, Dwarf_Die *member, const char *prefix, long long base,
		      int depth)
{
	const char *name = dwarf_diename(member);
	long long place = base + 8 * (long long)number_of(member, DW_AT_data_member_location, 0) +
			  (long long)number_of(member, DW_AT_data_bit_offset, 0);
	Dwarf_Die type;

	if (!type_of(member, &type))
		return 0;
	return add_value(layout,
			 *prefix && name ? format("%s.%s", prefix, name) : strdup(name ?: prefix),
			 &type, "", place, number_of(member, DW_AT_bit_size, 0), depth);
}

static int add_members(struct layout *layout, Dwarf_Die *type, const char *prefix, long long base,
		       int depth)
{
	Dwarf_Die child;
	int err = 0;

	for (int more = dwarf_child(type, &child); !more && !err;
	     more = dwarf_siblingof(&child, &child))
		if (dwarf_tag(&child) == DW_TAG_member)
			err = add_member(layout, &child, prefix, base, depth);
	return err;
}

static int add_enumerators(struct layout *layout, Dwarf_Die *type)
{
	Dwarf_Attribute attribute;
	Dwarf_Sword value;
	Dwarf_Die child;
	int err = 0;

	for (int more = dwarf_child(type, &child); !more && !err;
	     more = dwarf_siblingof(&child, &child))
		if (dwarf_tag(&child) == DW_TAG_enumerator && dwarf_diename(&child) &&
		    dwarf_attr(&child, DW_AT_const_value, &attribute) &&
		    !dwarf_formsdata(&attribute, &value))
			err = add_slot(layout, strdup(dwarf_diename(&child)), strdup("enumerator"),
				       value, 0);
	return err;
}

/* @name: of the type itself or of the typedef that names it. */
static int add_type(struct type_layouts *all, Dwarf_Die *type, const char *name, const char *scope)
{
	struct layout *layouts, *layout;
	const char *file;

	if (!name || dwarf_hasattr(type, DW_AT_declaration))
		return 0;
	if (all->n == all->cap) {
		all->cap = all->cap ? 2 * all->cap : 256;
		layouts = realloc(all->layouts, all->cap * sizeof(*layouts));
		if (!layouts)
			return -ENOMEM;
		all->layouts = layouts;
	}
	layout = &all->layouts[all->n++];
	memset(layout, 0, sizeof(*layout));
	layout->name = scope ? format("%s %s in %s()", word_of(type), name, scope)
			     : format("%s %s", word_of(type), name);
	layout->is_enum = dwarf_tag(type) == DW_TAG_enumeration_type;
	layout->size = number_of(type, DW_AT_byte_size, 0);
	file = dwarf_decl_file(type);
	layout->file = file ? strdup(file) : NULL;
	dwarf_decl_line(type, &layout->line);
	if (!layout->name || (file && !layout->file))
		return -ENOMEM;
	return layout->is_enum ? add_enumerators(layout, type)
			       : add_members(layout, type, "", 0, 0);
}

/* @scope: the function that the types are local to, or NULL. */
static int add_types(struct type_layouts *all, Dwarf_Die *parent, const char *scope, int depth)
{
	Dwarf_Die child, type;
	int err = 0;

	if (depth > DEPTH_MAX)
		return -EINVAL;
	for (int more = dwarf_child(parent, &child); !more && !err;
	     more = dwarf_siblingof(&child, &child)) {
		int tag = dwarf_tag(&child);

		if (word_of(&child))
			err = add_type(all, &child, dwarf_diename(&child), scope);
		else if (tag == DW_TAG_typedef && type_of(&child, &type) && word_of(&type) &&
			 !dwarf_diename(&type))
			err = add_type(all, &type, dwarf_diename(&child), scope);
		else if (tag == DW_TAG_subprogram)
			err = add_types(all, &child, dwarf_diename(&child) ?: scope, depth + 1);
		else if (tag == DW_TAG_lexical_block)
			err = add_types(all, &child, scope, depth + 1);
	}
	return err;
}

static int by_name(const void *a, const void *b)
{
	const struct layout *x = a, *y = b;

	return strcmp(x->name, y->name) ?: x->line - y->line;
}

void type_layouts_free(struct type_layouts *all)
{
	if (!all)
		return;
	for (size_t i = 0; i < all->n; i++) {
		struct layout *layout = &all->layouts[i];

		for (size_t s = 0; s < layout->n; s++) {
			free(layout->slots[s].name);
			free(layout->slots[s].kind);
		}
		free(layout->slots);
		free(layout->name);
		free(layout->file);
	}
	free(all->layouts);
	free(all);
}

struct type_layouts *type_layouts_read(const char *path, struct diag *diag)
{
	struct type_layouts *all = calloc(1, sizeof(*all));
	Dwfl *dwfl = all ? dwfl_begin(&callbacks) : NULL;
	Dwfl_Module *module = NULL;
	Dwarf_Die *cu = NULL;
	Dwarf_Addr bias;
	int err = dwfl ? 0 : -ENOMEM;

	if (!err) {
		module = dwfl_report_offline(dwfl, "", path, -1);
		dwfl_report_end(dwfl, NULL, NULL);
		if (!module || !dwfl_module_getdwarf(module, &bias))
			err = -EINVAL;
	}
	while (!err && (cu = dwfl_module_nextcu(module, cu, &bias)))
		err = add_types(all, cu, NULL, 0);
	if (dwfl)
		dwfl_end(dwfl);
	if (err) {
		if (err == -ENOMEM)
			diag_oom(diag);
		else
			diag_error(diag, "KS311", NULL, "%s", path);
		type_layouts_free(all);
		return NULL;
	}
	if (all->n)
		qsort(all->layouts, all->n, sizeof(*all->layouts), by_name);
	return all;
}

/* Where the running kernel's data and the new code would disagree first. */
struct disagreement {
	const struct slot *old, *new; /* one may be NULL */
};

static bool same_slot(const struct slot *a, const struct slot *b)
{
	return a->place == b->place && a->bits == b->bits && !strcmp(a->kind, b->kind);
}

/* Members by their order: a new name for the same place is no difference. */
static bool members_agree(const struct layout *a, const struct layout *b, struct disagreement *d)
{
	for (size_t i = 0; i < a->n || i < b->n; i++) {
		d->old = i < a->n ? &a->slots[i] : NULL;
		d->new = i < b->n ? &b->slots[i] : NULL;
		if (!d->old || !d->new || !same_slot(d->old, d->new))
			return false;
	}
	*d = (struct disagreement){ NULL, NULL };
	return a->size == b->size;
}

/* Enumerators by their name: it is their values that data has. */
static bool enumerators_agree(const struct layout *a, const struct layout *b,
			      struct disagreement *d)
{
	for (size_t i = 0; i < a->n; i++)
		for (size_t j = 0; j < b->n; j++) {
			if (strcmp(a->slots[i].name, b->slots[j].name))
				continue;
			*d = (struct disagreement){ &a->slots[i], &b->slots[j] };
			if (d->old->place != d->new->place)
				return false;
		}
	*d = (struct disagreement){ NULL, NULL };
	return a->size == b->size;
}

static void detail_slot(struct diag *diag, const char *when, const struct layout *layout,
			const struct slot *slot)
{
	if (!slot)
		diag_detail(diag, "%s: nothing there", when);
	else if (layout->is_enum)
		diag_detail(diag, "%s: %s = %lld", when, slot->name, slot->place);
	else if (slot->bits)
		diag_detail(diag, "%s: %s, %lld bits at bit %lld", when, slot->name, slot->bits,
			    slot->place);
	else
		diag_detail(diag, "%s: %s, %s at offset %lld", when, slot->name, slot->kind,
			    slot->place / 8);
}

/* Every member of before is where it was, and what is new lies where there was nothing. */
static bool only_fills_padding(const struct layout *a, const struct layout *b)
{
	size_t i = 0;

	if (a->is_enum || a->size != b->size)
		return false;
	for (size_t j = 0; j < b->n; j++)
		i += i < a->n && same_slot(&a->slots[i], &b->slots[j]);
	return i == a->n;
}

static void report(const struct layout *a, const struct layout *b, const struct disagreement *d,
		   struct diag *diag)
{
	struct diag_place place = { .file = b->file, .line = b->line };
	const struct slot *slot = d->new ?: d->old;

	if (slot)
		diag_error(diag, "KS350", &place, "%s, at %s", b->name, slot->name);
	else
		diag_error(diag, "KS350", &place, "%s", b->name);
	if (a->size != b->size)
		diag_detail(diag, "size: %llu bytes in the running kernel, now %llu",
			    (unsigned long long)a->size, (unsigned long long)b->size);
	if (slot) {
		detail_slot(diag, "running kernel", a, d->old);
		detail_slot(diag, "patched", b, d->new);
	}
	if (only_fills_padding(a, b))
		diag_detail(diag, "nothing else moves: right if all such data was zeroed when it was "
			    "made (static, kzalloc), and 0 is right for it");
}

static bool is_of_header(const struct layout *layout)
{
	size_t n = layout->file ? strlen(layout->file) : 0;

	return n > 2 && !strcmp(layout->file + n - 2, ".h");
}

int type_layouts_compare(const struct type_layouts *original, const struct type_layouts *patched,
			 enum layout_scope scope, layout_handled_fn handled, layout_told_fn told,
			 void *arg, struct diag *diag)
{
	size_t i = 0, j = 0;
	int err = 0;

	/* types of one name in one scope stand in the order of their lines in both */
	while (i < original->n && j < patched->n) {
		const struct layout *a = &original->layouts[i], *b = &patched->layouts[j];
		struct disagreement d = { NULL, NULL };
		int order = strcmp(a->name, b->name);

		if (order < 0) {
			i++;
		} else if (order > 0) {
			j++;
		} else {
			enum layout_fate fate = LAYOUT_SAME;

			if (!(a->is_enum ? enumerators_agree(a, b, &d) : members_agree(a, b, &d)))
				fate = scope == LAYOUT_OF_HEADERS && !is_of_header(b)
					       ? LAYOUT_UNCOUNTED
				       : handled(b->name, arg) ? LAYOUT_HANDLED
							       : LAYOUT_CHANGED;
			if (fate == LAYOUT_HANDLED)
				diag_warning(diag, "KS126", NULL, "layout of %s", b->name);
			if (fate == LAYOUT_CHANGED) {
				report(a, b, &d, diag);
				err = -EINVAL;
			}
			if (told)
				told(b->name, b->file, b->line, fate, arg);
			i++;
			j++;
		}
	}
	return err;
}
