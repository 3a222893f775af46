// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: a folder to work in, and children that are interrupted in the middle of their work.
 * Prevents: an incomplete file under a final name, temporary folders that accumulate, a tree that
 *   is removed through a link.
 * Fails if: an interrupted or failing writer leaves anything, or changes existing files.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "lib/array.h"
#include "test/unit/fixture.h"
#include "lib/text.h"
#include "lib/temporary.h"

static size_t count_entries(void)
{
	char *list = NULL;
	size_t n = 0;
	struct process ls = { .argv = (const char *const[]){ "ls", "-A", NULL } };

	assert_int_equal(process_run(&ls), 0);
	for (list = ls.log; *list; list++)
		n += *list == '\n';
	process_end(&ls);
	return n;
}

static void assert_content(const char *path, const char *content)
{
	char *data;
	size_t size;

	assert_int_equal(read_file(path, &data, &size), 0);
	assert_int_equal(size, strlen(content));
	assert_string_equal(data, content);
	free(data);
}

static void paths_are_joined(void **state)
{
	static const struct {
		const char *a, *b, *result;
	} cases[] = {
		{ "a", "b", "a/b" }, { "a/", "b", "a/b" }, { "a", "/b", "a/b" },
		{ "/", "b", "/b" },  { "", "b", "b" },
	};
	char *path;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		path = path_join(cases[i].a, cases[i].b, NULL);
		assert_string_equal(path, cases[i].result);
		free(path);
	}
	path = path_join("a", "b", "c", "d.o", NULL);
	assert_string_equal(path, "a/b/c/d.o");
	free(path);
}

static void folders_are_made_and_removed(void **state)
{
	assert_int_equal(make_dirs("x/y/z"), 0);
	assert_int_equal(make_dirs("x/y/z"), 0);
	assert_int_equal(make_dirs("x/y/z/"), 0);
	assert_true(path_exists("x/y/z"));
	write_text("x/y/file", "1");
	assert_int_equal(make_dirs("x/y/file"), -ENOTDIR);
	assert_int_equal(make_dirs("x/y/file/below"), -ENOTDIR);

	/* a link is removed, what it points to stays */
	assert_int_equal(make_dirs("outside"), 0);
	write_text("outside/precious", "1");
	assert_int_equal(symlink("../../outside", "x/y/link"), 0);
	assert_int_equal(symlink("nowhere", "x/dangling"), 0);
	assert_int_equal(remove_tree("x"), 0);
	assert_false(path_exists("x"));
	assert_true(path_exists("outside/precious"));
	assert_int_equal(remove_tree("x"), 0);
	assert_int_equal(remove_tree("outside"), 0);
}

static void big_folders_are_removed(void **state)
{
	char name[64];

	for (int i = 0; i < 3000; i++) {
		snprintf(name, sizeof(name), "big/%d/%d", i % 7, i);
		assert_int_equal(make_dirs(name), 0);
	}
	assert_int_equal(remove_tree("big"), 0);
	assert_false(path_exists("big"));
}

/* Prevents: root's "-o /dev/null" putting a file in the place of the device. */
static void devices_and_pipes_are_written_into(void **state)
{
	char got[16] = "";
	size_t before = count_entries();
	struct stat st;
	int fd;

	assert_int_equal(mkfifo("pipe", 0600), 0);
	fd = open("pipe", O_RDWR | O_NONBLOCK);
	assert_true(fd >= 0);
	assert_int_equal(write_file_atomic("pipe", "into", 4, 0644), 0);
	assert_int_equal(read(fd, got, sizeof(got)), 4);
	assert_string_equal(got, "into");
	close(fd);
	assert_int_equal(lstat("pipe", &st), 0);
	assert_true(S_ISFIFO(st.st_mode));
	assert_int_equal(unlink("pipe"), 0);

	assert_int_equal(mkdir("folder", 0700), 0);
	assert_int_equal(write_file_atomic("folder", "x", 1, 0644), -EISDIR);
	assert_int_equal(rmdir("folder"), 0);
	assert_int_equal(count_entries(), before);
}

static void files_are_whole_or_not_there(void **state)
{
	struct rlimit limit = { 4096, RLIM_INFINITY }, old;
	char *big = calloc(1, 10000);
	struct stat st;
	size_t before = count_entries();

	assert_int_equal(write_file_atomic("f", "first", 5, 0640), 0);
	assert_content("f", "first");
	assert_int_equal(chmod("f", 0600), 0);

	/* as on a full disk */
	getrlimit(RLIMIT_FSIZE, &old);
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	assert_int_equal(write_file_atomic("f", big, 10000, 0644), -EFBIG);
	setrlimit(RLIMIT_FSIZE, &old);
	assert_content("f", "first");
	assert_int_equal(count_entries(), before + 1);

	assert_int_equal(write_file_atomic("f", "second", 6, 0644), 0);
	assert_content("f", "second");
	assert_int_equal(stat("f", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600); /* rights are the old file's */
	assert_int_equal(write_file_atomic("no/such/folder/f", "x", 1, 0644), -ENOENT);

	assert_int_equal(symlink("f", "alias"), 0);
	assert_int_equal(write_file_atomic("alias", "third", 5, 0644), 0);
	assert_content("f", "third");
	assert_int_equal(lstat("alias", &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(copy_file("f", "copy"), 0);
	assert_content("copy", "third");
	assert_int_equal(copy_file("missing", "copy"), -ENOENT);
	assert_content("copy", "third");
	assert_int_equal(unlink("f") | unlink("alias") | unlink("copy"), 0);
	free(big);
}

static void reading_tells_what_went_wrong(void **state)
{
	char *data = NULL;
	size_t size;

	assert_int_equal(read_file("missing", &data, &size), -ENOENT);
	assert_int_equal(read_file(".", &data, &size), -EISDIR);
	assert_null(data);
	assert_int_equal(read_file("/proc/self/status", &data, &size), 0);
	assert_true(size > 0 && strlen(data) == size);
	free(data);
}

/* A child that has made a temporary folder and half a file, and a program that runs. */
static void __attribute__((noreturn)) work_and_wait(int ready)
{
	struct process sleeper = {
		.argv = (const char *const[]){ "sh", "-c",
					       "sleep 1000 & echo $! > grandchild; wait", NULL },
	};
	struct atomic_file file;
	char *path, *kept;

	files_cleanup_on_signals();
	if (make_temp_dir(".", "work", &path) || make_temp_dir(".", "kept", &kept))
		_exit(10);
	files_keep(kept);
	write_text("in-work", "");
	if (rename("in-work", path_join(path, "in-work", NULL)))
		_exit(11);
	if (atomic_file_begin(&file, "result", 0644) || write(file.fd, "half", 4) != 4)
		_exit(12);
	if (process_start(&sleeper))
		_exit(13);
	while (access("grandchild", F_OK))
		usleep(1000);
	if (write(ready, "x", 1) != 1)
		_exit(14);
	for (;;)
		pause();
}

static void signals_leave_nothing(void **state)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP };

	for (size_t i = 0; i < 3; i++) {
		size_t before = count_entries(), size;
		int ready[2], status;
		char byte, *text;
		pid_t pid, grandchild;

		/* a shell that runs the tests in the background may have set SIGINT to be ignored */
		signal(signals[i], SIG_DFL);
		assert_int_equal(pipe(ready), 0);
		pid = fork();
		if (!pid)
			work_and_wait(ready[1]);
		close(ready[1]);
		assert_int_equal(read(ready[0], &byte, 1), 1);
		close(ready[0]);
		assert_int_equal(read_file("grandchild", &text, &size), 0);
		grandchild = atoi(text);
		free(text);
		assert_true(is_running(grandchild));

		assert_int_equal(kill(pid, signals[i]), 0);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		/* the parent can see which signal ended it */
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == signals[i]);
		assert_true(ends_soon(grandchild));
		assert_false(path_exists("result"));
		unlink("grandchild");
		RUN("sh", "-c", "rmdir kept*");
		assert_int_equal(count_entries(), before);
	}
}

static void exit_leaves_nothing(void **state)
{
	size_t before = count_entries();
	int status;
	pid_t pid = fork();

	if (!pid) {
		char *path, *below;

		if (make_temp_dir(".", "work", &path))
			_exit(1);
		below = path_join(path, "a/b", NULL);
		status = make_dirs(below);
		free(below);
		free(path);
		exit(status != 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(count_entries(), before);
}

/* What was forked off for another purpose doesn't own our folders. */
static void a_child_removes_nothing_of_ours(void **state)
{
	int status;
	char *path;
	pid_t pid;

	assert_int_equal(make_temp_dir(".", "ours", &path), 0);
	pid = fork();
	if (!pid)
		exit(0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(path_exists(path));
	assert_int_equal(remove_tree(path), 0);
	free(path);
}

static void note_waiting(const char *path, void *arg)
{
	if (write(*(int *)arg, "w", 1) != 1)
		_exit(20);
}

static void locks_exclude(void **state)
{
	int fd = lock_file("lock", NULL, NULL), told[2], status;
	char byte;
	pid_t pid;

	assert_true(fd >= 0);
	assert_int_equal(pipe(told), 0);
	pid = fork();
	if (!pid) {
		close(fd);
		_exit(lock_file("lock", note_waiting, &told[1]) >= 0 ? 0 : 1);
	}
	assert_int_equal(read(told[0], &byte, 1), 1);
	usleep(20000);
	assert_int_equal(waitpid(pid, &status, WNOHANG), 0);
	/* removed while another one waits for it: that one must lock the new file */
	assert_int_equal(unlink("lock"), 0);
	unlock_file(fd);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_true(path_exists("lock"));
	fd = lock_file("lock", NULL, NULL);
	assert_true(fd >= 0);
	unlock_file(fd);
	unlink("lock");
	close(told[0]);
	close(told[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_are_joined),
		cmocka_unit_test(folders_are_made_and_removed),
		cmocka_unit_test(big_folders_are_removed),
		cmocka_unit_test(files_are_whole_or_not_there),
		cmocka_unit_test(devices_and_pipes_are_written_into),
		cmocka_unit_test(reading_tells_what_went_wrong),
		cmocka_unit_test(signals_leave_nothing),
		cmocka_unit_test(exit_leaves_nothing),
		cmocka_unit_test(a_child_removes_nothing_of_ours),
		cmocka_unit_test(locks_exclude),
	};

	return cmocka_run_group_tests(tests, enter_temp_dir, NULL);
}
