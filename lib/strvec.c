// SPDX-License-Identifier: GPL-2.0-or-later
/* See strvec.h. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/diag.h"
#include "lib/strvec.h"

int strvec_take(struct strvec *strings, char *string)
{
	const char **list = string ? reallocarray(strings->list, strings->n + 2, sizeof(*list))
				   : NULL;

	if (!list) {
		free(string);
		strings->failed = true;
		return -ENOMEM;
	}
	strings->list = list;
	list[strings->n++] = string;
	list[strings->n] = NULL;
	return 0;
}

int strvec_add(struct strvec *strings, const char *string)
{
	return strvec_take(strings, strdup(string));
}

int strvec_addf(struct strvec *strings, const char *fmt, ...)
{
	va_list ap;
	char *string;

	va_start(ap, fmt);
	if (vasprintf(&string, fmt, ap) < 0)
		string = NULL;
	va_end(ap);
	return strvec_take(strings, string);
}

int strvec_done(const struct strvec *strings, struct diag *diag)
{
	return strings->failed ? diag_oom(diag) : 0;
}

int strvec_replace(struct strvec *strings, const char *string, const char *with)
{
	for (size_t i = 0; i < strings->n; i++) {
		char *copy;

		if (strcmp(strings->list[i], string))
			continue;
		copy = strdup(with);
		if (!copy)
			return -ENOMEM;
		free((char *)strings->list[i]);
		strings->list[i] = copy;
	}
	return 0;
}

bool strvec_has(const struct strvec *strings, const char *string)
{
	for (size_t i = 0; i < strings->n; i++)
		if (!strcmp(strings->list[i], string))
			return true;
	return false;
}

void strvec_free(struct strvec *strings)
{
	for (size_t i = 0; i < strings->n; i++)
		free((char *)strings->list[i]);
	free(strings->list);
	*strings = (struct strvec){ 0 };
}
