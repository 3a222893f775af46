// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads a file in a child that has the memory of its parent, which waits for it (vfork()). */
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	static char buffer[4096];
	int status, file = open(argc > 1 ? argv[1] : "", O_RDONLY);
	pid_t child;

	if (file < 0)
		return 1;
	child = vfork();
	if (!child)
		_exit(read(file, buffer, sizeof(buffer)) <= 0);
	return waitpid(child, &status, 0) != child || status;
}
