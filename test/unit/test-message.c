// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: diffs as git, mailers and people write them.
 * Prevents: a livepatch that doesn't tell which fix it is, or that claims a CVE id which its diff
 *   only removes or mentions in code.
 * Fails if: subject, author or ids are missed, or text after the message is treated as a part of
 *   it.
 */
#include "test/unit/fixture.h"
#include "kpatch-build/source/message.h"
#include "lib/array.h"
#include "lib/temporary.h"

static const struct {
	const char *name, *text, *subject, *author, *cves;
} cases[] = {
	{ "mail.patch",
	  "From 0123 Mon Sep 17 00:00:00 2001\nFrom: A. Uthor <a@example.org>\nDate: now\n"
	  "Subject: [PATCH v2 1/2] net: check the\n length (CVE-2026-12345)\n\nIt wasn't.\n"
	  "Fixes cve-2026-1234 and CVE-2026-12345.\n---\nv2: not CVE-1999-0001\n f.c | 2 +-\n\n"
	  "diff --git a/f.c b/f.c\n--- a/f.c\n+++ b/f.c\n@@ -1 +1 @@\n-a\n+/* CVE-1999-0002 */\n",
	  "net: check the length (CVE-2026-12345)", "A. Uthor <a@example.org>",
	  "CVE-2026-12345 CVE-2026-1234" },
	{ "plain.diff", "--- a/f.c\n+++ b/f.c\n@@ -1 +1 @@\n-Subject: x\n+CVE-1999-0002\n",
	  "plain.diff", NULL, "" },
	{ "cve-2026-777777.patch", "Index: f.c\nCVE-1999-0003\n--- f.c\n+++ f.c\n",
	  "cve-2026-777777.patch", NULL, "CVE-2026-777777" },
	{ "CVE_2026_1111.patch", "Subject: [PATCH]\n\n--- a/f.c\n", "CVE_2026_1111.patch", NULL,
	  "CVE-2026-1111" },
	/* neither in headers nor an id */
	{ "text.patch", "A text.\n\nSubject: of it\nXCVE-2026-1234 CVE-2026-123 CVE-26-1234\n",
	  "text.patch", NULL, "" },
	{ "odd.patch", "subject:\ta\033[1m \"b\" \\ \303\244\r\n\n", "a?[1m \"b\" \\ \303\244",
	  NULL, "" },
	{ "encoded.patch",
	  "Subject: =?UTF-8?q?[PATCH]_f=C3=BCr=0Aa?=\nFrom: =?iso-8859-1?Q?=E9?= <a@b>\n\n",
	  "f\303\274r a", "\303\251 <a@b>", "" },
	{ "empty.patch", "", "empty.patch", NULL, "" },
};

static void says_what_the_author_says(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct message message;
		char cves[200] = "";

		write_text(cases[i].name, cases[i].text);
		assert_int_equal(message_read(cases[i].name, cases[i].name, &message), 0);
		assert_string_equal(message.subject, cases[i].subject);
		if (cases[i].author)
			assert_string_equal(message.author, cases[i].author);
		else
			assert_null(message.author);
		for (size_t k = 0; k < message.cves.n; k++)
			strcat(strcat(cves, k ? " " : ""), message.cves.list[k]);
		assert_string_equal(cves, cases[i].cves);
		message_free(&message);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(says_what_the_author_says) };

	return cmocka_run_group_tests(tests, enter_temp_dir, NULL);
}
