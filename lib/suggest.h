/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "no option '--forse'" leaves the user to read the manual for a letter. A name
 * that is nearly the one that was typed is most likely the one that was meant.
 */
#ifndef KLP_SPLIT_SUGGEST_H
#define KLP_SPLIT_SUGGEST_H

#include <argp.h>

/*
 * Is @word the name with a letter or two wrong, missing, added or exchanged? Then @name is returned,
 * unless @best (NULL: none yet) is nearer; else @best.
 */
const char *more_like(const char *word, const char *best, const char *name);

/*
 * Call before argp_parse(), which only says that it doesn't know an option: print a suggestion for
 * each long option of @argv that isn't one of @options, nor the beginning of one.
 */
void suggest_options(const char *tool, const struct argp_option *options, char **argv);

#endif
