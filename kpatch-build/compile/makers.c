// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * With another compiler, or another flag, hundreds of functions differ, and
 * none of these differences says why. The compiler records its version and its
 * flags in each unit: these are compared first, for one plain answer.
 *
 * It is no proof. Distributions patch compilers without changing the version,
 * and -D and -I aren't recorded; prove-units.c compares the code.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "kpatch-build/build.h"
#include "kpatch-build/index/dwarf-units.h"
#include "kpatch-build/compile/makers.h"
#include "kpatch-build/compile/unit-cache.h"
#include "lib/paths.h"
#include "kpatch-build/kernel/shipped.h"

/* Flags that kpatch-build adds to those of kbuild (kbuild.h: SECTION_FLAGS). */
static const struct {
	const char *word, *why;
} ours_alone[] = {
	{ "-ffunction-sections",
	  "one section per function, so that functions can be taken one by one" },
	{ "-fdata-sections", "the same for variables" },
};

static size_t next_word(const char **at)
{
	size_t n;

	for (;;) {
		bool known = false;

		*at += strspn(*at, " ");
		n = strcspn(*at, " ");
		for (size_t i = 0; i < ARRAY_SIZE(ours_alone); i++)
			known |= n == strlen(ours_alone[i].word) &&
				 !strncmp(*at, ours_alone[i].word, n);
		if (!known)
			return n;
		*at += n;
	}
}

bool same_producer(const char *ours, const char *theirs, const char **here, const char **there)
{
	size_t n, m;

	for (;;) {
		n = next_word(&ours);
		m = next_word(&theirs);
		if (n != m || strncmp(ours, theirs, n)) {
			*here = ours;
			*there = theirs;
			return false;
		}
		if (!n)
			return true;
		ours += n;
		theirs += m;
	}
}

/* Each compiler named in ours must be named in theirs. */
static int check_comment(const struct unit *unit, const struct object *object, struct diag *diag)
{
	struct diag_place place = { .file = unit->source };
	char *ours = NULL, *theirs = NULL;
	size_t n_ours, n_theirs;
	int err;

	err = shipped_section(unit->original, ".comment", &ours, &n_ours, diag);
	if (!err)
		err = shipped_section(object->file, ".comment", &theirs, &n_theirs, diag);
	if (err == -ENOENT) { /* stripped: the comparison of the code will tell */
		free(ours);
		return 0;
	}
	for (char *at = ours; !err && at < ours + n_ours; at += strlen(at) + 1) {
		if (!*at || memmem(theirs, n_theirs, at, strlen(at) + 1))
			continue;
		err = diag_error(diag, "KS332", &place, "%s", object->name);
		diag_detail(diag, "here:    %s", at);
		diag_detail(diag, "shipped: %s", theirs + !*theirs);
		unit_cache_forget(unit);
	}
	free(ours);
	free(theirs);
	return err;
}

/* The producers of one object's units, ours and theirs, indexed like build->units. */
struct producers {
	const struct job *job;
	const struct reached *reached;
	const struct object *object;
	size_t only; /* the unit whose original is being read */
	char **ours, **theirs;
};

static int keep_own_producer(const char *name, const char *producer, void *arg)
{
	struct producers *p = arg;

	if (!p->ours[p->only])
		p->ours[p->only] = strdup(producer);
	return p->ours[p->only] ? 0 : -ENOMEM;
}

bool is_name_of_source(const char *name, const char *source)
{
	size_t n = strlen(name), m = strlen(source);

	return n >= m && !strcmp(name + n - m, source) && (n == m || name[n - m - 1] == '/');
}

static int keep_shipped_producer(const char *name, const char *producer, void *arg)
{
	const char *base = strrchr(name, '/') ?: name, *here, *there;
	struct producers *p = arg;
	char *path = NULL;
	int err = 0;

	for (size_t i = 0; i < p->reached->n_units && !err; i++) {
		const struct unit *unit = &p->reached->units[i];

		if (strcmp(unit->object, p->object->name) || !strstr(unit->source, base))
			continue;
		if (!path && !(path = path_without_dots(name)))
			return -ENOMEM;
		if (!is_name_of_source(path, unit->source))
			continue;
		/* a source can be in one object twice: one of the two has to fit */
		if (p->theirs[i] && same_producer(p->ours[i] ?: "", p->theirs[i], &here, &there))
			continue;
		free(p->theirs[i]);
		p->theirs[i] = strdup(producer);
		err = p->theirs[i] ? 0 : -ENOMEM;
	}
	free(path);
	return err;
}

static int compare_producers(struct producers *p)
{
	const char *here, *there;
	int err = 0;

	for (size_t i = 0; i < p->reached->n_units; i++) {
		const struct unit *unit = &p->reached->units[i];
		struct diag_place place = { .file = unit->source };

		if (!p->ours[i] || !p->theirs[i] ||
		    same_producer(p->ours[i], p->theirs[i], &here, &there))
			continue;
		err = diag_error(p->job->diag, "KS354", &place, "%s", p->object->name);
		diag_detail(p->job->diag, "here:    %.*s", (int)strcspn(here, " "),
			    *here ? here : "(nothing more)");
		diag_detail(p->job->diag, "shipped: %.*s", (int)strcspn(there, " "),
			    *there ? there : "(nothing more)");
		unit_cache_forget(unit);
	}
	return err;
}

static int check_producers(const struct job *job, const struct reached *reached,
			   const struct object *object)
{
	struct producers p = { .job = job, .reached = reached, .object = object };
	struct diag *quiet =
		/* without debug information, the comparison of the code will tell */
		diag_new("kpatch-build");
	int err = 0;

	p.ours = calloc(reached->n_units + 1, sizeof(*p.ours));
	p.theirs = calloc(reached->n_units + 1, sizeof(*p.theirs));
	if (!p.ours || !p.theirs || !quiet)
		err = diag_oom(job->diag);
	for (p.only = 0; p.only < reached->n_units && !err; p.only++)
		if (!strcmp(reached->units[p.only].object, object->name) &&
		    !reached->units[p.only].added)
			err = dwarf_for_each_producer(reached->units[p.only].original,
						      keep_own_producer, &p, job->diag);
	if (!err && !dwarf_for_each_producer(object->symbols, keep_shipped_producer, &p, quiet))
		err = compare_producers(&p);
	for (size_t i = 0; i < reached->n_units; i++) {
		free(p.ours ? p.ours[i] : NULL);
		free(p.theirs ? p.theirs[i] : NULL);
	}
	free(p.ours);
	free(p.theirs);
	diag_free(quiet);
	return err;
}

int check_makers(struct build *build)
{
	int err = 0, one;

	for (size_t i = 0; i < build->n_objects; i++) {
		const struct object *object = &build->objects[i];
		bool used = false;

		one = 0;
		for (size_t u = 0; u < build->n_units && !one; u++) {
			if (strcmp(build->units[u].object, object->name) || build->units[u].added)
				continue;
			used = true;
			one = check_comment(&build->units[u], object, build->diag);
		}
		if (used && !one)
			one = check_producers(&build->job, &build->reached, object);
		err = err ?: one;
	}
	return err;
}
