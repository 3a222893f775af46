// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: files of /sys and /proc as the kernel writes them, in states that are hard to reproduce
 *   in a VM.
 * Prevents: a list that wrongly reports something as patched, enabled or removed; a task that
 *   holds up a transition but isn't named.
 * Fails if: a state, an object, an order or a task is reported differently than in the files.
 */
#include <jansson.h>

#include "lib/array.h"
#include "lib/strvec.h"
#include "test/unit/described.h"
#include "test/unit/fake-kernel.h"
#include "kpatch/machine/holdups.h"
#include "kpatch/verbs/verbs.h"
#include "lib/temporary.h"

/* As text; as JSON the schema describes the same. */
static const char *listed(struct fake_kernel *kernel)
{
	static char text[8192];
	size_t n;

	forget_output(kernel->host.out);
	assert_int_equal(verb_list(&kernel->host, true), 0);
	json_decref(read_described(kernel->host.out));
	forget_output(kernel->host.out);
	assert_int_equal(verb_list(&kernel->host, false), 0);
	rewind(kernel->host.out);
	n = fread(text, 1, sizeof(text) - 1, kernel->host.out);
	text[n] = '\0';
	return text;
}

static void put_task(const char *pid, const char *tid, const char *comm, const char *state,
		     const char *stack)
{
	put("root/proc/%s/task/%s/comm", comm, pid, tid);
	put("root/proc/%s/task/%s/patch_state", state, pid, tid);
	put("root/proc/%s/task/%s/stack", stack, pid, tid);
}

static void says_what_sysfs_says(void **state)
{
	struct fake_kernel *kernel = *state;

	assert_string_equal(listed(kernel), "no livepatch is loaded\n");
	load_plain_module("p", KERNEL_ID);
	enable_livepatch(kernel, "p");
	/* t1 is loaded, and not patched: the line that must be seen */
	assert_string_equal(listed(kernel), "p: enabled\n"
					    "    t1                       NOT PATCHED\n"
					    "    vmlinux                  patched\n");
	put("root/sys/kernel/livepatch/p/t1/patched", "1\n");
	assert_non_null(strstr(listed(kernel), "t1                       patched\n"));
	remove_tree("root/sys/module/t1");
	assert_non_null(strstr(listed(kernel), "t1                       not loaded\n"));
}

static void colour_only_if_wanted(void **state)
{
	struct fake_kernel *kernel = *state;

	load_plain_module("p", KERNEL_ID);
	enable_livepatch(kernel, "p");
	assert_null(strchr(listed(kernel), '\033'));
	kernel->host.colour = true;
	assert_non_null(strstr(listed(kernel), "\033[1;31mNOT PATCHED\033[0m"));
}

static void core_says(const char *state, const char *error, const char *failures)
{
	put("root/sys/kernel/klp_split/p/t1/state", state);
	put("root/sys/kernel/klp_split/p/t1/error", error);
	put("root/sys/kernel/klp_split/p/t1/failures", failures);
}

static void says_what_the_core_says(void **state)
{
	struct fake_kernel *kernel = *state;

	load_plain_module("p", KERNEL_ID);
	enable_livepatch(kernel, "p");
	core_says("idle\n", "modprobe-failed\n", "1\n");
	assert_non_null(strstr(listed(kernel), "t1                       NOT PATCHED, 1 time: "
					       "modprobe could not load its code\n"));
	remove_tree("root/sys/module/t1");
	core_says("idle\n", "build-id\n", "3\n");
	assert_non_null(strstr(listed(kernel), "t1                       REFUSED, 3 times: it is "
					       "another build than the livepatch was made for\n"));
	core_says("idle\n", "new-word\n", "3\n");
	assert_non_null(strstr(listed(kernel), "REFUSED, 3 times: new-word\n"));
	core_says("idle\n", "none\n", "3\n");
	assert_non_null(strstr(listed(kernel), "not loaded, its code waits for it\n"));
	core_says("loading\n", "none\n", "0\n");
	assert_non_null(strstr(listed(kernel), "not loaded, its code is loading\n"));
	core_says("stuck\n", "none\n", "0\n");
	assert_non_null(strstr(listed(kernel), "not loaded, its code could not be removed"));
	core_says("loaded\n", "none\n", "0\n");
	load_plain_module("t1", KERNEL_ID);
	put("root/sys/kernel/livepatch/p/t1/patched", "1\n");
	assert_non_null(strstr(listed(kernel), "t1                       patched\n"));
	/* vmlinux has no object module, and the core nothing to say of it */
	assert_non_null(strstr(listed(kernel), "vmlinux                  patched\n"));
}

static void draining_names_who_is_there(void **state)
{
	struct fake_kernel *kernel = *state;
	const char *text;

	load_plain_module("p", KERNEL_ID);
	put("root/sys/module/klp_split/holders/p", "");
	put("root/sys/kernel/klp_split/p/state", "draining\n");
	put("root/sys/kernel/klp_split/p/held_by", "70 do_nap take a nap\n71 ? spin\n");
	text = listed(kernel);
	assert_non_null(strstr(text, "p: draining\n"));
	assert_non_null(strstr(text, "    held by take a nap (70) is in do_nap(), in p\n"));
	assert_non_null(strstr(text,
			       "    held by spin (71) may be in the code of p: its stack can't "
			       "be read now\n"));
	/* on its way out, as far as its object modules are */
	put("root/sys/kernel/klp_split/p/state", "removing\n");
	assert_non_null(strstr(listed(kernel), "p: draining\n"));
	put("root/sys/kernel/klp_split/p/state", "enabled\n");
	put("root/sys/kernel/klp_split/p/held_by", "");
	assert_non_null(strstr(listed(kernel), "p: unused\n"));

	/* an object module, whose target is unloaded */
	enable_livepatch(kernel, "p");
	core_says("unloading\n", "none\n", "0\n");
	put("root/sys/kernel/klp_split/p/t1/held_by", "references 2\n");
	text = listed(kernel);
	assert_non_null(
		strstr(text, ", its code is unloading\n    held by 2 references on p__t1: "));
}

/* A link with an address in it; the others are elsewhere, or between the two functions of others. */
static int one_link(unsigned long long first, unsigned long long last, struct strvec *ids)
{
	assert_int_equal(first, 0xffffffffc0001000);
	assert_int_equal(last, 0xffffffffc0001040);
	return strvec_add(ids, "12");
}

static void holders_are_named(void **state)
{
	struct fake_kernel *kernel = *state;
	const char *text;

	load_plain_module("p", KERNEL_ID);
	put("root/sys/module/klp_split/holders/p", "");
	enable_livepatch(kernel, "p");
	core_says("unloading\n", "none\n", "0\n");
	put("root/sys/kernel/klp_split/p/t1/held_by", "references 3\n");
	put("root/sys/module/p__t1/holders/user", "");
	put("root/proc/kallsyms", "ffffffff81000000 T f\n"
				  "ffffffffc0000000 t g\t[p]\n"
				  "ffffffffc0001040 t new_b\t[p__t1]\n"
				  "ffffffffc0001000 T new_a\t[p__t1]\n"
				  "ffffffffc0003000 d data\t[p__t1]\n"
				  "0000000000000000 t hidden\t[p__t1]\n"
				  "ffffffffc0000f00 t h\t[p__t10]\n");
	put("root/proc/70/comm", "cat\n");
	put("root/proc/70/fdinfo/3", "pos:\t0\nlink_type:\tkprobe_multi\nlink_id:\t1\n");
	put("root/proc/71/comm", "bpftrace\n");
	put("root/proc/71/fdinfo/3", "pos:\t0\nlink_type:\tkprobe_multi\nlink_id:\t12\n");

	/* the kernel isn't asked for BPF links */
	text = listed(kernel);
	assert_non_null(strstr(text, "    held by module user, on p__t1\n"));
	assert_non_null(strstr(text, "    held by 2 other references on p__t1: "));

	kernel->host.bpf_links = one_link;
	text = listed(kernel);
	assert_non_null(strstr(text,
			       "    held by bpftrace (71), which traces it with BPF (link 12), on "
			       "p__t1\n"));
	assert_non_null(strstr(text, "    held by 1 other reference on p__t1: "));

	vanish("root/proc/71");
	put("root/sys/kernel/klp_split/p/t1/held_by", "references 2\n");
	text = listed(kernel);
	assert_non_null(strstr(text, "    held by BPF link 12, which no process has open"));
	assert_null(strstr(text, "reference"));
}

static void unused_main_modules_are_listed(void **state)
{
	struct fake_kernel *kernel = *state;

	put("root/sys/module/klp_split/holders/q", "");
	put("root/sys/module/klp_split/holders/q__t1", "");
	put("root/sys/module/klp_split/holders/p__t1", "");
	load_plain_module("p", KERNEL_ID);
	enable_livepatch(kernel, "p");
	assert_non_null(strstr(listed(kernel), "q: unused\n"));
	assert_null(strstr(listed(kernel), "__t1: "));
}

static void newest_first(void **state)
{
	struct fake_kernel *kernel = *state;
	struct livepatches all = { 0 };

	load_plain_module("a", KERNEL_ID);
	load_plain_module("b", KERNEL_ID);
	enable_livepatch(kernel, "a");
	put("root/sys/module/klp_split/holders/b", "");
	put("root/proc/modules", "b 1 0 - Live 0x0\nt1 1 0 - Live 0x0\na 1 0 - Live 0x0\n");
	assert_int_equal(livepatches_read(&kernel->host, &all), 0);
	assert_int_equal(all.n, 2);
	assert_string_equal(all.livepatch[0].name, "b");
	assert_string_equal(all.livepatch[1].name, "a");
	livepatches_free(&all);
}

static void tasks_in_the_way(void **state)
{
	struct fake_kernel *kernel = *state;
	struct holdups holdups = { 0 };
	char *text;

	kernel->stall = "p";
	enable_livepatch(kernel, "p");
	put_task("1", "1", "init\n", "1\n", "");
	put_task("70", "70", "sleeper\n", "0\n",
		 "[<0>] schedule_timeout+0x1/0x2\n[<0>] do_it+0x10/0x20\n[<0>] "
		 "do_syscall_64+0x1/0x2\n");
	put_task("70", "71", "runner\n", "0\n", "");
	put_task("70", "72", "own code\n", "0\n",
		 "[<0>] msleep+0x1/0x2\n[<0>] new_one+0x10/0x20 [p__t1]\n");
	put_task("70", "73", "other code\n", "0\n",
		 "[<0>] msleep+0x1/0x2\n[<0>] new_one+0x10/0x20 [pq]\n");
	put_task("70", "74", "split off\n", "0\n",
		 "[<0>] msleep+0x1/0x2\n[<0>] other.cold+0x1/0x2\n[<0>] do_it.cold+0x10/0x20\n");
	put_task("80", "80", "idle\n", "-1\n", "");
	put("root/proc/sys/x", "");
	put("root/proc/70/task/70/stat", "70 (a) S 1) D 1 1 1 0 -1 4194560 1\n");
	put("root/proc/70/task/71/stat", "71 (b) R 1 1 1 0 -1 0 1\n");
	put("root/proc/70/task/72/stat", "72 (c) S 1 1 1 0 -1 2129984 1\n");
	put("root/proc/70/task/70/sched", "a (70)\n---\nse.exec_start   :   1000.9\nx : 1\n");
	put("root/proc/70/task/71/sched", "se.exec_start   :   1000.9\n");
	put("root/proc/70/task/73/sched", "nothing of that kind\n");
	put("root/proc/self/sched", "se.exec_start                :         13500.123456\n");
	assert_int_equal(holdups_find(&kernel->host, "p", &holdups), 0);
	assert_int_equal(holdups.n, 5);
	assert_string_equal(holdups.task[4].function, "do_it.cold");
	assert_string_equal(holdups.task[0].comm, "sleeper");
	assert_string_equal(holdups.task[0].function, "do_it");
	assert_string_equal(holdups.task[0].top, "schedule_timeout");
	assert_null(holdups.task[1].function);
	assert_null(holdups.task[1].top);
	assert_string_equal(holdups.task[2].function, "new_one");
	assert_null(holdups.task[3].function);
	assert_int_equal(holdups.task[0].asleep_ms, 12500);
	assert_int_equal(holdups.task[0].state, 'D');
	assert_false(holdups.task[0].kernel_thread);
	assert_int_equal(holdups.task[1].asleep_ms, -1); /* it runs */
	assert_true(holdups.task[2].kernel_thread);
	assert_int_equal(holdups.task[3].asleep_ms, -1);
	text = holdup_describe(&holdups.task[0]);
	assert_string_equal(text, "sleeper (70) sleeps in do_it(), a function of this livepatch, "
				  "for 12 s, where no signal wakes it");
	free(text);
	holdups_free(&holdups);
	assert_non_null(strstr(listed(kernel), "p: enabling\n"));
	assert_non_null(
		strstr(listed(kernel), "held up by sleeper (70), asleep in do_it(), for 12 s\n"));
}

/* The transition of livepatch q never ends: a waiting caller gets an error, and nothing is reversed. */
static void waiting_changes_nothing(void **state)
{
	struct fake_kernel *kernel = *state;
	struct strvec names = { 0 };

	assert_int_equal(verb_wait(&kernel->host, &names, false), 0);
	load_plain_module("q", KERNEL_ID);
	kernel->stall = "q";
	enable_livepatch(kernel, "q");
	put_task("70", "70", "sleeper\n", "0\n", "[<0>] do_it+0x10/0x20\n");
	assert_int_equal(verb_wait(&kernel->host, &names, false), -ETIMEDOUT);
	assert_reported(kernel->host.diag, "KS419");
	assert_true(livepatch_in_transition(&kernel->host, "q"));
	strvec_add(&names, "q");
	put("root/sys/kernel/livepatch/q/transition", "0\n");
	forget_output(kernel->host.out);
	assert_int_equal(verb_wait(&kernel->host, &names, true), 0);
	json_decref(read_described(kernel->host.out));
	assert_int_equal(verb_signal(&kernel->host, &names, false), 0);
	assert_reported(kernel->host.diag, "KS421");
	strvec_free(&names);
}

static void force_is_to_be_told_twice(void **state)
{
	struct fake_kernel *kernel = *state;

	assert_int_not_equal(verb_force(&kernel->host, "q", true), 0);
	assert_reported(kernel->host.diag, "KS421");
	kernel->stall = "q";
	enable_livepatch(kernel, "q");
	put("root/sys/kernel/livepatch/q/force", "0");
	assert_int_not_equal(verb_force(&kernel->host, "q", false), 0);
	assert_reported(kernel->host.diag, "KS420");
	assert_int_equal(host_number(&kernel->host, -1, "/sys/kernel/livepatch/q/force"), 0);
	verb_force(&kernel->host, "./q.ko", true);
	assert_int_equal(host_number(&kernel->host, -1, "/sys/kernel/livepatch/q/force"), 1);
}

/* On the way back those that have the new code are in the way. */
static void tasks_in_the_way_back(void **state)
{
	struct fake_kernel *kernel = *state;
	struct holdups holdups = { 0 };

	kernel->stall = "p";
	kernel->stall_back = "p";
	enable_livepatch(kernel, "p");
	assert_int_equal(livepatch_disable(&kernel->host, "p"), 0);
	put_task("1", "1", "old\n", "0\n", "");
	put_task("2", "2", "new\n", "1\n", "");
	assert_int_equal(holdups_find(&kernel->host, "p", &holdups), 0);
	assert_int_equal(holdups.n, 1);
	assert_string_equal(holdups.task[0].comm, "new");
	holdups_free(&holdups);
}

static void json_has_it_all(void **state)
{
	struct fake_kernel *kernel = *state;
	json_t *json, *livepatch, *object;

	load_plain_module("p", KERNEL_ID);
	kernel->stall = "p";
	enable_livepatch(kernel, "p");
	put_task("70", "70", "sleeper\n", "0\n", "[<0>] do_it+0x10/0x20\n");
	core_says("idle\n", "stuck\n", "2\n");
	forget_output(kernel->host.out);
	assert_int_equal(verb_list(&kernel->host, true), 0);
	json = read_described(kernel->host.out);
	livepatch = json_array_get(json_object_get(json, "livepatches"), 0);
	assert_string_equal(json_string_value(json_object_get(livepatch, "state")), "enabling");
	assert_true(json_is_true(json_object_get(livepatch, "transition")));
	object = json_array_get(json_object_get(livepatch, "objects"), 0);
	assert_string_equal(json_string_value(json_object_get(object, "module")), "p__t1");
	assert_true(json_is_false(json_object_get(object, "patched")));
	assert_int_equal(json_array_size(json_object_get(livepatch, "held_up_by")), 1);
	assert_null(
		json_object_get(json_array_get(json_object_get(livepatch, "objects"), 1), "core"));
	object = json_object_get(object, "core");
	assert_string_equal(json_string_value(json_object_get(object, "state")), "idle");
	assert_string_equal(json_string_value(json_object_get(object, "error")), "stuck");
	assert_int_equal(json_integer_value(json_object_get(object, "failures")), 2);
	json_decref(json);
}

static void versions_are_described(void **state)
{
	struct fake_kernel *kernel = *state;

	forget_output(kernel->host.out);
	assert_int_equal(verb_version(&kernel->host, true), 0);
	json_decref(read_described(kernel->host.out));
	put("root/sys/module/klp_split/version", "1\n");
	forget_output(kernel->host.out);
	assert_int_equal(verb_version(&kernel->host, true), 0);
	json_decref(read_described(kernel->host.out));
}

/* A consumer that trusts the schema may rely on it: none of these is what kpatch prints. */
static void others_are_not_described(void **state)
{
	static const char *const documents[] = {
		"{}",
		"{\"livepatches\": [{}]}",
		"{\"livepatches\": {}}",
		"{\"kernel\": \"\", \"core_loaded\": true, \"livepatches\": []}",
		"{\"kpatch\": \"1\", \"core\": null, \"core_loaded\": \"yes\"}",
		"{\"livepatches\": [{\"livepatch\": \"p\", \"state\": \"asleep\", \"enabled\": true,"
		" \"transition\": false, \"installed\": false, \"replaced_by\": null,"
		" \"built_for\": null, \"left_out\": null, \"objects\": []}]}",
	};
	const char *argv[] = { VALIDATE, KPATCH_SCHEMA, "other.json", NULL };

	for (size_t i = 0; i < ARRAY_SIZE(documents); i++) {
		struct process process = { .argv = argv };

		write_text(argv[2], documents[i]);
		assert_int_equal(process_run(&process), -ECHILD);
		assert_non_null(strstr(process.log, "other.json: "));
		process_end(&process);
	}
}

#define TEST(_f) cmocka_unit_test_setup_teardown(_f, fake_kernel_boot, fake_kernel_halt)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(says_what_sysfs_says),
		TEST(says_what_the_core_says),
		TEST(colour_only_if_wanted),
		TEST(draining_names_who_is_there),
		TEST(holders_are_named),
		TEST(unused_main_modules_are_listed),
		TEST(newest_first),
		TEST(tasks_in_the_way),
		TEST(waiting_changes_nothing),
		TEST(force_is_to_be_told_twice),
		TEST(tasks_in_the_way_back),
		TEST(json_has_it_all),
		TEST(versions_are_described),
		TEST(others_are_not_described),
		TEST(all_is_described),
	};

	return cmocka_run_group_tests(tests, enter_temp_dir, NULL);
}
