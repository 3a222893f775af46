// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: mails as programs write them, and as relays damage them.
 * Prevents: a patch of which a part is missing, or is other text than its author wrote.
 * Fails if: a text comes out differently, or damage isn't an error.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "kpatch-build/source/decode.h"
#include "kpatch-build/source/mail.h"
#include "kpatch-build/source/mailbox.h"
#include "lib/array.h"
#include "lib/diag.h"

#define HEAD "From: A <a@example.org>\nSubject: [PATCH] x\nMIME-Version: 1.0\n"
#define TYPE(type) "Content-Type: " type "\n"
#define ENCODED(how) "Content-Transfer-Encoding: " how "\n"
#define MIXED TYPE("multipart/mixed; boundary=\"=-x\"") "\nno part of it\n--=-x\n"
#define ATTACHED                                                   \
	"--=-x\n" TYPE("application/octet-stream; name=fix.patch") \
		ENCODED("base64") "\nK2IK\n--=-x--\nneither\n"

/* ->text: the decoded text; NULL: it is refused. A mail without any encoding isn't changed. */
static const struct {
	const char *mail, *text;
} mails[] = {
	{ HEAD "\n+a\r\n", HEAD "\n+a\r\n" },
	{ HEAD TYPE("text/plain; charset=UTF-8") ENCODED("8bit") "\n+\303\251\n",
	  HEAD TYPE("text/plain; charset=UTF-8") ENCODED("8bit") "\n+\303\251\n" },
	/* quoted-printable */
	{ HEAD ENCODED("quoted-printable") "\n+=3D =C3=A9 long=\n er=20\n=46rom\n",
	  "+= \303\251 long er \nFrom\n" },
	{ HEAD ENCODED("Quoted-Printable") "\n+a=3D1; =  \nb=\r\nc\n", "+a=1; bc\n" },
	{ HEAD ENCODED("quoted-printable") "\r\n+a\r\n+b\r\n", "+a\n+b\n" },
	{ HEAD ENCODED("quoted-printable") "\n+x=30;\n", NULL },
	{ HEAD ENCODED("quoted-printable") "\n+x = 1;\n", NULL },
	{ HEAD ENCODED("quoted-printable") "\n+x=3d1;\n", NULL },
	{ HEAD ENCODED("quoted-printable") "\n+=00\n", "+" }, /* the caller refuses NULs */
	/* base64 */
	{ HEAD ENCODED("base64") "\nK2EKK\n2IK\n\n", "+a\n+b\n" },
	{ HEAD ENCODED("BASE64") "\nK2ENCitiDQo=\n", "+a\n+b\n" },
	{ HEAD ENCODED("base64") "\nK2ENCitiCg==\n",
	  "+a\r\n+b\n" }, /* one line has a CR of its own */
	{ HEAD ENCODED("base64") "\nK2EKK2I\n", NULL },
	{ HEAD ENCODED("base64") "\nK2EK\nFrom: b\n", NULL },
	{ HEAD ENCODED("base64") "\nK2EKKw==K2IK\n", NULL },
	{ HEAD ENCODED("x-uuencode") "\n+a\n", NULL },
	/* charsets: the kernel's source is UTF-8 */
	{ HEAD TYPE("text/plain; charset=iso-8859-1") "\n+\351\n", "+\303\251\n" },
	{ HEAD TYPE("text/plain;\n\tcharset=\"ISO-8859-15\"")
		  ENCODED("quoted-printable") "\n+=A4\n",
	  "+\342\202\254\n" },
	{ HEAD TYPE("text/plain; charset=none-such") "\n+a\n", NULL },
	{ HEAD TYPE("text/plain; charset=utf-16") ENCODED("base64") "\nK2E=\n", "\346\204\253\n" },
	/* format=flowed: lines that end in a blank go on; a blank before a blank is the sender's */
	{ HEAD TYPE("text/plain; format=flowed") "\n+a \nb\n  c\n-- \nd\n", "+a b\n c\n-- \nd\n" },
	{ HEAD TYPE("text/plain; format=flowed; delsp=yes") "\n+a \nb\n", "+ab\n" },
	/* parts */
	{ HEAD MIXED "\n+a\n" ATTACHED, "+a\n+b\n" },
	{ HEAD MIXED TYPE("text/x-patch") "\n+a\n" ATTACHED, "+a\n+b\n" },
	{ HEAD MIXED "\n+a\n--=-x\n" TYPE("application/pgp-signature") "\nx\n--=-x--\n", "+a\n" },
	{ HEAD MIXED "\n+a\n--=-x\n" TYPE("multipart/alternative; boundary=y") "\n--y\n" TYPE(
		  "text/plain") "\n+b\n--y\n" TYPE("text/html") "\n+c\n--y--\n--=-x--\n",
	  "+a\n+b\n" },
	{ HEAD MIXED "\n+a\n", NULL },
	{ HEAD MIXED "\n+a\n--=-x\n\n+b\n", NULL },
	{ HEAD MIXED "\n+a\n--=-x\n" TYPE("application/gzip; name=fix.patch.gz") "\nx\n--=-x--\n",
	  NULL },
	{ HEAD MIXED
	  "\n+a\n--=-x\n" TYPE("application/octet-stream; name=fix.bin") "\nx\n--=-x--\n",
	  NULL },
	{ HEAD MIXED "\n+a\n--=-x\n" TYPE("text/html") "\n+b\n--=-x--\n", NULL },
	{ HEAD TYPE("text/html") "\n+b\n", NULL },
	{ HEAD TYPE("multipart/alternative; boundary=y") "\n--y\n" TYPE(
		  "text/html") "\n+c\n--y--\n",
	  NULL },
	{ HEAD TYPE("multipart/mixed") "\n+a\n", NULL },
	{ HEAD TYPE("multipart/encrypted; boundary=y") "\n--y\n" TYPE(
		  "application/pgp-encrypted") "\nx\n--y--\n",
	  NULL },
};

static void test_texts(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(mails); i++) {
		const char *why = NULL;
		struct mail mail;
		int err;

		print_message("[ mail     ] %zu\n", i);
		assert_true(mail_begins(mails[i].mail));
		err = mail_read(mails[i].mail, strlen(mails[i].mail), &mail, &why);
		assert_int_equal(err, mails[i].text ? 0 : -EINVAL);
		if (err) {
			assert_non_null(why);
			continue;
		}
		assert_string_equal(mail.text, mails[i].text);
		mail_free(&mail);
	}
}

/* Whatever is cut off: nothing is read outside of the text, and no memory is lost. */
static void test_cut(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(mails); i++)
		for (size_t n = 0; n < strlen(mails[i].mail); n++) {
			char *copy = strndup(mails[i].mail, n);
			struct mail mail;
			const char *why;

			if (!mail_read(copy, n, &mail, &why))
				mail_free(&mail);
			free(copy);
		}
}

static void test_subjects(void **state)
{
	static const struct {
		const char *subject, *title;
		unsigned int version, number, total;
		bool is_cover, is_answer;
	} cases[] = {
		{ "[PATCH] net: fix it", "net: fix it", 1, 0, 0, false, false },
		{ "[PATCH net v2 03/11] a", "a", 2, 3, 11, false, false },
		{ "[PATCH 6.1 012/145] a [b] 1/2", "a [b] 1/2", 1, 12, 145, false, false },
		{ "[RFC][PATCH v3 0/2] a", "a", 3, 0, 2, true, false },
		{ "[PATCH 00/10]\n\ta", "a", 1, 0, 10, true, false },
		{ "Re: [PATCH 1/2] a", "a", 1, 1, 2, false, true },
		{ "AW: Re: a", "a", 1, 0, 0, false, true },
		{ "Fwd: [PATCH 2/2] a", "a", 1, 2, 2, false, false },
		{ "=?UTF-8?q?[PATCH=201/2]_f=C3=BCr?= =?iso-8859-1?b?6Q==?= b",
		  "f\303\274r\303\251 b", 1, 1, 2, false, false },
		{ "=?none-such?q?a?=", "=?none-such?q?a?=", 1, 0, 0, false, false },
		{ "=?utf-8?q?a=0Ab=1B?=", "a b ", 1, 0, 0, false, false },
		{ "[not closed", "[not closed", 1, 0, 0, false, false },
		{ "", "", 1, 0, 0, false, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct mail mail;
		const char *why;
		char text[256];

		snprintf(text, sizeof(text), "Subject: %s\nX: y\n\n", cases[i].subject);
		assert_int_equal(mail_read(text, strlen(text), &mail, &why), 0);
		assert_string_equal(mail.title, cases[i].title);
		assert_int_equal(mail.version, cases[i].version);
		assert_int_equal(mail.number, cases[i].number);
		assert_int_equal(mail.total, cases[i].total);
		assert_int_equal(mail.is_cover, cases[i].is_cover);
		assert_int_equal(mail.is_answer, cases[i].is_answer);
		mail_free(&mail);
	}
}

static void test_no_mails(void **state)
{
	static const char *const texts[] = {
		"diff --git a/x b/x\n",
		"--- a/x\n+++ b/x\n",
		"Index: fs/x.c\n=====\n",
		"From here on\n",
		"a text\nFrom: b\n",
		"",
		"From abc Mon Sep 17 00:00:00 2001", /* and nothing after it */
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		assert_false(mail_begins(texts[i]));
}

#define MAIL(subject, text) \
	"From 0123 Mon Sep 17 00:00:00 2001\nFrom: a\nSubject: " subject "\n\n" text "\n"
#define DIFF(x) "--- a/fs/" x "\n+++ b/fs/" x "\n@@ -1 +1 @@\n-a\n+b\n"

/* ->order: the files of the diffs that are taken; or ->code: an error, or a warning beside. */
static const struct {
	const char *box, *order, *code;
} boxes[] = {
	{ MAIL("[PATCH 1/2] a", DIFF("1")) MAIL("[PATCH 2/2] b", DIFF("2")), "12", NULL },
	{ MAIL("[PATCH 2/2] b", DIFF("2")) MAIL("[PATCH 1/2] a", DIFF("1")), "12", NULL },
	{ "\n\n" MAIL("[PATCH 0/2] all", DIFF("0")) MAIL("[PATCH 1/2] a", DIFF("1"))
		  MAIL("[PATCH 2/2] b", DIFF("2")),
	  "12", NULL },
	{ MAIL("b", DIFF("2")) MAIL("a", DIFF("1")), "21", NULL },
	/* two series: as they are */
	{ MAIL("[PATCH 1/2] a", DIFF("1")) MAIL("[PATCH 2/2] b", DIFF("2"))
		  MAIL("[PATCH 1/2] c", DIFF("3")) MAIL("[PATCH 2/2] d", DIFF("4")),
	  "1234", NULL },
	{ MAIL("[PATCH 2/3] b", DIFF("2")) MAIL("x", DIFF("x")) MAIL("[PATCH 1/3] a", DIFF("1"))
		  MAIL("[PATCH 3/3] c", DIFF("3")),
	  "1x23", NULL },
	{ MAIL("[PATCH 1/3] a", DIFF("1")) MAIL("[PATCH 3/3] b", DIFF("3")), "13", "KS374" },
	{ MAIL("[PATCH] a", DIFF("1")) MAIL(
		  "Re: [PATCH] a", "> --- a/x\n> +++ b/x\n> @@ -1 +1 @@\n> -a\nReviewed-by: b"),
	  "1", "KS374" },
	{ MAIL("[PATCH] a", DIFF("1")) MAIL("Re: [PATCH] a", DIFF("2")), NULL, "KS391" },
	{ MAIL("[PATCH] a", DIFF("1")) MAIL("[PATCH v2] a", DIFF("2")), NULL, "KS391" },
	{ MAIL("[PATCH] a", DIFF("1")) MAIL("[PATCH v2] b", DIFF("2")), "12", NULL },
	{ MAIL("[PATCH 1/2] a", DIFF("1")) MAIL("[PATCH 2/2] b", "lost"), NULL, "KS322" },
	{ MAIL("a", "no diff") MAIL("b", "none"), NULL, "KS322" },
	{ MAIL("a",
	       DIFF("1")) "From 0 Mon Sep 17 00:00:00 2001\nSubject: b\n" ENCODED("base64") "\nx\n",
	  NULL, "KS373" },
	{ "Subject: a\n" ENCODED("quoted-printable") "\n=00\n", NULL, "KS373" },
	{ MAIL("Re: a", DIFF("1")), "1", NULL },
	{ MAIL("[PATCH 0/1] a", DIFF("1")), "", NULL },
};

static void test_boxes(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(boxes); i++) {
		struct diag *diag = diag_new("test");
		struct mailbox box = { 0 };
		char order[16] = "", one[2] = "";
		int err;

		print_message("[ box      ] %zu\n", i);
		err = mailbox_read(boxes[i].box, strlen(boxes[i].box), "box", &box, diag);
		assert_int_equal(!err, boxes[i].order != NULL);
		if (boxes[i].code)
			assert_true(diag_has(diag, boxes[i].code));
		else
			assert_int_equal(diag_errors(diag) + diag_warnings(diag), 0);
		for (size_t j = 0; j < box.n; j++)
			if (box.letters[j].takes_part) {
				one[0] = strstr(box.letters[j].mail.text, "+++ b/fs/")[9];
				strcat(order, one);
			}
		if (!err)
			assert_string_equal(order, boxes[i].order);
		mailbox_free(&box);
		diag_free(diag);
	}
}

/* Lines of plain mails are those of the mailbox, in whatever order they are applied. */
static void test_lines(void **state)
{
	const char *text = MAIL("[PATCH 2/2] b", DIFF("2")) MAIL("[PATCH 1/2] a", DIFF("1"));
	struct diag *diag = diag_new("test");
	struct mailbox box = { 0 };
	char *label;

	assert_int_equal(mailbox_read(text, strlen(text), "box", &box, diag), 0);
	assert_int_equal(box.letters[0].line, 10);
	assert_int_equal(box.letters[1].line, 0);
	label = letter_label(&box, &box.letters[0], "box");
	assert_string_equal(label, "box");
	free(label);
	box.letters[0].mail.decoded = true;
	label = letter_label(&box, &box.letters[0], "box");
	assert_string_equal(label, "box (mail 2, decoded)");
	free(label);
	mailbox_free(&box);
	diag_free(diag);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),	 cmocka_unit_test(test_cut),
		cmocka_unit_test(test_subjects), cmocka_unit_test(test_no_mails),
		cmocka_unit_test(test_boxes),	 cmocka_unit_test(test_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
