/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How problems are kept: for diag.c, diag-fold.c and diag-json.c only. */
#ifndef KLP_SPLIT_DIAG_PRIVATE_H
#define KLP_SPLIT_DIAG_PRIVATE_H

#include "lib/diag.h"

enum severity { WARNING, ERROR };

struct problem {
	struct problem *next;
	enum severity severity;
	const struct diag_code *code;
	char *file, *function; /* NULL: unknown */
	unsigned int line;
	char *message;
	char **details;
	size_t n_details;
	/* diag_fold(): the error that explains this one, which has none itself; NULL: none is known */
	const struct problem *cause;
	size_t n_consequences; /* the number of errors that this one explains */
};

struct diag {
	char *tool;
	struct problem *first, **tail, *last;
	size_t n_errors, n_warnings;
	bool out_of_memory; /* at least one problem could not be kept */
};

#endif
