/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The code that the distribution ships has two forms. In vmlinux every
 * reference is a number, computed by the linker. A module is still relocatable:
 * some references are relocations, others (within a section) were resolved by
 * the assembler. The proof needs one answer for both: what does the reference
 * at this place lead to?
 */
#ifndef KPATCH_BUILD_SHIPPED_CODE_H
#define KPATCH_BUILD_SHIPPED_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/elf-model.h"
#include "lib/object-index.h"

struct shipped_code;

/* @object is "vmlinux" or a module's name. Free with shipped_code_free(). */
int shipped_code_load(const char *path, const char *object, struct shipped_code **out,
		      struct diag *diag);
void shipped_code_free(struct shipped_code *code);
const struct object_index *shipped_code_index(const struct shipped_code *code);

/* The target of a reference. */
struct shipped_place {
	const struct elf_section *section; /* modules; NULL in vmlinux */
	const char *undefined; /* modules: a symbol of another object; ->offset counts from it */
	uint64_t offset; /* in the section; in vmlinux the address */
};

/* A function, or a part of one. */
struct shipped_function {
	const unsigned char *bytes;
	uint64_t size;
	struct shipped_place place;
};

struct shipped_place shipped_place_of(const struct shipped_code *code,
				      const struct object_symbol *symbol);

/* Get the code of @symbol; false if it has none in this file. */
bool shipped_function(const struct shipped_code *code, const struct object_symbol *symbol,
		      struct shipped_function *function);

/*
 * Get the target of the field of @width bytes at @at in @function, as the value of (symbol +
 * addend) of a relocation there. That holds for a PC-relative field too: its own place is added.
 * False if it isn't a reference.
 */
enum addressing { ABSOLUTE, PC_RELATIVE };
bool shipped_reference(const struct shipped_code *code, const struct shipped_function *function,
		       uint64_t at, unsigned int width, enum addressing addressing,
		       struct shipped_place *place);

/* Is @symbol + @delta the same as @place? @width: how many bytes of an address count (vmlinux). */
bool shipped_symbol_is(const struct shipped_code *code, const struct object_symbol *symbol,
		       int64_t delta, const struct shipped_place *place, unsigned int width);

/* The bytes at @place; NULL if there are fewer than @size. Relocations in them are not applied. */
const unsigned char *shipped_bytes(const struct shipped_code *code,
				   const struct shipped_place *place, uint64_t size);

/*
 * Do exactly @n relocations apply to @size bytes at @place? Always true for vmlinux, where the
 * linker has applied them, so their results are compared with the bytes.
 */
bool shipped_relocations(const struct shipped_code *code, const struct shipped_place *place,
			 uint64_t size, size_t n);

/*
 * The bytes between two symbols of vmlinux, or a whole section of a module. False if there are
 * none.
 */
bool shipped_table(const struct shipped_code *code, const char *section, const char *start,
		   const char *stop, struct shipped_function *whole);

/* Is @place in an executable section? */
bool shipped_is_code(const struct shipped_code *code, const struct shipped_place *place);

/*
 * "meminfo_proc_show+0x12", or a number, for messages. Caller frees; NULL if there is not enough
 * memory.
 */
char *shipped_place_text(const struct shipped_code *code, const struct shipped_place *place);

#endif
