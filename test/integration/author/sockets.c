// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Connects two sockets, sends others over themselves and closes them; then becomes the program that
 * its arguments name, with the first two still open.
 */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int fail(const char *what)
{
	perror(what);
	return 1;
}

static int send_socket(int over, int sent)
{
	char control[CMSG_SPACE(sizeof(int))] = { 0 }, byte = 0;
	struct iovec data = { &byte, 1 };
	struct msghdr message = { .msg_iov = &data, .msg_iovlen = 1, .msg_control = control,
				  .msg_controllen = sizeof(control) };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &sent, sizeof(int));
	return sendmsg(over, &message, 0) == 1 ? 0 : -1;
}

int main(int argc, char **argv)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "/tmp/author-example" };
	int pair[2], server = socket(AF_UNIX, SOCK_STREAM, 0), client = socket(AF_UNIX, SOCK_STREAM, 0);
	int peer;
	char buffer[8];

	unlink(address.sun_path);
	if (server < 0 || client < 0 || bind(server, (struct sockaddr *)&address, sizeof(address)) ||
	    listen(server, 1) || connect(client, (struct sockaddr *)&address, sizeof(address)))
		return fail("connect");
	peer = accept(server, NULL, NULL);
	if (peer < 0 || write(client, "hello", 5) != 5 || read(peer, buffer, 5) != 5)
		return fail("transfer");
	/* each is in the other's queue: only the collector of garbage frees them */
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) || send_socket(pair[0], pair[0]) ||
	    send_socket(pair[1], pair[1]))
		return fail("socketpair");
	close(pair[0]);
	close(pair[1]);
	if (memcmp(buffer, "hello", 5))
		return 1;
	if (argc > 1)
		execvp(argv[1], argv + 1);
	return argc > 1 ? fail(argv[1]) : 0;
}
