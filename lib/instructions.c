// SPDX-License-Identifier: GPL-2.0-or-later
/* Decodes with capstone, and keeps what a comparison needs; see instructions.h. */
#include <capstone/capstone.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/arch.h"
#include "lib/instructions.h"

int instructions_open_decoder(uint16_t machine, size_t *decoder)
{
	const struct arch *arch = arch_find(machine);
	csh handle;

	if (!arch || !arch->describe)
		return -ENOTSUP;
	if (cs_open(arch->decoder, arch->decoder_mode, &handle) != CS_ERR_OK)
		return -ENOMEM;
	if (cs_option(handle, CS_OPT_DETAIL, CS_OPT_ON) != CS_ERR_OK) {
		cs_close(&handle);
		return -ENOMEM;
	}
	*decoder = handle;
	return 0;
}

void instructions_close_decoder(size_t decoder)
{
	csh handle = decoder;

	if (handle)
		cs_close(&handle);
}

int instructions_decode(uint16_t machine, const unsigned char *bytes, uint64_t size,
			struct instructions *out)
{
	const struct arch *arch = arch_find(machine);
	uint64_t address = 0;
	size_t left = size;
	const uint8_t *at = bytes;
	cs_insn *insn;
	csh handle;
	int err;

	memset(out, 0, sizeof(*out));
	err = instructions_open_decoder(machine, &handle);
	if (err)
		return err;
	out->list = calloc(size + 1, sizeof(*out->list));
	insn = cs_malloc(handle);
	if (!out->list || !insn)
		err = -ENOMEM;
	while (!err && left) {
		struct instruction *next = &out->list[out->n++];

		if (cs_disasm_iter(handle, &at, &left, &address, insn)) {
			next->offset = insn->address;
			next->size = insn->size;
			next->id = insn->id;
			arch->describe(handle, insn, next);
			continue;
		}
		next->offset = address++;
		next->size = 1;
		next->unknown = true;
		at++;
		left--;
	}
	if (insn)
		cs_free(insn, 1);
	cs_close(&handle);
	out->bytes = bytes;
	out->size = size;
	if (err)
		instructions_free(out);
	return err;
}

void instructions_free(struct instructions *instructions)
{
	free(instructions->list);
	memset(instructions, 0, sizeof(*instructions));
}

bool instructions_count(const struct instructions *instructions, uint64_t offset, size_t *count)
{
	size_t n = 0, i;

	for (i = 0; i < instructions->n && instructions->list[i].offset < offset; i++)
		n += !instructions->list[i].padding;
	*count = n;
	return i < instructions->n ? instructions->list[i].offset == offset
				   : offset == instructions->size;
}

bool instructions_may_mean(uint16_t machine, const unsigned char *code, uint64_t size,
			   uint64_t address, uint64_t place, uint64_t target)
{
	bool may = true;
	cs_insn *insn;
	csh handle;

	if (instructions_open_decoder(machine, &handle))
		return true;
	insn = cs_malloc(handle);
	while (insn && size && cs_disasm_iter(handle, &code, &size, &address, insn)) {
		if (address <= place)
			continue;
		may = arch_find(machine)->may_mean(insn, target);
		break;
	}
	if (insn)
		cs_free(insn, 1);
	cs_close(&handle);
	return may;
}

char *instruction_text(uint16_t machine, const struct instructions *instructions, size_t i)
{
	const struct instruction *one = &instructions->list[i];
	char *text = NULL;
	cs_insn *insn;
	csh handle;

	if (instructions_open_decoder(machine, &handle))
		return NULL;
	if (cs_disasm(handle, instructions->bytes + one->offset, one->size, one->offset, 1,
		      &insn) == 1) {
		if (asprintf(&text, "%s %s", insn->mnemonic, insn->op_str) < 0)
			text = NULL;
		cs_free(insn, 1);
	} else if (asprintf(&text, ".byte %#x", instructions->bytes[one->offset]) < 0) {
		text = NULL;
	}
	cs_close(&handle);
	return text;
}
