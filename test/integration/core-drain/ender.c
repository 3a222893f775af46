// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Threads that end at once, and are reaped by nobody but themselves; the process stays.
 * usage: ender [N]
 */
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static void *end(void *unused)
{
	return unused;
}

int main(int argc, char **argv)
{
	int n = argc > 1 ? atoi(argv[1]) : 1;
	pthread_t thread;

	while (n--) {
		if (pthread_create(&thread, NULL, end, NULL))
			return 1;
		pthread_detach(thread);
	}
	pause();
	return 0;
}
