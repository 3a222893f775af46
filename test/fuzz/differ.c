// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Object files come from outside, and every offset in them may lie. This gives
 * damaged ones to all of create-diff-object: as both sides of a diff, and as one
 * side with the good file of the same source as the other. What is reported
 * doesn't matter; that all of it returns does.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "create-diff-object/all-passes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void diff(const char *original, const char *patched, const char *assumed,
		 const struct symvers *symvers, FILE *nowhere)
{
	struct diag *diag = diag_new("fuzz");
	struct object_index *object = NULL;
	struct report report = { .object = "m", .result = "any" };
	char output[64], json[64];
	bool changed;

	snprintf(output, sizeof(output), "/dev/shm/klp-fuzz-%d.o", (int)getpid());
	snprintf(json, sizeof(json), "/dev/shm/klp-fuzz-%d.json", (int)getpid());
	if (!object_index_load(original, "m", &object, diag)) {
		struct inputs inputs = { .original = original,
					 .patched = patched,
					 .object_name = "m",
					 .object = object,
					 .symvers = symvers,
					 .output = output,
					 .assume_changed = assumed };

		run_all_passes(&inputs, &report, &changed, diag);
	}
	/* memory isn't out: what can't be written is a defect */
	if (report_write_json(&report, json, diag))
		abort();
	diag_print(diag, nowhere);
	if (report.patched)
		report_print(&report, nowhere);
	unlink(output);
	unlink(json);
	ledger_free(report.ledger);
	report_free_units(&report);
	object_index_free(object);
	diag_free(diag);
}

/* The good file that was made of the same source, by its FILE symbol; false: there is none. */
static bool find_good(const char *damaged, const char *seeds, const char *side, char good[256])
{
	struct diag *diag = diag_new("fuzz");
	struct elf_model *model = NULL;
	struct elf_symbol *symbol;
	bool found = false;

	if (!seeds || elf_model_load(damaged, &model, diag))
		goto out;
	elf_for_each_symbol(model, symbol) {
		if (symbol->type != STT_FILE || strchr(symbol->name, '/'))
			continue;
		snprintf(good, 256, "%s/%s-%.*s.o", seeds, side, (int)strcspn(symbol->name, "."),
			 symbol->name);
		found = !access(good, R_OK);
		break;
	}
out:
	elf_model_free(model);
	diag_free(diag);
	return found;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct symvers *symvers;
	static FILE *nowhere;
	const char *seeds = getenv("FUZZ_SEEDS"), *exports = getenv("FUZZ_SYMVERS");
	char damaged[32], good[256];
	int fd;

	if (exports && !symvers) {
		struct diag *diag = diag_new("fuzz");

		symvers_load(exports, &symvers, diag);
		diag_free(diag);
		nowhere = fopen("/dev/null", "w");
	}
	fd = memfd_create("damaged", MFD_CLOEXEC);
	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(damaged, sizeof(damaged), "/proc/self/fd/%d", fd);
	/* one of the three, chosen by the input: more tries in the same time */
	if (size % 3 == 1 && find_good(damaged, seeds, "original", good))
		diff(good, damaged, NULL, symvers, nowhere);
	else if (size % 3 == 2 && find_good(damaged, seeds, "patched", good))
		diff(damaged, good, NULL, symvers, nowhere);
	else
		diff(damaged, damaged, "*", symvers, nowhere);
	close(fd);
	return 0;
}
