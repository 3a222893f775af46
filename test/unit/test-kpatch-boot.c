// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: livepatches that are installed on a fake kernel; each boot has another boot id.
 * Prevents: a livepatch that crashes the machine at each boot, one that fails or is forgotten
 *   silently, and files of a killed kpatch that are mistaken for a livepatch.
 * Fails if: a livepatch that has failed or crashed is tried again without a request, a reason for
 *   another try is ignored, the order is lost, or files that are needed are mistaken for leftovers
 *   or the other way round.
 */
#include "test/unit/described.h"
#include "test/unit/fake-kernel.h"
#include "kpatch/fit.h"
#include "kpatch/install.h"
#include "kpatch/leftovers.h"
#include "kpatch/overview.h"
#include "kpatch/store.h"
#include "kpatch/tries.h"
#include "kpatch/verbs/verbs.h"
#include "kpatch/signature.h"
#include "kpatch/targets.h"
#include "kpatch/troubles.h"
#include "lib/strvec.h"
#include "lib/temporary.h"

static void new_diag(struct fake_kernel *kernel)
{
	diag_free(kernel->host.diag);
	kernel->host.diag = diag_new("kpatch");
}

/* As `kpatch install`, without the proof that needs a real module. */
static void install(struct fake_kernel *kernel, const char *name, const char *kernel_id)
{
	struct installed installed = { 0 };
	struct livepatch_files files = { 0 };
	struct store store = { 0 };
	char *record;

	put_livepatch(name, name, RELEASE, kernel_id, kernel_id);
	assert_int_equal(livepatch_files_read(&kernel->host, name, &files), 0);
	assert_int_equal(store_read(&kernel->host, &store), 0);
	record = store_new_record(&store, false);
	assert_int_equal(install_modules(&kernel->host, &files, record, &installed), 0);
	install_keep(&kernel->host, &installed);
	free(record);
	store_free(&store);
	livepatch_files_free(&files);
}

static void reboot(struct fake_kernel *kernel, const char *boot_id)
{
	remove_tree("root/sys/kernel/livepatch");
	remove_tree("root/sys/module");
	put("root/sys/kernel/livepatch/.dir", "");
	load_plain_module("t1", KERNEL_ID);
	put("root/proc/sys/kernel/random/boot_id", boot_id);
	new_diag(kernel);
}

static int by_name(struct fake_kernel *kernel, const char *name,
		   int (*verb)(struct host *host, const struct strvec *names, bool flag))
{
	struct strvec names = { 0 };
	int err;

	strvec_add(&names, name);
	err = verb(&kernel->host, &names, false);
	strvec_free(&names);
	return err;
}

static void loads_in_order(void **state)
{
	struct fake_kernel *kernel = *state;
	struct store store = { 0 };

	install(kernel, "zz", KERNEL_ID);
	install(kernel, "aa", KERNEL_ID);
	assert_int_equal(store_read(&kernel->host, &store), 0);
	assert_int_equal(store.n, 2);
	assert_string_equal(store.livepatch[0].name, "zz");
	store_free(&store);
	reboot(kernel, "1");
	assert_int_equal(verb_boot(&kernel->host), 0);
	assert_no_problems(kernel->host.diag);
	/* the later one has replaced the other, which stays installed */
	assert_true(livepatch_is_enabled(&kernel->host, "aa"));
	assert_false(module_is_loaded(&kernel->host, "zz"));
	assert_true(host_has(&kernel->host, "/lib/modules/" RELEASE "/updates/klp-split/zz/zz.ko"));
	assert_int_equal(verb_settle(&kernel->host, 0), 0);
	assert_false(host_has(&kernel->host, "/var/lib/klp-split/" RELEASE));
}

static void turned_off(void **state)
{
	struct fake_kernel *kernel = *state;

	install(kernel, "p", KERNEL_ID);
	reboot(kernel, "1");
	put("root/proc/cmdline", "ro kpatch.enable=0 quiet\n");
	assert_int_equal(verb_boot(&kernel->host), 0);
	assert_false(module_is_loaded(&kernel->host, "p"));
	put("root/proc/cmdline", "ro kpatch.enable=0 xkpatch.enable=0 kpatch.enable=1\n");
	assert_int_equal(verb_boot(&kernel->host), 0);
	assert_true(module_is_loaded(&kernel->host, "p"));
}

static void failed_is_not_tried_again(void **state)
{
	struct fake_kernel *kernel = *state;

	install(kernel, "p", KERNEL_ID);
	install(kernel, "q", KERNEL_ID);
	kernel->refuse = "p";
	kernel->refuse_with = -EIO;
	kernel->refuse_times = 1;
	reboot(kernel, "1");
	assert_int_not_equal(verb_boot(&kernel->host), 0);
	assert_reported(kernel->host.diag, "KS409");
	assert_true(module_is_loaded(&kernel->host, "q"));

	/* it would work now, but isn't tried without a request */
	reboot(kernel, "2");
	assert_int_not_equal(verb_boot(&kernel->host), 0);
	assert_reported(kernel->host.diag, "KS425");
	assert_false(module_is_loaded(&kernel->host, "p"));
	assert_true(module_is_loaded(&kernel->host, "q"));

	new_diag(kernel);
	assert_int_equal(by_name(kernel, "p", verb_load), 0);
	reboot(kernel, "3");
	assert_int_equal(verb_boot(&kernel->host), 0);
}

static void new_build_is_tried(void **state)
{
	struct fake_kernel *kernel = *state;
	struct try try = { 0 };

	put("root/proc/sys/kernel/random/boot_id", "1\n");
	assert_int_equal(try_failed(&kernel->host, "p", "aa", kernel->host.diag), 0);
	assert_int_equal(try_read(&kernel->host, "p", &try), 0);
	assert_true(try_forbids(&try, "aa"));
	assert_false(try_forbids(&try, "bb"));
	/* a module that can't be read is no reason to try it */
	assert_true(try_forbids(&try, NULL));
	try_free(&try);
}

static void crash_and_kill_are_told_apart(void **state)
{
	struct fake_kernel *kernel = *state;

	install(kernel, "p", KERNEL_ID);
	reboot(kernel, "1");
	assert_int_equal(try_begin(&kernel->host, "p", KERNEL_ID), 0);
	/* the same boot: kpatch was killed */
	assert_int_equal(verb_boot(&kernel->host), 0);
	assert_true(module_is_loaded(&kernel->host, "p"));

	reboot(kernel, "2");
	assert_int_equal(try_begin(&kernel->host, "p", KERNEL_ID), 0);
	for (int boot = 3; boot < 5; boot++) {
		reboot(kernel, boot == 3 ? "3" : "4");
		assert_int_not_equal(verb_boot(&kernel->host), 0);
		assert_reported(kernel->host.diag, "KS426");
		assert_false(module_is_loaded(&kernel->host, "p"));
	}
}

static void boot_and_expect(struct fake_kernel *kernel, const char *boot_id, bool loaded)
{
	reboot(kernel, boot_id);
	assert_int_equal(verb_boot(&kernel->host) == 0, loaded);
	if (!loaded)
		assert_reported(kernel->host.diag, "KS430");
	assert_int_equal(module_is_loaded(&kernel->host, "p"), loaded);
}

static void fatal_later_is_left_out(void **state)
{
	struct fake_kernel *kernel = *state;

	install(kernel, "p", KERNEL_ID);
	boot_and_expect(kernel, "1", true);
	boot_and_expect(kernel, "2", true);
	/* the service once more in one boot is no other boot */
	assert_int_equal(verb_boot(&kernel->host), 0);
	/* after a successful boot, earlier failures no longer count */
	assert_int_equal(verb_settle(&kernel->host, 0), 0);
	assert_int_equal(verb_boot(&kernel->host), 0);
	assert_false(host_has(&kernel->host, "/var/lib/klp-split/" RELEASE));

	boot_and_expect(kernel, "3", true);
	boot_and_expect(kernel, "4", true);
	boot_and_expect(kernel, "5", true);
	boot_and_expect(kernel, "6", false);
	/* that it wasn't there doesn't speak for it */
	assert_int_equal(verb_settle(&kernel->host, 0), 0);
	boot_and_expect(kernel, "7", false);

	new_diag(kernel);
	assert_int_equal(by_name(kernel, "p", verb_load), 0);
	boot_and_expect(kernel, "8", true);
}

static void new_build_counts_anew(void **state)
{
	struct fake_kernel *kernel = *state;
	struct try try = { .build_id = (char *)"aa", .crashes = TRIES_FATAL - 1 };

	reboot(kernel, "1");
	assert_int_equal(try_settling(&kernel->host, "p", "bb", &try), 0);
	reboot(kernel, "2");
	assert_int_equal(try_read(&kernel->host, "p", &try), 0);
	assert_int_equal(try.crashes, 1);
	assert_null(try_left_out(&try));
	try_free(&try);
}

static void no_note_no_try(void **state)
{
	struct fake_kernel *kernel = *state;

	install(kernel, "p", KERNEL_ID);
	reboot(kernel, "1");
	put("root/var/lib/klp-split", "a file where a folder should be");
	assert_int_not_equal(verb_boot(&kernel->host), 0);
	assert_reported(kernel->host.diag, "KS901");
	assert_false(module_is_loaded(&kernel->host, "p"));
}

static void install_and_load_don_t_mix_builds(void **state)
{
	struct fake_kernel *kernel = *state;

	install(kernel, "p", KERNEL_ID);
	put_livepatch("other.d", "p", RELEASE, OTHER_ID, KERNEL_ID);
	assert_int_not_equal(by_name(kernel, "other.d", verb_load), 0);
	assert_reported(kernel->host.diag, "KS423");
	assert_int_equal(kernel->inserted, 0);
	/* the same build from elsewhere is the one that is installed: nothing is copied */
	new_diag(kernel);
	kernel->depmods = 0;
	assert_int_equal(by_name(kernel, "p", verb_load), 0);
	assert_int_equal(by_name(kernel, "./p/p.ko", verb_load), 0);
	assert_int_equal(kernel->depmods, 0);
	assert_int_equal(kernel->inserted, 2);
}

static void uninstalled_while_loaded(void **state)
{
	struct fake_kernel *kernel = *state;
	struct strvec none = { 0 };

	install(kernel, "p", KERNEL_ID);
	assert_int_equal(by_name(kernel, "p", verb_load), 0);
	assert_int_equal(by_name(kernel, "p", verb_uninstall), 0);
	assert_true(
		host_has(&kernel->host, "/lib/modules/" RELEASE "/updates/klp-split/p/p__t1.ko"));
	assert_int_equal(verb_unload(&kernel->host, &none, true), 0);
	assert_false(host_has(&kernel->host, "/lib/modules/" RELEASE "/updates/klp-split"));
	assert_int_not_equal(by_name(kernel, "p", verb_uninstall), 0);
	assert_reported(kernel->host.diag, "KS422");
}

static void leftovers(void **state)
{
	struct fake_kernel *kernel = *state;
	struct livepatch_files files = { 0 };
	struct installed installed = { 0 };

	install(kernel, "keep", KERNEL_ID);
	put_livepatch("p.d", "p", RELEASE, KERNEL_ID, KERNEL_ID);
	assert_int_equal(livepatch_files_read(&kernel->host, "p.d", &files), 0);
	assert_int_equal(install_modules(&kernel->host, &files, NULL, &installed), 0);
	install_keep(&kernel->host, &installed);
	livepatch_files_free(&files);
	put("root/lib/modules/.klp-split-aB12xy/p.ko", "");
	put("root/lib/modules/" RELEASE "/updates/klp-split/mine/x.ko", "");
	load_plain_module("off", KERNEL_ID);
	put("root/sys/module/off/initstate", "live\n");
	put("root/sys/module/klp_split/holders/off", "");
	load_plain_module("coming", KERNEL_ID);
	put("root/sys/module/coming/initstate", "coming\n");
	put("root/sys/module/klp_split/holders/coming", "");

	assert_int_equal(leftovers_remove(&kernel->host), 0);
	assert_false(host_has(&kernel->host, "/lib/modules/.klp-split-aB12xy"));
	assert_false(host_has(&kernel->host, "/lib/modules/" RELEASE "/updates/klp-split/p"));
	assert_true(
		host_has(&kernel->host, "/lib/modules/" RELEASE "/updates/klp-split/keep/keep.ko"));
	assert_true(host_has(&kernel->host, "/lib/modules/" RELEASE "/updates/klp-split/mine"));
	assert_false(module_is_loaded(&kernel->host, "off"));
	assert_true(module_is_loaded(&kernel->host, "coming"));
}

static void other_build_on_disk(void **state)
{
	struct fake_kernel *kernel = *state;
	struct livepatch_files files = { 0 };

	put_livepatch("p.d", "p", RELEASE, KERNEL_ID, OTHER_ID);
	assert_int_equal(livepatch_files_read(&kernel->host, "p.d", &files), 0);
	fit_targets(&kernel->host, &files);
	assert_no_problems(kernel->host.diag); /* it isn't there */
	RUN("cp", "p.d/p.ko", "root/lib/modules/" RELEASE "/t1.ko"); /* with build id KERNEL_ID */
	fit_targets(&kernel->host, &files);
	assert_reported(kernel->host.diag, "KS428");
	livepatch_files_free(&files);
}

static void signatures(void **state)
{
	struct fake_kernel *kernel = *state;
	struct livepatch_files files = { 0 };

	put_livepatch("p.d", "p", RELEASE, KERNEL_ID, KERNEL_ID);
	assert_int_equal(livepatch_files_read(&kernel->host, "p.d", &files), 0);
	fit_signatures(&kernel->host, &files);
	put("root/sys/module/module/parameters/sig_enforce", "N\n");
	put("root/sys/kernel/security/lockdown", "[none] integrity confidentiality\n");
	fit_signatures(&kernel->host, &files);
	assert_no_problems(kernel->host.diag);
	put("root/sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
	fit_signatures(&kernel->host, &files);
	assert_int_equal(diag_errors(kernel->host.diag), 2);
	assert_reported(kernel->host.diag, "KS424");

	new_diag(kernel);
	files.main.sig_id = strdup("PKCS#7");
	files.main.signer = strdup("Jane");
	files.objects[0].sig_id = strdup("PKCS#7");
	put("root/proc/keys", "1 I--- 1 perm 1f 0 0 asymmetri Jane: 00aa: X509.rsa 00aa []\n");
	fit_signatures(&kernel->host, &files);
	assert_no_problems(kernel->host.diag);
	put("root/proc/keys", "1 I--- 1 perm 1f 0 0 asymmetri Jan: 00aa: X509.rsa 00aa []\n");
	fit_signatures(&kernel->host, &files);
	assert_int_equal(diag_errors(kernel->host.diag), 1);
	livepatch_files_free(&files);
}

static int no_service(const char *verb, char **log)
{
	*log = strdup("Unit kpatch.service not found.");
	return -ECHILD;
}

static void status_says_it(void **state)
{
	struct fake_kernel *kernel = *state;
	struct overview overview = { 0 };
	struct strvec none = { 0 }, words = { 0 }, troubles = { 0 };
	bool troubled = true;
	json_t *json, *entry;

	assert_int_equal(verb_status(&kernel->host, &none, false, &troubled), 0);
	assert_false(troubled);
	install(kernel, "p", KERNEL_ID);
	assert_int_equal(try_failed(&kernel->host, "p", KERNEL_ID, kernel->host.diag), 0);
	kernel->host.service = no_service;
	forget_output(kernel->host.out);
	assert_int_equal(verb_status(&kernel->host, &none, true, &troubled), 0);
	assert_true(troubled);
	json = read_described(kernel->host.out);
	assert_true(json_is_false(json_object_get(json, "service_enabled")));
	entry = json_array_get(json_object_get(json, "livepatches"), 0);
	assert_string_equal(json_string_value(json_object_get(entry, "state")), "not loaded");
	assert_true(json_is_true(json_object_get(entry, "installed")));
	assert_string_equal(
		json_string_value(json_object_get(json_object_get(entry, "left_out"), "state")),
		"failed");
	assert_int_equal(json_array_size(json_object_get(json, "troubles")), 2);
	json_decref(json);

	strvec_add(&words, "p");
	forget_output(kernel->host.out);
	assert_int_equal(verb_info(&kernel->host, &words, true, &troubled), 0);
	json_decref(read_described(kernel->host.out));
	strvec_free(&words);

	/* one that was replaced is as it should be */
	kernel->host.service = NULL;
	install(kernel, "q", KERNEL_ID);
	assert_int_equal(try_over(&kernel->host, "p"), 0);
	assert_int_equal(by_name(kernel, "p", verb_load), 0);
	assert_int_equal(by_name(kernel, "q", verb_load), 0);
	put("root/sys/kernel/livepatch/q/t1/patched", "1\n");
	assert_int_equal(overview_read(&kernel->host, &overview), 0);
	assert_string_equal(overview.entry[1].replaced_by, "q");
	assert_int_equal(overview_troubles(&kernel->host, &overview, NULL, &troubles), 0);
	assert_int_equal(troubles.n, 0);
	overview_free(&overview);
}

static void service_is_missed(void **state)
{
	struct fake_kernel *kernel = *state;
	struct strvec none = { 0 };

	kernel->host.service = no_service;
	assert_int_equal(verb_install(&kernel->host, &none), 0);
	assert_reported(kernel->host.diag, "KS427");
	assert_int_equal(diag_errors(kernel->host.diag), 0);
}

#define TEST(_f) cmocka_unit_test_setup_teardown(_f, fake_kernel_boot, fake_kernel_halt)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(loads_in_order),
		TEST(turned_off),
		TEST(failed_is_not_tried_again),
		TEST(new_build_is_tried),
		TEST(crash_and_kill_are_told_apart),
		TEST(fatal_later_is_left_out),
		TEST(new_build_counts_anew),
		TEST(no_note_no_try),
		TEST(install_and_load_don_t_mix_builds),
		TEST(uninstalled_while_loaded),
		TEST(leftovers),
		TEST(other_build_on_disk),
		TEST(signatures),
		TEST(status_says_it),
		TEST(service_is_missed),
		TEST(all_is_described),
	};

	return cmocka_run_group_tests(tests, enter_temp_dir, NULL);
}
