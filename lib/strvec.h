/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A growing vector of strings. The list ends with NULL once it has a string, so that it can be an
 * argv. Each string is owned.
 */
#ifndef KLP_SPLIT_STRVEC_H
#define KLP_SPLIT_STRVEC_H

#include <stdbool.h>
#include <stddef.h>

struct diag;

struct strvec {
	const char **list;
	size_t n;
	bool failed; /* some string wasn't added: there was not enough memory */
};

/* Add a copy of @string. 0 or -ENOMEM; a caller that adds many asks strvec_done() at the end. */
int strvec_add(struct strvec *strings, const char *string);
int strvec_addf(struct strvec *strings, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Add @string itself, which is freed if that fails. NULL: the caller had not enough memory. */
int strvec_take(struct strvec *strings, char *string);
/* 0 or -ENOMEM, reported: were all strings added? */
int strvec_done(const struct strvec *strings, struct diag *diag);
/* Put a copy of @with in the place of each string that equals @string. 0 or -ENOMEM. */
int strvec_replace(struct strvec *strings, const char *string, const char *with);
bool strvec_has(const struct strvec *strings, const char *string);
void strvec_free(struct strvec *strings);

#endif
