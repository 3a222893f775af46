/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What kpatch prints as JSON is read by other programs, which know it from the
 * schema that is shipped. So each test that reads such a document checks that
 * the schema describes all of it.
 */
#ifndef TEST_UNIT_DESCRIBED_H
#define TEST_UNIT_DESCRIBED_H

#include <jansson.h>

#include "test/unit/fixture.h"

/* From the Makefile, as each test works in a folder of its own. */
#ifndef SOURCE_FOLDER
#define SOURCE_FOLDER "."
#endif
#define VALIDATE SOURCE_FOLDER "/test/lib/validate"
#define KPATCH_SCHEMA SOURCE_FOLDER "/schema/kpatch.schema.json"

/* Before the verb is called: what @out has so far goes. */
static inline void forget_output(FILE *out)
{
	rewind(out);
	assert_int_equal(ftruncate(fileno(out), 0), 0);
}

/* The one document that was printed; all_is_described() checks it. */
static inline json_t *read_described(FILE *in)
{
	static unsigned int n;
	char name[64];
	json_t *json;

	rewind(in);
	json = json_loadf(in, 0, NULL);
	assert_non_null(json);
	snprintf(name, sizeof(name), "described-%u.json", n++);
	assert_int_equal(json_dump_file(json, name, 0), 0);
	return json;
}

/* The last test of a program. Strict: no member that the schema doesn't have. */
static void all_is_described(void **state)
{
	RUN("sh", "-c", VALIDATE " --strict " KPATCH_SCHEMA " described-*.json");
}

#endif
