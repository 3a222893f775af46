// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Asks for its process number without a pause, in four processes, until a file
 * appears; the answer must never change.
 */
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int ask(const char *end)
{
	long pid = syscall(SYS_getpid);

	while (access(end, F_OK))
		for (int i = 0; i < 1000; i++)
			if (syscall(SYS_getpid) != pid)
				return 1;
	return 0;
}

int main(int argc, char **argv)
{
	int status, wrong = 0;

	if (argc != 2)
		return 2;
	for (int i = 0; i < 4; i++)
		if (!fork())
			_exit(ask(argv[1]));
	while (wait(&status) > 0)
		wrong |= status != 0;
	return wrong;
}
