/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One run takes diffs to modules in a dozen passes. Each pass reads what
 * earlier passes left here, and adds its own part. No pass reaches back into an
 * earlier one, so a pass may rely on what comes before its own part in this
 * file.
 */
#ifndef KPATCH_BUILD_BUILD_H
#define KPATCH_BUILD_BUILD_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>
#include <jansson.h>

#include "lib/diag.h"
#include "kpatch-build/progress.h"
#include "kpatch-build/result.h"
#include "kpatch-build/source/source-files.h"

/* What the user asked for. Strings belong to argv or are constant. */
struct options {
	/* a release, "newest", or what follows linux-image- in a package name */
	const char *kernel;
	const char **kernels; /* all that were asked for, also patterns; the array is owned */
	size_t n_kernels;
	/* NULL, or the release to build for in this process of a run for several kernels */
	const char *one_of;
	const char *result; /* NULL, or a file to which the result is also written as JSON */
	/* NULL, or the command that starts the compiler, words separated by blanks */
	const char *launcher;
	const char *output; /* NULL: a folder named after the livepatch in the current folder */
	const char *name; /* NULL: from the first diff */
	const char *prove; /* a unit to prove, without any diff */
	const char *assume_changed; /* functions to replace though they are unchanged */
	const char *source, *config, *vmlinux, *modules, *symvers; /* NULL: from packages */
	const char *build_tree;
	const char *oot_module, *oot_source; /* both or none */
	const char **diffs; /* the array is owned */
	size_t n_diffs;
	unsigned int jobs;
	unsigned int max_units; /* the number of units that a changed header may reach */
	bool all_readers; /* of a changed header, whatever changes in it */
	bool fetch;
	const char *mirror; /* NULL: the system's; "URL" or "URL,SECURITY" */
	const char *keyring; /* NULL: that of the distribution's archive */
	const char *packages; /* NULL, or a folder of packages: nothing is downloaded */
	bool allow_expired; /* accept expired lists of an archive */
	bool keep;
	bool verbose;
	bool json;
	bool events; /* --json=events: one line for each step, and the result as one line */
	const char *report; /* NULL, or a file to which the report is also written */
	/* NULL: don't sign; the hash: the configuration's */
	const char *sign_key, *sign_cert, *sign_hash;
	const char *package; /* NULL, "deb" or "rpm": also make a package of that kind */
	const char *package_version;
	bool ledger; /* print each difference between the units, and what happened to it */
	bool check; /* say what would be patched, but build no modules */
	bool each; /* each diff is a fix of its own: each/each.h */
	bool each_must_build; /* and none may be left out */
	const char *store; /* NULL, or a folder of patched units: compile/patched-store.h */
	const char *cve_map; /* NULL, or a file that says which CVE ids a fix has */
	const char **given; /* files and folders, as on the command line; the array is owned */
	size_t n_given;
	/* of a process of --each: the file that says what it is to do, and its contents (part.h) */
	const char *each_part;
	json_t *part;
	bool stacked; /* don't replace the livepatches that are enabled */
	const char **leave_out; /* init functions whose change is left out; the array is owned */
	size_t n_leave_out;
	bool suggest; /* write an adapted diff */
	const char *suggested; /* NULL, or the file for it, which may exist */
};

/* What the user gave instead of packages: real paths. NULL: not given. */
struct given {
	char *source, *config, *vmlinux, *modules, *symvers;
	char *build_tree; /* its .cmd files tell what debug information tells otherwise */
};

/* The files of one kernel, and what identifies it. All strings are owned. */
struct distro;
struct kernel {
	const struct distro *distro;
	char *release;
	char *suite; /* the one that the user named: SUITE/RELEASE; NULL: none */
	char *cache; /* ~/.cache/klp-split */
	char *root; /* cache/kernels/<release>/root: unpacked packages */
	char *dir; /* cache/kernels/<release>, or a folder of its own if by_hand */
	char *config; /* as shipped with the headers */
	char *symvers; /* as shipped with the headers */
	char *vmlinux; /* with DWARF */
	char *modules; /* /lib/modules/<release>: the modules as they are loaded */
	char *debug_modules; /* the same modules with DWARF */
	char *source; /* dir/source: it is read, never written */
	char *build; /* dir/build: the prepared O= tree */
	char *index; /* dir/UNIT_INDEX_NAME: which unit is in which object */
	struct given given;
	bool by_hand; /* any file of it was given */
	bool has_debug_info; /* its units are compiled with -g */
	/* for a source that was given; NULL: it is from a package, and never changes */
	char *source_digest;
	char *version; /* "Debian 6.1.x-y": the part of the kernel's banner after the number */
	char *cc; /* "gcc-12" */
	char *toolchain; /* folder of the fetched compiler and binutils; NULL: the system's */
	bool has_rust; /* it was configured with a Rust compiler installed */
	char *cc_version; /* CONFIG_CC_VERSION_TEXT */
	char *build_id;
	/* CONFIG_MODULE_SIG_HASH; NULL: this kernel doesn't check signatures of modules */
	char *sign_hash;
	int lock; /* fd, or -1 */
};

/* A file that the diffs change. */
struct change {
	char *path; /* relative to the root of the tree */
	const char *diff; /* the first diff that named it */
	bool reached; /* a unit reads it */
	bool ignored; /* applied, but not part of the kernel: documentation, tests */
	bool makefile; /* it lists objects: map_new_units() */
	bool added; /* the kernel doesn't have this file */
	bool removed; /* a .c file that the diffs remove; the passes see an empty file instead */
	/* added: 'y' to vmlinux, 'm' to a module; removed: from it; 0: not known */
	char linked;
	unsigned int line; /* of the file's part in ->diff */
	bool kconfig; /* may change the configuration: check_kconfig() */
	/* names of the variables that the part of a makefile sets, besides lists of objects; NULL: none */
	char *settings;
	/* The code of a refusal that holds unless this kernel is built without the file; NULL: none. */
	const char *refused;
	char *refused_line; /* the line that is refused, or NULL */
	bool left_out; /* as leave_out_parts() has found: ->ignored, and nothing may read it */
};

/* What the user gave: a file or a pipe, with one diff or more in it. All strings are owned. */
struct input {
	char *label; /* what messages call it */
	char *name; /* without folders; "stdin" if it has none */
	char *sha256; /* of the file itself, not of its contents */
	bool has_name;
	time_t date; /* of the file; of the mail, if it came through a pipe; 0: not known */
};

struct diff {
	char *path; /* what messages call it */
	char *text; /* a file of this run: unpacked and decoded */
	unsigned int first_line; /* lines that what was given has before ->text */
	char *subject; /* of the mail, without "[PATCH]"; "": there is none */
	size_t input; /* index in ->inputs of the series */
	char *applied; /* the relevant parts of it, as input for patch(1) */
	bool counts; /* there are such parts */
	unsigned int *lines; /* where the first hunk of each such part is in what was given */
	size_t n_lines;
	bool is_there; /* the kernel's source has this change already */
};

/* A unit to compile, with the object that it is part of. */
struct unit {
	char *source; /* "net/netfilter/x_tables.c" */
	char *target; /* "net/netfilter/x_tables.o" */
	char *goal; /* the same by kbuild's name: "arch/x86/kvm/../../../virt/kvm/eventfd.o" */
	char *object; /* "x_tables" or "vmlinux" */
	char *dir; /* its folder below work */
	char *cached; /* its folder in the cache: original object and recorded command */
	char *command; /* as kbuild recorded it */
	char *original; /* object files */
	char *patched;
	char *names; /* the patched one with the names of its variables kept; NULL: not needed */
	char *changed; /* the output of create-diff-object; NULL: no change */
	struct result *result; /* the report of create-diff-object; NULL: none yet */
	bool added; /* the kernel doesn't have it: the original is empty */
	bool removed; /* a diff removes it: the patched source is empty */
	bool unaffected; /* the compiler read no changed file for it */
	bool calls; /* it may call one of build->called */
	bool compiled; /* ->patched exists */
	size_t proved; /* number of functions that equal the shipped ones */
	size_t proved_data; /* number of variables that do */
	size_t proved_entries; /* number of entries in the kernel's tables that do */
	json_t *uncompared; /* what isn't compared: uncompared.h; NULL: nothing was proved */
};

/* vmlinux or a module, with at least one changed unit. */
struct object {
	char *name;
	char *file; /* as shipped by the distribution */
	/* the same, or its twin with debug information, which has FILE symbols */
	char *symbols;
	char *build_id;
	char *module; /* name of the module that we build */
	char *units_o; /* its units, linked; NULL: none */
	char *ko; /* the finished module */
	/* types whose layouts were compared: null, or a row that describes the change */
	json_t *types;
	json_t *relocations; /* its klp relocations, one row for each symbol */
};

/* A changed function that ftrace can't redirect, so its callers have to be replaced: callers.c. */
struct called_function {
	char *name, *object;
	char *file; /* where it is defined */
	unsigned int line;
};

/* A function or variable that has moved to another unit of its object: globals.c. */
struct moved {
	char *name;
	size_t from, to; /* in build->units */
};

/*
 * A part of the build, for functions that need no more than that. Its members are also members of
 * the build, as with struct_group_tagged() of the kernel's include/linux/stddef.h.
 */
/* clang-format off */
#define PART(tag, ...) \
	union { \
		struct { \
			__VA_ARGS__ \
		}; \
		struct tag { \
			__VA_ARGS__ \
		} tag; \
	}
/* clang-format on */

/* An out-of-tree module; all NULL if none was given. All strings are owned. */
struct oot_module {
	char *module; /* its file */
	char *source;
	char *built; /* where the module was built, with a '/' at the end, or "" */
	char *name;
	char *tree; /* the copy of its source in which it was built */
	char *units; /* its units, kept like those of the kernel in the cache */
	char *index; /* index of its units */
};

/* (clang-format would format the members as the arguments of a call.) */
/* clang-format off */
struct build {
	/*
	 * What any work needs: the options, where to report, and where to write. A function
	 * that needs nothing else of a build takes a job, and a kernel if it is about one.
	 */
	PART(job,
		struct options options;
		struct diag *diag;
		struct progress *progress;
		char *data; /* folder with kmod/ and templates/ */
		char *tools; /* folder with create-diff-object and klp-relocs; NULL: PATH */
		char *work; /* temporary, removed at the end unless --keep */
	);
	struct kernel kernel;
	struct oot_module oot;
	/* The diffs, in their order, and the files that they change. */
	PART(series,
		struct input *inputs;
		size_t n_inputs;
		struct diff *diffs;
		size_t n_diffs;
		struct cve_map *cves; /* NULL: no --cve-map */
		struct change *changes;
		size_t n_changes;
		bool depth_unknown; /* names can't be read without the kernel's source: depth.h */
		const char *tree; /* it, or NULL: it isn't known yet */
		bool nothing_to_do; /* the diffs change nothing that is compiled */
	);
	/* The source with the diffs applied. */
	PART(trees,
		const char *original; /* the tree that they apply to: the kernel's, or an out-of-tree module's */
		char *shadow; /* work/shadow */
		/* the same, for compiling: unchanged lines have their old numbers (numbered.c) */
		char *numbered;
		char *line_map_file;
		struct line_map *line_map; /* from those numbers to lines of ->shadow */
		/* words that the changed files no longer have, or newly have: changed-words.h */
		char *words_file;
		struct source_files sources; /* of ->shadow, as far as they have been read */
	);
	/* The units that the diffs reach, and the objects that these are part of. */
	PART(reached,
		struct unit *units;
		size_t n_units;
		/* objects[0] is always vmlinux: there is always a main module. */
		struct object *objects;
		size_t n_objects;
		struct called_function *called;
		size_t n_called;
		struct moved *moved;
		size_t n_moved;
		bool partial; /* some units aren't known yet, or not looked at: decisive.h */
		/* NULL, or which units were enough to refuse the diffs */
		const char *decided_by;
	);
	/* The result. */
	PART(livepatch,
		char *name;
		char *output; /* absolute */
		char *core_symvers; /* the exports of the core */
		char *core_ko; /* the core itself, in the run's own folder */
		/* what the manifest says about the modules' signature; NULL: not signed */
		json_t *signature;
		json_t *manifest;
		char *report; /* the manifest as an HTML page */
		char *package; /* the package file; NULL: none */
	);
};
/* clang-format on */

/* The passes, in their order. Each returns 0 or a negative errno with a diagnostic. */
int find_tools(struct build *build);
int make_work(struct build *build);
int take_oot(struct build *build);
int take_inputs(struct build *build);
int read_cve_map(struct build *build);
int read_diffs(struct build *build);
int read_diffs_in_tree(struct build *build); /* if depth_unknown */
int find_kernel(struct build *build);
int name_livepatch(struct build *build);
int prepare_kernel(struct build *build);
int prepare_oot(struct build *build);
int leave_out_parts(struct build *build); /* what this kernel is built without: KS365 */
int apply_diffs(struct build *build);
int leave_out_functions(struct build *build); /* --leave-out */
int check_kconfig(struct build *build); /* would the configuration be another one? */
int keep_line_numbers(struct build *build);
int map_units(struct build *build);
int map_headers(struct build *build);
int map_new_units(struct build *build);
int leave_out_new_files(struct build *build); /* the same as leave_out_parts() of added files */
int identify_objects(struct build *build);
int name_modules(struct build *build);
int compile_originals(struct build *build);
int check_makers(struct build *build);
int compile_patched(struct build *build);
int check_macros(struct build *build); /* macros whose value changes: KS394 */
int check_globals(struct build *build);
int check_removed_units(struct build *build);
int diff_units(struct build *build);
int keep_ambiguous_names(struct build *build,
			 bool *kept); /* *kept: comparing again may succeed now */
/*
 * If the only errors are functions that can't be redirected, add the units of their callers.
 * *@added: there are more units now, or more to do with them.
 */
int add_callers(struct build *build, bool *added);
int check_called(struct build *build); /* are all callers replaced? */
int check_layouts(struct build *build);
int check_declared(struct build *build); /* contradictions between the declarations of units */
int check_signatures(struct build *build);
int check_moved_state(struct build *build); /* variables that one unit loses and another gains */
int bind_exports(struct build *build);

int check_unresolved(struct build *build); /* uses of symbols that don't exist */
int check_sleepers(struct build *build);
int check_creators(struct build *build); /* functions that run for new objects only: KS379 */
int check_allocations(struct build *build); /* sizes of buffers that objects hold: KS190 */
int check_finished(struct build *build); /* functions that ran once, at init: KS188, KS189 */
int check_core_functions(struct build *build); /* functions that the core itself redirects */
int prove_units(struct build *build);
int check_links(struct build *build); /* --check: can the units be linked to modules? */
int link_objects(struct build *build);
int build_modules(struct build *build);
int resolve_modules(struct build *build);
int list_relocations(struct build *build);
int write_manifest(struct build *build);
int write_report(struct build *build);
int save_report(struct build *build);
int check_signing(struct build *build);
int sign_modules(struct build *build);
int check_output(struct build *build);
int make_package(struct build *build);
int install_output(struct build *build);

/* --- the model itself: build.c --- */

/*
 * True if a function of the running kernel is replaced, or a callback is called. New functions
 * alone change nothing, as nothing that could call them is replaced.
 */
bool build_replaces(const struct reached *reached);
bool object_replaces(const struct reached *reached, const struct object *object);
/* True if any of its units has a change, even if that is only a new function. */
bool object_has_changes(const struct reached *reached, const struct object *object);
/* True if the livepatch has a module for it (--check: would have). */
bool object_has_module(const struct reached *reached, const struct object *object);
struct object *build_find_object(const struct reached *reached, const char *name);
/* Add a unit, with copies of the strings. */
struct unit_index_entry;
int build_add_unit(const struct job *job, const struct kernel *kernel, const struct oot_module *oot,
		   struct reached *reached, const struct unit_index_entry *entry);
/* Has @name of @unit moved there from another unit of the object? */
bool has_moved_to(const struct reached *reached, const struct unit *unit, const char *name);
/* Free the results of create-diff-object, before it runs again. */
void build_forget_results(const struct reached *reached);
void build_free(struct build *build);

#endif
