// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The forms: what a person would write instead of something that can't be livepatched.
 * A form answers a refusal by its code and its place, and edits the draft. It need not
 * be sure that its answer is enough: the result is checked like any other diff, and
 * what it still has to be refused for is answered in the next round.
 *
 * But it has to be sure of the meaning, as nobody else is: no check knows what the fix
 * was for. What a form can't be sure of it leaves to the author, with the reason.
 */
#include <string.h>

#include "lib/array.h"
#include "kpatch-build/suggest/copy-function.h"
#include "kpatch-build/suggest/forms.h"
#include "kpatch-build/suggest/leave-out-init.h"
#include "kpatch-build/suggest/set-value.h"
#include "kpatch-build/suggest/shadow-member.h"

static const struct form {
	const char *code;
	int (*answer)(struct draft *draft, const struct problem *problem, bool *edited);
	const char *why;
} forms[] = {
	{ "KS103", leave_out_init, "init code has run: its change would do nothing" },
	{ "KS104", set_value, "the running kernel has the variable: a callback can set it" },
	{ "KS124", leave_out_init, "exit code runs once more at most, and can't be redirected" },
	{ "KS146", copy_function,
	  "the function is in another module's object, where this one can't reach it: a copy can" },
	{ "KS350", shadow_member,
	  "objects of the old size exist: a new member lies outside of them" },
};

int answer_problem(struct draft *draft, const struct problem *problem, bool *edited)
{
	*edited = false;
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++)
		if (!strcmp(forms[i].code, problem->code))
			return forms[i].answer(draft, problem, edited);
	return draft_no(draft, problem, "%s: there is no form for it", problem->message);
}
