// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads a file by a worker of io_uring, and prints how many bytes that were. */
#include <fcntl.h>
#include <linux/io_uring.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static char *map(int ring, size_t size, off_t offset)
{
	return mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring, offset);
}

int main(int argc, char **argv)
{
	struct io_uring_params params = { 0 };
	struct io_uring_cqe *result;
	struct io_uring_sqe *request;
	static char buffer[4096];
	char *submitted, *completed;
	int ring, file;

	file = open(argc > 1 ? argv[1] : "", O_RDONLY);
	ring = syscall(SYS_io_uring_setup, 1, &params);
	if (file < 0 || ring < 0)
		return 1;
	submitted = map(ring, params.sq_off.array + params.sq_entries * sizeof(int), IORING_OFF_SQ_RING);
	completed = map(ring, params.cq_off.cqes + params.cq_entries * sizeof(*result),
			IORING_OFF_CQ_RING);
	request = (void *)map(ring, params.sq_entries * sizeof(*request), IORING_OFF_SQES);
	if (submitted == MAP_FAILED || completed == MAP_FAILED || (void *)request == MAP_FAILED)
		return 1;

	request->opcode = IORING_OP_READ;
	request->flags = IOSQE_ASYNC;
	request->fd = file;
	request->addr = (unsigned long)buffer;
	request->len = sizeof(buffer);
	__atomic_store_n((unsigned int *)(submitted + params.sq_off.tail), 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) != 1)
		return 1;
	result = (void *)(completed + params.cq_off.cqes);
	printf("%d\n", result->res);
	return result->res < 0;
}
