/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All uses of a variable or function, by their places in the source. */
#ifndef CDO_USES_H
#define CDO_USES_H

#include "create-diff-object/unit/source-places.h"
#include "create-diff-object/unit/unit.h"

/* A variable or function: of this unit (->atom), or of another one. */
struct shared {
	const struct atom *atom;
	const char *elsewhere; /* its name */
};

struct use {
	struct atom *from; /* code or data; for a list about code (a static key), that code */
	int64_t at; /* the offset into what is used */
	struct source_place places[MAX_SOURCE_PLACES];
	size_t n; /* of ->places; 0 for data */
};

struct uses {
	struct use *list;
	size_t n, capacity;
};

bool is_undefined(const struct reloc *reloc);

/* Add the uses of @shared. 0 or -ENOMEM. */
int uses_add(struct uses *uses, struct unit *unit, const struct shared *shared);
void uses_free(struct uses *uses);

#endif
