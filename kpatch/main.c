// SPDX-License-Identifier: GPL-2.0-or-later
/* kpatch: the administrator's command. One table has all its verbs. */
#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "lib/array.h"
#include "kpatch/alone.h"
#include "kpatch/machine/holders.h"
#include "kpatch/machine/holdups.h"
#include "kpatch/service.h"
#include "lib/streams.h"
#include "lib/strvec.h"
#include "lib/suggest.h"
#include "kpatch/verbs/verbs.h"
#include "kpatch/machine/nudge.h"
#include "kpatch/machine/modules.h"
#include "kpatch/machine/bpf-links.h"

#define DEFAULT_TIMEOUT 60 /* the kernel signals sleeping tasks every 15 s */

/* Documented in kpatch(8); scripts rely on them. */
enum {
	EXIT_DONE = 0,
	EXIT_FAILED = 1, /* and undone */
	EXIT_USAGE = 2,
	EXIT_REFUSED = 3, /* before anything was touched; info: it doesn't fit */
	EXIT_STALLED = 4, /* the transition did not finish or was interrupted; it was reversed */
	EXIT_PARTLY = 5, /* something is left behind */
	EXIT_TROUBLED = 6, /* status: something is not as it should be */
};

struct options {
	const char *verb;
	struct strvec words;
	const char *explain;
	unsigned int timeout;
	const char *kernel;
	const char *drop; /* host->drop */
	bool all, boot, json, quiet, yes;
	char given[16]; /* the keys of the options given, except -q */
};

enum words { NO_WORDS, SOME_WORDS, ONE_WORD, ANY_WORDS };

/*
 * Who may call a verb, and when. A verb that only reads, or that helps a transition on, doesn't
 * wait for the kpatch that follows the transition.
 */
enum need {
	NEEDS_NOTHING,
	NEEDS_ROOT,
	NEEDS_ROOT_ALONE, /* it changes the state of the machine: one at a time */
};

struct verb {
	const char *name;
	int (*run)(struct host *host, const struct options *options);
	enum need need;
	enum words words;
	const char *options; /* the keys of its own options, beside those of all verbs */
};

static int run_load(struct host *host, const struct options *options)
{
	if (options->boot)
		return verb_boot(host);
	return verb_load(host, &options->words, options->all);
}

static int run_unload(struct host *host, const struct options *options)
{
	return verb_unload(host, &options->words, options->all);
}

static int run_install(struct host *host, const struct options *options)
{
	return verb_install(host, &options->words);
}

static int run_uninstall(struct host *host, const struct options *options)
{
	return verb_uninstall(host, &options->words, options->all);
}

static int run_wait(struct host *host, const struct options *options)
{
	return verb_wait(host, &options->words, options->json);
}

static int run_signal(struct host *host, const struct options *options)
{
	return verb_signal(host, &options->words, options->json);
}

static int run_force(struct host *host, const struct options *options)
{
	return verb_force(host, options->words.list[0], options->yes);
}

static int run_list(struct host *host, const struct options *options)
{
	return verb_list(host, options->json);
}

static int run_info(struct host *host, const struct options *options)
{
	return verb_info(host, &options->words, options->json, &host->unfit);
}

static int run_check(struct host *host, const struct options *options)
{
	return verb_check(host, &options->words, options->json);
}

static int run_status(struct host *host, const struct options *options)
{
	host->busy = is_another_at_work(host);
	return verb_status(host, &options->words, options->json, &host->troubled);
}

/* Signals are checked only between two steps, so that each step completes. */
static int listen_to_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

/* It waits long, and doesn't hold up other kpatch commands. */
static int run_settle(struct host *host, const struct options *options)
{
	host->signals = listen_to_signals();
	return verb_settle(host, strchr(options->given, 't') ? options->timeout : 0);
}

static int run_version(struct host *host, const struct options *options)
{
	return verb_version(host, options->json);
}

static const struct verb verbs[] = {
	{ "load", run_load, NEEDS_ROOT_ALONE, SOME_WORDS, "tabd" },
	{ "unload", run_unload, NEEDS_ROOT_ALONE, SOME_WORDS, "ta" },
	{ "install", run_install, NEEDS_ROOT_ALONE, SOME_WORDS, "kd" },
	{ "uninstall", run_uninstall, NEEDS_ROOT_ALONE, SOME_WORDS, "ka" },
	{ "list", run_list, NEEDS_NOTHING, NO_WORDS, "j" },
	{ "status", run_status, NEEDS_NOTHING, ANY_WORDS, "j" },
	{ "info", run_info, NEEDS_NOTHING, SOME_WORDS, "j" },
	{ "check", run_check, NEEDS_ROOT, SOME_WORDS, "dkj" },
	{ "wait", run_wait, NEEDS_NOTHING, ANY_WORDS, "tj" },
	{ "signal", run_signal, NEEDS_ROOT, ANY_WORDS, "j" },
	{ "force", run_force, NEEDS_ROOT, ONE_WORD, "ty" },
	{ "settle", run_settle, NEEDS_ROOT, NO_WORDS, "t" },
	{ "version", run_version, NEEDS_NOTHING, NO_WORDS, "j" },
};

static const struct verb *find_verb(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		if (!strcmp(verbs[i].name, name))
			return &verbs[i];
	return NULL;
}

enum { KEY_EXPLAIN = 0x100 };

static const struct argp_option argp_options[] = {
	{ "all", 'a', NULL, 0, "All of these tools; load: all that are installed", 0 },
	{ "boot", 'b', NULL, 0, "load: as kpatch.service does, see kpatch(8)", 0 },
	{ "drop", 'd', "NAME,…", OPTION_ARG_OPTIONAL,
	  "load, install: allow to lose fixes that only these livepatches, or any, contain", 0 },
	{ "json", 'j', NULL, 0, "Print JSON", 0 },
	{ "kernel-version", 'k', "RELEASE", 0, "install, uninstall, check: for this kernel", 0 },
	{ "quiet", 'q', NULL, 0, "Print no progress", 0 },
	{ "timeout", 't', "SECONDS", 0, "How long a transition, or another kpatch, may take (60)",
	  0 },
	{ "yes", 'y', NULL, 0, "force: don't ask for confirmation", 0 },
	{ "explain", KEY_EXPLAIN, "CODE", 0, "Explain an error code", 0 },
	{ NULL, 'h', NULL, OPTION_HIDDEN, NULL, -1 },
	{ 0 }
};

static unsigned int parse_timeout(const char *text, struct argp_state *state)
{
	char *end;
	unsigned long seconds = strtoul(text, &end, 10);

	if (!*text || *text == '-' || *end || !seconds || seconds > 24 * 60 * 60)
		argp_error(state, "--timeout takes seconds, 1 to 86400, not '%s'", text);
	return seconds;
}

static void check_words(const struct verb *verb, const struct options *options,
			struct argp_state *state)
{
	if (options->all && options->boot)
		argp_error(state, "%s: either --all or --boot", verb->name);
	else if ((options->all || options->boot) && options->words.n)
		argp_error(state, "%s: either --%s or names", verb->name,
			   options->all ? "all" : "boot");
	else if (verb->words == NO_WORDS && options->words.n)
		argp_error(state, "%s takes no names", verb->name);
	else if ((verb->words == SOME_WORDS || verb->words == ONE_WORD) && !options->all &&
		 !options->boot && !options->words.n)
		argp_error(state, "%s: which livepatch?", verb->name);
	else if (verb->words == ONE_WORD && options->words.n > 1)
		argp_error(state, "%s: one livepatch at a time", verb->name);
}

static void check_usage(const struct options *options, struct argp_state *state)
{
	const struct verb *verb = options->verb ? find_verb(options->verb) : NULL;
	const char *like = NULL;

	if (options->explain)
		return;
	for (size_t i = 0; options->verb && i < ARRAY_SIZE(verbs); i++)
		like = more_like(options->verb, like, verbs[i].name);
	if (!options->verb)
		argp_error(state, "what shall be done?");
	else if (!verb && like)
		argp_error(state, "no command '%s': did you mean '%s'?", options->verb, like);
	else if (!verb)
		argp_error(state, "no command '%s'", options->verb);
	for (const char *key = options->given; verb && *key; key++)
		if (!strchr(verb->options, *key))
			argp_error(state, "-%c is no option of %s", *key, verb->name);
	if (verb)
		check_words(verb, options, state);
}

/* Record each option once, in the order given. */
static void note_given(struct options *options, char key)
{
	if (!strchr(options->given, key))
		options->given[strlen(options->given)] = key;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *options = state->input;

	if (key > 0 && key < KEY_EXPLAIN && key != 'q')
		note_given(options, key);
	switch (key) {
	case 'h':
		argp_state_help(state, stdout, ARGP_HELP_STD_HELP);
		return 0;
	case 'a':
		options->all = true;
		return 0;
	case 't':
		options->timeout = parse_timeout(arg, state);
		return 0;
	case 'q':
		options->quiet = true;
		return 0;
	case 'b':
		options->boot = true;
		return 0;
	case 'k':
		options->kernel = arg;
		return 0;
	case 'd':
		if (arg && !*arg)
			argp_error(state, "--drop=: which livepatch? (--drop alone means any)");
		options->drop = arg ?: "";
		return 0;
	case 'y':
		options->yes = true;
		return 0;
	case 'j':
		options->json = true;
		return 0;
	case KEY_EXPLAIN:
		options->explain = arg;
		return 0;
	case ARGP_KEY_ARG:
		if (options->verb)
			return -strvec_add(&options->words, arg);
		options->verb = arg;
		return 0;
	case ARGP_KEY_END:
		check_usage(options, state);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
	.options = argp_options,
	.parser = parse_option,
	.args_doc =
		"load FOLDER|PATCH.ko|NAME…|--all\nunload NAME…|--all\n"
		"install FOLDER|PATCH.ko…\nuninstall NAME…|--all\n"
		"list | settle | version\nstatus [NAME…]\ninfo | check FOLDER|PATCH.ko|NAME…\nwait | signal "
		"[NAME…]\nforce NAME",
	.doc = "Livepatch the running kernel."
	       "\v"
	       "load waits until the livepatch is completely enabled, or reverses it. Exit "
	       "codes: 0 done, 1 failed and undone, 2 wrong usage, 3 refused before anything "
	       "was touched, 4 the transition did not finish and was reversed, 5 something "
	       "is left behind, 6 status: there is a problem.",
};

/* A warning counts as well as an error if a transition stalled or something is left behind. */
static int exit_code_of(const struct diag *diag)
{
	if (diag_has_class(diag, DIAG_PARTLY))
		return EXIT_PARTLY;
	if (diag_has_class(diag, DIAG_STALLED))
		return EXIT_STALLED;
	if (diag_has_error_of_class(diag, DIAG_REFUSAL))
		return EXIT_REFUSED;
	return diag_errors(diag) ? EXIT_FAILED : EXIT_DONE;
}

static int run_verb(const struct verb *verb, struct host *host, const struct options *options)
{
	int lock = -1, err = 0;

	if (verb->need != NEEDS_NOTHING && geteuid())
		err = diag_error(host->diag, "KS400", NULL, "not root");
	if (!err && verb->need == NEEDS_ROOT_ALONE) {
		host->signals = listen_to_signals();
		lock = become_alone(host);
		err = lock < 0 ? lock : 0;
	}
	err = err ?: verb->run(host, options);
	if (lock >= 0)
		close(lock);
	/* an error without a reason would be a success to scripts */
	if (err && !diag_errors(host->diag))
		diag_errno(host->diag, -err, options->verb, "finish");
	return err;
}

int main(int argc, char **argv)
{
	struct options options = { .timeout = DEFAULT_TIMEOUT };
	struct utsname uts;
	struct host host = {
		.root = "",
		.datadir = KLP_SPLIT_DATADIR,
		.diag = diag_new("kpatch"),
		.out = stdout,
		.nudge = holdups_nudge,
		.bpf_links = bpf_links_between,
		.service = service_run,
		.signals = -1,
		.modules = &kernel_modules,
	};
	int code;

	streams_guard("kpatch", EXIT_FAILED);
	argp_program_version = "kpatch " KLP_SPLIT_VERSION;
	argp_err_exit_status = EXIT_USAGE;
	suggest_options("kpatch", argp_options, argv);
	if (!host.diag || uname(&uts) || argp_parse(&argp, argc, argv, 0, NULL, &options))
		return EXIT_FAILED;
	if (options.explain)
		return diag_explain(options.explain, stdout) ? EXIT_DONE : EXIT_USAGE;

	host.release = options.kernel ?: uts.release;
	host.other_kernel = strcmp(host.release, uts.release);
	host.timeout = options.timeout;
	host.drop = options.drop;
	host.progress = options.quiet ? NULL : stderr;
	host.live = isatty(STDERR_FILENO);
	host.colour = isatty(STDOUT_FILENO) && !getenv("NO_COLOR");
	run_verb(find_verb(options.verb), &host, &options);
	diag_print(host.diag, stderr);
	code = exit_code_of(host.diag);
	if (!code && host.unfit)
		code = EXIT_REFUSED;
	if (!code && host.troubled)
		code = EXIT_TROUBLED;
	strvec_free(&options.words);
	diag_free(host.diag);
	if (host.signals >= 0)
		close(host.signals);
	return code;
}
