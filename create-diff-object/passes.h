/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The passes of main(), in their order. Each has a file, reads what those before
 * it left in the atoms, and adds its own. All report what they find and go on
 * where they can; they return -EINVAL if they reported an error.
 */
#ifndef CDO_PASSES_H
#define CDO_PASSES_H

#include <elfutils/libdw.h>

#include "lib/object-index.h"
#include "lib/symvers.h"
#include "create-diff-object/unit/unit.h"
#include "create-diff-object/words.h"

/* Learn from @path, assembled with the names kept, which variables are meant. (kept-names.c) */
int take_kept_names(struct unit *patched, const char *path, struct diag *diag);

/*
 * Find each atom's twin in the other unit: ->twin, on both sides. @words: what the source has lost
 * and gained; NULL: not known.
 */
int correlate_units(struct unit *original, struct unit *patched, const struct words *words,
		    struct diag *diag);

/* For correlate_units(): static variables that macros make, new code's own. (macro-made.c) */
void find_macro_made(struct unit *unit);
/* What the author says starts anew: ->starts_anew. (author.c) */
void heed_new_state(struct unit *patched);
/* correlate-literals.c, for correlate_units(): the compound literals of initialisers. */
void correlate_literals(struct unit *patched);

/* correlate-locals.c: the static locals. */
int correlate_static_locals(struct unit *original, struct unit *patched, struct diag *diag);
/* Which new variable is one of the running kernel's under another name, or may be? (renamed.c) */
int settle_lost_state(struct unit *original, struct unit *patched, const struct words *words,
		      struct diag *diag);
/* Can @new be found where @lost is? Is @lost->twin, which may be it, @lost under another name? */
bool can_be_bound(const struct atom *lost, const struct atom *new);
bool is_same_under_new_name(struct unit *original, struct unit *patched, const struct words *words,
			    struct atom *lost);
/* Say that @new is its twin (KS173). */
void tell_bound(struct unit *patched, struct atom *new, struct diag *diag);
/* Which new static function is one of the running kernel's under another name? (renamed-functions.c) */
void pair_renamed_functions(struct unit *original, struct unit *patched, const struct words *words,
			    struct diag *diag);

/*
 * moved.c: @name of the patched unit was in another unit, whose original is @from; pair them.
 * And refuse the static variables of moved functions that would start anew. (KS359, KS360)
 */
int pair_moved(struct unit *patched, struct unit *from, const char *name, struct diag *diag);
int refuse_moved_state(struct unit *patched, struct diag *diag);

/* overridden.c: what is weak here and strong elsewhere in @object never runs: ->overridden. */
void drop_overridden(struct unit *patched, const struct object_index *object);

/* Mark what the author of the patch says is to be left out: ->ignored. (author.c) */
int heed_author(struct unit *patched, struct diag *diag);

/* Read which callbacks and states the author declares: ->callback. (declared.c) */
int read_declared(struct unit *patched, struct diag *diag);

/* Find what differs: ->changed; refuse what a livepatch can't change. */
int compare_units(struct unit *original, struct unit *patched, struct diag *diag);

/*
 * exit-function.c: what the module loader calls by the name @symbol; NULL: nothing. And is @atom
 * the exit function of the module, and called as such only? Then the core can replace it.
 */
struct atom *entry_point(const struct unit *unit, const char *symbol);
bool is_exit_function(const struct unit *unit, const struct atom *atom);

/* Refuse variables that have exchanged their names (KS171). (exchanged.c) */
int refuse_exchanged(struct unit *original, struct unit *patched, struct diag *diag);

/* Refuse variables that the compiler has left out: new code has their initial value (KS174). (renamed.c) */
int refuse_folded_state(struct unit *original, struct unit *patched, struct diag *diag);

/* Warn of variables that are gone, while functions that used them live on (KS176). (renamed.c) */
void warn_of_forgotten_state(struct unit *original, const struct unit *patched, struct diag *diag);

/* Refuse to take away what the running kernel has read from a list. (gone.c) */
int refuse_gone(struct unit *original, struct unit *patched, struct diag *diag);

/*
 * Call the functions changed whose names fit @pattern (as in a shell), as far as a
 * livepatch can replace them: replacing code by itself is the best test of all that follows.
 */
void assume_changed(struct unit *patched, const char *pattern);

/*
 * Call those changed that read a changed constant; refuse those that the running kernel's code has
 * given away and the patched code doesn't (KS106). (constants.c)
 */
int change_readers(struct unit *original, struct unit *patched, struct diag *diag);

/* Global functions that can't be redirected, and that all units know that call them. */
struct called {
	const char *const *names;
	size_t n;
};

bool is_called(const struct called *called, const char *name);

/* Where a changed function can't be redirected, call those changed that call it. (callers.c) */
int change_callers(struct unit *patched, const struct called *called, struct diag *diag);

/* Refuse a name that leads to another function or variable now (KS165). (aliases.c) */
int refuse_moved_names(struct unit *original, struct unit *patched, struct diag *diag);

/* Refuse to replace functions whose labels' addresses are kept (KS166). (labels.c) */
int refuse_kept_labels(struct unit *original, struct unit *patched, struct diag *diag);

/* Find what has to go to the output: ->included. True in *@any if there is something. */
int close_over_needed(struct unit *original, struct unit *patched, bool *any, struct diag *diag);

/* Refuse references of included code that may mean one of two variables. (ambiguous.c) */
int refuse_ambiguous(struct unit *patched, struct diag *diag);

/* Refuse new code with strings whose addresses somebody compares (KS129). (compared-strings.c) */
int refuse_compared_strings(struct unit *original, struct unit *patched, struct diag *diag);

/* Refuse tables about included code that nobody knows. */
int keep_special_entries(struct unit *patched, struct diag *diag);

/* Warn of new functions that others may call when the livepatch is gone (KS147). (given-away.c) */
void warn_of_given_away(struct unit *patched, struct diag *diag);

/* Refuse symbols of a type, binding or visibility that no pass knows (KS154). (symbol-kinds.c) */
int refuse_unknown_symbols(const struct unit *unit, struct diag *diag);

/* Warn of strings and data of the livepatch that others may keep pointers to (KS364). (kept-data.c) */
int warn_of_kept_data(struct unit *patched, struct diag *diag);

/* Warn of replaced functions whose pr_debug() may be switched on (KS168). (debug-messages.c) */
void warn_of_debug_messages(struct unit *original, struct unit *patched, struct diag *diag);

/* stand-ins.c: what new code calls instead of the kernel's function @name; NULL: that function. */
const char *stand_in(const char *name);

/* Find out what each reference to something outside means: ->ref. */
int refer_by_klp(struct unit *original, struct unit *patched, const struct object_index *object,
		 const struct symvers *symvers, const struct called *called, struct diag *diag);

/* Refuse code that uses a static key which the module loader can't write to (KS243). (read-only-keys.c) */
int refuse_read_only_keys(struct unit *patched, const struct object_index *object,
			  struct diag *diag);

/* Write the output. */
int unit_emit(struct unit *patched, const char *path, struct diag *diag);

/* Load the output again and see that nothing is missing and nothing refers to nowhere. */
int verify_output(struct unit *patched, const char *path, struct diag *diag);

/* --- what several passes ask --- */

/* Does @reloc, which lies in @from, have to reach what the running kernel has? (close.c) */
bool refers_to_original(struct atom *from, const struct reloc *reloc);

/* The unit that @atom's twin is part of: @original, unless it has moved. (moved.c) */
struct unit *unit_of_twin(const struct atom *atom, struct unit *original);

/* Do both mean the running kernel's, which one unit defines and the other one only declares? (moved.c) */
bool same_moved(const struct reloc *original, const struct reloc *patched);

/* Do both mean the same? (compare.c) */
bool same_reference(const struct unit *patched, const struct reloc *original,
		    const struct reloc *reloc);

/* Is @a of the original unit the same code, with the same entries, as @b? (compare.c) */
bool same_code(const struct atom *a, const struct atom *b);
/* Do @a of the original and @b mean the same? (compare.c) */
bool means_the_same(const struct reloc *a, const struct reloc *b);
/* Has the function @code of the original a twin that refers to the same, in the same order? (references.c) */
bool refers_as_before(struct atom *code);

/* Do the constants or variables @a and @b have the same size, bytes and references? (compare.c) */
bool same_data(const struct unit *original, const struct atom *a, const struct unit *patched,
	       const struct atom *b);

/*
 * The code of @from, which may be an entry's or a fragment's, uses a constant by @reloc. Does it
 * only read from there? (constants.c)
 */
bool only_reads(struct unit *unit, struct atom *from, const struct reloc *reloc);

/*
 * Does the original of the code that @from belongs to refer to @to (in the original unit), or
 * to the undefined symbol of that name? Then it knows when that may be used: __ref functions
 * refer to init code, and call it only during initialisation. (close.c)
 */
bool original_refers_to(struct atom *from, const struct atom *to, const char *undefined);

/* Was static, and is global now: other units of the livepatch may use the original. (close.c) */
bool became_global(const struct atom *atom);

/* If @function, which has changed, is an export: does it still take and return the same? */
void refuse_changed_signature(struct unit *original, struct unit *patched, struct atom *function,
			      struct diag *diag);

/* What EXPORT_SYMBOL() made this entry for; NULL if it is none of those. (compare.c) */
const struct atom *exported_by(const struct unit *unit, const struct atom *atom);

/* Does it, and what did it say before and what now? Caller frees *@was and *@is; NULL: not known. */
bool signature_changes(struct unit *original, struct unit *patched, const struct atom *function,
		       char **was, char **is);

/* Does @original do, or hold, the same as its twin? A function with its .cold parts. (compare.c) */
bool same_as_twin(struct unit *original, struct unit *patched, struct atom *atom);

/*
 * Details for the problem reported last: all that refer to @atom and that @counts, if it
 * isn't NULL, is true for. (users.c)
 */
void tell_users(struct unit *unit, const struct atom *atom, bool (*counts)(const struct atom *user),
		struct diag *diag);

/* The first of them, or NULL. */
struct atom *first_user(struct unit *unit, const struct atom *atom);

/*
 * placement.c: @atom, which has a twin, is in a section now that stands for other memory than its
 * twin's. And: for an alignment that its twin's doesn't stand for.
 */
bool becomes_other_memory(const struct atom *atom);
bool needs_aligned_section(const struct atom *atom);

/* A constant that has to be copied, as the running kernel's is another one. (close.c) */
bool is_renewed(const struct atom *atom);

#endif
