// SPDX-License-Identifier: GPL-2.0-or-later
/* Shows what the kernel says of a new eventfd, and then of the one that it inherited, if any. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

static void show(int fd)
{
	char path[64], line[256];
	FILE *info;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	info = fopen(path, "r");
	while (info && fgets(line, sizeof(line), info))
		printf("%d %s", getpid(), line);
	if (info)
		fclose(info);
}

/* With arguments: becomes the program that they name, with an eventfd as file 3. */
int main(int argc, char **argv)
{
	int fd = eventfd(1, 0);

	if (fd < 0)
		return 1;
	if (argc > 1) {
		if (fd != 3 && dup2(fd, 3) < 0)
			return 1;
		execvp(argv[1], argv + 1);
		return 1;
	}
	show(fd);
	if (fd != 3)
		show(3);
	return 0;
}
