// SPDX-License-Identifier: GPL-2.0-or-later
/* Puts a key into the session's keyring. */
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/keyctl.h>

int main(void)
{
	if (syscall(SYS_add_key, "user", "differ-cases", "x", 1, KEY_SPEC_SESSION_KEYRING) < 0) {
		perror("add_key");
		return 1;
	}
	return 0;
}
