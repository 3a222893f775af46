// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * klp-relocs handles a livepatch module's references to the running kernel. It
 * has three commands for one module: make its klp relocations, show them, and
 * prove that they are right. Each can be run by hand on any module of a build
 * that was kept.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/diag-json.h"
#include "klp-relocs/convert.h"
#include "lib/files.h"
#include "lib/klp-format.h"
#include "lib/streams.h"
#include "klp-relocs/module.h"
#include "klp-relocs/show.h"
#include "klp-relocs/verify.h"
#include "lib/elf-write.h"
#include "lib/temporary.h"

enum exit_code { OK = 0, FAILED = 1, NOT_VERIFIED = 2 };

struct named_file {
	const char *name, *path;
};

struct options {
	const struct command *command;
	const char *module, *output, *target;
	const char **symvers;
	size_t n_symvers;
	struct named_file *objects; /* --provider or --object */
	size_t n_objects;
	bool json, linked;
};

struct command {
	const char *name;
	const char *options; /* the short names of the options that it accepts */
	int (*run)(const struct options *opts, struct diag *diag);
};

static const char usage[] =
	"usage: klp-relocs convert [-s FILE]… [-p NAME=FILE]… [-o OUT] MODULE.ko\n"
	"       klp-relocs show [-j] MODULE.ko\n"
	"       klp-relocs verify [-s FILE]… [-b NAME=FILE]… [-t KO] [-lj] MODULE.ko\n"
	"\n"
	"Make, show and check the klp relocations of a livepatch module: references to\n"
	"symbols of the running kernel that are not exported, or whose module must not\n"
	"be pinned.\n"
	"\n"
	"  convert  turn the references listed in .klp.refs, and those to a provider,\n"
	"           into klp relocations, once, after kbuild has linked the module\n"
	"  show     list every klp relocation: place, type, object, symbol, position\n"
	"  verify   prove that the kernel will find each symbol, at exactly the right\n"
	"           place, and that the module pins no other module\n"
	"\n"
	"  -s, --symvers FILE        list of exports (Module.symvers); may be repeated\n"
	"  -p, --provider NAME=FILE  livepatch module whose symbols are used, the main\n"
	"                            module for an object module; may be repeated\n"
	"  -o, --output OUT          write here (default: replace MODULE.ko)\n"
	"  -b, --object NAME=FILE    file of an object that symbols refer to; vmlinux\n"
	"                            or a module; may be repeated\n"
	"  -t, --target KO           the module that is patched: what it depends on may\n"
	"                            be referred to, too\n"
	"  -l, --linked              MODULE.ko is only the linked units of a module:\n"
	"                            check what they refer to\n"
	"  -j, --json                machine-readable result on standard output\n"
	"  -h, --help                this text\n"
	"      --version             version\n"
	"\n"
	"Exit: 0 done, 1 error, 2 the module is wrong (verify).\n"
	"`kpatch-build --explain CODE` explains a KS code. See klp-relocs(1).\n";

static const struct option long_options[] = {
	{ "symvers", required_argument, NULL, 's' }, { "provider", required_argument, NULL, 'p' },
	{ "output", required_argument, NULL, 'o' },  { "object", required_argument, NULL, 'b' },
	{ "target", required_argument, NULL, 't' },  { "linked", no_argument, NULL, 'l' },
	{ "json", no_argument, NULL, 'j' },	     { "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },	     { NULL, 0, NULL, 0 },
};

static int usage_error(const char *what, const char *which)
{
	fprintf(stderr, "klp-relocs: %s%s%s%s\nTry 'klp-relocs --help'.\n", what, which ? " '" : "",
		which ?: "", which ? "'" : "");
	return FAILED;
}

/* Inputs */

static int load_symvers(const struct options *opts, struct symvers **symvers, struct diag *diag)
{
	int err = 0, one;

	for (size_t i = 0; i < opts->n_symvers; i++) {
		one = *symvers ? symvers_add(*symvers, opts->symvers[i], diag)
			       : symvers_load(opts->symvers[i], symvers, diag);
		err = one ?: err;
	}
	return err;
}

/* The indices of all --object or --provider files, and of the target under its own name. */
struct indices {
	struct object_index **list;
	size_t n;
};

static int add_index(struct indices *indices, const char *name, const char *path, struct diag *diag)
{
	int err = object_index_load(path, name, &indices->list[indices->n], diag);

	if (!err)
		indices->n++;
	return err;
}

static int load_indices(const struct options *opts, const struct elf_model *target,
			struct indices *indices, struct diag *diag)
{
	const char *target_name = target ? module_info(target, "name") : NULL;
	int err = 0, one;

	indices->list = calloc(opts->n_objects + 1, sizeof(*indices->list));
	if (!indices->list)
		return diag_oom(diag);
	for (size_t i = 0; i < opts->n_objects; i++) {
		one = add_index(indices, opts->objects[i].name, opts->objects[i].path, diag);
		err = one ?: err;
		if (target_name && !strcmp(opts->objects[i].name, target_name))
			target_name = NULL;
	}
	if (target_name)
		err = err ?: add_index(indices, target_name, opts->target, diag);
	return err;
}

static void free_indices(struct indices *indices)
{
	for (size_t i = 0; i < indices->n; i++)
		object_index_free(indices->list[i]);
	free(indices->list);
}

/* Commands */

static int run_convert(const struct options *opts, struct diag *diag)
{
	struct elf_model *model = NULL;
	struct symvers *symvers = NULL;
	struct indices indices = { 0 };
	int err, one;

	err = elf_model_load(opts->module, &model, diag);
	one = load_symvers(opts, &symvers, diag);
	err = err ?: one;
	one = load_indices(opts, NULL, &indices, diag);
	err = err ?: one;
	if (!err) {
		struct providers providers = { indices.list, indices.n };

		err = convert(model, symvers, &providers, diag);
	}
	err = err ?: elf_model_write(model, opts->output ?: opts->module, diag);

	free_indices(&indices);
	symvers_free(symvers);
	elf_model_free(model);
	return err ? FAILED : OK;
}

static int print_json(json_t *value, struct diag *diag)
{
	if (!value)
		return diag_oom(diag);
	json_dumpf(value, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(value);
	return 0;
}

static int run_show(const struct options *opts, struct diag *diag)
{
	struct elf_model *model;
	int err = elf_model_load(opts->module, &model, diag);

	if (err)
		return FAILED;
	if (opts->json)
		err = print_json(show_json(model), diag);
	else
		show_text(model, stdout);
	elf_model_free(model);
	return err ? FAILED : OK;
}

static int report_verdict(const struct options *opts, const struct verify_counts *counts,
			  enum exit_code code, struct diag *diag)
{
	json_t *problems;

	if (!opts->json) {
		if (code == OK)
			printf("%s: %zu klp relocations to %zu symbols, all correct\n",
			       opts->module, counts->relocations, counts->symbols);
		return code;
	}
	problems = diag_to_json(diag);
	if (print_json(json_pack("{s:s, s:b, s:I, s:I, s:o}", "module", opts->module, "verified",
				 code == OK, "relocations", (json_int_t)counts->relocations,
				 "symbols", (json_int_t)counts->symbols, "problems", problems),
		       diag))
		return FAILED;
	return code;
}

static int run_verify(const struct options *opts, struct diag *diag)
{
	struct elf_model *model = NULL, *target = NULL;
	struct verify_counts counts = { 0 };
	struct symvers *symvers = NULL;
	struct indices indices = { 0 };
	enum exit_code code = FAILED;
	int err, one;

	err = elf_model_load(opts->module, &model, diag);
	one = opts->target ? elf_model_load(opts->target, &target, diag) : 0;
	err = err ?: one;
	one = load_symvers(opts, &symvers, diag);
	err = err ?: one;
	one = load_indices(opts, target, &indices, diag);
	err = err ?: one;
	if (!err) {
		struct verify_inputs in = {
			.module = model,
			.target = target,
			.symvers = symvers,
			.objects = indices.list,
			.n_objects = indices.n,
			.linked = opts->linked,
		};

		verify(&in, &counts, diag);
		code = diag_has(diag, "KS900") ? FAILED : diag_errors(diag) ? NOT_VERIFIED : OK;
	}
	code = report_verdict(opts, &counts, code, diag);

	free_indices(&indices);
	symvers_free(symvers);
	elf_model_free(target);
	elf_model_free(model);
	return code;
}

static const struct command commands[] = {
	{ "convert", "spo", run_convert },
	{ "show", "j", run_show },
	{ "verify", "sbtlj", run_verify },
};

/* Command line */

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	return NULL;
}

/* Parse "NAME=FILE"; the user may write NAME with '-' */
static bool add_object(struct options *opts, char *arg)
{
	char *equals = strchr(arg, '=');

	if (!equals || equals == arg || !equals[1])
		return false;
	*equals = '\0';
	opts->objects[opts->n_objects++] = (struct named_file){ klp_kernel_name(arg), equals + 1 };
	return true;
}

static int take_option(struct options *opts, int option, char *arg)
{
	switch (option) {
	case 's':
		opts->symvers[opts->n_symvers++] = arg;
		return OK;
	case 'p':
	case 'b':
		return add_object(opts, arg) ? OK : usage_error("not NAME=FILE:", arg);
	case 'o':
		opts->output = arg;
		return OK;
	case 't':
		opts->target = arg;
		return OK;
	case 'l':
		opts->linked = true;
		return OK;
	case 'j':
		opts->json = true;
		return OK;
	default:
		fprintf(stderr, "Try 'klp-relocs --help'.\n");
		return FAILED;
	}
}

static int parse_options(struct options *opts, int argc, char **argv)
{
	int option, err;

	while ((option = getopt_long(argc, argv, "s:p:o:b:t:ljh", long_options, NULL)) != -1) {
		char name[] = { '-', option, '\0' };

		if (option == 'h' || option == 'V') {
			if (option == 'h')
				fputs(usage, stdout);
			else
				puts("klp-relocs (klp-split) " KLP_SPLIT_VERSION);
			exit(OK);
		}
		if (option != '?' && opts->command && !strchr(opts->command->options, option))
			return usage_error("not an option of this command:", name);
		err = take_option(opts, option, optarg);
		if (err)
			return err;
	}
	return OK;
}

static int parse_command_line(struct options *opts, int argc, char **argv)
{
	int err;

	opts->symvers = calloc(argc, sizeof(*opts->symvers));
	opts->objects = calloc(argc, sizeof(*opts->objects));
	if (!opts->symvers || !opts->objects)
		return usage_error("out of memory", NULL);

	if (argc > 1 && *argv[1] != '-') {
		opts->command = find_command(argv[1]);
		if (!opts->command)
			return usage_error("no such command:", argv[1]);
		argv++;
		argc--;
	}
	err = parse_options(opts, argc, argv);
	if (err)
		return err;
	if (!opts->command)
		return usage_error("which command: convert, show or verify?", NULL);
	if (optind != argc - 1)
		return usage_error(optind == argc ? "which module?" : "one module at a time:",
				   optind == argc ? NULL : argv[optind + 1]);
	opts->module = argv[optind];
	return OK;
}

int main(int argc, char **argv)
{
	struct options opts = { 0 };
	struct diag *diag = NULL;
	int code;

	streams_guard("klp-relocs", FAILED);
	files_cleanup_on_signals();
	signal(SIGPIPE, SIG_DFL); /* `klp-relocs show … | head` ends quietly */
	code = parse_command_line(&opts, argc, argv);
	if (code == OK) {
		diag = diag_new("klp-relocs");
		code = diag ? opts.command->run(&opts, diag) : usage_error("out of memory", NULL);
		/* verify's JSON has all problems; a log that has both outputs stays JSON */
		if (diag && !(opts.json && opts.command->run == run_verify))
			diag_print(diag, stderr);
	}
	diag_free(diag);
	free(opts.symvers);
	free(opts.objects);
	return code;
}
