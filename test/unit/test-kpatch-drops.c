// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: livepatches on a fake kernel that replace each other or are stacked, of these tools and
 *   of others.
 * Prevents: a fix that the next livepatch silently undoes; a machine that is unpatched after a
 *   boot because of two such livepatches.
 * Fails if: a livepatch that would drop a function, or remove another tool's livepatch, is loaded
 *   or installed without a request; one that drops nothing is refused; or status doesn't report a
 *   lost fix.
 */
#include "test/unit/described.h"
#include "test/unit/fake-kernel.h"
#include "kpatch/contents.h"
#include "kpatch/overview.h"
#include "kpatch/store.h"
#include "kpatch/troubles.h"
#include "kpatch/verbs/verbs.h"
#include "lib/strvec.h"
#include "lib/temporary.h"

static void new_diag(struct fake_kernel *kernel)
{
	diag_free(kernel->host.diag);
	kernel->host.diag = diag_new("kpatch");
}

/* Load livepatches one after the other, or at once: "p q". */
static int load(struct fake_kernel *kernel, const char *livepatches)
{
	char *copy = strdup(livepatches), *rest = copy, *name, *folder;
	struct strvec folders = { 0 };
	int err;

	new_diag(kernel);
	while ((name = strsep(&rest, " "))) {
		folder = format("%s.d", name);
		put_livepatch(folder, name, RELEASE, KERNEL_ID, KERNEL_ID);
		strvec_add(&folders, folder);
		free(folder);
	}
	err = verb_load(&kernel->host, &folders, false);
	strvec_free(&folders);
	free(copy);
	return err;
}

/* For a kernel that doesn't run, so that nothing is compared with its symbols. */
static int install(struct fake_kernel *kernel, const char *name)
{
	struct strvec folders = { 0 };
	char *folder = format("%s.d", name);
	int err;

	new_diag(kernel);
	put_livepatch(folder, name, RELEASE, KERNEL_ID, KERNEL_ID);
	strvec_add(&folders, folder);
	kernel->host.other_kernel = true;
	err = verb_install(&kernel->host, &folders);
	kernel->host.other_kernel = false;
	strvec_free(&folders);
	free(folder);
	return err;
}

static void boot(struct fake_kernel *kernel, const char *boot_id)
{
	remove_tree("root/sys/kernel/livepatch");
	remove_tree("root/sys/module");
	put("root/sys/kernel/livepatch/.dir", "");
	load_plain_module("t1", KERNEL_ID);
	put("root/proc/sys/kernel/random/boot_id", boot_id);
	new_diag(kernel);
}

static bool is_on(struct fake_kernel *kernel, const char *name)
{
	return livepatch_is_enabled(&kernel->host, name);
}

/* A livepatch that doesn't hold the core. */
static void load_foreign(struct fake_kernel *kernel, const char *name)
{
	load_plain_module(name, OTHER_ID);
	enable_livepatch(kernel, name);
}

static void refused_if_a_function_is_lost(void **state)
{
	struct fake_kernel *kernel = *state;

	assert_int_equal(load(kernel, "p"), 0);
	assert_int_equal(load(kernel, "other"), -EPERM);
	assert_reported(kernel->host.diag, "KS445");
	assert_true(is_on(kernel, "p"));
	assert_false(module_is_loaded(&kernel->host, "other"));
	assert_false(host_has(&kernel->host, "/lib/modules/" RELEASE "/updates/klp-split/other"));
	/* a cumulative one is right, and the way back is not */
	assert_int_equal(load(kernel, "both"), 0);
	assert_no_problems(kernel->host.diag);
	assert_int_equal(load(kernel, "p"), -EPERM);
	assert_reported(kernel->host.diag, "KS445");
	assert_true(is_on(kernel, "both"));
}

static void same_functions_are_a_newer_version(void **state)
{
	struct fake_kernel *kernel = *state;

	assert_int_equal(load(kernel, "p_1"), 0);
	assert_int_equal(load(kernel, "p_2"), 0);
	assert_no_problems(kernel->host.diag);
	assert_true(is_on(kernel, "p_2"));
}

/* Two fixes of one function are distinguished by the CVE ids in their modinfo. */
static void a_cve_id_is_lost(void **state)
{
	struct fake_kernel *kernel = *state;

	assert_int_equal(load(kernel, "cve_1"), 0);
	assert_int_equal(load(kernel, "p"), -EPERM);
	assert_reported(kernel->host.diag, "KS445");
	assert_int_equal(load(kernel, "cve_2"), 0);
	assert_no_problems(kernel->host.diag);
	assert_int_equal(verb_list(&kernel->host, false), 0);
	assert_int_equal(load(kernel, "both_cve"), 0);
	assert_no_problems(kernel->host.diag);
}

static void several_are_refused_before_the_first_is_loaded(void **state)
{
	struct fake_kernel *kernel = *state;

	assert_int_equal(load(kernel, "p other"), -EPERM);
	assert_reported(kernel->host.diag, "KS445");
	assert_false(is_on(kernel, "p"));
	assert_int_equal(kernel->inserted, 0);
}

static void stacking_drops_nothing(void **state)
{
	struct fake_kernel *kernel = *state;

	assert_int_equal(load(kernel, "p"), 0);
	assert_int_equal(load(kernel, "stacked_other"), 0);
	assert_no_problems(kernel->host.diag);
	assert_true(is_on(kernel, "p"));
	/* both go, and only the fix of one is in q */
	assert_int_equal(load(kernel, "q"), -EPERM);
	assert_int_equal(diag_count(kernel->host.diag, "KS445"), 1);
	assert_int_equal(load(kernel, "both"), 0);
	assert_false(is_on(kernel, "stacked_other"));
}

static void asked_for(void **state)
{
	struct fake_kernel *kernel = *state;

	assert_int_equal(load(kernel, "p"), 0);
	kernel->host.drop = "pp,q";
	assert_int_equal(load(kernel, "other"), -EPERM);
	kernel->host.drop = "q,p";
	assert_int_equal(load(kernel, "other"), 0);
	assert_reported(kernel->host.diag, "KS447");
	assert_int_equal(diag_errors(kernel->host.diag), 0);
	assert_true(is_on(kernel, "other"));
	kernel->host.drop = "";
	assert_int_equal(load(kernel, "p"), 0);
	assert_true(is_on(kernel, "p"));
}

static void of_another_tool(void **state)
{
	struct fake_kernel *kernel = *state;

	load_foreign(kernel, "theirs");
	/* whatever it contains: it has the same function, and isn't ours */
	assert_int_equal(load(kernel, "p"), -EPERM);
	assert_reported(kernel->host.diag, "KS446");
	assert_true(is_on(kernel, "theirs"));
	assert_int_equal(load(kernel, "stacked_p"), 0);
	assert_true(is_on(kernel, "theirs"));
	kernel->host.drop = "";
	assert_int_equal(load(kernel, "p"), 0);
	assert_reported(kernel->host.diag, "KS447");
	assert_false(is_on(kernel, "theirs"));
}

static void all_is_all_of_ours(void **state)
{
	struct fake_kernel *kernel = *state;
	struct strvec none = { 0 }, theirs = { 0 };

	load_foreign(kernel, "theirs");
	assert_int_equal(load(kernel, "stacked_p"), 0);
	assert_int_equal(verb_unload(&kernel->host, &none, true), 0);
	assert_false(module_is_loaded(&kernel->host, "stacked_p"));
	assert_true(is_on(kernel, "theirs"));
	strvec_add(&theirs, "theirs");
	assert_int_equal(verb_unload(&kernel->host, &theirs, false), 0);
	assert_false(module_is_loaded(&kernel->host, "theirs"));
	strvec_free(&theirs);
}

/* A livepatch in transition also lists the functions that it reverts. */
static void in_transition(void **state)
{
	struct fake_kernel *kernel = *state;

	load_plain_module("p", KERNEL_ID);
	put("root/sys/module/klp_split/holders/p", "");
	kernel->stall = "p";
	enable_livepatch(kernel, "p");
	assert_int_equal(load(kernel, "other"), -ETIMEDOUT);
	assert_reported(kernel->host.diag, "KS414");
	assert_true(is_on(kernel, "p"));
	put("root/sys/kernel/livepatch/p/transition", "0\n");
	assert_int_equal(load(kernel, "other"), -EPERM);
	assert_reported(kernel->host.diag, "KS445");
	/* what is just being disabled can't be lost */
	put("root/sys/kernel/livepatch/p/enabled", "0\n");
	assert_int_equal(load(kernel, "other"), 0);
}

static void callbacks_count(void **state)
{
	struct strvec before = { 0 }, after = { 0 }, lost = { 0 };

	strvec_add(&before, "vmlinux:");
	strvec_add(&before, "vmlinux:f,1");
	strvec_add(&before, "t1:");
	strvec_add(&after, "vmlinux:");
	strvec_add(&after, "vmlinux:f,2");
	assert_int_equal(contents_lost(&before, &after, &lost), 0);
	assert_int_equal(lost.n, 2);
	assert_string_equal(lost.list[0], "vmlinux:f,1");
	assert_string_equal(lost.list[1], "t1:");
	strvec_free(&before);
	strvec_free(&after);
	strvec_free(&lost);
}

static void installed_one_after_the_other(void **state)
{
	struct fake_kernel *kernel = *state;

	assert_int_equal(install(kernel, "p"), 0);
	assert_int_equal(install(kernel, "other"), -EPERM);
	assert_reported(kernel->host.diag, "KS445");
	assert_false(host_has(&kernel->host, "/lib/modules/" RELEASE "/updates/klp-split/other"));
	assert_int_equal(install(kernel, "stacked_other"), 0);
	assert_no_problems(kernel->host.diag);
	assert_int_equal(install(kernel, "both"), 0);
	assert_no_problems(kernel->host.diag);
	/* the same once more takes nothing from itself */
	assert_int_equal(install(kernel, "both"), 0);
	assert_no_problems(kernel->host.diag);
}

static size_t count_troubles(struct fake_kernel *kernel, const char *text)
{
	struct overview overview = { 0 };
	struct strvec troubles = { 0 };
	size_t n = 0;

	put("root/sys/kernel/livepatch/other/t1/patched", "1\n");
	assert_int_equal(overview_read(&kernel->host, &overview), 0);
	assert_int_equal(overview_troubles(&kernel->host, &overview, NULL, &troubles), 0);
	for (size_t i = 0; i < troubles.n; i++)
		n += !!strstr(troubles.list[i], text);
	strvec_free(&troubles);
	overview_free(&overview);
	return n;
}

/* Installed with consent, or by a kpatch that didn't ask: the newest one is enabled. */
static void at_boot_the_newest_wins(void **state)
{
	struct fake_kernel *kernel = *state;

	assert_int_equal(install(kernel, "p"), 0);
	kernel->host.drop = "";
	assert_int_equal(install(kernel, "other"), 0);
	assert_reported(kernel->host.diag, "KS447");
	kernel->host.drop = NULL;
	boot(kernel, "1");
	assert_int_equal(verb_boot(&kernel->host), 0);
	assert_reported(kernel->host.diag, "KS447");
	assert_true(is_on(kernel, "other"));
	assert_int_equal(count_troubles(kernel, "p: is installed and not enabled: other"), 1);
	assert_int_equal(count_troubles(kernel, "without do_it() of vmlinux: build"), 1);

	/* the service is started once more: the older one doesn't take its place for a moment */
	kernel->inserted = 0;
	assert_int_equal(verb_boot(&kernel->host), 0);
	assert_int_equal(verb_load(&kernel->host, &(struct strvec){ 0 }, true), 0);
	assert_int_equal(kernel->inserted, 0);
	assert_true(is_on(kernel, "other"));

	/* all that are installed, by hand: the same as at boot */
	boot(kernel, "2");
	assert_int_equal(verb_load(&kernel->host, &(struct strvec){ 0 }, true), 0);
	assert_reported(kernel->host.diag, "KS447");
	assert_true(is_on(kernel, "other"));

	assert_int_equal(install(kernel, "both_2"), 0);
	assert_int_equal(load(kernel, "both_2"), 0);
	assert_int_equal(count_troubles(kernel, "not enabled"), 0);
}

/* Nobody has agreed that the service, when it is started again, drops what was loaded by hand. */
static void what_is_not_installed_is_not_dropped(void **state)
{
	struct fake_kernel *kernel = *state;

	assert_int_equal(install(kernel, "other"), 0);
	boot(kernel, "1");
	assert_int_equal(load(kernel, "p"), 0);
	assert_int_not_equal(verb_boot(&kernel->host), 0);
	assert_reported(kernel->host.diag, "KS445");
	assert_true(is_on(kernel, "p"));
	new_diag(kernel);
	assert_int_not_equal(verb_load(&kernel->host, &(struct strvec){ 0 }, true), 0);
	assert_reported(kernel->host.diag, "KS445");
	assert_true(is_on(kernel, "p"));
	boot(kernel, "2");
	assert_int_equal(verb_boot(&kernel->host), 0);
	assert_true(is_on(kernel, "other"));
}

static void at_boot_another_tool_was_first(void **state)
{
	struct fake_kernel *kernel = *state;

	assert_int_equal(install(kernel, "p"), 0);
	boot(kernel, "1");
	load_foreign(kernel, "theirs");
	assert_int_not_equal(verb_boot(&kernel->host), 0);
	assert_reported(kernel->host.diag, "KS446");
	assert_true(is_on(kernel, "theirs"));
	/* that is no reason to leave it out for ever */
	boot(kernel, "2");
	assert_int_equal(verb_boot(&kernel->host), 0);
	assert_true(is_on(kernel, "p"));
	/* installed with --drop, it needs no more asking */
	kernel->host.drop = "";
	assert_int_equal(install(kernel, "p"), 0);
	kernel->host.drop = NULL;
	boot(kernel, "3");
	load_foreign(kernel, "theirs");
	assert_int_equal(verb_boot(&kernel->host), 0);
	assert_true(is_on(kernel, "p"));
	assert_false(is_on(kernel, "theirs"));
}

static void status_shows_what_is_lost(void **state)
{
	struct fake_kernel *kernel = *state;
	struct strvec none = { 0 };
	json_t *json, *entry, *lost;
	bool troubled;

	assert_int_equal(install(kernel, "p"), 0);
	kernel->host.drop = "";
	assert_int_equal(install(kernel, "other"), 0);
	assert_int_equal(load(kernel, "other"), 0);
	put("root/sys/kernel/livepatch/other/t1/patched", "1\n");
	forget_output(kernel->host.out);
	assert_int_equal(verb_status(&kernel->host, &none, true, &troubled), 0);
	assert_true(troubled);
	json = read_described(kernel->host.out);
	entry = json_array_get(json_object_get(json, "livepatches"), 1);
	assert_string_equal(json_string_value(json_object_get(entry, "livepatch")), "p");
	assert_string_equal(json_string_value(json_object_get(entry, "replaced_by")), "other");
	lost = json_array_get(json_object_get(entry, "not_in_force"), 0);
	assert_string_equal(json_string_value(json_object_get(lost, "object")), "vmlinux");
	assert_string_equal(json_string_value(json_object_get(lost, "function")), "do_it");
	json_decref(json);
}

/* A package whose livepatch was refused when it was installed. */
static void packages_are_seen(void **state)
{
	struct fake_kernel *kernel = *state;

	assert_int_equal(install(kernel, "other"), 0);
	assert_int_equal(load(kernel, "other"), 0);
	put("root/usr/lib/klp-split/livepatches/" RELEASE "/other/other.ko", "");
	assert_int_equal(count_troubles(kernel, ""), 0);
	put("root/usr/lib/klp-split/livepatches/" RELEASE "/p/p.ko", "");
	assert_int_equal(count_troubles(kernel, "p: its package is here"), 1);
	remove_tree("root/usr");
}

/* For another kernel: compared with what is installed for that one. */
static void a_dry_run_changes_nothing(void **state)
{
	struct fake_kernel *kernel = *state;
	struct strvec folders = { 0 };
	json_t *json;

	assert_int_equal(install(kernel, "p"), 0);
	put_livepatch("other.d", "other", RELEASE, KERNEL_ID, KERNEL_ID);
	strvec_add(&folders, "other.d");
	kernel->host.other_kernel = true;
	forget_output(kernel->host.out);
	verb_check(&kernel->host, &folders, true);
	assert_reported(kernel->host.diag, "KS445");
	json = read_described(kernel->host.out);
	assert_true(json_is_false(json_object_get(json, "fits")));
	json_decref(json);
	new_diag(kernel);
	put_livepatch("both.d", "both", RELEASE, KERNEL_ID, KERNEL_ID);
	strvec_replace(&folders, "other.d", "both.d");
	assert_int_equal(verb_check(&kernel->host, &folders, false), 0);
	assert_no_problems(kernel->host.diag);
	assert_false(host_has(&kernel->host, "/lib/modules/" RELEASE "/updates/klp-split/both"));
	strvec_free(&folders);
}

#define TEST(_f) cmocka_unit_test_setup_teardown(_f, fake_kernel_boot, fake_kernel_halt)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(refused_if_a_function_is_lost),
		TEST(same_functions_are_a_newer_version),
		TEST(a_cve_id_is_lost),
		TEST(several_are_refused_before_the_first_is_loaded),
		TEST(stacking_drops_nothing),
		TEST(asked_for),
		TEST(of_another_tool),
		TEST(all_is_all_of_ours),
		TEST(in_transition),
		cmocka_unit_test(callbacks_count),
		TEST(installed_one_after_the_other),
		TEST(at_boot_the_newest_wins),
		TEST(what_is_not_installed_is_not_dropped),
		TEST(at_boot_another_tool_was_first),
		TEST(status_shows_what_is_lost),
		TEST(packages_are_seen),
		TEST(a_dry_run_changes_nothing),
		TEST(all_is_described),
	};

	return cmocka_run_group_tests(tests, enter_temp_dir, NULL);
}
