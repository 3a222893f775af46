// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: small programs that succeed, fail, print much, don't exist, or don't end.
 * Prevents: a failed compiler that counts as success, output that is lost or blocks, arguments
 *   that a shell reads.
 * Fails if: status, output, folder or environment of a child are wrong, or a child is left
 *   running.
 */
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

#include "test/unit/fixture.h"
#include "lib/temporary.h"

#define ARGV(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void success_and_output(void **state)
{
	/* no shell in between: nothing is expanded */
	struct process p = { .argv = ARGV("printf", "%s|%s", "a b", "$HOME;*") };

	assert_int_equal(process_run(&p), 0);
	assert_string_equal(p.log, "a b|$HOME;*");
	assert_int_equal(p.log_size, strlen(p.log));
	assert_int_equal(p.pid, 0);
	process_end(&p);
	assert_null(p.log);
}

static void failure_keeps_the_output(void **state)
{
	struct process p = { .argv = ARGV("sh", "-c", "echo out; echo err >&2; exit 7") };

	assert_int_equal(process_run(&p), -ECHILD);
	assert_true(WIFEXITED(p.status) && WEXITSTATUS(p.status) == 7);
	assert_string_equal(p.log, "out\nerr\n");
	process_end(&p);

	p = (struct process){ .argv = ARGV("sh", "-c", "kill -SEGV $$") };
	assert_int_equal(process_run(&p), -ECHILD);
	assert_true(WIFSIGNALED(p.status) && WTERMSIG(p.status) == SIGSEGV);
	process_end(&p);
}

static void what_cant_start_is_told(void **state)
{
	struct process p = { .argv = ARGV("no-such-program-anywhere") };

	assert_int_equal(process_run(&p), -ENOENT);
	process_end(&p);
	p = (struct process){ .argv = ARGV("true"), .cwd = "no/such/folder" };
	assert_int_equal(process_run(&p), -ENOENT);
	process_end(&p);
	p = (struct process){ .argv = ARGV("true"), .input = "no-such-file" };
	assert_int_equal(process_run(&p), -ENOENT);
	process_end(&p);
	p = (struct process){ .argv = ARGV("/etc/passwd") };
	assert_int_equal(process_run(&p), -EACCES);
	process_end(&p);
}

static void surroundings_are_as_asked(void **state)
{
	struct process p = {
		.argv = ARGV("sh", "-c", "pwd; echo $ONE $TWO; cat"),
		.cwd = "/",
		.env = ARGV("ONE=1", "TWO=x=y"),
	};
	char *data;
	size_t size;

	assert_int_equal(process_run(&p), 0);
	assert_string_equal(p.log, "/\n1 x=y\n"); /* nothing to read on stdin */
	process_end(&p);

	write_text("in", "from a file\n");
	p = (struct process){ .argv = ARGV("cat"), .input = "in", .output = "out" };
	assert_int_equal(process_run(&p), 0);
	assert_null(p.log);
	process_end(&p);
	assert_int_equal(read_file("out", &data, &size), 0);
	assert_string_equal(data, "from a file\n");
	free(data);
}

static void much_output_does_not_block(void **state)
{
	struct process p = { .argv = ARGV("sh", "-c", "yes 0123456789 | head -c 3000000") };

	assert_int_equal(process_run(&p), 0);
	assert_int_equal(p.log_size, 3000000);
	process_end(&p);
}

/* Our handlers and our ignored signals are not the child's. */
static void children_have_ordinary_signals(void **state)
{
	struct process p = { .argv = ARGV("sh", "-c", "kill -PIPE $$; echo survived") };

	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(process_run(&p), -ECHILD);
	assert_true(WIFSIGNALED(p.status) && WTERMSIG(p.status) == SIGPIPE);
	process_end(&p);
}

static void giving_up_ends_the_whole_group(void **state)
{
	struct process p = { .argv = ARGV("sh", "-c", "sleep 1000 & echo $! > other; wait") };
	pid_t child, grandchild;
	char *text;
	size_t size;

	assert_int_equal(process_start(&p), 0);
	child = p.pid;
	do
		usleep(1000);
	while (read_file("other", &text, &size) || (!size && (free(text), true)));
	grandchild = atoi(text);
	free(text);
	assert_true(is_running(child) && is_running(grandchild));
	process_end(&p);
	assert_int_equal(p.pid, 0);
	assert_true(ends_soon(child) && ends_soon(grandchild));
}

struct tally {
	size_t done, failed;
};

static void count_done(struct process *process, void *arg)
{
	struct tally *tally = arg;

	tally->done++;
	tally->failed += process->status != 0;
}

static void many_run_side_by_side(void **state)
{
	const char *const *slow = ARGV("sh", "-c", "sleep 0.05; echo done");
	struct process processes[20];
	struct tally tally = { 0 };

	for (size_t i = 0; i < 20; i++)
		processes[i] = (struct process){ .argv = slow };
	assert_int_equal(process_run_all(processes, 20, 4, count_done, &tally), 0);
	assert_int_equal(tally.done, 20);
	for (size_t i = 0; i < 20; i++) {
		assert_string_equal(processes[i].log, "done\n");
		process_end(&processes[i]);
	}

	tally = (struct tally){ 0 };
	processes[0] = (struct process){ .argv = ARGV("true") };
	processes[1] = (struct process){ .argv = ARGV("false") };
	processes[2] = (struct process){ .argv = ARGV("no-such-program-anywhere") };
	processes[3] = (struct process){ .argv = ARGV("true") };
	/* all run, the first error is reported */
	assert_int_equal(process_run_all(processes, 4, 1, count_done, &tally), -ECHILD);
	assert_int_equal(tally.done, 4);
	assert_int_equal(tally.failed, 1);
	for (size_t i = 0; i < 4; i++)
		process_end(&processes[i]);
	assert_int_equal(process_run_all(NULL, 0, 4, NULL, NULL), 0);
}

/* A child that other code has started must neither confuse it nor be reaped. */
static void other_children_are_left_alone(void **state)
{
	struct process processes[2] = { { .argv = ARGV("sleep", "0.1") },
					{ .argv = ARGV("sleep", "0.1") } };
	pid_t other = fork();
	int status;

	if (!other)
		_exit(5);
	assert_int_equal(process_run_all(processes, 2, 2, NULL, NULL), 0);
	assert_int_equal(waitpid(other, &status, 0), other);
	assert_int_equal(WEXITSTATUS(status), 5);
	process_end(&processes[0]);
	process_end(&processes[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(success_and_output),
		cmocka_unit_test(failure_keeps_the_output),
		cmocka_unit_test(what_cant_start_is_told),
		cmocka_unit_test(surroundings_are_as_asked),
		cmocka_unit_test(much_output_does_not_block),
		cmocka_unit_test(children_have_ordinary_signals),
		cmocka_unit_test(giving_up_ends_the_whole_group),
		cmocka_unit_test(many_run_side_by_side),
		cmocka_unit_test(other_children_are_left_alone),
	};

	return cmocka_run_group_tests(tests, enter_temp_dir, NULL);
}
