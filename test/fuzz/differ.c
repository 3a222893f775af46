// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Object files come from outside, and every offset in them may lie. This gives
 * damaged ones to the ELF model and to all passes of create-diff-object, the way
 * its main() does: as both sides of a diff, and as one side with a good file as
 * the other. What a pass reports doesn't matter; that it returns does.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "create-diff-object/passes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void emit(struct unit *original, struct unit *patched, const char *object_file,
		 const struct symvers *symvers, struct diag *diag)
{
	struct object_index *object = NULL;
	char output[64];

	if (object_index_load(object_file, "m", &object, diag))
		return;
	snprintf(output, sizeof(output), "/dev/shm/klp-fuzz-%d.o", (int)getpid());
	if (!refer_by_klp(original, patched, object, symvers, diag) &&
	    !unit_emit(patched, output, diag))
		verify_output(patched, output, diag);
	unlink(output);
	object_index_free(object);
}

static void diff(const char *a, const char *b, const char *assumed, const struct symvers *symvers)
{
	struct unit *original = NULL, *patched = NULL;
	struct diag *diag = diag_new("fuzz");
	bool any = false;
	int err;

	err = unit_load(&original, a, diag);
	err = err ?: unit_load(&patched, b, diag);
	err = err ?: correlate_units(original, patched, diag);
	if (!err) {
		err = heed_author(patched, diag);
		err = compare_units(original, patched, diag) ?: err;
		if (!err && assumed)
			assume_changed(patched, assumed);
		change_readers(patched);
		change_callers(patched);
		err = close_over_needed(patched, &any, diag) ?: err;
		err = keep_special_entries(patched, diag) ?: err;
		if (any && !err)
			emit(original, patched, a, symvers, diag);
	}
	unit_free(original);
	unit_free(patched);
	diag_free(diag);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct symvers *symvers;
	const char *good = getenv("FUZZ_GOOD"), *exports = getenv("FUZZ_SYMVERS");
	char damaged[32];
	int fd;

	if (exports && !symvers) {
		struct diag *diag = diag_new("fuzz");

		symvers_load(exports, &symvers, diag);
		diag_free(diag);
	}
	fd = memfd_create("damaged", MFD_CLOEXEC);
	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(damaged, sizeof(damaged), "/proc/self/fd/%d", fd);
	/* one of the three, chosen by the input: more tries in the same time */
	if (good && size % 3 == 1)
		diff(good, damaged, NULL, symvers);
	else if (good && size % 3 == 2)
		diff(damaged, good, NULL, symvers);
	else
		diff(damaged, damaged, "*", symvers);
	close(fd);
	return 0;
}
