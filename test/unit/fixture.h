/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of what reads object files need object files, made by the very tools
 * that make the real ones. Each test program works in a folder of its own,
 * which is removed with it.
 */
#ifndef TEST_UNIT_FIXTURE_H
#define TEST_UNIT_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "lib/temporary.h"
#include "lib/text.h"
#include "lib/diag.h"
#include "lib/files.h"
#include "lib/process.h"

static inline int enter_temp_dir(void **state)
{
	/* thousands of files are written; in memory fsync() costs nothing */
	const char *parent = access("/dev/shm", W_OK) ? NULL : "/dev/shm";
	char *path;

	if (make_temp_dir(parent, "klp-split-test", &path) || chdir(path))
		return -1;
	free(path);
	return 0;
}

static inline void run_command(const char *const *argv)
{
	struct process process = { .argv = argv };
	int err = process_run(&process);

	if (err)
		print_error("%s: %s\n", argv[0], process.log ?: strerror(-err));
	process_end(&process);
	assert_int_equal(err, 0);
}
#define RUN(...) run_command((const char *const[]){ __VA_ARGS__, NULL })

static inline void write_text(const char *path, const char *text)
{
	assert_int_equal(write_file_atomic(path, text, strlen(text), 0644), 0);
}

/* NAME.s → NAME.o, with @text as its source; "$" is no special character in it. */
static inline void assemble(const char *name, const char *text)
{
	char *source = format("%s.s", name), *object = format("%s.o", name);

	write_text(source, text);
	RUN("as", "--64", "-o", object, source);
	free(source);
	free(object);
}

static inline void compile(const char *name, const char *text)
{
	char *source = format("%s.c", name), *object = format("%s.o", name);

	write_text(source, text);
	RUN("gcc", "-O2", "-g", "-fno-pic", "-mcmodel=kernel", "-ffunction-sections",
	    "-fdata-sections", "-fno-asynchronous-unwind-tables", "-c", "-o", object, source);
	free(source);
	free(object);
}

/* Where no init collects orphans, a dead one stays as a zombie. */
static inline bool is_running(pid_t pid)
{
	char *path = format("/proc/%d/status", pid), *status = NULL;
	size_t size;
	bool running;

	running = !read_file(path, &status, &size) && !strstr(status, "State:\tZ");
	free(path);
	free(status);
	return running;
}

/* A signal that was sent takes effect when its receiver runs next. */
static inline bool ends_soon(pid_t pid)
{
	for (int i = 0; i < 200 && is_running(pid); i++)
		usleep(10000);
	return !is_running(pid);
}

#define assert_reported(diag, code)                            \
	do {                                                   \
		if (!diag_has(diag, code)) {                   \
			diag_print(diag, stderr);              \
			fail_msg("%s was not reported", code); \
		}                                              \
	} while (0)

#define assert_no_problems(diag)                                     \
	do {                                                         \
		if (diag_errors(diag)) {                             \
			diag_print(diag, stderr);                    \
			fail_msg("%zu problems", diag_errors(diag)); \
		}                                                    \
	} while (0)

#endif
