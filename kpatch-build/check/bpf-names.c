// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A list of BTF ids may be in another unit than the function that it names:
 *
 *	BTF_ID_FLAGS(func, tcp_reno_ssthresh)
 *
 * in net/ipv4/bpf_tcp_ca.c lets BPF programs call a function of tcp_cong.c. The
 * list has a symbol for each id, __BTF_ID__func__tcp_reno_ssthresh__8, which
 * the symbol table of the object keeps.
 */
#include <errno.h>
#include <gelf.h>
#include <string.h>

#include "kpatch-build/check/bpf-names.h"
#include "kpatch-build/kernel/shipped.h"
#include "lib/text.h"

#define BTF_ID_OF_FUNCTION "__BTF_ID__func__"

/* Is @symbol the one that names the BTF id of function @name? A number follows the name. */
static bool names_function(const char *symbol, const char *name)
{
	size_t length = strlen(name);
	const char *rest;

	if (!symbol || !str_starts(symbol, BTF_ID_OF_FUNCTION))
		return false;
	rest = symbol + strlen(BTF_ID_OF_FUNCTION);
	if (strncmp(rest, name, length) || !str_starts(rest + length, "__"))
		return false;
	rest += length + 2;
	return !rest[strspn(rest, "0123456789")];
}

static bool table_names(Elf *elf, Elf_Scn *scn, const GElf_Shdr *shdr, const char *name)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	GElf_Sym sym;

	for (size_t i = 1; data && gelf_getsym(data, i, &sym); i++)
		if (names_function(elf_strptr(elf, shdr->sh_link, sym.st_name), name))
			return true;
	return false;
}

int is_known_to_bpf(const char *path, const char *name, bool *is, struct diag *diag)
{
	Elf_Scn *scn = NULL;
	bool found = false;
	GElf_Shdr shdr;
	Elf *elf;
	int err = shipped_open(path, &elf, diag);

	if (err)
		return err;
	while (!found && (scn = elf_nextscn(elf, scn)))
		if (gelf_getshdr(scn, &shdr) && shdr.sh_type == SHT_SYMTAB)
			found = table_names(elf, scn, &shdr, name);
	elf_end(elf);
	*is = found;
	return 0;
}
