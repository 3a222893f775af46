/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of --each: one row for each fix, as a JSON object. It is in the manifest, in the
 * document of --json, in the report, and on the console at the end.
 */
#ifndef KPATCH_BUILD_ROWS_H
#define KPATCH_BUILD_ROWS_H

#include <jansson.h>
#include <stdio.h>

struct diag;

/* Print it as text. */
void rows_print(const json_t *rows, FILE *out);
/* Warn of each fix that was left out (KS399); nothing if @rows is NULL. */
void rows_warn(const json_t *rows, struct diag *diag);
/* Is @row that of a fix which was left out, in contrast to one that this kernel doesn't need? */
bool row_is_left_out(const json_t *row);

#endif
