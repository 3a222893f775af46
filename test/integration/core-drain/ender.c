// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tasks that end, and are reaped by nobody but themselves; the process stays.
 *
 *	ender [N]	N threads
 *	ender last	the last thread of a process, which reaps the first one, too
 *	ender namespace	the first process of a PID namespace, whose number is printed. Once it
 *			is killed, it waits for another process, which is reaped on SIGUSR1.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void *end(void *unused)
{
	return unused;
}

static int is_zombie(void)
{
	char line[256] = "";
	FILE *file = fopen("/proc/self/stat", "r");

	if (!file)
		return 0;
	if (!fgets(line, sizeof(line), file))
		line[0] = '\0';
	fclose(file);
	return strstr(line, ") Z ") != NULL;
}

static void *end_last(void *unused)
{
	while (!is_zombie())
		usleep(1000);
	return unused;
}

static int detach(void *(*function)(void *))
{
	pthread_t thread;

	return pthread_create(&thread, NULL, function, NULL) || pthread_detach(thread);
}

static int end_threads(int n)
{
	while (n--)
		if (detach(end))
			return 1;
	pause();
	return 0;
}

static int end_last_thread(void)
{
	signal(SIGCHLD, SIG_IGN);
	if (fork()) {
		pause();
		return 0;
	}
	if (detach(end_last))
		return 1;
	syscall(SYS_exit, 0);
	return 1;
}

static pid_t fork_idle(void)
{
	pid_t pid = fork();

	while (!pid)
		pause();
	return pid;
}

static int end_namespace(void)
{
	sigset_t set;
	pid_t first, second;
	int signal_number;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	if (unshare(CLONE_NEWPID))
		return 1;
	first = fork_idle();
	second = fork_idle();
	printf("%d\n", first);
	fflush(stdout);
	sigwait(&set, &signal_number);
	signal(SIGCHLD, SIG_IGN);
	waitpid(second, NULL, 0);
	pause();
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "1";

	if (!strcmp(what, "last"))
		return end_last_thread();
	if (!strcmp(what, "namespace"))
		return end_namespace();
	return end_threads(atoi(what));
}
