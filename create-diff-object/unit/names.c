// SPDX-License-Identifier: GPL-2.0-or-later
/* Implements the rules of names.h. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "lib/array.h"
#include "create-diff-object/unit/names.h"

#define BTF_ID_PREFIX "__BTF_ID__"

/* The kernel pastes __COUNTER__ and __LINE__ into these. */
static const char *const counted[] = {
	"__UNIQUE_ID_", /* include/linux/compiler.h */
	"__initcall__", /* include/linux/init.h: __initcall_id() */
	"__exitcall_",
	"_object_methods_", /* include/rdma/uverbs_named_ioctl.h: UVERBS_OBJECT_METHODS() */
	BTF_ID_PREFIX, /* include/linux/btf_ids.h */
};

bool name_is_counted(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(counted); i++)
		if (str_starts(name, counted[i]))
			return true;
	return false;
}

/* Step over the numbers of static locals and clones: ".5", ".constprop.0" has one. */
static const char *after_numbers(const char *name)
{
	while (*name == '.' && isdigit((unsigned char)name[1]))
		for (name++; isdigit((unsigned char)*name);)
			name++;
	return name;
}

/* Step over characters that don't count; *@name is then the next one that does, or the end. */
static const char *significant(const char *name, bool is_counted)
{
	for (;;) {
		const char *start = name;

		name = after_numbers(name);
		if (is_counted)
			while (isdigit((unsigned char)*name))
				name++;
		if (name == start)
			return name;
	}
}

int name_compare(const char *a, const char *b)
{
	bool a_counted = name_is_counted(a), b_counted = name_is_counted(b);

	for (;; a++, b++) {
		a = significant(a, a_counted);
		b = significant(b, b_counted);
		if (*a != *b || !*a)
			return (unsigned char)*a - (unsigned char)*b;
	}
}

bool symbol_is_static_local(const struct elf_symbol *symbol)
{
	const char *dot = strrchr(symbol->name, '.');

	return symbol->bind == STB_LOCAL && symbol->type == STT_OBJECT && dot &&
	       isdigit((unsigned char)dot[1]);
}

bool symbol_is_alias(const struct elf_symbol *symbol)
{
	/*
	 * A variable without a size has the address of the next one, but is not the same variable.
	 */
	return (symbol->type == STT_FUNC || symbol->type == STT_OBJECT ||
		symbol->type == STT_NOTYPE) &&
	       !(symbol->type == STT_OBJECT && !symbol->size) && *symbol->name &&
	       !name_is_of_padding(symbol->name) && !name_is_of_btf_id(symbol->name);
}

bool name_is_of(const char *name, const char *source)
{
	size_t length = strlen(source);

	return length && !strncmp(name, source, length) &&
	       (name[length] == '\0' || name[length] == '.');
}

/* include/linux/export.h, until 6.4 and since */
static const char *const exports[] = { "__ksymtab_", "__export_symbol_" };

const char *name_exported(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(exports); i++)
		if (str_starts(name, exports[i]))
			return name + strlen(exports[i]);
	return NULL;
}

bool name_is_exported(const struct elf_model *elf, const char *name)
{
	char symbol[512]; /* KSYM_NAME_LEN is at most 512 */
	size_t i;

	for (i = 0; i < ARRAY_SIZE(exports); i++) {
		snprintf(symbol, sizeof(symbol), "%s%s", exports[i], name);
		if (elf_symbol_find(elf, symbol))
			return true;
	}
	return false;
}

bool name_is_of_btf_id(const char *name)
{
	return str_starts(name, BTF_ID_PREFIX);
}

/* "__BTF_ID__func__sha256_init__7": only the number at the end is made by the compiler. */
bool name_is_same_btf_id(const char *a, const char *b)
{
	size_t length = strlen(a), other = strlen(b);

	while (length && isdigit((unsigned char)a[length - 1]))
		length--;
	while (other && isdigit((unsigned char)b[other - 1]))
		other--;
	return length == other && !strncmp(a, b, length);
}

bool name_is_known_to_bpf(const struct elf_model *elf, const char *name)
{
	static const char prefix[] = BTF_ID_PREFIX "func__";
	size_t length = strlen(name);
	const struct elf_symbol *s;

	elf_for_each_symbol(elf, s) {
		const char *rest = s->name + strlen(prefix);

		if (!str_starts(s->name, prefix) || strncmp(rest, name, length))
			continue;
		rest += length;
		if (str_starts(rest, "__") && !rest[2 + strspn(rest + 2, "0123456789")])
			return true;
	}
	return false;
}

bool name_is_of_btf_set(const char *name)
{
	static const char set[] = BTF_ID_PREFIX "set__";

	return str_starts(name, set);
}

bool name_is_of_padding(const char *name)
{
	return str_starts(name, PADDING_PREFIX);
}

int name_parent(const char *name, char **parent)
{
	const char *cold = strstr(name, ".cold");

	*parent = NULL;
	if (!cold || cold == name)
		return 0;
	if (*after_numbers(cold + strlen(".cold")))
		return 0;
	*parent = strndup(name, cold - name);
	return *parent ? 0 : -ENOMEM;
}
