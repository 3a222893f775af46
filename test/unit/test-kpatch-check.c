// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: livepatches for this kernel and t1, and others that differ in one thing each.
 * Prevents: a livepatch that is loaded into a kernel, or with a module, for which it was not
 *   built.
 * Fails if: a wrong one is accepted, a right one is refused, or the code is not the one for that
 *   difference.
 */
#include "lib/array.h"
#include "lib/strvec.h"
#include "test/unit/fake-kernel.h"
#include <sys/file.h>

#include "kpatch/alone.h"
#include "kpatch/machine/build-id.h"
#include "kpatch/check.h"
#include "kpatch/verbs/verbs.h"
#include "lib/temporary.h"

static bool already;

static void check(struct fake_kernel *kernel, const char *path)
{
	struct livepatch_files files = { 0 };

	if (!livepatch_files_read(&kernel->host, path, &files))
		check_livepatch(&kernel->host, &files, &already);
	livepatch_files_free(&files);
}

static const struct {
	const char *folder, *release, *kernel_id, *t1_id, *code;
} cases[] = {
	{ "right", RELEASE, KERNEL_ID, KERNEL_ID, NULL },
	{ "release", "1.2.4", KERNEL_ID, KERNEL_ID, "KS403" },
	{ "longer", RELEASE "x", KERNEL_ID, KERNEL_ID, "KS403" },
	{ "kernel", RELEASE, OTHER_ID, KERNEL_ID, "KS404" },
	{ "target", RELEASE, KERNEL_ID, OTHER_ID, "KS405" },
};

static void each_difference_has_its_code(void **state)
{
	struct fake_kernel *kernel = *state;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		put_livepatch(cases[i].folder, "p", cases[i].release, cases[i].kernel_id,
			      cases[i].t1_id);
		diag_free(kernel->host.diag);
		kernel->host.diag = diag_new("kpatch");
		check(kernel, cases[i].folder);
		if (cases[i].code)
			assert_reported(kernel->host.diag, cases[i].code);
		assert_int_equal(diag_errors(kernel->host.diag), cases[i].code ? 1 : 0);
		remove_tree(cases[i].folder);
	}
}

static void target_that_is_not_loaded_may_be_any(void **state)
{
	struct fake_kernel *kernel = *state;

	put_livepatch("p.d", "p", RELEASE, KERNEL_ID, OTHER_ID);
	remove_tree("root/sys/module/t1");
	check(kernel, "p.d");
	assert_no_problems(kernel->host.diag);
}

static void all_is_told_at_once(void **state)
{
	struct fake_kernel *kernel = *state;

	put_livepatch("p.d", "p", "9", OTHER_ID, OTHER_ID);
	check(kernel, "p.d");
	assert_reported(kernel->host.diag, "KS403");
	assert_reported(kernel->host.diag, "KS404");
	assert_reported(kernel->host.diag, "KS405");
}

static void files_must_belong_together(void **state)
{
	struct fake_kernel *kernel = *state;
	struct diag *diag = kernel->host.diag;

	put_livepatch("p.d", "p", RELEASE, KERNEL_ID, KERNEL_ID);
	RUN("mv", "p.d/p__t1.ko", "p.d/p__t2.ko");
	check(kernel, "p.d");
	assert_reported(diag, "KS406");
	assert_int_equal(diag_errors(diag), 1);
	unlink("p.d/p__t2.ko");
	check(kernel, "p.d/p.ko");
	assert_int_equal(diag_errors(diag), 2);
	put_livepatch("other", "p", RELEASE, KERNEL_ID, OTHER_ID);
	RUN("mv", "other/p__t1.ko", "p.d/p__t1.ko");
	check(kernel, "p.d/p.ko");
	assert_int_equal(diag_errors(diag), 3);
	remove_tree("p.d");
}

static void what_is_no_livepatch(void **state)
{
	struct fake_kernel *kernel = *state;
	struct diag *diag = kernel->host.diag;

	put_livepatch("p.d", "p", RELEASE, KERNEL_ID, KERNEL_ID);
	put("p.d/text.ko", "not an ELF file");
	check(kernel, "p.d/text.ko");
	assert_reported(diag, "KS401");
	check(kernel, "p.d/p__t1.ko");
	assert_int_equal(diag_errors(diag), 2);
	/* others' broken files are not p's matter */
	check(kernel, "p.d/p.ko");
	assert_int_equal(diag_errors(diag), 2);
	put_livepatch("p.d", "q", RELEASE, KERNEL_ID, KERNEL_ID);
	unlink("p.d/text.ko");
	check(kernel, "p.d");
	assert_reported(diag, "KS402");
	remove_tree("p.d");
}

static void a_name_is_taken_once(void **state)
{
	struct fake_kernel *kernel = *state;

	put_livepatch("p.d", "p", RELEASE, KERNEL_ID, KERNEL_ID);
	load_plain_module("p", KERNEL_ID);
	enable_livepatch(kernel, "p");
	check(kernel, "p.d");
	assert_no_problems(kernel->host.diag);
	assert_true(already);

	load_plain_module("p", OTHER_ID);
	check(kernel, "p.d");
	assert_reported(kernel->host.diag, "KS407");
	assert_false(already);
}

static void notes_that_lie(void **state)
{
	unsigned char notes[] = { 4, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 'G', 'N', 'U', 0,	  9, 9, 0,
				  0, 4, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0,   'G', 'N', 'U', 0, 1, 2 };
	char *id = build_id_in_notes(notes, sizeof(notes));

	assert_string_equal(id, "0102");
	free(id);
	for (size_t size = 0; size < sizeof(notes); size++)
		assert_null(build_id_in_notes(notes, size));
	for (size_t at = 20; at < 28; at++) {
		notes[at] ^= 0x80;
		free(build_id_in_notes(notes, sizeof(notes)));
		notes[at] ^= 0x80;
	}
}

/* One of ours that was damaged is not one of another tool. */
static void foreign_modules_are_told_apart(void **state)
{
	static const struct {
		const char *modinfo;
		int result;
	} modules[] = {
		{ ".asciz \"livepatch=Y\"\n.asciz \"vermagic=" RELEASE " SMP\"\n", 0 },
		{ ".asciz \"vermagic=" RELEASE " SMP\"\n", -ENOENT },
		{ ".asciz \"livepatch=Y\"\n", -ENOENT },
		{ ".asciz \"livepatch=Y\"\n.asciz \"vermagic=" RELEASE " SMP\"\n"
		  ".asciz \"klp_split_patch=m\"\n",
		  -ENOENT },
		{ ".asciz \"livepatch=Y\"\n.asciz \"vermagic=" RELEASE " SMP\"\n"
		  ".asciz \"klp_split_replace=1\"\n",
		  -ENOENT },
	};
	struct fake_kernel *kernel = *state;

	for (size_t i = 0; i < ARRAY_SIZE(modules); i++) {
		struct livepatch_files files = { 0 };
		char *text = format(".section .modinfo,\"a\"\n%s", modules[i].modinfo);

		assemble("m", text);
		RUN("mv", "m.o", "m.ko");
		assert_int_equal(livepatch_files_read_foreign(&kernel->host, "m.ko", &files),
				 modules[i].result);
		livepatch_files_free(&files);
		free(text);
	}
	assert_no_problems(kernel->host.diag);
}

static void info_tells_what_fits(void **state)
{
	struct fake_kernel *kernel = *state;
	struct strvec folders = { 0 };
	bool unfit = false;

	put_livepatch("fits", "p", RELEASE, KERNEL_ID, KERNEL_ID);
	strvec_add(&folders, "fits");
	assert_int_equal(verb_info(&kernel->host, &folders, false, &unfit), 0);
	assert_false(unfit);
	put_livepatch("not", "p", RELEASE, OTHER_ID, KERNEL_ID);
	strvec_add(&folders, "not");
	assert_int_equal(verb_info(&kernel->host, &folders, false, &unfit), 0);
	assert_true(unfit);
	/* in the answer, not beside it */
	assert_no_problems(kernel->host.diag);
	strvec_free(&folders);
}

static void waiting_for_another_one_ends(void **state)
{
	struct fake_kernel *kernel = *state;
	long long began = host_now();
	int other, fd;

	assert_false(is_another_at_work(&kernel->host));
	put("root" KPATCH_LOCK, "");
	other = open("root" KPATCH_LOCK, O_RDONLY);
	assert_int_equal(flock(other, LOCK_EX), 0);
	assert_true(is_another_at_work(&kernel->host));
	assert_true(become_alone(&kernel->host) < 0);
	assert_reported(kernel->host.diag, "KS448");
	assert_true(host_now() >= began + 1000);
	close(other);
	fd = become_alone(&kernel->host);
	assert_true(fd >= 0);
	assert_true(is_another_at_work(&kernel->host));
	close(fd);
}

#define TEST(_f) cmocka_unit_test_setup_teardown(_f, fake_kernel_boot, fake_kernel_halt)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_difference_has_its_code),
		TEST(target_that_is_not_loaded_may_be_any),
		TEST(all_is_told_at_once),
		TEST(files_must_belong_together),
		TEST(what_is_no_livepatch),
		TEST(a_name_is_taken_once),
		cmocka_unit_test(notes_that_lie),
		TEST(info_tells_what_fits),
		TEST(foreign_modules_are_told_apart),
		TEST(waiting_for_another_one_ends),
	};

	return cmocka_run_group_tests(tests, enter_temp_dir, NULL);
}
