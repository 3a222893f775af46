// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Modules come from a build machine, but who says which one? This gives damaged
 * ones to all that klp-relocs does: convert with them as the module and as the
 * provider of symbols, show, verify, and what it has written once more. What is
 * said of them doesn't matter; that each part returns does.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "klp-relocs/convert.h"
#include "klp-relocs/show.h"
#include "klp-relocs/verify.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct elf_model *model, struct object_index *index,
		  const struct symvers *symvers, struct diag *diag)
{
	struct verify_inputs in = { .module = model, .target = model, .symvers = symvers };
	struct verify_counts counts = { 0 };

	if (index) {
		in.objects = &index;
		in.n_objects = 1;
	}
	verify(&in, &counts, diag);
	json_decref(show_json(model));
}

/* What was loaded may be written, and what was written loads. */
static void write_and_load(struct elf_model *model, struct object_index *index,
			   const struct symvers *symvers, struct diag *diag)
{
	struct elf_model *again = NULL;
	char path[64];

	snprintf(path, sizeof(path), "/dev/shm/klp-fuzz-%d.ko", (int)getpid());
	if (!elf_model_write(model, path, diag)) {
		if (elf_model_load(path, &again, diag))
			abort();
		check(again, index, symvers, diag);
	}
	unlink(path);
	elf_model_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct symvers *symvers;
	const char *exports = getenv("FUZZ_SYMVERS");
	struct diag *diag = diag_new("fuzz");
	struct object_index *index = NULL;
	struct providers providers = { &index, 1 };
	struct elf_model *model = NULL;
	char damaged[32];
	int fd;

	if (exports && !symvers)
		symvers_load(exports, &symvers, diag);
	fd = memfd_create("damaged", MFD_CLOEXEC);
	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(damaged, sizeof(damaged), "/proc/self/fd/%d", fd);
	if (object_index_load(damaged, "m", &index, diag))
		providers.n = 0;
	if (!elf_model_load(damaged, &model, diag)) {
		check(model, index, symvers, diag);
		if (!convert(model, symvers, &providers, diag))
			write_and_load(model, index, symvers, diag);
	}
	elf_model_free(model);
	object_index_free(index);
	diag_free(diag);
	close(fd);
	return 0;
}
