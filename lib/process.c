// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * make starts GCC, GCC starts cc1 and as: if only our child were killed, they
 * would go on writing into a folder that we are removing. So each child leads
 * its own process group, and the whole group is killed. If we are killed by
 * SIGKILL, the child is killed as well (PR_SET_PDEATHSIG).
 *
 * Output goes to an anonymous file, not a pipe: no child ever blocks because
 * nobody reads its output, however many run at once.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/process.h"

#define RUNNING_MAX 256

/* The running children, for the signal handler, which gets no arguments. 0: a free entry. */
static pid_t running[RUNNING_MAX];

static bool remember(pid_t pid)
{
	for (size_t i = 0; i < RUNNING_MAX; i++) {
		if (!running[i]) {
			__atomic_store_n(&running[i], pid, __ATOMIC_RELEASE);
			return true;
		}
	}
	return false;
}

static void forget(pid_t pid)
{
	for (size_t i = 0; i < RUNNING_MAX; i++)
		if (running[i] == pid)
			__atomic_store_n(&running[i], 0, __ATOMIC_RELEASE);
}

/* Send SIGTERM to @pid's group, SIGKILL after two seconds, and return when the child has ended. */
static void end_group(pid_t pid)
{
	kill(-pid, SIGTERM);
	kill(pid, SIGTERM); /* the child may not have made its group yet */
	for (int i = 0; i < 200; i++) {
		pid_t gone = waitpid(pid, NULL, WNOHANG);

		if (gone == pid || (gone < 0 && errno == ECHILD))
			break;
		poll(NULL, 0, 10);
	}
	kill(-pid, SIGKILL);
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

void process_end_all(void)
{
	for (size_t i = 0; i < RUNNING_MAX; i++) {
		pid_t pid = __atomic_load_n(&running[i], __ATOMIC_ACQUIRE);

		if (pid)
			end_group(pid);
	}
}

/* Child */

static void set_variable(const char *assignment)
{
	char *copy = strdup(assignment), *equals = copy ? strchr(copy, '=') : NULL;

	if (equals) {
		*equals = '\0';
		setenv(copy, equals + 1, 1);
	}
	free(copy);
}

static void redirect(int fd, int to)
{
	if (fd != to)
		dup2(fd, to);
	else
		fcntl(fd, F_SETFD, 0);
}

/* Between fork() and exec(); an error goes to the parent through @report. */
static void __attribute__((noreturn))
child(const struct process *process, int input, int output, int report, pid_t parent)
{
	static const int reset[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGXFSZ };
	sigset_t none;
	int err;

	setpgid(0, 0);
	for (size_t i = 0; i < ARRAY_SIZE(reset); i++) {
		struct sigaction action;

		/* our handlers must not run here; a signal that nohup ignores stays ignored */
		if (!sigaction(reset[i], NULL, &action) &&
		    (action.sa_handler != SIG_IGN || reset[i] == SIGPIPE || reset[i] == SIGXFSZ))
			signal(reset[i], SIG_DFL);
	}
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(127);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);

	redirect(input, STDIN_FILENO);
	redirect(output, STDOUT_FILENO);
	redirect(output, STDERR_FILENO);
	for (const char *const *env = process->env; env && *env; env++)
		set_variable(*env);
	if (!process->cwd || !chdir(process->cwd))
		execvp(process->argv[0], (char *const *)process->argv);
	err = errno;
	if (write(report, &err, sizeof(err)) < 0)
		_exit(126);
	_exit(127);
}

/* Parent */

static int open_output(struct process *process)
{
	if (process->output_is_ours)
		return fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
	if (process->output)
		return open(process->output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	return memfd_create("output", MFD_CLOEXEC);
}

static int fork_child(struct process *process, int input, int output, const int report[2])
{
	pid_t parent = getpid();
	sigset_t all, old;
	int err = 0;

	/* a signal must not arrive while the child is not on the list */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &old);
	process->pid = fork();
	if (process->pid == 0)
		child(process, input, output, report[1], parent);
	if (process->pid < 0) {
		err = -errno;
	} else {
		setpgid(process->pid, process->pid);
		if (!remember(process->pid)) {
			end_group(process->pid);
			err = -EAGAIN;
		}
	}
	sigprocmask(SIG_SETMASK, &old, NULL);
	return err;
}

/* The pipe closes by itself when exec() succeeds. */
static int exec_error(int report)
{
	int err = 0;
	ssize_t n;

	do {
		n = read(report, &err, sizeof(err));
	} while (n < 0 && errno == EINTR);
	return n == sizeof(err) ? -err : 0;
}

static void close_fd(int fd)
{
	if (fd >= 0)
		close(fd);
}

int process_start(struct process *process)
{
	int input, output = -1, report[2] = { -1, -1 }, err = 0;

	process->log = NULL;
	process->log_size = 0;
	process->log_fd = -1;
	process->status = 0;
	process->pid = 0;

	input = open(process->input ?: "/dev/null", O_RDONLY | O_CLOEXEC);
	if (input < 0 || (output = open_output(process)) < 0 || pipe2(report, O_CLOEXEC)) {
		err = -errno;
		goto out;
	}
	err = fork_child(process, input, output, report);
	if (err)
		goto out;
	close(report[1]);
	report[1] = -1;
	err = exec_error(report[0]);
	if (err) {
		while (waitpid(process->pid, NULL, 0) < 0 && errno == EINTR)
			;
		forget(process->pid);
		process->pid = 0;
	} else if (!process->output && !process->output_is_ours) {
		process->log_fd = output;
		output = -1;
	}
out:
	close_fd(input);
	close_fd(output);
	close_fd(report[0]);
	close_fd(report[1]);
	return err;
}

static void __attribute__((noreturn))
call_in_child(int (*call)(void *arg), void *arg, const sigset_t *mask)
{
	int null = open("/dev/null", O_RDWR);

	memset(running, 0, sizeof(running)); /* these are our parent's children */
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		dup2(null, fd);
	sigprocmask(SIG_SETMASK, mask, NULL);
	_exit(call(arg) ? 1 : 0);
}

int process_start_call(struct process *process, int (*call)(void *arg), void *arg)
{
	pid_t parent = getpid();
	sigset_t all, old;
	int err = 0;

	*process = (struct process){ .log_fd = -1 };
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &old);
	process->pid = fork();
	if (process->pid == 0) {
		setpgid(0, 0);
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		if (getppid() != parent)
			_exit(127);
		call_in_child(call, arg, &old);
	}
	if (process->pid < 0) {
		err = -errno;
		process->pid = 0;
	} else {
		setpgid(process->pid, process->pid);
		if (!remember(process->pid)) {
			end_group(process->pid);
			process->pid = 0;
			err = -EAGAIN;
		}
	}
	sigprocmask(SIG_SETMASK, &old, NULL);
	return err;
}

static int take_log(struct process *process)
{
	struct stat st;
	ssize_t n;

	if (fstat(process->log_fd, &st))
		return -errno;
	process->log = malloc(st.st_size + 1);
	if (!process->log)
		return -ENOMEM;
	while (process->log_size < (size_t)st.st_size) {
		n = pread(process->log_fd, process->log + process->log_size,
			  st.st_size - process->log_size, process->log_size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		process->log_size += n;
	}
	process->log[process->log_size] = '\0';
	return 0;
}

int process_wait(struct process *process)
{
	int err = 0;

	while (waitpid(process->pid, &process->status, 0) < 0) {
		if (errno != EINTR) {
			err = -errno;
			break;
		}
	}
	forget(process->pid);
	process->pid = 0;
	if (process->log_fd >= 0) {
		err = err ?: take_log(process);
		close(process->log_fd);
		process->log_fd = -1;
	}
	if (err)
		return err;
	return WIFEXITED(process->status) && !WEXITSTATUS(process->status) ? 0 : -ECHILD;
}

int process_run(struct process *process)
{
	return process_start(process) ?: process_wait(process);
}

void process_end(struct process *process)
{
	if (process->pid > 0) {
		end_group(process->pid);
		forget(process->pid);
		process->pid = 0;
		close_fd(process->log_fd);
		process->log_fd = -1;
	}
	free(process->log);
	process->log = NULL;
	process->log_size = 0;
}

/* Wait until one of @processes has ended, without taking its status yet. */
static struct process *next_ended(struct process *processes, size_t n)
{
	struct process *any = NULL;
	siginfo_t info = { 0 };

	while (waitid(P_ALL, 0, &info, WEXITED | WNOWAIT) < 0 && errno == EINTR)
		;
	for (size_t i = 0; i < n; i++) {
		if (processes[i].pid <= 0)
			continue;
		any = &processes[i];
		if (any->pid == info.si_pid)
			return any;
	}
	return any; /* another child ended first: wait for one of ours */
}

int process_run_all(struct process *processes, size_t n, unsigned int jobs,
		    void (*done)(struct process *process, void *arg), void *arg)
{
	size_t started = 0, active = 0;
	int first_error = 0, err;

	for (size_t i = 0; i < n; i++) {
		processes[i].pid = 0;
		processes[i].log = NULL;
	}
	while (started < n || active) {
		struct process *process;

		if (started < n && active < (jobs ?: 1)) {
			process = &processes[started++];
			err = process_start(process);
			if (!err) {
				active++;
				continue;
			}
		} else {
			process = next_ended(processes, started);
			err = process_wait(process);
			active--;
		}
		first_error = first_error ?: err;
		if (done)
			done(process, arg);
	}
	return first_error;
}
