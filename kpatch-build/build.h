/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One run takes diffs to modules in a dozen passes. Each pass reads what those
 * before it left here, adds its own part, and reaches back into none of them;
 * so what a pass may rely on is what stands above its part in this file.
 */
#ifndef KPATCH_BUILD_BUILD_H
#define KPATCH_BUILD_BUILD_H

#include <stdbool.h>
#include <stddef.h>
#include <jansson.h>

#include "lib/diag.h"
#include "kpatch-build/progress.h"
#include "kpatch-build/result.h"
#include "kpatch-build/source/source-files.h"

/* What the user asked for. Strings belong to argv or are constant. */
struct options {
	/* a release, "newest", or what follows linux-image- in a package name */
	const char *kernel;
	const char **kernels; /* all that were asked for, patterns too; the array is owned */
	size_t n_kernels;
	/* NULL, or the release that this process builds for a run for several */
	const char *one_of;
	const char *result; /* NULL, or a file that gets the result as JSON besides */
	const char *launcher; /* NULL, or what starts the compiler, words with blanks between */
	const char *output; /* NULL: a folder named after the livepatch in the current folder */
	const char *name; /* NULL: from the first diff */
	const char *prove; /* a unit to be proved, without any diff */
	const char *assume_changed; /* functions to be replaced though they are the same */
	const char *source, *config, *vmlinux, *modules, *symvers; /* NULL: from packages */
	const char *build_tree;
	const char *oot_module, *oot_source; /* both or none */
	const char **diffs; /* the array is owned */
	size_t n_diffs;
	unsigned int jobs;
	unsigned int max_units; /* that a changed header may reach */
	bool fetch;
	const char *mirror; /* NULL: the system's; "URL" or "URL,SECURITY" */
	const char *keyring; /* NULL: of the distribution's archive */
	const char *packages; /* NULL, or a folder of packages: nothing is downloaded */
	bool allow_expired; /* lists of an archive that has not been renewed */
	bool keep;
	bool verbose;
	bool json;
	bool events; /* --json=events: a line per step, and the result as one line */
	const char *report; /* NULL, or where to put the report besides */
	const char *sign_key, *sign_cert, *sign_hash; /* NULL: don't sign, the configuration's */
	const char *package; /* NULL, "deb" or "rpm": make a package of that kind, too */
	const char *package_version;
	bool ledger; /* print each difference of the units, and what became of it */
	bool check; /* say what would be patched, build no modules */
	bool stacked; /* do not replace the livepatches that are there */
};

/* What the user gave instead of packages: real paths. NULL: not given. */
struct given {
	char *source, *config, *vmlinux, *modules, *symvers;
	char *build_tree; /* whose .cmd files tell what debug information tells elsewhere */
};

/* Where the inputs of one kernel are, and what makes it that kernel. All strings are owned. */
struct distro;
struct kernel {
	const struct distro *distro;
	char *release;
	char *suite; /* that the user named: SUITE/RELEASE; NULL: none */
	char *cache; /* ~/.cache/klp-split */
	char *root; /* cache/kernels/<release>/root: unpacked packages */
	char *dir; /* cache/kernels/<release>, or a folder of its own if by_hand */
	char *config; /* as shipped with the headers */
	char *symvers; /* as shipped with the headers */
	char *vmlinux; /* with DWARF */
	char *modules; /* /lib/modules/<release>: the modules that run */
	char *debug_modules; /* the same modules with DWARF */
	char *source; /* dir/source: read, never written */
	char *build; /* dir/build: the prepared O= tree */
	char *index; /* dir/index: which unit is in which object */
	struct given given;
	bool by_hand; /* any of it is */
	bool has_debug_info; /* its units are compiled with -g */
	char *source_digest; /* of a source that was given; NULL: from a package, never changes */
	char *version; /* "Debian 6.1.x-y": the part of the kernel's banner behind the number */
	char *cc; /* "gcc-12" */
	char *toolchain; /* folder of the fetched compiler and binutils; NULL: the system's */
	bool has_rust; /* configured where there was a Rust compiler */
	char *cc_version; /* CONFIG_CC_VERSION_TEXT */
	char *build_id;
	char *sign_hash; /* CONFIG_MODULE_SIG_HASH; NULL: this kernel knows no signed modules */
	int lock; /* fd, or -1 */
};

/* A file that the diffs change. */
struct change {
	char *path; /* relative to the root of the tree */
	const char *diff; /* the diff that named it first */
	bool reached; /* a unit reads it */
	bool ignored; /* applied, but no part of the kernel: documentation, tests */
	bool makefile; /* lists objects: map_new_units() */
	bool added; /* the kernel doesn't have this file */
	bool removed; /* a .c file that the diffs remove; here it becomes an empty one */
	/* added: 'y' into vmlinux, 'm' into a module; removed: out of it; 0: nobody says so */
	char linked;
};

struct diff {
	const char *path;
	char *sha256;
	char *applied; /* the parts of it that count, as patch(1) is to read them */
	bool counts; /* there are some */
	bool is_there; /* the kernel's source has this change already */
};

/* A unit to compile, in the object that it is part of. */
struct unit {
	char *source; /* "net/netfilter/x_tables.c" */
	char *target; /* "net/netfilter/x_tables.o" */
	char *goal; /* the same as kbuild names it: "arch/x86/kvm/../../../virt/kvm/eventfd.o" */
	char *object; /* "x_tables" or "vmlinux" */
	char *dir; /* its folder below work */
	char *cached; /* its folder in the cache: original object and recorded command */
	char *command; /* as kbuild recorded it */
	char *original; /* object files */
	char *patched;
	char *names; /* the patched one with the names of its variables kept; NULL: not needed */
	char *changed; /* what create-diff-object made of them; NULL: no change */
	struct result *result; /* what create-diff-object says; NULL: nothing yet */
	bool added; /* the kernel doesn't have it: the original is empty */
	bool removed; /* by a diff: the patched source is empty */
	bool unaffected; /* the compiler read no changed file for it */
	bool calls; /* it may call one of build->called */
	bool compiled; /* ->patched is there */
	size_t proved; /* functions that equal the shipped ones */
	size_t proved_data; /* variables that do */
	size_t proved_entries; /* of tables of the kernel's, that do */
	json_t *uncompared; /* what isn't compared: uncompared.h; NULL: nothing was proved */
};

/* vmlinux or a module, with at least one changed unit. */
struct object {
	char *name;
	char *file; /* what the distribution ships */
	/* the same, or its twin with debug information that knows whose symbols they are */
	char *symbols;
	char *build_id;
	char *module; /* name of the module that we build */
	char *units_o; /* its units, linked; NULL: none */
	char *ko; /* the finished module */
	json_t *types; /* whose layouts were compared: null, or a row that tells of a change */
	json_t *relocations; /* its klp relocations, a row per symbol */
};

/* A changed function that only new callers can lead to: callers.c. */
struct called_function {
	char *name, *object;
	char *file; /* where it is */
	unsigned int line;
};

/* A function or variable that has gone to another unit of its object: globals.c. */
struct moved {
	char *name;
	size_t from, to; /* in build->units */
};

/*
 * What any work needs, whatever it is about: what was asked for, where to report, and where to
 * write. A function that needs no more of a build takes a job, and a kernel if it is about one.
 */
struct job {
	struct options options;
	struct diag *diag;
	struct progress *progress;
	char *data; /* folder with kmod/ and templates/ */
	char *tools; /* folder with create-diff-object and klp-relocs; NULL: PATH */
	char *work; /* temporary, removed at the end unless --keep */
};

struct build {
	/* The job, by that name or by the names of its members. */
	union {
		struct job job;
		struct {
			struct options options;
			struct diag *diag;
			struct progress *progress;
			char *data, *tools, *work;
		};
	};
	struct kernel kernel;
	char *shadow; /* work/shadow: the source with the diffs applied */
	/* the same, compiled: unchanged lines have their old numbers (numbered.c) */
	char *numbered;
	char *line_map_file;
	char *words_file; /* that the changed files have lost and gained: changed-words.h */
	struct line_map *line_map; /* from those numbers to lines of ->shadow */
	/* A module that isn't the kernel's; all NULL if none was given. */
	char *oot_module; /* its file */
	char *oot_source;
	char *oot_built; /* where the module was built, with a '/' at the end, or "" */
	char *oot_name;
	char *oot_tree; /* the copy of its source that was built */
	char *oot_units; /* its units, as the cache has those of the kernel */
	char *oot_index; /* of them */
	char *name; /* of the livepatch */
	char *output; /* absolute */
	struct diff *diffs;
	size_t n_diffs;
	struct change *changes;
	size_t n_changes;
	struct unit *units;
	size_t n_units;
	struct called_function *called;
	size_t n_called;
	struct moved *moved;
	size_t n_moved;
	/* objects[0] is always vmlinux: the main module exists in any case. */
	struct object *objects;
	size_t n_objects;
	char *core_symvers; /* what the core exports */
	char *core_ko; /* the core itself, in the run's own folder */
	json_t *signature; /* what the manifest says of the modules' signature; NULL: not signed */
	json_t *manifest;
	struct source_files sources; /* of the patched tree, as far as anybody asked */
	char *package; /* file of the package; NULL: none */
	char *report; /* the manifest as a page to look at */
	bool nothing_to_do; /* the diffs touch nothing that is compiled */
};

/* The passes, in their order. Each returns 0 or a negative errno with a diagnostic. */
int find_tools(struct build *build);
int make_work(struct build *build);
int take_oot(struct build *build);
int read_diffs(struct build *build);
int find_kernel(struct build *build);
int name_livepatch(struct build *build);
int prepare_kernel(struct build *build);
int prepare_oot(struct build *build);
int apply_diffs(struct build *build);
int keep_line_numbers(struct build *build);
int map_units(struct build *build);
int map_headers(struct build *build);
int map_new_units(struct build *build);
int identify_objects(struct build *build);
int name_modules(struct build *build);
int compile_originals(struct build *build);
int check_makers(struct build *build);
int compile_patched(struct build *build);
int check_macros(struct build *build); /* those whose value changes: KS394 */
int check_globals(struct build *build);
int check_removed_units(struct build *build);
int diff_units(struct build *build);
int keep_ambiguous_names(struct build *build,
			 bool *kept); /* *kept: diff_units() may go better now */
/*
 * If functions that can't be redirected are all that is wrong: add the units of their callers.
 * *@added: there are more units now, or more that is to be done with them.
 */
int add_callers(struct build *build, bool *added);
int check_called(struct build *build); /* are all callers replaced? */
int check_layouts(struct build *build);
int check_declared(struct build *build); /* what units declare and contradict each other in */
int check_signatures(struct build *build);
int check_moved_state(struct build *build); /* variables that one unit loses and another gains */
int bind_exports(struct build *build);

int check_unresolved(struct build *build); /* uses of what nobody has */
int check_sleepers(struct build *build);
int check_creators(struct build *build); /* what runs for new things only: KS379 */
int check_core_functions(struct build *build); /* those that the core itself redirects */
int prove_units(struct build *build);
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

/* The model itself: build.c. */

/*
 * True if a function of the running kernel is replaced, or a callback is called. Other new
 * functions alone change nothing: what could call them is not replaced.
 */
bool build_replaces(const struct build *build);
bool object_replaces(const struct build *build, const struct object *object);
/* True if any of its units came out changed, if only by a new function. */
bool object_has_changes(const struct build *build, const struct object *object);
/* True if the livepatch has (--check: would have) a module for it. */
bool object_has_module(const struct build *build, const struct object *object);
struct object *build_find_object(struct build *build, const char *name);
/* Add a unit, with copies of the strings. */
struct unit_index_entry;
int build_add_unit(struct build *build, const struct unit_index_entry *entry);
/* Has @name of @unit come from another unit of the object? */
bool has_moved_to(const struct build *build, const struct unit *unit, const char *name);
/* The tree that diffs apply to: that of a module which isn't the kernel's, or the kernel's. */
const char *patched_tree(const struct build *build);
/* What create-diff-object has said of the units, before it runs again. */
void build_forget_results(struct build *build);
void build_free(struct build *build);

#endif
