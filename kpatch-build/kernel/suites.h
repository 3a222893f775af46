/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which suite of Debian has which kernels: suites.c. */
#ifndef KPATCH_BUILD_SUITES_H
#define KPATCH_BUILD_SUITES_H

#include <stdbool.h>
#include <stddef.h>

struct suite {
	const char *name; /* its folder in the archive, and in --kernel SUITE/NAME */
	const char *releases[2]; /* of its kernels, as fnmatch(3) patterns */
	const char *base; /* the suite that its kernels are compiled in, or NULL: itself */
	bool has_security; /* updates in an archive of their own */
};

extern const struct suite suites[];
extern const size_t n_suites;

/* NULL if there is none of this name. */
const struct suite *suite_by_name(const char *name);

/* The suite that @suite's compiler is from. */
const struct suite *suite_base(const struct suite *suite);

/* Whether a kernel of this release can be one of @suite's. */
bool suite_has_release(const struct suite *suite, const char *release);

/* Whether the release tells of any suite. Where it doesn't, all have to be asked. */
bool release_names_suite(const char *release);

#endif
