// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: a fake kernel that refuses, stalls, forgets or can't free something, at a chosen step.
 * Prevents: a failed load or unload that leaves modules, files or a part of a livepatch, or hides
 *   its reason.
 * Fails if: after a failure anything is loaded or installed that was not before, or the code is
 *   not reported.
 */
#include "test/unit/fake-kernel.h"
#include "kpatch/install.h"
#include "kpatch/removal.h"
#include "kpatch/verbs/verbs.h"
#include "lib/klp-format.h"
#include "lib/strvec.h"
#include "lib/temporary.h"

static int load(struct fake_kernel *kernel, const char *path)
{
	struct strvec paths = { 0 };
	int err;

	strvec_add(&paths, path);
	err = verb_load(&kernel->host, &paths, false);
	strvec_free(&paths);
	return err;
}

static int unload(struct fake_kernel *kernel, const char *name)
{
	struct strvec names = { 0 };
	int err;

	if (name)
		strvec_add(&names, name);
	err = verb_unload(&kernel->host, &names, !name);
	strvec_free(&names);
	return err;
}

static void assert_installed(struct fake_kernel *kernel, const char *expected)
{
	struct strvec names = { 0 };
	char found[256] = "";

	assert_int_equal(
		host_list(&kernel->host, &names, "/lib/modules/" RELEASE "/updates/klp-split"), 0);
	for (size_t i = 0; i < names.n; i++)
		strcat(strcat(found, names.list[i]), " ");
	strvec_free(&names);
	assert_string_equal(found, expected);
	/* no temporary folder either, nor a marker, which would begin with a dot */
	assert_int_equal(system("test \"$(ls -A root/lib/modules)\" = " RELEASE), 0);
}

static void assert_nothing(struct fake_kernel *kernel)
{
	assert_installed(kernel, "");
	assert_false(module_is_loaded(&kernel->host, "p"));
	assert_false(module_is_loaded(&kernel->host, "klp_split"));
	assert_false(livepatch_is_registered(&kernel->host, "p"));
}

static void loads_and_unloads(void **state)
{
	struct fake_kernel *kernel = *state;

	put_livepatch("p.d", "p", RELEASE, KERNEL_ID, KERNEL_ID);
	assert_int_equal(load(kernel, "p.d"), 0);
	assert_no_problems(kernel->host.diag);
	assert_true(livepatch_is_enabled(&kernel->host, "p"));
	assert_installed(kernel, "p ");
	assert_true(
		host_has(&kernel->host, "/lib/modules/" RELEASE "/updates/klp-split/p/p__t1.ko"));

	/* again: nothing to do */
	assert_int_equal(load(kernel, "p.d/p.ko"), 0);
	assert_int_equal(kernel->inserted, 2);

	assert_int_equal(unload(kernel, NULL), 0);
	assert_no_problems(kernel->host.diag);
	assert_nothing(kernel);
}

static void named_twice_is_loaded_once(void **state)
{
	struct fake_kernel *kernel = *state;
	struct strvec paths = { 0 };

	put_livepatch("p.d", "p", RELEASE, KERNEL_ID, KERNEL_ID);
	strvec_add(&paths, "p.d");
	strvec_add(&paths, "p.d/p.ko");
	assert_int_equal(verb_load(&kernel->host, &paths, false), 0);
	assert_no_problems(kernel->host.diag);
	assert_int_equal(kernel->inserted, 2); /* the core, and p */
	strvec_free(&paths);
}

static void replaced_livepatch_goes(void **state)
{
	struct fake_kernel *kernel = *state;

	put_livepatch("p.d", "p", RELEASE, KERNEL_ID, KERNEL_ID);
	put_livepatch("q.d", "q", RELEASE, KERNEL_ID, KERNEL_ID);
	assert_int_equal(load(kernel, "p.d"), 0);
	assert_int_equal(load(kernel, "q.d"), 0);
	assert_no_problems(kernel->host.diag);
	assert_false(module_is_loaded(&kernel->host, "p"));
	assert_installed(kernel, "q ");
}

static void replaced_livepatch_stays_if_forced(void **state)
{
	struct fake_kernel *kernel = *state;

	put_livepatch("p.d", "p", RELEASE, KERNEL_ID, KERNEL_ID);
	put_livepatch("q.d", "q", RELEASE, KERNEL_ID, KERNEL_ID);
	assert_int_equal(load(kernel, "p.d"), 0);
	kernel->keep = "p";
	assert_int_equal(load(kernel, "q.d"), 0);
	assert_int_equal(diag_errors(kernel->host.diag), 0);
	assert_reported(kernel->host.diag, "KS413");
	/* its object modules are still loaded and unloaded with their targets */
	assert_installed(kernel, "p q ");
}

static void replaced_livepatch_drains(void **state)
{
	struct fake_kernel *kernel = *state;

	put_livepatch("p.d", "p", RELEASE, KERNEL_ID, KERNEL_ID);
	put_livepatch("q.d", "q", RELEASE, KERNEL_ID, KERNEL_ID);
	assert_int_equal(load(kernel, "p.d"), 0);
	kernel->drain = "p";
	assert_int_equal(load(kernel, "q.d"), 0);
	assert_int_equal(diag_errors(kernel->host.diag), 0);
	assert_reported(kernel->host.diag, "KS431");
	assert_true(module_is_loaded(&kernel->host, "p"));
	/* its name is taken, and nothing is touched */
	assert_int_equal(load(kernel, "p.d"), -EBUSY);
	assert_reported(kernel->host.diag, "KS432");
	assert_true(livepatch_is_enabled(&kernel->host, "q"));
}

static void unload_waits_for_the_last_task(void **state)
{
	struct fake_kernel *kernel = *state;
	struct strvec none = { 0 };

	put_livepatch("p.d", "p", RELEASE, KERNEL_ID, KERNEL_ID);
	assert_int_equal(load(kernel, "p.d"), 0);
	kernel->drain = "p";
	assert_int_equal(verb_unload(&kernel->host, &none, true), -EINPROGRESS);
	assert_reported(kernel->host.diag, "KS431");
	/* asked again, when the task has left */
	kernel->drain = NULL;
	remove_tree("root/sys/kernel/klp_split/p");
	assert_int_equal(verb_unload(&kernel->host, &none, true), 0);
	assert_false(module_is_loaded(&kernel->host, "p"));
}

static void refused_by_kernel(void **state)
{
	struct fake_kernel *kernel = *state;

	put_livepatch("p.d", "p", RELEASE, KERNEL_ID, KERNEL_ID);
	kernel->refuse = "p";
	kernel->refuse_with = -EIO;
	kernel->refuse_times = 1;
	assert_int_equal(load(kernel, "p.d"), -EIO);
	assert_reported(kernel->host.diag, "KS409");
	assert_nothing(kernel);
}

static void busy_kernel_is_asked_again(void **state)
{
	struct fake_kernel *kernel = *state;

	put_livepatch("p.d", "p", RELEASE, KERNEL_ID, KERNEL_ID);
	kernel->refuse = "p";
	kernel->refuse_with = -EBUSY;
	kernel->refuse_times = 2;
	assert_int_equal(load(kernel, "p.d"), 0);
	assert_no_problems(kernel->host.diag);
}

static void busy_for_ever(void **state)
{
	struct fake_kernel *kernel = *state;

	put_livepatch("p.d", "p", RELEASE, KERNEL_ID, KERNEL_ID);
	kernel->refuse = "p";
	kernel->refuse_with = -EBUSY;
	kernel->refuse_times = 1000;
	assert_int_not_equal(load(kernel, "p.d"), 0);
	/* nothing is in transition, so it isn't asked again until the time is over */
	assert_reported(kernel->host.diag, "KS442");
	assert_false(diag_has(kernel->host.diag, "KS414"));
	assert_true(kernel->refuse_times >= 990);
	assert_nothing(kernel);
}

static void busy_because_ftrace_is_off(void **state)
{
	struct fake_kernel *kernel = *state;

	put_livepatch("p.d", "p", RELEASE, KERNEL_ID, KERNEL_ID);
	put("%s/proc/sys/kernel/ftrace_enabled", "0\n", kernel->host.root);
	kernel->refuse = KLP_CORE_MODULE;
	kernel->refuse_with = -EBUSY;
	kernel->refuse_times = 1;
	assert_int_equal(load(kernel, "p.d"), -EBUSY);
	assert_reported(kernel->host.diag, "KS441");
	assert_false(diag_has(kernel->host.diag, "KS408"));
	assert_nothing(kernel);
}

static void core_is_refused(void **state)
{
	struct fake_kernel *kernel = *state;

	put_livepatch("p.d", "p", RELEASE, KERNEL_ID, KERNEL_ID);
	kernel->refuse = KLP_CORE_MODULE;
	kernel->refuse_with = -EPERM;
	kernel->refuse_times = 1;
	assert_int_equal(load(kernel, "p.d"), -EPERM);
	assert_reported(kernel->host.diag, "KS444");
	assert_nothing(kernel);
}

static void stalls_and_is_taken_back(void **state)
{
	struct fake_kernel *kernel = *state;

	put_livepatch("p.d", "p", RELEASE, KERNEL_ID, KERNEL_ID);
	kernel->stall = "p";
	assert_int_equal(load(kernel, "p.d"), -ETIMEDOUT);
	assert_reported(kernel->host.diag, "KS410");
	assert_false(diag_has(kernel->host.diag, "KS418"));
	assert_nothing(kernel);
}

static void cannot_be_taken_back(void **state)
{
	struct fake_kernel *kernel = *state;

	put_livepatch("p.d", "p", RELEASE, KERNEL_ID, KERNEL_ID);
	kernel->stall = "p";
	kernel->stall_back = "p";
	assert_int_equal(load(kernel, "p.d"), -ETIMEDOUT);
	assert_reported(kernel->host.diag, "KS410");
	assert_reported(kernel->host.diag, "KS418");
}

static void unload_stalls(void **state)
{
	struct fake_kernel *kernel = *state;

	put_livepatch("p.d", "p", RELEASE, KERNEL_ID, KERNEL_ID);
	assert_int_equal(load(kernel, "p.d"), 0);
	kernel->stall_back = "p";
	assert_int_equal(unload(kernel, "p.ko"), -ETIMEDOUT);
	assert_reported(kernel->host.diag, "KS411");
	assert_true(livepatch_is_enabled(&kernel->host, "p"));
	assert_installed(kernel, "p ");
}

static void failed_depmod_changes_nothing(void **state)
{
	struct fake_kernel *kernel = *state;

	put_livepatch("p.d", "p", RELEASE, KERNEL_ID, KERNEL_ID);
	kernel->depmod_error = 1;
	assert_int_not_equal(load(kernel, "p.d"), 0);
	assert_reported(kernel->host.diag, "KS415");
	assert_int_equal(kernel->inserted, 0);
	/* the next command knows that the list may be wrong, and writes it again */
	assert_true(host_has(&kernel->host, "/lib/modules/.klp-split.depmod." RELEASE));
	kernel->depmod_error = 0;
	kernel->depmods = 0;
	assert_int_equal(install_repair(&kernel->host), 0);
	assert_int_equal(kernel->depmods, 1);
	assert_nothing(kernel);
}

static void files_of_before_come_back(void **state)
{
	struct fake_kernel *kernel = *state;

	put_livepatch("p.d", "p", RELEASE, KERNEL_ID, KERNEL_ID);
	put("root/lib/modules/" RELEASE "/updates/klp-split/p/of-before", "");
	kernel->refuse = "p";
	kernel->refuse_with = -EINVAL;
	kernel->refuse_times = 1;
	assert_int_not_equal(load(kernel, "p.d"), 0);
	assert_installed(kernel, "p ");
	assert_true(
		host_has(&kernel->host, "/lib/modules/" RELEASE "/updates/klp-split/p/of-before"));
}

static void files_of_before_are_replaced(void **state)
{
	struct fake_kernel *kernel = *state;

	put_livepatch("p.d", "p", RELEASE, KERNEL_ID, KERNEL_ID);
	put("root/lib/modules/" RELEASE "/updates/klp-split/p/of-before", "");
	assert_int_equal(load(kernel, "p.d"), 0);
	assert_no_problems(kernel->host.diag);
	assert_installed(kernel, "p ");
	assert_false(
		host_has(&kernel->host, "/lib/modules/" RELEASE "/updates/klp-split/p/of-before"));
}

static void left_over_module_is_removed_first(void **state)
{
	struct fake_kernel *kernel = *state;

	put_livepatch("p.d", "p", RELEASE, KERNEL_ID, KERNEL_ID);
	load_plain_module("p", KERNEL_ID);
	assert_int_equal(load(kernel, "p.d"), 0);
	assert_no_problems(kernel->host.diag);
	assert_int_equal(kernel->removed, 1);
}

static void core_is_missing(void **state)
{
	struct fake_kernel *kernel = *state;

	put_livepatch("p.d", "p", RELEASE, KERNEL_ID, KERNEL_ID);
	remove_tree("core");
	assert_int_equal(load(kernel, "p.d"), -ENOENT);
	assert_reported(kernel->host.diag, "KS408");
	assert_nothing(kernel);

	/* the core in the livepatch's folder is good enough */
	put("p.d/klp_split.ko", "");
	RUN("cp", "p.d/p.ko", "p.d/klp_split.ko");
	assert_int_equal(load(kernel, "p.d/p.ko"),
			 -EINVAL); /* errors are still there: nothing is done */
	diag_free(kernel->host.diag);
	kernel->host.diag = diag_new("kpatch");
	assert_int_equal(load(kernel, "p.d/p.ko"), 0);
	remove_tree("p.d");
}

static void kernel_without_livepatch(void **state)
{
	struct fake_kernel *kernel = *state;

	put_livepatch("p.d", "p", RELEASE, KERNEL_ID, KERNEL_ID);
	remove_tree("root/sys/kernel/livepatch");
	assert_int_not_equal(load(kernel, "p.d"), 0);
	assert_reported(kernel->host.diag, "KS416");
}

static void unknown_name(void **state)
{
	struct fake_kernel *kernel = *state;

	assert_int_not_equal(unload(kernel, "nothing"), 0);
	assert_reported(kernel->host.diag, "KS412");
}

#define TEST(_f) cmocka_unit_test_setup_teardown(_f, fake_kernel_boot, fake_kernel_halt)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(loads_and_unloads),
		TEST(named_twice_is_loaded_once),
		TEST(replaced_livepatch_goes),
		TEST(replaced_livepatch_stays_if_forced),
		TEST(replaced_livepatch_drains),
		TEST(unload_waits_for_the_last_task),
		TEST(refused_by_kernel),
		TEST(busy_kernel_is_asked_again),
		TEST(busy_for_ever),
		TEST(busy_because_ftrace_is_off),
		TEST(core_is_refused),
		TEST(stalls_and_is_taken_back),
		TEST(cannot_be_taken_back),
		TEST(unload_stalls),
		TEST(failed_depmod_changes_nothing),
		TEST(files_of_before_come_back),
		TEST(files_of_before_are_replaced),
		TEST(left_over_module_is_removed_first),
		TEST(core_is_missing),
		TEST(kernel_without_livepatch),
		TEST(unknown_name),
	};

	return cmocka_run_group_tests(tests, enter_temp_dir, NULL);
}
