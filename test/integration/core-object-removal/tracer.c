// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Traces a function as bpftrace -e 'kprobe:FUNCTION {}' does: by a BPF link of the kind
 * kprobe_multi, which holds the function's module from 6.6 on.
 *
 * usage: tracer FUNCTION
 */
#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#define TRACE_KPROBE_MULTI 42 /* BPF_TRACE_KPROBE_MULTI */

static int bpf(int command, union bpf_attr *attr)
{
	return syscall(SYS_bpf, command, attr, sizeof(*attr));
}

int main(int argc, char **argv)
{
	/* return 0; */
	struct bpf_insn program[] = { { .code = BPF_ALU64 | BPF_MOV | BPF_K },
				      { .code = BPF_JMP | BPF_EXIT } };
	union bpf_attr load = {
		.prog_type = BPF_PROG_TYPE_KPROBE,
		.expected_attach_type = TRACE_KPROBE_MULTI,
		.insns = (uintptr_t)program,
		.insn_cnt = 2,
		.license = (uintptr_t)"GPL",
	};
	uint64_t functions[] = { argc == 2 ? (uintptr_t)argv[1] : 0 };
	union bpf_attr link = { .link_create = { .attach_type = TRACE_KPROBE_MULTI } };
	int fd;

	if (!functions[0])
		return 2;
	fd = bpf(BPF_PROG_LOAD, &load);
	if (fd < 0) {
		perror("program");
		return 1;
	}
	link.link_create.prog_fd = fd;
	link.link_create.kprobe_multi.cnt = 1;
	link.link_create.kprobe_multi.syms = (uintptr_t)functions;
	if (bpf(BPF_LINK_CREATE, &link) < 0) {
		perror("link");
		return 1;
	}
	puts("attached");
	fflush(stdout);
	pause();
	return 0;
}
