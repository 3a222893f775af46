/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which suite of Debian has which kernels: suites.c. */
#ifndef KPATCH_BUILD_SUITES_H
#define KPATCH_BUILD_SUITES_H

#include <stdbool.h>
#include <stddef.h>

struct suite {
	const char *name; /* its folder in the archive, and in --kernel SUITE/NAME */
	const char *releases[2]; /* patterns for fnmatch(3) of its kernels' releases */
	const char *base; /* the suite with which its kernels are compiled; NULL: itself */
	bool has_security; /* it has updates in an archive of their own */
};

extern const struct suite suites[];
extern const size_t n_suites;

/* NULL if there is none of this name. */
const struct suite *suite_by_name(const char *name);

/* The suite that @suite's compiler is from. */
const struct suite *suite_base(const struct suite *suite);

/* Can a kernel of this release be one of @suite's? */
bool suite_has_release(const struct suite *suite, const char *release);

/* Does the release tell any suite? If not, all have to be asked. */
bool release_names_suite(const char *release);

#endif
