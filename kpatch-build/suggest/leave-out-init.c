// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The form for changes of init and exit functions: they are left out, and listed.
 *
 * The function that was refused may have its change from a helper which the compiler
 * has inlined into it, so all changed functions of the file that are init code are
 * left out (init-code.c). The rest must not need them (cut.c): that is refused, and
 * ends the suggestion.
 */
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>

#include "kpatch-build/source/c-functions.h"
#include "kpatch-build/source/init-code.h"
#include "kpatch-build/suggest/leave-out-init.h"

static int cut_one(struct draft *draft, const struct problem *problem, const char *name,
		   bool *edited)
{
	int err = cut_function(draft->build, problem->file, name, &draft->cuts);

	if (err)
		return err == -ENOENT ? 0 : err;
	*edited = true;
	return draft_note(draft, problem,
			  "%s() is left out: it is init or exit code, and the rest changes nothing "
			  "that it names. Does the fix work without it?",
			  name);
}

int leave_out_init(struct draft *draft, const struct problem *problem, bool *edited)
{
	struct c_functions functions;
	char *text = NULL;
	int err = 0;

	if (!draft_has(draft, problem->file) || fnmatch("*.c", problem->file, 0))
		return draft_no(draft, problem, "%s: the change isn't in a .c file of the diff",
				problem->message);
	err = draft_read(draft, problem->file, &text);
	if (err)
		return err;
	err = c_functions_read(text, &functions);
	free(text);
	if (err)
		return diag_oom(draft->build->diag);
	for (size_t i = 0; i < functions.n && !err; i++)
		if (!functions.list[i].unsure && is_init_code(&functions, &functions.list[i]))
			err = cut_one(draft, problem, functions.list[i].name, edited);
	if (!err && !*edited)
		err = draft_no(
			draft, problem,
			"%s: its own text doesn't change, nor that of a static function that "
			"only init code calls",
			problem->message);
	c_functions_free(&functions);
	return err;
}
