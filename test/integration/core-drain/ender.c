// SPDX-License-Identifier: GPL-2.0-or-later
/* A thread that ends at once, and is reaped by nobody but itself; the process stays. */
#include <pthread.h>
#include <unistd.h>

static void *end(void *unused)
{
	return unused;
}

int main(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, end, NULL))
		return 1;
	pthread_detach(thread);
	pause();
	return 0;
}
