/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The passes of run_all_passes(), in their order. Each is in a file of its own,
 * reads what earlier passes left in the atoms, and adds its own results. All of
 * them report what they find, and go on where they can. They return -EINVAL if
 * they reported an error.
 */
#ifndef CDO_PASSES_H
#define CDO_PASSES_H

#include <elfutils/libdw.h>

#include "lib/object-index.h"
#include "lib/symvers.h"
#include "create-diff-object/unit/unit.h"
#include "create-diff-object/words.h"

/*
 * Learn from @path, which was assembled with the names kept, which variables are meant.
 * (kept-names.c)
 */
int take_kept_names(struct unit *patched, const char *path, struct diag *diag);

/*
 * Find each atom's twin in the other unit: ->twin, on both sides. @words: the words that were
 * removed from and added to the source; NULL: not known.
 */
int correlate_units(struct unit *original, struct unit *patched, const struct words *words,
		    struct diag *diag);

/*
 * For correlate_units(): find the static variables that macros make, which new code brings along.
 * (macro-made.c)
 */
void find_macro_made(struct unit *unit);
/* Mark the variables that start anew, as the author says: ->starts_anew. (author.c) */
void heed_new_state(struct unit *patched);
/* For correlate_units(): pair the compound literals of initialisers. (correlate-literals.c) */
void correlate_literals(struct unit *patched);

/*
 * For correlate_units(): pair the static locals that do nothing but put their content on a list
 * which the kernel reads once. (correlate-registered.c)
 */
int correlate_registered(struct unit *original, struct unit *patched, struct diag *diag);

/* For correlate_units(): pair the static locals. (correlate-locals.c) */
int correlate_static_locals(struct unit *original, struct unit *patched, struct diag *diag);
/* Which new variable is, or may be, one of the running kernel's under another name? (renamed.c) */
int resolve_lost_variables(struct unit *original, struct unit *patched, const struct words *words,
			   struct diag *diag);
/*
 * Can references to @new be bound to @lost? Is @lost->twin, which may be it, @lost under another
 * name?
 */
bool can_be_bound(const struct atom *lost, const struct atom *new);
bool is_same_under_new_name(struct unit *original, struct unit *patched, const struct words *words,
			    struct atom *lost);
/* Warn that @new is the variable that is now its twin (KS173). */
void tell_bound(struct unit *patched, struct atom *new, struct diag *diag);
/*
 * Which new static function is one of the running kernel's under another name?
 * (renamed-functions.c)
 */
void pair_renamed_functions(struct unit *original, struct unit *patched, const struct words *words,
			    struct diag *diag);

/*
 * Pair @name of the patched unit with its original in the unit @from. And refuse static variables
 * of moved functions that would start anew. (KS359, KS360) (moved.c)
 */
int pair_moved(struct unit *patched, struct unit *from, const char *name, struct diag *diag);
int refuse_moved_state(struct unit *patched, struct diag *diag);

/*
 * A weak function with a strong definition elsewhere in @object never runs: ->overridden.
 * (overridden.c)
 */
void drop_overridden(struct unit *patched, const struct object_index *object);

/* Mark what the author leaves out: ->ignored. (author.c) */
int apply_author_notes(struct unit *patched, struct diag *diag);

/* Read which callbacks and states the author declares: ->callback. (declared.c) */
int read_declared(struct unit *patched, struct diag *diag);

/* Find the differences: ->changed; refuse those that a livepatch can't make. (compare.c) */
int compare_units(struct unit *original, struct unit *patched, struct diag *diag);

/*
 * What the module loader finds by the name @symbol; NULL: nothing. And is @atom the exit function
 * of the module, and only called as such? Then the core can replace it. (exit-function.c)
 */
struct atom *entry_point(const struct unit *unit, const char *symbol);
bool is_exit_function(const struct unit *unit, const struct atom *atom);

/* Refuse variables that have exchanged their names (KS171). (exchanged.c) */
int refuse_exchanged(struct unit *original, struct unit *patched, struct diag *diag);

/*
 * Refuse variables that the compiler has left out: new code contains their initial value (KS174).
 * (renamed.c)
 */
int refuse_folded_state(struct unit *original, struct unit *patched, struct diag *diag);

/* Warn of variables that are gone while functions that used them remain (KS176). (renamed.c) */
void warn_of_forgotten_state(struct unit *original, const struct unit *patched, struct diag *diag);

/* Refuse to remove entries that the running kernel has read from a list. (gone.c) */
int refuse_gone(struct unit *original, struct unit *patched, struct diag *diag);

/*
 * Mark functions whose names match @pattern (as in a shell) as changed, if a livepatch can replace
 * them: replacing unchanged code is the best test of all later steps. (compare.c)
 */
void assume_changed(struct unit *patched, const char *pattern);

/*
 * Mark readers of a changed constant as changed. Refuse constants that the running kernel's code
 * has given away, but the patched code doesn't (KS106). (constants.c)
 */
int change_readers(struct unit *original, struct unit *patched, struct diag *diag);

/* Global functions that can't be redirected, and whose callers in all units are replaced. */
struct called {
	const char *const *names;
	size_t n;
};

bool is_called(const struct called *called, const char *name);

/* If a changed function can't be redirected, mark its callers as changed. (callers.c) */
int change_callers(struct unit *patched, const struct called *called, struct diag *diag);

/* Refuse a name that now belongs to another function or variable (KS165). (aliases.c) */
int refuse_moved_names(struct unit *original, struct unit *patched, struct diag *diag);

/* Refuse to replace functions if addresses of their labels are kept (KS166). (labels.c) */
int refuse_kept_labels(struct unit *original, struct unit *patched, struct diag *diag);

/* Find what has to be in the output: ->included. *@any: there is something. (close.c) */
int close_over_needed(struct unit *original, struct unit *patched, bool *any, struct diag *diag);

/* Refuse references of included code that may mean one of two variables. (ambiguous.c) */
int refuse_ambiguous(struct unit *patched, struct diag *diag);

/* Refuse new code with strings whose address is compared (KS129). (compared-strings.c) */
int refuse_compared_strings(struct unit *original, struct unit *patched, struct diag *diag);

/* Refuse unknown tables that refer to included code. (special.c) */
int keep_special_entries(struct unit *patched, struct diag *diag);

/*
 * Warn of new functions that may be called after the livepatch is unloaded (KS147). (given-away.c)
 */
void warn_of_given_away(struct unit *patched, struct diag *diag);

/* Refuse symbols of a type, binding or visibility that no pass knows (KS154). (symbol-kinds.c) */
int refuse_unknown_symbols(const struct unit *unit, struct diag *diag);

/*
 * Warn of strings and data of the livepatch to which other code may keep pointers (KS364).
 * (kept-data.c)
 */
int warn_of_kept_data(struct unit *patched, struct diag *diag);

/* Warn of replaced functions whose pr_debug() may be enabled (KS168). (debug-messages.c) */
void warn_of_debug_messages(struct unit *original, struct unit *patched, struct diag *diag);

/*
 * Is @atom an entry of the list of strings that trace events show by their address? Then the
 * running kernel needs no other list, unless new code uses it. (correlate-registered.c)
 */
bool is_trace_string(const struct atom *atom);

/* What new code calls instead of the kernel's function @name; NULL: that function. (stand-ins.c) */
const char *stand_in(const char *name);

/* Find out what each reference to something outside of the unit means: ->ref. (refer.c) */
int refer_by_klp(struct unit *original, struct unit *patched, const struct object_index *object,
		 const struct symvers *symvers, const struct called *called, struct diag *diag);

/*
 * Refuse code that uses a static key that the module loader can't write to (KS243).
 * (read-only-keys.c)
 */
int refuse_read_only_keys(struct unit *patched, const struct object_index *object,
			  struct diag *diag);

/* Write the output. (emit.c) */
int unit_emit(struct unit *patched, const char *path, struct diag *diag);

/*
 * Load the output again, and check that it is complete and refers to nothing that doesn't exist.
 * (verify.c)
 */
int verify_output(struct unit *patched, const char *path, struct diag *diag);

/* --- questions of several passes --- */

/* Does @reloc, which is part of @from, have to lead to what the running kernel has? (close.c) */
bool refers_to_original(struct atom *from, const struct reloc *reloc);

/* The unit of @atom's twin: @original, unless the atom has moved. (moved.c) */
struct unit *unit_of_twin(const struct atom *atom, struct unit *original);

/*
 * Do both lead to the same atom of the running kernel, which only one of the units defines?
 * (moved.c)
 */
bool same_moved(const struct reloc *original, const struct reloc *patched);

/* Is @a of the original unit the same code as @b, with the same entries? (same.c) */
bool same_code(const struct atom *a, const struct atom *b);
/* Do @a of the original and @b lead to the same? (same.c) */
bool means_the_same(const struct reloc *a, const struct reloc *b);
/*
 * Has the function @code of the original a twin that refers to the same things in the same order?
 * (references.c)
 */
bool refers_as_before(struct atom *code);

/* Do the constants or variables @a and @b have the same size, bytes and references? (same.c) */
bool same_data(const struct unit *original, const struct atom *a, const struct unit *patched,
	       const struct atom *b);

/*
 * The code of @from, or that of an entry or fragment @from, uses a constant by @reloc. Does it only
 * read it? (constants.c)
 */
bool only_reads(struct unit *unit, struct atom *from, const struct reloc *reloc);

/*
 * Does the original of the code that @from belongs to refer to @to (in the original unit), or to
 * the undefined symbol of that name? Then it knows when it may do so: __ref functions refer to init
 * code, and call it only during initialisation. (close.c)
 */
bool original_refers_to(struct atom *from, const struct atom *to, const char *undefined);

/*
 * It was static, or had another name, and is global now: other units of the livepatch may use the
 * original by that name. (close.c)
 */
bool became_global(const struct atom *atom);

/*
 * If the changed @function is exported, or BPF programs know it, refuse a change of what it takes
 * and returns.
 * (signatures.c)
 */
void refuse_changed_signature(struct unit *original, struct unit *patched, struct atom *function,
			      struct diag *diag);

/* The atom that EXPORT_SYMBOL() made this entry for; NULL if it isn't such an entry. (compare.c) */
const struct atom *exported_by(const struct unit *unit, const struct atom *atom);

/*
 * Does the signature change? *@was and *@is: before and now; caller frees; NULL: not known.
 * (signatures.c)
 */
bool signature_changes(struct unit *original, struct unit *patched, const struct atom *function,
		       char **was, char **is);

/* Is @original, a function with its .cold parts or a variable, the same as its twin? (same.c) */
bool same_as_twin(struct unit *original, struct unit *patched, struct atom *atom);

/*
 * Add to the last problem reported all users of @atom for which @counts, unless NULL, returns true.
 * (users.c)
 */
void tell_users(struct unit *unit, const struct atom *atom, bool (*counts)(const struct atom *user),
		struct diag *diag);

/* The first user of @atom, or NULL. (users.c) */
struct atom *first_user(struct unit *unit, const struct atom *atom);

/*
 * Is the section of @atom, which has a twin, other memory than its twin's? Or does it promise an
 * alignment that its twin's doesn't? (placement.c)
 */
bool becomes_other_memory(const struct atom *atom);
bool needs_aligned_section(const struct atom *atom);

/* Does a constant have to be copied, as the running kernel's is different? (close.c) */
bool is_renewed(const struct atom *atom);

#endif
