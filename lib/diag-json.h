/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Problems as JSON: see diag-json.c. */
#ifndef KLP_SPLIT_DIAG_JSON_H
#define KLP_SPLIT_DIAG_JSON_H

#include <jansson.h>

struct diag;

/*
 * [{"code","severity","file","line","function","message","details":[…],"why","remedy"}…],
 * after diag_fold() also "caused_by", an index in the array, and "consequences", a number;
 * the caller owns the reference.
 */
json_t *diag_to_json(const struct diag *diag);
/* Add the problems of such an array to @diag. 0 or -EINVAL. */
int diag_from_json(struct diag *diag, const json_t *array);

#endif
