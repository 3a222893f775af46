// SPDX-License-Identifier: GPL-2.0-only
/*
 * klp symbols carry no CRC: a livepatch made for another build of the kernel or
 * of a module finds functions of the same names, and replaces them by code that
 * uses other structure layouts. Only the build-id tells the builds apart.
 *
 * A module's build-id is needed before its init runs. The kernel keeps it in
 * struct module only with CONFIG_STACKTRACE_BUILD_ID, and sets up notes_attrs
 * only after the hooks have run (kernel/module/main.c: mod_sysfs_setup(), 6.1).
 * But the note itself is in the module's read-only data, so it is searched
 * there. A false match would need both the note's header and the expected id.
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

/*
 * The next build-id note at or after @from, or NULL. Reads all bytes there, also
 * between two variables, where KASAN would object.
 */
static const __no_sanitize_address struct build_id_note *next_note(const void *from, const void *end)
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

/* @with: what the build-id is of, and @then: what to do, for the log. */
static int check(const char *patch, const char *object, const void *start, const void *end,
		 const char *expected, const char *with, const char *then)
{
	const struct build_id_note *first = next_note(PTR_ALIGN(start, 4), end), *note;
	u8 id[BUILD_ID_MAX];
	size_t size;

	if (!expected || !*expected)
		return 0;

	size = strlen(expected) / 2;
	if (size > sizeof(id) || hex2bin(id, expected, size)) {
		pr_err("%s: %s: '%s' is not a build-id; build the livepatch again\n", patch, object,
		       expected);
		return -EINVAL;
	}

	for (note = first; note; note = next_note((const void *)note + 4, end))
		if (note_is(note, id, size))
			return 0;

	if (first)
		pr_err("%s: %s: made for %s%s, but this is %*phN; %s\n", patch, object, with,
		       expected, (int)first->header.n_descsz, first->id, then);
	else
		pr_err("%s: %s: made for %s%s, but this has none; %s\n", patch, object, with,
		       expected, then);
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
	return check(patch, "vmlinux", kernel.notes, kernel.notes_end, expected, "build-id ",
		     "use the livepatch for this build");
}

/**
 * build_id_check_target() - is this the build of a module that a livepatch was made for?
 * @patch: name of the livepatch, for the log
 * @target: the module; the caller sees to it that it stays
 * @expected: build-id in hexadecimal; NULL or empty: any
 *
 * Return: as build_id_check_kernel().
 */
int build_id_check_target(const char *patch, const struct module *target, const char *expected)
{
	size_t size;
	const void *start = compat_module_rodata(target, &size);

	return check(patch, target->name, start, start + size, expected, "build-id ",
		     "use the livepatch for this build");
}

/**
 * build_id_check_main() - is this the main module that an object module was built with?
 * @main: the main module; the caller sees to it that it stays
 * @object: name of the object, for the log
 * @expected: build-id in hexadecimal, as `klp-relocs convert` has written it
 *
 * Not optional: an object module of an older build reaches functions of the
 * main module by name only.
 *
 * Return: as build_id_check_kernel().
 */
int build_id_check_main(const struct module *main, const char *object, const char *expected)
{
	size_t size;
	const void *start = compat_module_rodata(main, &size);

	if (!expected || !*expected) {
		pr_err("%s: %s: its object module names no build of the main module; convert it with klp-relocs, or build the livepatch again\n",
		       main->name, object);
		return -ENOEXEC;
	}
	return check(main->name, object, start, start + size, expected,
		     "the main module with build-id ",
		     "install all modules of one build of the livepatch");
}
