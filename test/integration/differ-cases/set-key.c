// SPDX-License-Identifier: GPL-2.0-or-later
/* Gives cmac(aes) a key. */
#include <stdio.h>
#include <sys/socket.h>
#include <linux/if_alg.h>

int main(void)
{
	struct sockaddr_alg address = { .salg_family = AF_ALG,
					.salg_type = "hash",
					.salg_name = "cmac(aes)" };
	static const char key[16] = "differ-cases";
	int sock = socket(AF_ALG, SOCK_SEQPACKET, 0);

	if (sock < 0 || bind(sock, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    setsockopt(sock, SOL_ALG, ALG_SET_KEY, key, sizeof(key)) < 0) {
		perror("cmac(aes)");
		return 1;
	}
	return 0;
}
