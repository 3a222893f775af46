/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KLP_SPLIT_ARRAY_H
#define KLP_SPLIT_ARRAY_H

/* The number of elements of an array. A pointer doesn't compile. */
#define ARRAY_SIZE(array)                                                                       \
	(sizeof(array) / sizeof((array)[0]) +                                                   \
	 sizeof(struct {                                                                        \
		 int is_an_array : 1 - 2 * !!__builtin_types_compatible_p(                      \
						   __typeof__(array), __typeof__(&(array)[0])); \
	 }) * 0)

#endif
