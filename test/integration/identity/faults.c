// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A shell never gives the kernel a bad pointer, so the entries of exception
 * tables are never used. This does, in all the calls whose functions have such
 * entries of their own, and expects EFAULT each time. It also has threads, whose
 * locks are futexes.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int failures;

#define FAULTS(call)                                                                               \
	do {                                                                                       \
		errno = 0;                                                                         \
		if ((call) != -1 || errno != EFAULT) {                                             \
			printf("%s: %s instead of EFAULT\n", #call, strerror(errno));              \
			failures++;                                                                \
		}                                                                                  \
	} while (0)

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long counter;

static void *count(void *arg)
{
	for (int i = 0; i < 2000; i++) {
		pthread_mutex_lock(&lock);
		counter++;
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

static void threads(void)
{
	pthread_t thread[4];

	for (int i = 0; i < 4; i++)
		pthread_create(&thread[i], NULL, count, NULL);
	for (int i = 0; i < 4; i++)
		pthread_join(thread[i], NULL);
	if (counter != 8000) {
		printf("4 threads counted to %ld instead of 8000\n", counter);
		failures++;
	}
}

int main(void)
{
	char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *end = page + 4096, byte = 'x';
	int root = open("/", O_RDONLY | O_DIRECTORY), ends[2], sockets[2], queue, word = 0;
	struct msghdr message = { .msg_iov = (void *)end, .msg_iovlen = 1 };

	/* a page that is there, and one that isn't: also what lies across both faults */
	munmap(end, 4096);
	memset(page, 'a', 4096);
	if (root < 0 || pipe(ends) || socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) ||
	    (queue = msgget(IPC_PRIVATE, 0600)) < 0)
		return 2;
	if (write(ends[1], "0123456789", 10) != 10 || write(sockets[1], "0123456789", 10) != 10)
		return 2;

	FAULTS(open(end, O_RDONLY));
	FAULTS(open(end - 7, O_RDONLY)); /* the name isn't ended on its page */
	FAULTS(syscall(SYS_getdents64, root, end, 4096));
	FAULTS(syscall(SYS_getdents, root, end, 4096));
	FAULTS(read(ends[0], end, 10));
	FAULTS(write(ends[1], end, 10));
	FAULTS(readv(ends[0], (struct iovec *)end, 1));
	FAULTS(writev(ends[1], (struct iovec *)(end - 8), 1));
	FAULTS(ioctl(ends[0], FIONREAD, end));
	FAULTS(fcntl(root, F_GETLK, end));
	FAULTS(stat("/", (struct stat *)end));
	FAULTS(syscall(SYS_stat, "/", end - 16));
	FAULTS(getcwd(end, 4096) ? 0 : -1);
	FAULTS(poll((struct pollfd *)end, 1, 0));
	FAULTS(syscall(SYS_select, 1, end, NULL, NULL, NULL));
	FAULTS(syscall(SYS_pselect6, 1, NULL, NULL, NULL, end, NULL));
	FAULTS(syscall(SYS_futex, end, FUTEX_WAIT, 0, NULL, NULL, 0));
	FAULTS(syscall(SYS_futex, &word, FUTEX_WAKE_OP, 1, 1, end, FUTEX_OP(FUTEX_OP_ADD, 1, FUTEX_OP_CMP_EQ, 0)));
	FAULTS(syscall(SYS_futex, end, FUTEX_LOCK_PI, 0, NULL, NULL, 0));
	FAULTS(syscall(SYS_pipe2, end, 0));
	FAULTS(syscall(SYS_rt_sigaction, SIGUSR1, end, NULL, 8));
	FAULTS(syscall(SYS_rt_sigprocmask, SIG_BLOCK, end, NULL, 8));
	FAULTS(syscall(SYS_wait4, -1, end, WNOHANG, NULL) == -1 && errno == ECHILD ? (errno = EFAULT, -1) : 0);
	FAULTS(syscall(SYS_nanosleep, end, NULL));
	FAULTS(syscall(SYS_clock_gettime, CLOCK_BOOTTIME, end));
	FAULTS(syscall(SYS_getrlimit, RLIMIT_CORE, end));
	FAULTS(syscall(SYS_execve, end, NULL, NULL));
	FAULTS(syscall(SYS_execve, "/proc/self/exe", end, NULL));
	FAULTS(msgsnd(queue, end, 1, 0));
	FAULTS(msgctl(queue, IPC_STAT, (void *)end));
	FAULTS(sendmsg(sockets[0], &message, 0));
	FAULTS(recv(sockets[0], end, 10, 0));
	FAULTS(syscall(SYS_getsockname, sockets[0], end, end));
	FAULTS(setsockopt(sockets[0], SOL_SOCKET, SO_SNDBUF, end, 4));
	FAULTS(syscall(SYS_epoll_ctl, epoll_create1(0), EPOLL_CTL_ADD, ends[0], end));
	FAULTS(syscall(SYS_process_vm_readv, getpid(), end, 1, end, 1, 0));
	FAULTS(syscall(SYS_mincore, page, 4096, end));
	FAULTS(syscall(SYS_move_pages, 0, 1, end, end, end, 0));
	msgctl(queue, IPC_RMID, NULL);
	if (read(sockets[0], &byte, 1) != 1 || byte != '0') {
		printf("a read that failed took its bytes\n");
		failures++;
	}
	threads();
	return failures ? 1 : 0;
}
