// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * __read_mostly and the like say in which section a variable is. The running
 * kernel's variable stays where it is, whatever the patched source says: new
 * code uses it there. For most sections that only matters for speed. Others are
 * memory of another kind, and code that was compiled for one is wrong with a
 * variable in the other.
 */
#include <fnmatch.h>

#include "create-diff-object/passes.h"

/* Kinds of memory: a variable may be moved within one kind. */
enum memory {
	MEMORY_PLAIN,
	MEMORY_SEALED, /* read-only after init */
	MEMORY_PERCPU,
	MEMORY_DECRYPTED,
	MEMORY_DECRYPTED_PERCPU,
	MEMORY_NOT_SAVED,
	MEMORY_OTHER,
};

struct placement {
	const char *section; /* a pattern for fnmatch(); the first row that fits counts */
	enum memory memory;
	bool aligned; /* code may rely on the alignment that the section promises */
	const char *reason;
};

static const struct placement placements[] = {
	{ ".data..percpu..decrypted", MEMORY_DECRYPTED_PERCPU, false,
	  "the hypervisor reads it: the pages are mapped without encryption at boot" },
	{ ".data..percpu..page_aligned", MEMORY_PERCPU, true, "one copy for each CPU" },
	{ ".data..percpu..shared_aligned", MEMORY_PERCPU, true, "one copy for each CPU" },
	{ ".data..percpu*", MEMORY_PERCPU, false, "one copy for each CPU; the rest orders them" },
	{ ".bss..decrypted", MEMORY_DECRYPTED, false, "as with per-CPU variables" },
	{ ".data..decrypted", MEMORY_DECRYPTED, false, "the same" },
	{ ".data..nosave", MEMORY_NOT_SAVED, false,
	  "keeps its value when a hibernated system resumes" },
	{ ".data..ro_after_init*", MEMORY_SEALED, false, "mark_readonly(), module_enable_ro()" },
	{ ".data..page_aligned", MEMORY_PLAIN, true, "has pages of its own" },
	{ ".bss..page_aligned", MEMORY_PLAIN, true, "the same" },
	{ ".data..cacheline_aligned", MEMORY_PLAIN, true, "has cache lines of its own" },
	{ ".data..shared_aligned", MEMORY_PLAIN, true, "the same" },
	{ ".data..read_mostly", MEMORY_PLAIN, false,
	  "apart from variables that are written often" },
	{ ".data.once", MEMORY_PLAIN, false, "what clear_warn_once resets" },
	{ ".ref.data*", MEMORY_PLAIN, false, "only modpost reads it" },
	{ ".*data..*", MEMORY_OTHER, false, "not in the table" },
	{ ".bss..*", MEMORY_OTHER, false, "not in the table (.bss..brk: given out at boot)" },
	{ ".*data*", MEMORY_PLAIN, false, "initialised variables" },
	{ ".*bss*", MEMORY_PLAIN, false, "variables that are initially zero" },
	{ "*", MEMORY_OTHER, false, "not in the table" },
};

static const struct placement *placement_of(const struct atom *atom)
{
	const struct placement *placement = placements;

	while (fnmatch(placement->section, atom->section->elf->name, 0))
		placement++;
	return placement;
}

static bool is_variable(const struct atom *atom)
{
	return atom->kind == ATOM_DATA && (atom_section_kind(atom) == SECTION_DATA ||
					   atom_section_kind(atom) == SECTION_PERCPU);
}

bool becomes_other_memory(const struct atom *atom)
{
	const struct placement *was, *is;

	if (!is_variable(atom) || !is_variable(atom->twin))
		return false;
	was = placement_of(atom->twin);
	is = placement_of(atom);
	/*
	 * New code doesn't write to it, as it expects it to be read-only; the old variable stays
	 * writable.
	 */
	if (was->memory == MEMORY_PLAIN && is->memory == MEMORY_SEALED)
		return false;
	return was->memory != is->memory || (was->memory == MEMORY_OTHER && was != is);
}

bool needs_aligned_section(const struct atom *atom)
{
	return is_variable(atom) && is_variable(atom->twin) && placement_of(atom)->aligned &&
	       placement_of(atom) != placement_of(atom->twin);
}
