// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Gives the kernel an address whose page is not there, and does not bring it
 * until it is told to: whoever touches the address sleeps in a page fault.
 *
 * usage: faulter PARAMETER FAULTING SERVE
 * PARAMETER takes the address; FAULTING appears when somebody waits for the
 * page; it comes when SERVE appears.
 */
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char *parameter;
static void *page;

static void *touch(void *unused)
{
	FILE *file = fopen(parameter, "w");

	if (!file)
		return unused;
	fprintf(file, "%lu\n", (unsigned long)page);
	return fclose(file) ? unused : page;
}

int main(int argc, char **argv)
{
	int uffd = syscall(SYS_userfaultfd, O_CLOEXEC), size = getpagesize();
	struct uffdio_register range = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_zeropage zero = { 0 };
	struct uffd_msg message;
	pthread_t thread;
	void *touched;

	page = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (argc != 4 || uffd < 0 || page == MAP_FAILED || ioctl(uffd, UFFDIO_API, &api))
		return 2;
	range.range.start = (unsigned long)page;
	range.range.len = size;
	zero.range = range.range;
	parameter = argv[1];
	if (ioctl(uffd, UFFDIO_REGISTER, &range) || pthread_create(&thread, NULL, touch, NULL))
		return 3;

	if (read(uffd, &message, sizeof(message)) != sizeof(message) ||
	    message.event != UFFD_EVENT_PAGEFAULT)
		return 4;
	close(open(argv[2], O_CREAT | O_WRONLY, 0600));
	while (access(argv[3], F_OK))
		usleep(20000);
	if (ioctl(uffd, UFFDIO_ZEROPAGE, &zero))
		return 5;
	return pthread_join(thread, &touched) || touched != page;
}
