// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any module may call an exported function, even a module from elsewhere. It
 * passes the arguments that the function took when the module was built. If a
 * function's parameters change, kbuild gives its export another checksum, so
 * that such a module can't be loaded. A livepatch would let it call the new
 * code with the old arguments.
 *
 * BPF programs call a kfunc the way its BTF says, which the kernel was built
 * with and which stays. Neither the compiler nor the linker knows these callers.
 *
 * So an exported function that changes has to keep its signature, and so does a
 * function whose BTF id is in a list of the unit. Names of types and sizes of numbers count; the members of structures are checked
 * elsewhere. The callers of other global functions can be found: the change is
 * reported to kpatch-build, which also looks at the lists of other units.
 */
#include <stdlib.h>
#include <string.h>

#include "create-diff-object/unit/names.h"
#include "create-diff-object/passes.h"
#include "create-diff-object/unit/places.h"
#include "create-diff-object/unit/type-text.h"

/*
 * Caller frees. NULL if the debug information lacks the function, or if there is not enough memory.
 */
static char *signature_of(struct unit *unit, const struct atom *function)
{
	Dwarf_Die die;

	return function_die(unit, atom_name(function), &die) ? function_type_text(&die) : NULL;
}

bool signature_changes(struct unit *original, struct unit *patched, const struct atom *function,
		       char **was, char **is)
{
	*was = signature_of(original, function->twin);
	*is = signature_of(patched, function);
	/*
	 * without debug information on both sides there are no lines either, which is reported
	 * elsewhere
	 */
	if ((*was || *is) && (!*was || !*is || strcmp(*was, *is)))
		return true;
	free(*was);
	free(*is);
	*was = *is = NULL;
	return false;
}

/* The code of the refusal if its signature changes; NULL: its callers can be found. */
static const char *refusal_of(const struct unit *original, const char *name)
{
	if (name_is_exported(original->elf, name))
		return "KS128";
	return name_is_known_to_bpf(original->elf, name) ? "KS187" : NULL;
}

void refuse_changed_signature(struct unit *original, struct unit *patched, struct atom *function,
			      struct diag *diag)
{
	const char *code = refusal_of(original, atom_name(function->twin));
	char *before = NULL, *now = NULL;
	struct diag_place place;

	if (code && signature_changes(original, patched, function, &before, &now)) {
		place = atom_place(patched, function);
		diag_error(diag, function->claim = code, &place, "'%s'", atom_name(function));
		diag_detail(diag, "it was %s", before ?: "without debug information");
		diag_detail(diag, "it is  %s", now ?: "without debug information");
	}
	free(before);
	free(now);
}
