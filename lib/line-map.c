// SPDX-License-Identifier: GPL-2.0-or-later
/* The map is as small as the diff, and only messages use it: a list will do. See line-map.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <jansson.h>

#include "lib/line-map.h"
#include "lib/paths.h"

struct line_map {
	json_t *files;
};

int line_map_read(const char *path, struct line_map **map, struct diag *diag)
{
	json_error_t error;
	json_t *files = json_load_file(path, 0, &error);

	if (!json_is_object(files)) {
		bool valid = files;

		json_decref(files);
		return diag_error(diag, "KS185", NULL, "%s: %s", path,
				  valid ? "not an object" : error.text);
	}
	*map = calloc(1, sizeof(**map));
	if (!*map) {
		json_decref(files);
		return diag_oom(diag);
	}
	(*map)->files = files;
	return 0;
}

void line_map_free(struct line_map *map)
{
	if (!map)
		return;
	json_decref(map->files);
	free(map);
}

unsigned int line_map_line(const struct line_map *map, const char *file, unsigned int number)
{
	char *path = map && file ? path_without_dots(file) : NULL;
	const json_t *ranges = path ? json_object_get(map->files, path) : NULL, *range;
	size_t i;

	free(path);
	json_array_foreach(ranges, i, range) {
		json_int_t first = json_integer_value(json_array_get(range, 0));
		json_int_t n = json_integer_value(json_array_get(range, 1));

		if (number >= first && number - first < n)
			return json_integer_value(json_array_get(range, 2)) + (number - first);
	}
	return number;
}
