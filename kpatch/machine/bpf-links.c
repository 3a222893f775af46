// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Finds the BPF links that are attached to functions of a module. It makes the
 * system call itself: libbpf would be another library for a single question.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/strvec.h"
#include "kpatch/machine/holders.h"
#include "kpatch/machine/bpf-links.h"

#define KPROBE_MULTI 8 /* include/uapi/linux/bpf.h: BPF_LINK_TYPE_KPROBE_MULTI, since 5.18 */

/*
 * The beginning of struct bpf_link_info, with what 6.6 added for kprobe_multi. An older kernel
 * doesn't change @addresses and @count; its links hold no module.
 */
struct link_info {
	uint32_t type, id, program, unused;
	uint64_t addresses;
	uint32_t count, flags;
};

static int bpf(int command, union bpf_attr *attr)
{
	int ret = syscall(SYS_bpf, command, attr, sizeof(*attr));

	return ret < 0 ? -errno : ret;
}

static int get_info(int fd, struct link_info *info)
{
	union bpf_attr attr = {
		.info = { .bpf_fd = fd, .info_len = sizeof(*info), .info = (uintptr_t)info }
	};

	return bpf(BPF_OBJ_GET_INFO_BY_FD, &attr);
}

static bool is_attached_between(int fd, unsigned long long first, unsigned long long last)
{
	struct link_info info = { 0 };
	uint64_t *addresses;
	bool found = false;

	if (get_info(fd, &info) || info.type != KPROBE_MULTI || !info.count)
		return false;
	addresses = calloc(info.count, sizeof(*addresses));
	if (!addresses)
		return false;
	info.addresses = (uintptr_t)addresses;
	if (!get_info(fd, &info))
		for (size_t i = 0; i < info.count && !found; i++)
			found = addresses[i] >= first && addresses[i] <= last;
	free(addresses);
	return found;
}

int bpf_links_between(unsigned long long first, unsigned long long last, struct strvec *ids)
{
	union bpf_attr next = { 0 };
	char text[16];
	int err = 0, fd;

	while (!err && !bpf(BPF_LINK_GET_NEXT_ID, &next)) {
		union bpf_attr attr = { .link_id = next.next_id };

		next = (union bpf_attr){ .start_id = next.next_id };
		snprintf(text, sizeof(text), "%u", next.start_id);
		fd = bpf(BPF_LINK_GET_FD_BY_ID, &attr);
		if (fd < 0)
			continue; /* the link is gone */
		if (is_attached_between(fd, first, last))
			err = strvec_add(ids, text);
		close(fd);
	}
	return err;
}
