// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The tree that is compiled keeps the original's line numbers for unchanged
 * lines (numbered.h). Its commands need some more flags, and the compiler's
 * messages have to refer to the source that the author of a diff knows.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/build.h"
#include "kpatch-build/compile/command.h"
#include "lib/files.h"
#include "lib/process.h"
#include "lib/strvec.h"
#include "kpatch-build/run.h"
#include "lib/text.h"

#include "kpatch-build/compile/folders.h"
#include "kpatch-build/compile/numbered-commands.h"

int add_numbered_flags(struct command *command)
{
	/*
	 * this check looks for indentation in the line that has the number: it is wrong here, so no
	 * error
	 */
	return command_add_word(command, 0, "-Wno-error=misleading-indentation");
}

/* The same command, but with outputs that nothing reads. */
static int plain_command(const struct job *job, const struct trees *trees, const char *const *argv,
			 struct strvec *words)
{
	static const char mmd[] = "-Wp,-MMD,";
	int err = 0;

	for (; *argv && !err; argv++) {
		char *word = text_replace(*argv, trees->numbered, trees->shadow);

		if (!word)
			return -ENOMEM;
		if (str_starts(word, mmd))
			strvec_addf(words, "%s%s/plain.d", mmd, job->work);
		else
			strvec_add(words, word);
		err = open_folders_of(trees, trees->shadow, word, job->diag);
		free(word);
		if (!strcmp(*argv, "-o") && argv[1]) {
			strvec_addf(words, "%s/plain.o", job->work);
			argv++;
		}
	}
	return err ?: words->failed ? -ENOMEM : 0;
}

void use_plain_messages(const struct job *job, const struct trees *trees, struct process *process)
{
	struct process plain = { .cwd = process->cwd };
	struct strvec words = { 0 };
	bool failed = process->status, compiles = false;

	for (const char *const *word = process->argv; *word; word++)
		compiles |= !!strstr(*word, trees->numbered);
	if (compiles && !plain_command(job, trees, process->argv, &words)) {
		plain.argv = words.list;
		process_run(&plain);
		/* a complaint about the numbered text alone is better than none */
		if (plain.log && (!failed || plain.status)) {
			char *log = process->log;

			process->log = plain.log;
			plain.log = log;
		}
		process_end(&plain);
	}
	strvec_free(&words);
	run_forget_folder(process->log, trees->shadow);
	run_forget_folder(process->log, trees->numbered);
}
