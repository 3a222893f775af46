// SPDX-License-Identifier: GPL-2.0-only
/* Sleeps so many seconds in nanosleep(), which the C library doesn't call any more. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct timespec time = { .tv_sec = argc > 1 ? atoi(argv[1]) : 1 };

	printf("nanosleep: %ld\n", syscall(SYS_nanosleep, &time, NULL));
	return 0;
}
