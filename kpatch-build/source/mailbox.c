// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A mailbox contains a series as its readers received it: the cover letter, whose diff compares two
 * versions of the series, the patches in the order of arrival, and answers, which may contain other
 * diffs. Only the patches are applied, in the order of their numbers.
 *
 * If there are two versions of one patch, or an answer has a diff, nothing tells which of them is
 * the fix. That is an error (KS391), and the user has to choose.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/source/diff.h"
#include "kpatch-build/source/mailbox.h"
#include "lib/text.h"

#define SERIES_MAX 1000
#define MAILS_MAX 2000

char *letter_label(const struct mailbox *box, const struct letter *letter, const char *label)
{
	if (!letter->mail.decoded)
		return strdup(label);
	return box->n == 1 ? format("%s (decoded)", label)
			   : format("%s (mail %zu, decoded)", label, letter->place + 1);
}

static struct diag_place place_of(const struct letter *letter, const char *label)
{
	return (struct diag_place){ .file = label, .line = letter->line + 1 };
}

static int has_diff(struct letter *letter)
{
	struct diff_list list;
	int err = diff_parse(letter->mail.text, &list);

	letter->has_diff = err != -EINVAL || !list.is_none;
	diff_list_free(&list);
	return err == -ENOMEM ? err : 0;
}

/* A text that doesn't begin as a mail does is one letter, and isn't split. */
static int read_letter(const char *text, size_t size, const char *label, struct letter *letter,
		       struct diag *diag)
{
	struct diag_place place = place_of(letter, label);
	const char *why;
	int err;

	if (!mail_begins(text)) {
		letter->mail.text = strndup(text, size);
		letter->mail.size = size;
		err = letter->mail.text ? 0 : -ENOMEM;
	} else {
		err = mail_read(text, size, &letter->mail, &why);
	}
	if (!err && memchr(letter->mail.text, '\0', letter->mail.size)) {
		why = "a NUL byte is in it";
		err = -EINVAL;
	}
	err = err ?: has_diff(letter);
	if (err == -EINVAL)
		diag_error(diag, "KS373", &place, "%s", why);
	else if (err)
		diag_oom(diag);
	return err;
}

static int add_letter(const char *text, size_t size, unsigned int line, const char *label,
		      struct mailbox *box, struct diag *diag)
{
	struct letter *letters = reallocarray(box->letters, box->n + 1, sizeof(*letters));

	if (letters && box->n == MAILS_MAX) {
		box->letters = letters;
		diag_error(diag, "KS372", &(struct diag_place){ .file = label },
			   "more than %d mails", MAILS_MAX);
		return -EFBIG;
	}
	if (!letters)
		return diag_oom(diag);
	box->letters = letters;
	memset(&letters[box->n], 0, sizeof(*letters));
	letters[box->n].line = line;
	letters[box->n].place = box->n;
	return read_letter(text, size, label, &letters[box->n++], diag);
}

static int split(const char *text, size_t size, const char *label, struct mailbox *box,
		 struct diag *diag)
{
	const char *end = text + size, *start = text + strspn(text, "\r\n");
	unsigned int line = 0;
	int err = 0, one;

	for (const char *at = text; at < start; at++)
		line += *at == '\n';
	for (size_t n; start < end && err != -ENOMEM && err != -EFBIG; start += n) {
		n = mail_begins(start) ? mail_length(start, end - start) : (size_t)(end - start);
		one = add_letter(start, n, line, label, box, diag);
		err = err ?: one;
		for (size_t i = 0; i < n; i++)
			line += start[i] == '\n';
	}
	return err;
}

/* Is it a patch of the series, neither a cover letter nor an answer? */
static bool is_patch(const struct letter *letter)
{
	return letter->has_diff && !letter->mail.is_cover && !letter->mail.is_answer;
}

static int check_choice(const struct mailbox *box, const char *label, struct diag *diag)
{
	for (size_t i = 0; i < box->n; i++) {
		const struct mail *mail = &box->letters[i].mail;
		struct diag_place place = place_of(&box->letters[i], label);

		if (box->letters[i].has_diff && mail->is_answer)
			return diag_error(diag, "KS391", &place,
					  "the answer '%s' has a diff of its own", mail->title);
		if (!is_patch(&box->letters[i]))
			continue;
		for (size_t j = 0; j < i; j++) {
			const struct mail *other = &box->letters[j].mail;

			if (is_patch(&box->letters[j]) && mail->title && other->title &&
			    !strcmp(mail->title, other->title) && mail->version != other->version)
				return diag_error(diag, "KS391", &place,
						  "versions %u and %u of '%s' are in it",
						  other->version, mail->version, mail->title);
		}
	}
	return 0;
}

static bool are_of_one_series(const struct letter *a, const struct letter *b)
{
	return is_patch(a) && is_patch(b) && a->mail.total && a->mail.total == b->mail.total &&
	       a->mail.version == b->mail.version;
}

/*
 * If two patches have the same number, the mailbox contains two series that can't be told apart.
 * The order then stays as the user made it.
 */
static bool has_numbers_once(const struct mailbox *box)
{
	for (size_t i = 0; i < box->n; i++)
		for (size_t j = 0; j < i; j++)
			if (are_of_one_series(&box->letters[i], &box->letters[j]) &&
			    box->letters[i].mail.number == box->letters[j].mail.number)
				return false;
	return true;
}

/* Sort the patches of each series by number, among the places that they have. Others don't move. */
static void sort_series(struct mailbox *box)
{
	if (!has_numbers_once(box))
		return;
	for (size_t i = 0; i < box->n; i++)
		for (size_t j = i + 1; j < box->n; j++) {
			struct letter *a = &box->letters[i], *b = &box->letters[j], swap = *a;

			if (!are_of_one_series(a, b) || a->mail.number < b->mail.number)
				continue;
			*a = *b;
			*b = swap;
		}
}

/* A mail whose subject says 2/3 must contain a patch. If it has no diff, the mail was damaged. */
static int check_lost(const struct mailbox *box, const char *label, struct diag *diag)
{
	for (size_t i = 0; i < box->n; i++) {
		const struct letter *letter = &box->letters[i];
		struct diag_place place = place_of(letter, label);

		if (!letter->has_diff && letter->mail.number && !letter->mail.is_answer)
			return diag_error(diag, "KS322", &place,
					  "mail %u/%u, '%s', has no unified diff",
					  letter->mail.number, letter->mail.total,
					  letter->mail.title);
	}
	return 0;
}

static bool has_number(const struct mailbox *box, const struct mail *like, unsigned int number)
{
	for (size_t i = 0; i < box->n; i++) {
		const struct mail *mail = &box->letters[i].mail;

		if (is_patch(&box->letters[i]) && mail->total == like->total &&
		    mail->version == like->version && mail->number == number)
			return true;
	}
	return false;
}

static void warn_of_gaps(const struct mailbox *box, const char *label, struct diag *diag)
{
	const struct mail *series = NULL;
	unsigned int missing = 0, first = 0;

	for (size_t i = 0; i < box->n && !series; i++)
		if (is_patch(&box->letters[i]) && box->letters[i].mail.total)
			series = &box->letters[i].mail;
	if (!series || series->total > SERIES_MAX)
		return;
	for (unsigned int number = series->total; number; number--)
		if (!has_number(box, series, number)) {
			missing++;
			first = number;
		}
	if (missing)
		diag_warning(diag, "KS374", &(struct diag_place){ .file = label },
			     "of a series of %u, %u are not in it, number %u first", series->total,
			     missing, first);
}

static void warn_of_others(const struct mailbox *box, const char *label, struct diag *diag)
{
	size_t n = 0;

	for (size_t i = 0; i < box->n; i++)
		n += !box->letters[i].has_diff && !box->letters[i].mail.is_cover;
	if (!n)
		return;
	diag_warning(diag, "KS374", &(struct diag_place){ .file = label },
		     "%zu of %zu mails have no diff", n, box->n);
	for (size_t i = 0; i < box->n; i++)
		if (!box->letters[i].has_diff && !box->letters[i].mail.is_cover)
			diag_detail(diag, "line %u: %s", box->letters[i].line + 1,
				    box->letters[i].mail.subject ?: "");
}

/*
 * A single letter is taken unless it is a cover letter, even if it is an answer or has no diff.
 * read_diffs() (patches.c) reports a missing diff.
 */
int mailbox_read(const char *text, size_t size, const char *label, struct mailbox *box,
		 struct diag *diag)
{
	size_t n = 0;
	int err = split(text, size, label, box, diag);

	if (err)
		return err;
	if (box->n == 1) {
		box->letters[0].takes_part = !box->letters[0].mail.is_cover;
		return 0;
	}
	err = check_choice(box, label, diag);
	err = err ?: check_lost(box, label, diag);
	if (err)
		return err;
	for (size_t i = 0; i < box->n; i++)
		n += box->letters[i].takes_part = is_patch(&box->letters[i]);
	if (!n)
		return diag_error(diag, "KS322", &(struct diag_place){ .file = label },
				  "no mail of %zu has a unified diff", box->n);
	sort_series(box);
	warn_of_gaps(box, label, diag);
	warn_of_others(box, label, diag);
	return 0;
}

void mailbox_free(struct mailbox *box)
{
	for (size_t i = 0; i < box->n; i++)
		mail_free(&box->letters[i].mail);
	free(box->letters);
	memset(box, 0, sizeof(*box));
}
