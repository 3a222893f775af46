// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Parses the command line. Letters known from kpatch have the same meaning
 * here.
 */
#include <argp.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>

#include "lib/array.h"
#include "lib/diag.h"
#include "lib/files.h"
#include "lib/suggest.h"
#include "kpatch-build/options.h"
#include "kpatch-build/kernel/kernel-names.h"
#include "lib/text.h"

const char *argp_program_version = "kpatch-build (klp-split) " KLP_SPLIT_VERSION;

enum {
	OPT_FETCH = 256,
	OPT_MIRROR,
	OPT_KEYRING,
	OPT_ALLOW_EXPIRED,
	OPT_PACKAGES,
	OPT_KEEP,
	OPT_JSON,
	OPT_EXPLAIN,
	OPT_PROVE,
	OPT_ASSUME,
	OPT_MAX_UNITS,
	OPT_ALL_READERS,
	OPT_CHECK,
	OPT_MODULES,
	OPT_SYMVERS,
	OPT_BUILD_TREE,
	OPT_OOT_MODULE,
	OPT_OOT_SOURCE,
	OPT_REPORT,
	OPT_SIGN_KEY,
	OPT_SIGN_CERT,
	OPT_SIGN_HASH,
	OPT_LAUNCHER,
	OPT_ONE_OF,
	OPT_RESULT,
	OPT_PACKAGE,
	OPT_PACKAGE_VERSION,
	OPT_LEDGER,
	OPT_EACH,
	OPT_EACH_MUST_BUILD,
	OPT_EACH_PART,
	OPT_CVE_MAP,
	OPT_LEAVE_OUT,
	OPT_SUGGEST
};

bool options_want_many(const struct options *options)
{
	return !options->one_of &&
	       (options->n_kernels > 1 ||
		(options->n_kernels && kernel_name_is_pattern(options->kernels[0])));
}

static const struct argp_option table[] = {
	{ NULL, 0, NULL, 0, "What to build:", 1 },
	{ "name", 'n', "NAME", 0, "of the livepatch; default: from the first diff", 1 },
	{ "output", 'o', "DIR", 0, "of the modules; default: the livepatch's name", 1 },
	{ "non-replace", 'R', NULL, 0, "do not replace the livepatches that are active", 1 },
	{ "sign-key", OPT_SIGN_KEY, "KEY", 0, "sign the modules; with --sign-cert=CERT", 1 },
	{ "sign-cert", OPT_SIGN_CERT, "CERT", OPTION_HIDDEN, NULL, 1 },
	{ "sign-hash", OPT_SIGN_HASH, "HASH", OPTION_HIDDEN, NULL, 1 },
	{ "package", OPT_PACKAGE, "deb|rpm", 0, "make a package, too; --package-version=V", 1 },
	{ "package-version", OPT_PACKAGE_VERSION, "V", OPTION_HIDDEN, NULL, 1 },
	{ "report", OPT_REPORT, "FILE", 0, "put the report there; --ledger prints differences", 1 },
	{ "ledger", OPT_LEDGER, NULL, OPTION_HIDDEN, NULL, 1 },
	{ "each", OPT_EACH, NULL, 0, "leave out what is refused; --each-must-build", 1 },
	{ "each-must-build", OPT_EACH_MUST_BUILD, NULL, OPTION_HIDDEN, NULL, 1 },
	{ "cve-map", OPT_CVE_MAP, "FILE", OPTION_HIDDEN, NULL, 1 },
	{ "check", OPT_CHECK, NULL, 0, "build no modules: say what would be replaced", 1 },
	{ "leave-out", OPT_LEAVE_OUT, "FUNCTION", OPTION_HIDDEN, NULL, 1 },
	{ "suggest", OPT_SUGGEST, "FILE", OPTION_ARG_OPTIONAL,
	  "write a diff that can be built; --leave-out=NAME", 1 },
	{ "prove", OPT_PROVE, "UNIT.c", 0, "compare a unit's functions with the shipped ones", 1 },
	{ "assume-changed", OPT_ASSUME, "PATTERN", OPTION_HIDDEN,
	  "replace functions of this name too (a test)", 1 },
	{ NULL, 0, NULL, 0, "For which kernel:", 2 },
	{ "kernel", 'a', "RELEASE", 0, "or SUITE/newest-cloud-amd64, or pattern; or several", 2 },
	{ "archversion", 'a', NULL, OPTION_ALIAS | OPTION_HIDDEN, NULL, 2 },
	{ "fetch", OPT_FETCH, NULL, 0, "download what is missing, from any suite", 2 },
	{ "allow-expired", OPT_ALLOW_EXPIRED, NULL, OPTION_HIDDEN, NULL, 2 },
	{ "mirror", OPT_MIRROR, "URL", 0, "from this archive; --keyring=FILE, --allow-expired", 2 },
	{ "keyring", OPT_KEYRING, "FILE", OPTION_HIDDEN, NULL, 2 },
	{ "packages", OPT_PACKAGES, "DIR", 0, "take packages from there, download nothing", 2 },
	{ "build-tree", OPT_BUILD_TREE, "DIR", 0, "the tree it was built in; or one by one:", 2 },
	{ "source", 's', "DIR", 0, "its source", 2 },
	{ "sourcedir", 's', NULL, OPTION_ALIAS | OPTION_HIDDEN, NULL, 2 },
	{ "config", 'c', "FILE", 0, "its configuration; --symvers=FILE: Module.symvers", 2 },
	{ "vmlinux", 'v', "FILE", 0, "itself, with debug information", 2 },
	{ "modules", OPT_MODULES, "DIR", 0, "its modules with debug information", 2 },
	{ "symvers", OPT_SYMVERS, "FILE", OPTION_HIDDEN, NULL, 2 },
	{ "oot-module", OPT_OOT_MODULE, "FILE", 0, "a module of its own; with --oot-module-src=DIR",
	  2 },
	{ "oot-module-src", OPT_OOT_SOURCE, "DIR", OPTION_HIDDEN, NULL, 2 },
	{ NULL, 0, NULL, 0, "How:", 3 },
	{ "jobs", 'j', "N", 0, "programs at a time; --compiler-launcher=CMD: ccache", 3 },
	{ "compiler-launcher", OPT_LAUNCHER, "CMD", OPTION_HIDDEN, NULL, 3 },
	{ "one-of", OPT_ONE_OF, "RELEASE", OPTION_HIDDEN, "of several kernels this one (internal)",
	  3 },
	{ "each-part", OPT_EACH_PART, "FILE", OPTION_HIDDEN, "of --each this part (internal)", 3 },
	{ "result", OPT_RESULT, "FILE", OPTION_HIDDEN, "put the result there as JSON (internal)",
	  3 },
	{ "max-units", OPT_MAX_UNITS, "N", 0, "limit of what a header reaches; --all-readers", 3 },
	{ "all-readers", OPT_ALL_READERS, NULL, OPTION_HIDDEN, NULL, 3 },
	{ "keep", OPT_KEEP, NULL, 0, "keep the intermediate files and say where", 3 },
	{ "skip-cleanup", OPT_KEEP, NULL, OPTION_ALIAS, NULL, 3 },
	{ "verbose", 'd', NULL, 0, "show the commands", 3 },
	{ "debug", 'd', NULL, OPTION_ALIAS | OPTION_HIDDEN, NULL, 3 },
	{ "json", OPT_JSON, "events", OPTION_ARG_OPTIONAL,
	  "print the result as JSON; or each step as well", 3 },
	{ "explain", OPT_EXPLAIN, "CODE", 0, "print what an error code means, and what to do", 3 },
	{ NULL, 'h', NULL, OPTION_HIDDEN, NULL, -1 },
	{ 0 },
};

static int add_string(const char ***list, size_t *n, const char *string)
{
	const char **longer = realloc(*list, (*n + 1) * sizeof(*longer));

	if (!longer)
		return ENOMEM;
	longer[(*n)++] = string;
	*list = longer;
	return 0;
}

static int add_diff(struct options *options, const char *path)
{
	return add_string(&options->diffs, &options->n_diffs, path);
}

static const char *const diff_names[] = {
	"*.@(patch|diff)",
	"*.@(patch|diff).@(gz|xz|bz2|zst)",
};

/* git's cover letter is among the diffs, but contains none. */
static int is_diff(const struct dirent *entry)
{
	if (!fnmatch("*0000-cover-letter.patch", entry->d_name, 0))
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(diff_names); i++)
		if (!fnmatch(diff_names[i], entry->d_name, FNM_EXTMATCH))
			return 1;
	return 0;
}

/* A folder stands for its diffs in the order of their names, as git format-patch numbers them. */
static int add_diffs(struct options *options, char *path, struct argp_state *state)
{
	struct dirent **entries;
	struct stat st;
	int n, err = 0;

	for (size_t i = 0; i < options->n_diffs; i++)
		if (!strcmp(path, "-") && !strcmp(options->diffs[i], "-"))
			argp_error(state, "standard input ('-') can be read once");
	if (!strcmp(path, "-") || stat(path, &st) || !S_ISDIR(st.st_mode))
		return add_diff(options, path);
	n = scandir(path, &entries, is_diff, alphasort);
	if (n < 0)
		argp_failure(state, 1, errno, "%s", path);
	if (!n)
		argp_error(state, "%s has no *.patch or *.diff", path);
	for (int i = 0; i < n; i++) {
		char *one = path_join(path, entries[i]->d_name, NULL);

		err = err ?: one ? add_diff(options, one) : ENOMEM;
		free(entries[i]);
	}
	free(entries);
	return err;
}

/* Files of one kernel can't be given for several. */
static void check_kernels(struct options *options, struct argp_state *state)
{
	const struct {
		const char *name;
		bool given;
	} single[] = {
		{ "--source", options->source },	 { "--config", options->config },
		{ "--vmlinux", options->vmlinux },	 { "--modules", options->modules },
		{ "--symvers", options->symvers },	 { "--build-tree", options->build_tree },
		{ "--oot-module", options->oot_module }, { "--report", options->report },
		{ "--ledger", options->ledger },	 { "--json=events", options->events },
		{ "--suggest", options->suggest },
	};

	if (options->one_of) {
		options->kernel = options->one_of;
		return;
	}
	if (!options_want_many(options))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(single); i++)
		if (single[i].given)
			argp_error(state, "%s is for one kernel, not for several", single[i].name);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *options = state->input;
	char *end;
	long n;

	switch (key) {
	case 'h':
		argp_state_help(state, stdout, ARGP_HELP_STD_HELP);
		break;
	case 'a':
		options->kernel = arg;
		return add_string(&options->kernels, &options->n_kernels, arg);
	case 's':
		options->source = arg;
		break;
	case 'c':
		options->config = arg;
		break;
	case 'v':
		options->vmlinux = arg;
		break;
	case OPT_MODULES:
		options->modules = arg;
		break;
	case OPT_SYMVERS:
		options->symvers = arg;
		break;
	case OPT_BUILD_TREE:
		options->build_tree = arg;
		break;
	case OPT_OOT_MODULE:
		options->oot_module = arg;
		break;
	case OPT_OOT_SOURCE:
		options->oot_source = arg;
		break;
	case 'n':
		options->name = arg;
		break;
	case 'o':
		options->output = arg;
		break;
	case 'R':
		options->stacked = true;
		break;
	case OPT_CHECK:
		options->check = true;
		break;
	case OPT_LEDGER:
		options->ledger = true;
		break;
	case OPT_EACH_MUST_BUILD:
		options->each_must_build = true;
		options->each = true;
		break;
	case OPT_EACH:
		options->each = true;
		break;
	case OPT_EACH_PART:
		options->each_part = arg;
		break;
	case OPT_CVE_MAP:
		options->cve_map = arg;
		break;
	case OPT_LEAVE_OUT:
		return add_string(&options->leave_out, &options->n_leave_out, arg);
	case OPT_SUGGEST:
		options->suggest = true;
		options->suggested = arg;
		break;
	case OPT_PROVE:
		options->prove = arg;
		break;
	case OPT_ASSUME:
		options->assume_changed = arg;
		break;
	case OPT_FETCH:
		options->fetch = true;
		break;
	case OPT_MIRROR:
		if (!strstr(arg, ":/") || strpbrk(arg, " \t\n[]\""))
			argp_error(state, "'%s' is no URL of an archive", arg);
		options->mirror = arg;
		break;
	case OPT_KEYRING:
		if (*arg != '/' || strpbrk(arg, " \t\n[]\","))
			argp_error(state, "--keyring %s: a whole path without blanks is needed",
				   arg);
		options->keyring = arg;
		break;
	case OPT_ALLOW_EXPIRED:
		options->allow_expired = true;
		break;
	case OPT_PACKAGES:
		options->packages = arg;
		options->fetch = true;
		break;
	case 'j':
		n = strtol(arg, &end, 10);
		if (*end || end == arg || n < 1 || n > 1024)
			argp_error(state, "'%s' is no number of jobs", arg);
		options->jobs = n;
		break;
	case OPT_MAX_UNITS:
		n = strtol(arg, &end, 10);
		if (*end || end == arg || n < 1 || n > 1000000)
			argp_error(state, "'%s' is no number of units", arg);
		options->max_units = n;
		break;
	case OPT_ALL_READERS:
		options->all_readers = true;
		break;
	case OPT_KEEP:
		options->keep = true;
		break;
	case 'd':
		options->verbose = true;
		break;
	case OPT_JSON:
		if (arg && strcmp(arg, "events"))
			argp_error(state, "--json=%s: only 'events' is known", arg);
		options->json = true;
		options->events = arg;
		break;
	case OPT_REPORT:
		options->report = arg;
		break;
	case OPT_SIGN_KEY:
		options->sign_key = arg;
		break;
	case OPT_SIGN_CERT:
		options->sign_cert = arg;
		break;
	case OPT_SIGN_HASH:
		options->sign_hash = arg;
		break;
	case OPT_PACKAGE:
		if (strcmp(arg, "deb") && strcmp(arg, "rpm"))
			argp_error(state, "--package=%s: 'deb' and 'rpm' are known", arg);
		options->package = arg;
		break;
	case OPT_PACKAGE_VERSION:
		if (!isdigit((unsigned char)*arg) ||
		    arg[strspn(arg, "0123456789.+~abcdefghijklmnopqrstuvwxyz")])
			argp_error(state, "'%s' is no version: a digit, then digits, letters, .+~",
				   arg);
		options->package_version = arg;
		break;
	case OPT_LAUNCHER:
		if (strpbrk(arg, "\t:#$'\"\\;&|<>") || !arg[strspn(arg, " ")])
			argp_error(state, "'%s' is no program with plain arguments", arg);
		options->launcher = arg;
		break;
	case OPT_ONE_OF:
		options->one_of = arg;
		break;
	case OPT_RESULT:
		options->result = arg;
		break;
	case OPT_EXPLAIN:
		if (!diag_explain(arg, stdout))
			argp_error(state, "there is no code '%s'", arg);
		exit(0);
	case ARGP_KEY_ARG:
		return add_string(&options->given, &options->n_given, arg)
			       ?: add_diffs(options, arg, state);
	case ARGP_KEY_END:
		check_kernels(options, state);
		if (!options->n_diffs && !options->prove)
			argp_error(state, "which diff? Give at least one FIX.patch");
		if (!options->oot_module != !options->oot_source)
			argp_error(state, "--oot-module and --oot-module-src belong together");
		if (options->package && (options->check || options->prove))
			argp_error(state, "--package needs modules");
		if (options->ledger && options->prove)
			argp_error(state, "--ledger needs a diff");
		if (options->each && options->prove)
			argp_error(state, "--each needs diffs");
		if (options->suggest && (options->prove || options->ledger || options->json))
			argp_error(state,
				   "--suggest goes with neither --prove, --ledger nor --json");
		if (options->suggest && options->n_leave_out)
			argp_error(state, "--suggest finds itself what to leave out");
		if (options->n_leave_out && options->each)
			argp_error(state, "--leave-out is for one fix, --each for many");
		if (options->suggest && options->each)
			argp_error(state, "--suggest is for one fix, --each for many");
		if (options->n_diffs && options->prove)
			argp_error(state, "--prove takes no diff");
		if (!options->sign_key != !options->sign_cert ||
		    (options->sign_hash && !options->sign_key))
			argp_error(state, "--sign-key and --sign-cert belong together");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

void options_parse(int argc, char **argv, struct options *options)
{
	static const struct argp argp = {
		table,
		parse,
		"FIX.patch|DIR…",
		"Build livepatch modules for a kernel as its distribution ships it."
		"\v"
		"Exit: 0 built, 1 error, 2 can't be done, 3 nothing changed; kpatch-build(1).",
		NULL,
		NULL,
		NULL,
	};
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	/* --help has to fit a screen */
	setenv("ARGP_HELP_FMT", "no-dup-args-note,long-opt-col=5,opt-doc-col=27", 0);
	argp_err_exit_status = 1;
	options->jobs = cpus > 0 ? cpus : 1;
	options->max_units = 500;
	options->package_version = "1";
	suggest_options("kpatch-build", argp.options, argv);
	argp_parse(&argp, argc, argv, 0, NULL, options);
}
