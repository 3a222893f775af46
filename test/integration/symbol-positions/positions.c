// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What our index says of every name that an object has more than once, one per
 * line: "address name position type", address as kallsyms prints it.
 */
#include <stdio.h>
#include <string.h>

#include "object-index.h"

int main(int argc, char **argv)
{
	struct diag *diag = diag_new("positions");
	const struct object_symbol *symbols;
	struct object_index *index;
	char name[1024];
	size_t n;

	if (argc != 2 || object_index_load(argv[1], "vmlinux", &index, diag)) {
		diag_print(diag, stderr);
		return 1;
	}
	/* names come on standard input, so that they aren't the index's own */
	while (fgets(name, sizeof(name), stdin)) {
		name[strcspn(name, "\n")] = '\0';
		symbols = object_index_find(index, name, &n);
		for (size_t i = 0; n > 1 && i < n; i++)
			printf("%016lx %s %u %d\n", symbols[i].value, name, symbols[i].sympos,
			       symbols[i].type);
	}
	object_index_free(index);
	diag_free(diag);
	return 0;
}
