/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * After "no option '--forse'" the user has to read the manual because of one letter. If
 * the tool knows a name that is nearly the same, the user most likely meant that name.
 */
#ifndef KLP_SPLIT_SUGGEST_H
#define KLP_SPLIT_SUGGEST_H

#include <argp.h>

/*
 * Return @name if it differs from @word in a letter or two that are wrong, missing, added or
 * exchanged, and if @best (NULL: none yet) isn't as near. Otherwise return @best.
 */
const char *more_like(const char *word, const char *best, const char *name);

/*
 * Print a suggestion for each long option in @argv that is neither one of @options nor the
 * beginning of one. Call this before argp_parse(), which only says that an option is unknown.
 */
void suggest_options(const char *tool, const struct argp_option *options, char **argv);

#endif
