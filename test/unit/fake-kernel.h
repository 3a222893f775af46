/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A folder that looks to kpatch like the files of a running kernel, and a
 * kernel that does what the real one does with livepatches, or
 * refuses, stalls and forgets on request of the test.
 */
#ifndef TEST_UNIT_FAKE_KERNEL_H
#define TEST_UNIT_FAKE_KERNEL_H

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>

#include "lib/strvec.h"
#include "test/unit/fixture.h"
#include "kpatch/machine/host.h"
#include "kpatch/machine/livepatch-sysfs.h"

#define RELEASE "1.2.3-test"
#define KERNEL_ID "aa11"
#define OTHER_ID "bb22"

struct fake_kernel {
	struct host host;
	const char *refuse; /* the module whose insertion fails, */
	int refuse_with; /* with this error */
	int refuse_times; /* so often */
	const char *stall; /* the livepatch whose transition on does not end */
	const char *stall_back; /* the one whose transition off does not end */
	const char *keep; /* the module that can't be removed */
	const char *drain; /* the one in whose code a task stays */
	int depmod_error;
	int inserted, removed, depmods;
	pthread_t worker;
	atomic_bool end;
};

/* Write a file below the folder, with its folders. */
__attribute__((format(printf, 1, 3))) static inline void put(const char *path_format,
							     const char *text, ...)
{
	char path[512];
	va_list args;

	va_start(args, text);
	vsnprintf(path, sizeof(path), path_format, args);
	va_end(args);
	*strrchr(path, '/') = '\0';
	assert_int_equal(make_dirs(path), 0);
	path[strlen(path)] = '/';
	write_text(path, text);
}

static inline struct fake_kernel *fake_of(struct host *host)
{
	return host->modules_data;
}

static inline bool is(const char *a, const char *b)
{
	return a && !strcmp(a, b);
}

static inline void vanish(const char *path)
{
	char *aside = format("%s.gone", path);

	rename(path, aside);
	remove_tree(aside);
	free(aside);
}

static inline void put_note(const char *path, const char *hex)
{
	unsigned char note[18] = { 4, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 'G', 'N', 'U', 0 };
	unsigned int high, low;

	assert_int_equal(sscanf(hex, "%2x%2x", &high, &low), 2);
	note[16] = high;
	note[17] = low;
	put("%s", "", path);
	assert_int_equal(write_file_atomic(path, note, sizeof(note), 0644), 0);
}

static inline void load_plain_module(const char *name, const char *build_id)
{
	char *note = format("root/sys/module/%s/notes/.note.gnu.build-id", name);

	put("root/sys/module/%s/initstate", "live\n", name);
	put_note(note, build_id);
	free(note);
}

/*
 * A livepatch's name says what it changes: "other" replaces do_other() of vmlinux, "both" also
 * do_it(), all others do_it() alone; "stacked" is not for replacing those before it; "cve" names an id. Each
 * has t1 as an object.
 */
static inline bool fake_has_it(const char *name)
{
	return !strstr(name, "other");
}

static inline bool fake_has_other(const char *name)
{
	return strstr(name, "other") || strstr(name, "both");
}

static inline bool fake_replaces(const char *name)
{
	return !strstr(name, "stacked");
}

static inline void enable_livepatch(struct fake_kernel *kernel, const char *name)
{
	struct strvec others = { 0 };

	assert_int_equal(host_list(&kernel->host, &others, "/sys/kernel/livepatch"), 0);
	put("root/sys/kernel/livepatch/%s/vmlinux/patched", "1\n", name);
	if (fake_has_it(name))
		put("root/sys/kernel/livepatch/%s/vmlinux/do_it,1/x", "", name);
	if (fake_has_other(name))
		put("root/sys/kernel/livepatch/%s/vmlinux/do_other,1/x", "", name);
	put("root/sys/kernel/livepatch/%s/t1/patched", "0\n", name);
	put("root/sys/kernel/livepatch/%s/transition", is(kernel->stall, name) ? "1\n" : "0\n",
	    name);
	put("root/sys/kernel/livepatch/%s/enabled", "1\n", name);
	for (size_t i = 0; i < others.n && fake_replaces(name) && !is(kernel->stall, name); i++) {
		char *old = format("root/sys/kernel/livepatch/%s", others.list[i]);

		vanish(old);
		free(old);
	}
	strvec_free(&others);
}

static inline int fake_insert(struct host *host, const char *file)
{
	struct fake_kernel *kernel = fake_of(host);
	char name[64];

	if (access(file, R_OK))
		return -errno;
	snprintf(name, sizeof(name), "%s", strrchr(file, '/') + 1);
	*strrchr(name, '.') = '\0';
	if (is(kernel->refuse, name) && kernel->refuse_times-- > 0)
		return kernel->refuse_with;
	if (module_is_loaded(host, name))
		return -EEXIST;
	kernel->inserted++;
	load_plain_module(name, KERNEL_ID);
	if (strcmp(name, "klp_split")) {
		put("root/sys/module/klp_split/holders/%s", "", name);
		enable_livepatch(kernel, name);
	}
	return 0;
}

static inline int fake_insert_by_name(struct host *host, const char *name)
{
	return fake_insert(host, "core/klp_split.ko");
}

static inline int fake_find(struct host *host, const char *name, char **path)
{
	char *file = host_path(host, "/lib/modules/" RELEASE "/%s.ko", name);

	if (access(file, R_OK)) {
		free(file);
		return -ENOENT;
	}
	*path = file;
	return 0;
}

static inline int fake_remove(struct host *host, const char *name)
{
	struct fake_kernel *kernel = fake_of(host);
	char *path;

	if (!module_is_loaded(host, name))
		return -ENOENT;
	if (is(kernel->keep, name) || livepatch_is_registered(host, name))
		return -EAGAIN;
	if (is(kernel->drain, name)) {
		put("root/sys/kernel/klp_split/%s/state", "draining\n", name);
		put("root/sys/kernel/klp_split/%s/held_by", "70 do_nap take a nap\n", name);
		return -EINPROGRESS;
	}
	kernel->removed++;
	path = format("root/sys/module/klp_split/holders/%s", name);
	unlink(path);
	free(path);
	path = format("root/sys/module/%s", name);
	vanish(path);
	free(path);
	return 0;
}

static inline int fake_depmod(struct host *host)
{
	fake_of(host)->depmods++;
	if (fake_of(host)->depmod_error)
		return diag_error(host->diag, "KS415", NULL, "the test wants it");
	return 0;
}

static const struct module_ops fake_modules = {
	.insert = fake_insert,
	.insert_by_name = fake_insert_by_name,
	.find = fake_find,
	.remove = fake_remove,
	.update_dependencies = fake_depmod,
};

/* The kernel's side of the files: a disabled livepatch disappears after a moment. */
static inline void *kernel_works(void *data)
{
	struct fake_kernel *kernel = data;
	struct strvec names;

	while (!kernel->end) {
		usleep(5000);
		names = (struct strvec){ 0 };
		if (host_list(&kernel->host, &names, "/sys/kernel/livepatch"))
			continue;
		for (size_t i = 0; i < names.n; i++) {
			char *path = format("root/sys/kernel/livepatch/%s", names.list[i]);

			if (!host_number(&kernel->host, 1, "/sys/kernel/livepatch/%s/enabled",
					 names.list[i])) {
				if (is(kernel->stall_back, names.list[i]))
					put("%s/transition", "1\n", path);
				else
					vanish(path);
			}
			free(path);
		}
		strvec_free(&names);
	}
	return NULL;
}

#define FUNCS_ENTRY                                                       \
	".section .klp_split.strings,\"a\"\n%1$s_name: .asciz \"%1$s\"\n" \
	".section .klp_split.funcs,\"aw\"\n.quad %1$s_name, new_code, 0\n"

/* A livepatch as kpatch-build leaves it, in folder @folder; made for that kernel and that t1. */
static inline void put_livepatch(const char *folder, const char *name, const char *release,
				 const char *kernel_id, const char *t1_id)
{
	char *it = format(FUNCS_ENTRY, "do_it"), *other = format(FUNCS_ENTRY, "do_other");
	char *text, *base;

	assert_int_equal(make_dirs(folder), 0);
	base = format("%s/%s", folder, name);
	text = format(".section .modinfo,\"a\"\n.asciz \"klp_split_patch=%s\"\n"
		      ".asciz \"klp_split_kernel=%s\"\n.asciz \"vermagic=%s SMP mod_unload \"\n"
		      ".asciz \"klp_split_replace=%d\"\n"
		      ".asciz \"klp_split_object=vmlinux:%s\"\n.asciz \"klp_split_object=t1:%s\"\n"
		      ".section .note.gnu.build-id,\"a\",@note\n.long 4,2,3\n.asciz \"GNU\"\n"
		      ".byte 0x%.2s,0x%.2s\n"
		      "%s"
		      ".text\nnew_code: ret\n%s%s",
		      name, release, release, fake_replaces(name), kernel_id, t1_id, kernel_id,
		      kernel_id + 2,
		      strstr(name, "cve") ? ".section .modinfo,\"a\"\n"
					    ".asciz \"klp_split_fix=mend it\"\n"
					    ".asciz \"klp_split_cve=CVE-2026-1234\"\n"
					  : "",
		      fake_has_it(name) ? it : "", fake_has_other(name) ? other : "");
	assemble(base, text);
	free(text);
	RUN("sh", "-c", "mv $0.o $0.ko; rm $0.s", base);
	free(base);
	base = format("%s/%s__t1", folder, name);
	text = format(".section .modinfo,\"a\"\n.asciz \"klp_split_patch=%s\"\n"
		      ".asciz \"klp_split_kernel=%s\"\n.asciz \"vermagic=%s SMP mod_unload \"\n"
		      ".asciz \"klp_split_object=t1:%s\"\n",
		      name, release, release, t1_id);
	assemble(base, text);
	free(text);
	RUN("sh", "-c", "mv $0.o $0.ko; rm $0.s", base);
	free(base);
	free(it);
	free(other);
}

static inline int fake_kernel_boot(void **state)
{
	struct fake_kernel *kernel = calloc(1, sizeof(*kernel));
	char *cwd = getcwd(NULL, 0), *root = format("%s/root", cwd);

	free(cwd);
	remove_tree("root");
	remove_tree("core");
	put("root/sys/kernel/livepatch/.dir", "");
	put("root/lib/modules/" RELEASE "/modules.order", "");
	put_note("root/sys/kernel/notes", KERNEL_ID);
	put("core/klp_split.ko", "");
	load_plain_module("t1", KERNEL_ID);
	kernel->host = (struct host){
		.root = root,
		.release = RELEASE,
		.datadir = "/nonexistent",
		.diag = diag_new("kpatch"),
		.out = tmpfile(),
		.signals = -1,
		.timeout = 1,
		.modules = &fake_modules,
		.modules_data = kernel,
	};
	*state = kernel;
	return pthread_create(&kernel->worker, NULL, kernel_works, kernel);
}

static inline int fake_kernel_halt(void **state)
{
	struct fake_kernel *kernel = *state;

	kernel->end = true;
	pthread_join(kernel->worker, NULL);
	diag_free(kernel->host.diag);
	fclose(kernel->host.out);
	free((char *)kernel->host.root);
	free(kernel);
	return 0;
}

#endif
