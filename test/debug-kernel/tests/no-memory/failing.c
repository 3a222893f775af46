// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Takes one step of a livepatch's life again and again: the first time the
 * first allocation that counts fails (kst_fail says which do), then the second,
 * until there is none left to fail. After each round either all of the step has
 * happened or nothing, nothing is left over, and a target that runs beside the
 * livepatch is patched.
 *
 * usage: failing STEP      one of those in the table below
 *
 * Writes a line per round to /results/rounds: step, N, what called what, outcome.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

enum { CORE = 1, MAIN = 2, TARGET = 4 };

static const struct module {
	int bit;
	const char *name;
} modules[] = { { CORE, "klp_split" }, { MAIN, "kst_m" }, { TARGET, "kst_t1" } };

#define OBJECT "kst_m__kst_t1"
#define PATCHED 301
#define FAIL(name) "/sys/module/kst_fail/parameters/" name

static const struct step {
	const char *name;
	int before;		/* what is loaded then */
	int change;		/* what is loaded by it, or removed */
	bool without_modprobe;
	/* Not what is allocated below the core, but the rest of the module loader's: what it needs for an
	 * object module is below the core only without modprobe. */
	bool in_loader;
} steps[] = {
	{ "load-core", .before = 0, .change = CORE },
	{ "remove-core", .before = CORE, .change = CORE },
	{ "enable", .before = CORE, .change = MAIN },
	{ "enable-with-target", .before = CORE | TARGET, .change = MAIN },
	{ "enable-with-target-without-modprobe", .before = CORE | TARGET, .change = MAIN, .without_modprobe = true },
	{ "load-target", .before = CORE | MAIN, .change = TARGET },
	{ "load-target-without-modprobe", .before = CORE | MAIN, .change = TARGET, .without_modprobe = true },
	{ "remove-target", .before = CORE | MAIN | TARGET, .change = TARGET },
	{ "remove-livepatch", .before = CORE | MAIN | TARGET, .change = MAIN },
	{ "load-target-in-loader", .before = CORE | MAIN, .change = TARGET, .without_modprobe = true, .in_loader = true },
	{ "enable-with-target-in-loader", .before = CORE | TARGET, .change = MAIN, .without_modprobe = true, .in_loader = true },
};

static void die(const char *what)
{
	printf("FAIL: %s (errno %d)\n", what, errno);
	exit(2);
}

static bool read_line(const char *path, char *line, size_t size)
{
	FILE *file = fopen(path, "r");
	bool is_there = file && fgets(line, size, file);

	if (is_there)
		line[strcspn(line, "\n")] = '\0';
	else
		line[0] = '\0';
	if (file)
		fclose(file);
	return is_there;
}

static long number_in(const char *path)
{
	char line[32];

	return read_line(path, line, sizeof(line)) ? strtol(line, NULL, 10) : -1;
}

static void put(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	if (!file || fputs(text, file) < 0 || fclose(file))
		die(path);
}

/* Not "coming" or "going": somebody else's load may just be given up. */
static bool is_loaded(const char *name)
{
	char path[128], state[16];

	snprintf(path, sizeof(path), "/sys/module/%s/initstate", name);
	return read_line(path, state, sizeof(state)) && !strcmp(state, "live");
}

static int loaded(void)
{
	int bits = 0;

	for (size_t i = 0; i < 3; i++)
		bits |= is_loaded(modules[i].name) ? modules[i].bit : 0;
	return bits;
}

static const char *name_of(int bit)
{
	for (size_t i = 0; i < 3; i++)
		if (modules[i].bit == bit)
			return modules[i].name;
	return NULL;
}

static int load(int bit)
{
	char path[256];
	struct utsname kernel;
	int fd, err;

	uname(&kernel);
	snprintf(path, sizeof(path), "/lib/modules/%s/updates/%s.ko", kernel.release, name_of(bit));
	fd = open(path, O_RDONLY);
	if (fd < 0)
		die(path);
	err = syscall(SYS_finit_module, fd, "", 0) ? errno : 0;
	close(fd);
	return err;
}

static int take_out(int bit)
{
	return syscall(SYS_delete_module, name_of(bit), O_NONBLOCK) ? errno : 0;
}

static void wait_while(bool (*condition)(void), const char *what)
{
	for (int i = 0; condition(); i++) {
		if (i > 6000)
			die(what);
		usleep(20000);
	}
}

static bool in_transition(void)
{
	return number_in("/sys/kernel/livepatch/kst_m/transition") == 1;
}

static bool known_to_livepatch(void)
{
	return !access("/sys/kernel/livepatch/kst_m", F_OK);
}

static bool main_in_use(void)
{
	return number_in("/sys/module/kst_m/refcnt") > 0;
}

static bool core_in_use(void)
{
	return number_in("/sys/module/klp_split/refcnt") > 0;
}

/* A livepatch is disabled before it can be removed; its last reference goes a moment later. */
static void disable(void)
{
	if (number_in("/sys/kernel/livepatch/kst_m/enabled") == 1)
		put("/sys/kernel/livepatch/kst_m/enabled", "0");
	wait_while(known_to_livepatch, "the livepatch isn't disabled");
	wait_while(main_in_use, "main stays in use");
}

/* With no allocation failing. What leaves goes in the reverse order of what comes. */
static void arrange(int wanted)
{
	for (int i = 2; i >= 0; i--) {
		int bit = modules[i].bit;

		if (wanted & bit || !(loaded() & bit))
			continue;
		if (bit == MAIN)
			disable();
		if (bit == CORE)
			wait_while(core_in_use, "the core stays in use");
		if (take_out(bit))
			die(name_of(bit));
	}
	for (int i = 0; i < 3; i++)
		if (wanted & modules[i].bit && !(loaded() & modules[i].bit) && load(modules[i].bit))
			die(name_of(modules[i].bit));
	wait_while(in_transition, "the transition doesn't end");
}

static void check(void)
{
	char state[16], *value = "/sys/module/kst_t1/parameters/value";
	int bits;
	bool both;

	wait_while(in_transition, "the transition doesn't end");
	bits = loaded();
	both = (bits & MAIN) && (bits & TARGET);

	if (is_loaded(OBJECT) != both)
		die(both ? "an object module is missing" : "an object module is left");
	if (bits & TARGET && number_in(value) != (both ? PATCHED : 0))
		die("the target runs wrong code");
	if (bits & MAIN) {
		read_line("/sys/kernel/klp_split/kst_m/kst_t1/state", state, sizeof(state));
		if (strcmp(state, both ? "loaded" : "idle"))
			die(state);
	}
}

/* What the step does, while the Nth allocation fails. */
static int act(const struct step *step)
{
	if (!(step->before & step->change))
		return load(step->change);
	if (step->change == MAIN)
		disable();
	return take_out(step->change);
}

/* False if there was no Nth allocation. */
static bool one_round(const struct step *step, unsigned int nth, FILE *rounds, int *err)
{
	const int after = step->before ^ step->change;
	char text[32], site[256];
	long seen;

	arrange(step->before);
	snprintf(text, sizeof(text), "%u", nth);
	put(FAIL("nth"), text);
	*err = act(step);
	read_line(FAIL("site"), site, sizeof(site));
	seen = number_in(FAIL("seen"));
	put(FAIL("nth"), "0");

	if (loaded() != (*err ? step->before : after))
		die("neither all of the step has happened nor nothing");
	check();
	if (!*site) {
		printf("%s: %ld allocations\n", step->name, seen);
		return false;
	}
	fprintf(rounds, "%s %u %s %s\n", step->name, nth, site, *err ? strerrorname_np(*err) : "went-on");
	fflush(rounds);
	return true;
}

/* Where a function of the kernel begins and ends; its symbols are in the order of their addresses. */
static void put_range(const char *function, const char *start_path, const char *end_path)
{
	FILE *symbols = fopen("/proc/kallsyms", "r");
	unsigned long address = 0, start = 0;
	char name[256], text[32];

	while (symbols && fscanf(symbols, "%lx %*c %255s%*[^\n]", &address, name) == 2) {
		if (start && address > start)
			break;
		if (!strcmp(name, function))
			start = address;
	}
	if (!start)
		die(function);
	fclose(symbols);
	snprintf(text, sizeof(text), "%lu", start);
	put(start_path, text);
	snprintf(text, sizeof(text), "%lu", address);
	put(end_path, text);
}

/*
 * Livepatch has no way to go on when it can't take a function back for want of
 * memory: it warns, and loses some (kernel/livepatch/patch.c: klp_unpatch_func(), 6.1).
 */
static void choose(const struct step *step)
{
	put_range("klp_module_going", FAIL("never_start"), FAIL("never_end"));
	if (step->in_loader)
		put_range("load_module", FAIL("start"), FAIL("end"));
	else
		put(FAIL("start"), "0");
}

static void repeat(const struct step *step)
{
	const char *modprobe = step->without_modprobe ? "\n" : "/sbin/modprobe\n";
	FILE *rounds = fopen("/results/rounds", "a");
	unsigned int nth = 1, refused = 0;
	struct timespec start, end;
	int err;

	if (!rounds)
		die("/results/rounds");
	put("/proc/sys/kernel/modprobe", modprobe);
	choose(step);
	clock_gettime(CLOCK_MONOTONIC, &start);
	for (; one_round(step, nth, rounds, &err); nth++)
		refused += !!err;
	clock_gettime(CLOCK_MONOTONIC, &end);
	fclose(rounds);

	if (err)
		die("failed with all its memory");
	if (nth == 1 && !(step->before & step->change & CORE))
		die("no allocation was seen");
	/* What removes may not fail for want of memory. */
	if (refused && step->before & step->change)
		die("could not be removed");
	printf("%s: %u allocations failed in turn, %u times it was refused; %ld s\n", step->name,
	       nth - 1, refused, (long)(end.tv_sec - start.tv_sec));
}

int main(int argc, char **argv)
{
	for (size_t i = 0; argc == 2 && i < sizeof(steps) / sizeof(*steps); i++) {
		if (!strcmp(argv[1], steps[i].name)) {
			repeat(&steps[i]);
			return 0;
		}
	}
	return 2;
}
