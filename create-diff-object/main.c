// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * create-diff-object: what does a source diff change in the binary? Its input
 * is two compilations of a unit, its output an object file with the changed
 * functions and all that they need.
 */
#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "create-diff-object/all-passes.h"
#include "lib/klp-format.h"
#include "lib/line-map.h"
#include "lib/streams.h"
#include "lib/suggest.h"
#include "create-diff-object/ledger-report.h"

enum {
	EXIT_CHANGED = 0,
	EXIT_FAILED = 1,
	EXIT_REFUSED = 2,
	EXIT_UNCHANGED = 3,
};

struct options {
	const char *original, *patched;
	char *object;
	const char *object_file, *symvers, *json, *output, *source_root, *explain;
	const char *assume_changed, *names, *lines, *words;
	const char **called;
	size_t n_called;
	struct moved_name *moved;
	size_t n_moved;
	bool objtool_follows, ledger;
};

const char *argp_program_version = "create-diff-object (klp-split) " KLP_SPLIT_VERSION;

static const struct argp_option argp_options[] = {
	{ "object", 'n', "NAME", 0,
	  "Kernel object that the unit is part of: vmlinux (default) or a module", 0 },
	{ "object-file", 'f', "FILE", 0, "File of that object, with its symbol table", 0 },
	{ "symvers", 's', "FILE", 0, "Module.symvers of the kernel", 0 },
	{ "json", 'j', "FILE", 0, "Write the result as JSON", 0 },
	{ "output", 'o', "FILE", 0, "Write the object file; needs --object-file and --symvers", 0 },
	{ "source-root", 'r', "DIR", 0, "Remove this prefix from file names in messages", 0 },
	{ "assume-changed", 'a', "PATTERN", 0,
	  "Replace functions of this name even if they are equal (for tests)", 0 },
	{ "callers-of", 'c', "NAME", 0,
	  "Replace the callers of that function, which can't be redirected", 0 },
	{ "moved", 'm', "NAME=FILE", 0,
	  "That function or variable was in another unit of the object, compiled as FILE", 0 },
	{ "names", 'N', "FILE", 0, "PATCHED.o, assembled with its local variables made global", 0 },
	{ "lines", 'l', "FILE", 0,
	  "Lines of the patched source by the numbers that #line gave them", 0 },
	{ "words", 'w', "FILE", 0,
	  "Words that the diffs remove from (-word) and add to (+word) their files", 0 },
	{ "objtool-follows", 't', NULL, 0,
	  "Leave out sections that objtool makes: it runs on the linked module", 0 },
	{ "ledger", 'L', NULL, 0, "Print all differences, and how each is handled", 0 },
	{ "explain", 'e', "CODE", 0, "Explain an error code", 0 },
	{ NULL, 'h', NULL, OPTION_HIDDEN, NULL, -1 },
	{ 0 },
};

static error_t add_called(struct options *o, const char *name)
{
	const char **called = reallocarray(o->called, o->n_called + 1, sizeof(*called));

	if (!called)
		return ENOMEM;
	o->called = called;
	called[o->n_called++] = name;
	return 0;
}

/* Cuts @text at the '='. */
static error_t add_moved(struct options *o, char *text)
{
	struct moved_name *moved = reallocarray(o->moved, o->n_moved + 1, sizeof(*moved));
	char *equals = strchr(text, '=');

	if (!moved)
		return ENOMEM;
	o->moved = moved;
	if (!equals || equals == text || !equals[1])
		return EINVAL;
	*equals = '\0';
	moved[o->n_moved++] = (struct moved_name){ text, equals + 1 };
	return 0;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'h':
		argp_state_help(state, stdout, ARGP_HELP_STD_HELP);
		break;
	case 'n':
		o->object = klp_kernel_name(arg);
		break;
	case 'f':
		o->object_file = arg;
		break;
	case 's':
		o->symvers = arg;
		break;
	case 'j':
		o->json = arg;
		break;
	case 'o':
		o->output = arg;
		break;
	case 'r':
		o->source_root = arg;
		break;
	case 'a':
		o->assume_changed = arg;
		break;
	case 'c':
		return add_called(o, arg);
	case 'm':
		if (!strchr(arg, '='))
			argp_error(state, "--moved needs NAME=FILE");
		return add_moved(o, arg);
	case 'N':
		o->names = arg;
		break;
	case 'l':
		o->lines = arg;
		break;
	case 'w':
		o->words = arg;
		break;
	case 't':
		o->objtool_follows = true;
		break;
	case 'L':
		o->ledger = true;
		break;
	case 'e':
		o->explain = arg;
		break;
	case ARGP_KEY_ARG:
		if (state->arg_num == 0)
			o->original = arg;
		else if (state->arg_num == 1)
			o->patched = arg;
		else
			argp_usage(state);
		break;
	case ARGP_KEY_END:
		if (!o->patched && !o->explain)
			argp_usage(state);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp argp = {
	.options = argp_options,
	.parser = parse_option,
	.args_doc = "ORIGINAL.o PATCHED.o",
	.doc = "Find what differs between two compilations of a unit of the kernel.\v"
	       "Exit status: 0 something changed, 1 error, 2 the change can't be livepatched, "
	       "3 nothing changed. See create-diff-object(1).",
};

static int load_inputs(struct inputs *inputs, const struct options *o, struct object_index **object,
		       struct symvers **symvers, struct line_map **lines, struct words **words,
		       struct diag *diag)
{
	int err = 0;

	if (o->output && (!o->object_file || !o->symvers))
		return diag_error(diag, "KS121", NULL, "--output without %s",
				  o->object_file ? "--symvers" : "--object-file");
	if (o->object_file)
		err = object_index_load(o->object_file, o->object, object, diag);
	if (o->symvers)
		err = err ?: symvers_load(o->symvers, symvers, diag);
	if (o->lines)
		err = err ?: line_map_read(o->lines, lines, diag);
	if (o->words)
		err = err ?: words_read(o->words, words, diag);
	*inputs = (struct inputs){
		.original = o->original,
		.patched = o->patched,
		.object_name = o->object,
		.object = *object,
		.symvers = *symvers,
		.output = o->output,
		.source_root = o->source_root,
		.lines = *lines,
		.assume_changed = o->assume_changed,
		.names = o->names,
		.words = *words,
		.called = { o->called, o->n_called },
		.moved = o->moved,
		.n_moved = o->n_moved,
		.objtool_follows = o->objtool_follows,
	};
	return err;
}

int main(int argc, char **argv)
{
	char vmlinux[] = KLP_VMLINUX;
	struct options o = { .object = vmlinux };
	struct object_index *object = NULL;
	struct symvers *symvers = NULL;
	struct line_map *lines = NULL;
	struct words *words = NULL;
	struct inputs inputs;
	struct report report = { .result = "error" };
	struct diag *diag;
	bool changed = false;
	int status, err;

	streams_guard("create-diff-object", EXIT_FAILED);
	suggest_options("create-diff-object", argp.options, argv);
	if (argp_parse(&argp, argc, argv, 0, NULL, &o))
		return EXIT_FAILED;
	if (o.explain)
		return diag_explain(o.explain, stdout) ? 0 : EXIT_FAILED;
	diag = diag_new("create-diff-object");
	if (!diag)
		return EXIT_FAILED;
	report.object = o.object;

	err = load_inputs(&inputs, &o, &object, &symvers, &lines, &words, diag);
	err = err ?: run_all_passes(&inputs, &report, &changed, diag);
	if (err)
		status = diag_has_error_of_class(diag, DIAG_FAILURE) ? EXIT_FAILED : EXIT_REFUSED;
	else
		status = changed ? EXIT_CHANGED : EXIT_UNCHANGED;
	report.result = status == EXIT_CHANGED	   ? "changed"
			: status == EXIT_UNCHANGED ? "unchanged"
			: status == EXIT_REFUSED   ? "refused"
						   : "error";
	if (o.json && report_write_json(&report, o.json, diag))
		status = EXIT_FAILED;
	diag_print(diag, stderr);
	if (report.patched && status != EXIT_FAILED)
		report_print(&report, stdout);
	if (o.ledger && report.ledger)
		ledger_print(report.ledger, stdout);

	ledger_free(report.ledger);
	report_free_units(&report);
	object_index_free(object);
	symvers_free(symvers);
	line_map_free(lines);
	words_free(words);
	diag_free(diag);
	free(o.called);
	free(o.moved);
	return status;
}
