// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A table that is passed to a function of another unit leaves the code that can
 * be followed. The functions below are known to keep no pointer to it.
 */
#include <string.h>

#include "lib/array.h"
#include "create-diff-object/unit/arch.h"
#include "create-diff-object/unit/readers.h"

#define ARG(n) (1 << (n))
#define ALL 0x3f

static const struct reader readers[] = {
	/* They compare, measure or copy bytes (lib/string.c, arch/x86/lib). */
	{ "memcmp", 3, ARG(0) | ARG(1), false, 0 },
	{ "memcpy", 3, ARG(1), false, 0 },
	{ "strcasecmp", 2, ARG(0) | ARG(1), false, 0 },
	{ "strcmp", 2, ARG(0) | ARG(1), false, 0 },
	{ "strlen", 1, ARG(0), false, 0 },
	{ "strncasecmp", 3, ARG(0) | ARG(1), false, 0 },
	{ "strncmp", 3, ARG(0) | ARG(1), false, 0 },
	{ "strnlen", 2, ARG(0), false, 0 },
	/* It compares a key with some of the elements, by calling a function (lib/bsearch.c). */
	{ "bsearch", 5, ARG(1), true, 4 },
	/* It returns the number of the matching string (lib/string_helpers.c). */
	{ "match_string", 3, ARG(0), false, 0 },
	{ "__sysfs_match_string", 3, ARG(0), false, 0 }, /* lib/string_helpers.c */
	{ "match_token", 3, ARG(1), false, 0 }, /* lib/parser.c */
	{ "lookup_constant", 3, ARG(0), false, 0 }, /* fs/fs_parser.c */
	/*
	 * They check a message against the policy (lib/nlattr.c). What it violates is described in
	 * the answer, before the system call returns.
	 */
	{ "__nla_parse", 6, ARG(4), false, 0 },
	{ "__nla_validate", 6, ARG(3), false, 0 },
	/* They format a text. */
	{ "_printk", 6, ALL, false, 0 },
	{ "scnprintf", 6, ALL & ~ARG(0), false, 0 },
	{ "seq_printf", 6, ALL & ~ARG(0), false, 0 },
	{ "seq_puts", 2, ARG(1), false, 0 },
	{ "snprintf", 6, ALL & ~ARG(0), false, 0 },
	{ "sprintf", 6, ALL & ~ARG(0), false, 0 },
	/* It looks up a number (kernel/bpf/btf.c). */
	{ "btf_id_set_contains", 2, ARG(0), false, 0 },
	/*
	 * They look up a device or machine in a list of ids. dmi_check_system() is not listed: it
	 * passes the entry to a function that the entry names.
	 */
	{ "acpi_match_device", 2, ARG(0), true, 0 }, /* drivers/acpi/bus.c */
	{ "acpi_match_device_ids", 2, ARG(1), false, 0 },
	{ "dmi_first_match", 1, ARG(0), true, 0 }, /* drivers/firmware/dmi_scan.c */
	{ "hid_match_id", 2, ARG(1), true, 0 }, /* drivers/hid/hid-core.c */
	{ "i2c_match_id", 2, ARG(0), true, 0 }, /* drivers/i2c/i2c-core-base.c */
	{ "of_match_node", 2, ARG(0), true, 0 }, /* drivers/of/base.c */
	{ "pci_dev_present", 1, ARG(0), false, 0 }, /* drivers/pci/search.c */
	{ "pci_match_id", 2, ARG(0), true, 0 }, /* drivers/pci/pci-driver.c */
	{ "usb_match_id", 2, ARG(1), true, 0 }, /* drivers/usb/core/driver.c */
	{ "x86_match_cpu", 1, ARG(0), true, 0 }, /* arch/x86/kernel/cpu/match.c */
};

const struct reader *reader_of(const struct reloc *call)
{
	const struct elf_symbol *symbol = call->symbol ?: call->to ? call->to->symbol : NULL;
	size_t i;

	if (!symbol || symbol->bind == STB_LOCAL || (call->to && call->at))
		return NULL;
	for (i = 0; i < ARRAY_SIZE(readers); i++)
		if (!strcmp(symbol->name, readers[i].name))
			return &readers[i];
	return NULL;
}
