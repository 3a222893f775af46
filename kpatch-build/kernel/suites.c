// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Debian's archive has several suites, each with its own kernels and its own
 * compiler. A kernel's release tells the suite. Asking all of them would
 * download ten megabytes of lists for each.
 */
#include <fnmatch.h>
#include <string.h>

#include "lib/array.h"
#include "kpatch-build/kernel/suites.h"

/* In the order in which they are asked: kernels move from a suite's backports to the next suite. */
const struct suite suites[] = {
	{ "bookworm", { "6.1.0-*", "*+deb12*" }, NULL, true },
	{ "bookworm-backports", { "*+deb12*", "*+bpo*" }, "bookworm", false },
	{ "trixie", { "*+deb13*" }, NULL, true },
	{ "trixie-backports", { "*+deb13*" }, "trixie", false },
	{ "forky", { "*+deb14*" }, NULL, false }, /* not yet released */
	{ "sid", { "*+deb14*" }, NULL, false },
	{ "bullseye", { "5.10.0-*" }, NULL, true },
};
const size_t n_suites = ARRAY_SIZE(suites);

const struct suite *suite_by_name(const char *name)
{
	for (size_t i = 0; i < n_suites; i++)
		if (!strcmp(suites[i].name, name))
			return &suites[i];
	return NULL;
}

const struct suite *suite_base(const struct suite *suite)
{
	return suite->base ? suite_by_name(suite->base) : suite;
}

bool suite_has_release(const struct suite *suite, const char *release)
{
	for (size_t i = 0; i < ARRAY_SIZE(suite->releases); i++)
		if (suite->releases[i] && !fnmatch(suite->releases[i], release, 0))
			return true;
	return false;
}

bool release_names_suite(const char *release)
{
	for (size_t i = 0; i < n_suites; i++)
		if (suite_has_release(&suites[i], release))
			return true;
	return false;
}
