// SPDX-License-Identifier: GPL-2.0-or-later
/* Sends one message over SCTP to itself, over loopback, and waits for it: it gets acknowledged. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int fail(const char *what)
{
	perror(what);
	return 1;
}

int main(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(7777) };
	int server = socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP);
	int client = socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP), peer;
	char buffer[16];

	inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
	if (server < 0 || client < 0)
		return fail("socket");
	if (bind(server, (struct sockaddr *)&address, sizeof(address)) || listen(server, 1))
		return fail("listen");
	if (connect(client, (struct sockaddr *)&address, sizeof(address)))
		return fail("connect");
	peer = accept(server, NULL, NULL);
	if (peer < 0 || write(client, "hello", 5) != 5 || read(peer, buffer, 5) != 5)
		return fail("transfer");
	sleep(1); /* the acknowledgement may be delayed, 200 ms by default */
	return memcmp(buffer, "hello", 5) ? 1 : 0;
}
