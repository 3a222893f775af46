// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The pass that turns the user's inputs into diffs: see inputs.h. Each mail with a fix becomes one
 * diff, in the order in which mailbox.c returns them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "kpatch-build/build.h"
#include "kpatch-build/run.h"
#include "kpatch-build/source/diff.h"
#include "kpatch-build/source/inputs.h"
#include "kpatch-build/source/mailbox.h"
#include "kpatch-build/source/unpack.h"
#include "lib/files.h"
#include "lib/paths.h"
#include "lib/text.h"

bool input_has_name(const char *path)
{
	struct stat st;

	return strcmp(base_name(path), "-") && !stat(path, &st) && S_ISREG(st.st_mode);
}

/*
 * The text of a decoded mail doesn't include its header. Write one: message.c reads author and
 * subject from the lines in front of the diff.
 */
static int write_text(const struct mail *mail, const char *path)
{
	char *text;
	int err;

	if (!mail->decoded)
		return write_file_atomic(path, mail->text, mail->size, 0644);
	text = format("From: %s\nSubject: %s\n\n%s", mail->author, mail->subject, mail->text);
	err = text ? write_file_atomic(path, text, strlen(text), 0644) : -ENOMEM;
	free(text);
	return err;
}

static int add_diff(const struct job *job, struct series *series, const struct input *input,
		    const struct mailbox *box, const struct letter *letter)
{
	const struct mail *mail = &letter->mail;
	struct diff *diffs = reallocarray(series->diffs, series->n_diffs + 1, sizeof(*diffs)),
		    *diff;
	int err;

	if (!diffs)
		return diag_oom(job->diag);
	series->diffs = diffs;
	diff = &diffs[series->n_diffs];
	memset(diff, 0, sizeof(*diff));
	diff->path = letter_label(box, letter, input->label);
	diff->subject = strdup(mail->title ?: "");
	diff->text = format("%s/%zu.text", job->work, series->n_diffs);
	diff->input = series->n_inputs;
	diff->first_line = mail->decoded ? 0 : letter->line;
	series->n_diffs++;
	if (!diff->path || !diff->subject || !diff->text)
		return diag_oom(job->diag);
	err = write_text(mail, diff->text);
	return err ? diag_errno(job->diag, -err, diff->text, "write") : 0;
}

static int add_letters(const struct job *job, struct series *series, struct input *input,
		       const struct mailbox *box)
{
	struct tm tm = { 0 };
	int err = 0;

	for (size_t i = 0; i < box->n && !err; i++) {
		const struct letter *letter = &box->letters[i];

		if (!letter->takes_part)
			continue;
		if (!input->has_name && strptime(letter->mail.date ?: "", "%a, %d %b %Y %T", &tm))
			input->date = timegm(&tm);
		err = add_diff(job, series, input, box, letter);
	}
	return err;
}

/* A pipe's time is the time of this run. With it, two builds of the same diff would differ. */
static time_t date_of(const char *path, const struct input *input)
{
	struct stat st;

	return input->has_name && !stat(path, &st) ? st.st_mtime : 0;
}

static int describe(const char *path, struct input *input, struct diag *diag)
{
	input->has_name = input_has_name(path);
	input->label = strdup(strcmp(base_name(path), "-") ? path : "stdin");
	input->name = strdup(input->has_name ? base_name(path) : "stdin");
	input->date = date_of(path, input);
	return input->label && input->name ? 0 : diag_oom(diag);
}

static int take_input(const struct job *job, struct series *series, const char *path)
{
	struct input *input = &series->inputs[series->n_inputs];
	char *raw = format("%s/%zu.input", job->work, series->n_inputs), *text = NULL;
	struct mailbox box = { 0 };
	size_t size;
	int err = raw ? describe(path, input, job->diag) : diag_oom(job->diag);

	err = err ?: read_input(job, path, input->label, raw, &text, &size);
	err = err ?: run_sha256(job, raw, &input->sha256);
	err = err ?: mailbox_read(text, size, input->label, &box, job->diag);
	err = err ?: add_letters(job, series, input, &box);
	series->n_inputs++;
	mailbox_free(&box);
	free(text);
	free(raw);
	return err;
}

int take_inputs(struct build *build)
{
	const struct options *options = &build->options;
	int err = 0, one;

	build->inputs = calloc(options->n_diffs + 1, sizeof(*build->inputs));
	if (!build->inputs)
		return diag_oom(build->diag);
	for (size_t i = 0; i < options->n_diffs; i++) {
		one = take_input(&build->job, &build->series, options->diffs[i]);
		err = err ?: one;
	}
	if (!err && !build->n_diffs && build->n_inputs)
		err = diag_error(build->diag, "KS322",
				 &(struct diag_place){ .file = build->inputs[0].label },
				 "a cover letter (0/n) has no fix");
	return err;
}
