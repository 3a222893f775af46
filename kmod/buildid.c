// SPDX-License-Identifier: GPL-2.0-only
/*
 * klp symbols carry no CRC: a livepatch made for another build of the kernel or
 * of a module finds functions of the same names, and replaces them by code that
 * uses other structure layouts. Only the build-id tells the builds apart.
 *
 * A module's build-id is needed before its init runs. The kernel keeps it in
 * struct module only with CONFIG_STACKTRACE_BUILD_ID, and sets up notes_attrs
 * only after the hooks have run (kernel/module/main.c: mod_sysfs_setup(), 6.1).
 * But the note itself lies in the module's read-only data; it is looked for
 * there. A false match would need the note's header and the expected id.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/elf.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "compat.h"
#include "core.h"

#define BUILD_ID_TYPE 3 /* NT_GNU_BUILD_ID */
#define BUILD_ID_MAX 64

struct build_id_note {
	struct elf64_note header;
	char name[4];
	u8 id[];
};

/* The next build-id note at or behind @from, or NULL. */
static const struct build_id_note *next_note(const void *from, const void *end)
{
	const struct build_id_note *note = from;

	for (; (const void *)(note + 1) <= end; note = (const void *)note + 4) {
		if (note->header.n_namesz == sizeof(note->name) &&
		    note->header.n_type == BUILD_ID_TYPE && !memcmp(note->name, "GNU", 4) &&
		    note->header.n_descsz && note->header.n_descsz <= BUILD_ID_MAX &&
		    (const void *)note->id + note->header.n_descsz <= end)
			return note;
	}
	return NULL;
}

static bool note_is(const struct build_id_note *note, const u8 *id, size_t size)
{
	return note->header.n_descsz == size && !memcmp(note->id, id, size);
}

static int check(const char *patch, const char *object, const void *start, const void *end,
		 const char *expected)
{
	const struct build_id_note *first = next_note(PTR_ALIGN(start, 4), end), *note;
	u8 id[BUILD_ID_MAX];
	size_t size;

	if (!expected || !*expected)
		return 0;

	size = strlen(expected) / 2;
	if (size > sizeof(id) || hex2bin(id, expected, size)) {
		pr_err("%s: %s: '%s' is no build-id; build the livepatch again\n", patch, object,
		       expected);
		return -EINVAL;
	}

	for (note = first; note; note = next_note((const void *)note + 4, end))
		if (note_is(note, id, size))
			return 0;

	if (first)
		pr_err("%s: %s: made for build-id %s, but this is %*phN; use the livepatch for this build\n",
		       patch, object, expected, (int)first->header.n_descsz, first->id);
	else
		pr_err("%s: %s: made for build-id %s, but this has none; use the livepatch for this build\n",
		       patch, object, expected);
	return -ENOEXEC;
}

/**
 * build_id_check_kernel() - is this the kernel that a livepatch was made for?
 * @patch: its name, for the log
 * @expected: build-id in hexadecimal; NULL or empty: any
 *
 * Return: 0, -ENOEXEC if it is another, -EINVAL if @expected is malformed.
 */
int build_id_check_kernel(const char *patch, const char *expected)
{
	return check(patch, "vmlinux", kernel.notes, kernel.notes_end, expected);
}

/**
 * build_id_check_module() - is this the build of a module that a livepatch was made for?
 * @patch: name of the livepatch, for the log
 * @object: name of the target, or "main", for the log
 * @mod: the target, or the main module; the caller sees to it that it stays
 * @expected: build-id in hexadecimal; NULL or empty: any
 *
 * Return: as build_id_check_kernel().
 */
int build_id_check_module(const char *patch, const char *object, const struct module *mod,
			  const char *expected)
{
	size_t size;
	const void *start = compat_module_rodata(mod, &size);

	return check(patch, object, start, start + size, expected);
}
