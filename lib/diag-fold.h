/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Errors that follow from others are listed below their cause: diag-fold.c. */
#ifndef KLP_SPLIT_DIAG_FOLD_H
#define KLP_SPLIT_DIAG_FOLD_H

#include <stdbool.h>
#include <stdio.h>

struct diag;
struct diag_place;
struct problem;

/*
 * Put each error that another one explains below that one, and causes first: once, when all are
 * known. Only those are folded of which @is_unedited says that the diff edits nothing at their
 * place.
 */
typedef bool (*diag_unedited_fn)(const struct diag_place *place, void *arg);
void diag_fold(struct diag *diag, diag_unedited_fn is_unedited, void *arg);

/* For diag_print(): the list below @cause of what it explains. */
void print_consequences(const struct problem *cause, FILE *out);

#endif
