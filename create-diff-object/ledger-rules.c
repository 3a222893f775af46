// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * All that is known about differences, in one table. A row says which kind of
 * difference it accounts for, under which condition, and why that is right: the
 * output carries the difference, it means nothing to the running kernel, or it
 * can't be livepatched. Rows are as narrow as possible: a difference that fits
 * none is refused (KS160).
 *
 * Two arguments serve several rows. An atom without a name outside its unit is
 * reached only by references, and a reference to another atom is a difference
 * of its own, in the code or data that refers. And the running kernel keeps
 * what is removed: its users either go on using it, or have entries of their
 * own.
 */
#include "lib/array.h"
#include "create-diff-object/ledger-fits.h"
#include "create-diff-object/ledger-fits-sections.h"
#include "create-diff-object/ledger-rules.h"

#define D(difference) (1u << DIFFERS_##difference)
#define CARRIED(_name, _differs, _fits, _reason)                                      \
	{                                                                             \
		.name = _name, .reason = _reason, .differs = _differs, .fits = _fits, \
		.fate = FATE_CARRIED                                                  \
	}
#define IRRELEVANT(_name, _differs, _fits, _reason, ...)                              \
	{                                                                             \
		.name = _name, .reason = _reason, .differs = _differs, .fits = _fits, \
		.fate = FATE_IRRELEVANT, __VA_ARGS__                                  \
	}
#define REFUSED(_name, _code, _differs, _fits, _reason)                               \
	{                                                                             \
		.name = _name, .reason = _reason, .differs = _differs, .fits = _fits, \
		.fate = FATE_REFUSED, .code = _code                                   \
	}

static const struct ledger_rule rules[] = {
	/* the output contains it */
	CARRIED("included", D(CAME) | D(CONTENT) | D(ENTRIES) | D(ALIGNMENT), is_included,
		"the livepatch has it as the patched unit has it"),
	CARRIED("label", D(ALIAS) | D(NAME) | D(SYMBOL), is_label_of_included,
		"a label in code or data that the livepatch has as the patched unit has it"),
	CARRIED("global", D(BINDING), is_global_now,
		"other units of the livepatch reach the running kernel's by this name"),
	CARRIED("declaration",
		D(CAME) | D(WENT) | D(CONTENT) | D(SECTION) | D(ALIGNMENT) | D(ALIAS) | D(NAME) |
			D(SYMBOL) | D(FLAGS),
		is_declaration, "a declaration of the patch's author, which the tools have read"),
	/* the author is responsible for it */
	IRRELEVANT("left-out",
		   D(CAME) | D(CONTENT) | D(ENTRIES) | D(ALIAS) | D(SECTION) | D(ALIGNMENT),
		   is_left_out, "the patch's author says that it is left out", .code = "KS126",
		   .told = true),
	IRRELEVANT("weak-unused", D(CAME) | D(CONTENT) | D(ENTRIES) | D(SECTION) | D(ALIGNMENT),
		   is_dropped_weak, "weak: the object has a strong one, which the linker has taken",
		   .code = "KS363", .told = true),
	/* names */
	IRRELEVANT("number", D(NAME), is_numbered,
		   "only the number differs that the compiler gave"),
	CARRIED("same-variable", D(NAME), is_same_variable,
		"code that uses it is bound to the running kernel's variable"),
	CARRIED("same-function", D(NAME), is_same_function,
		"a function under another name: it does what the running kernel's does, or replaces it"),
	IRRELEVANT("padding", D(ALIAS) | D(NAME) | D(SYMBOL), is_padding,
		   "names the padding before a function; objtool makes it anew"),
	REFUSED("device-table", "KS162", D(ALIAS), is_device_table,
		"a table of devices that the build turns into aliases of the module"),
	IRRELEVANT("local-name", D(ALIAS), is_local_name,
		   "a further name within the unit: references are compared by what they lead to"),
	IRRELEVANT("name-of-equal", D(ALIAS), is_name_of_equal,
		   "led to code or a constant of the unit that is the same"),
	IRRELEVANT(
		"new-name", D(ALIAS), is_unknown_name,
		"nothing in the running kernel has this name; what uses it elsewhere is refused (KS146)"),
	IRRELEVANT("gone-name", D(ALIAS), is_gone_name,
		   "the running kernel keeps the name, for whoever is linked by it"),
	/* scope and weakness */
	IRRELEVANT("static", D(BINDING), is_static_now,
		   "only this unit reaches it now; others in the running kernel stay linked to it"),
	IRRELEVANT("weak", D(BINDING), is_weak_now,
		   "the running kernel is linked: this definition is in use, and stays so"),
	IRRELEVANT("strong", D(BINDING), is_in_use,
		   "the running kernel uses this definition, as nothing overrides it there"),
	REFUSED("overridden", "KS163", D(BINDING), is_weak,
		"the running kernel uses another definition, or it isn't known which"),
	IRRELEVANT("scope-of-init", D(BINDING), is_of_init,
		   "who refers to init or exit code has an entry of its own"),
	IRRELEVANT("visibility", D(SYMBOL), differs_in_visibility,
		   "visibility concerns shared libraries, and the kernel is none"),
	IRRELEVANT("linked", D(UNDEFINED), differs_in_binding,
		   "the running kernel is linked; code that depends on it differs itself"),
	/* sections */
	IRRELEVANT("placement", D(SECTION), is_placed_alike,
		   "only says where in memory it lies, and the running kernel's stays there"),
	IRRELEVANT(
		"memory", D(SECTION), is_same_memory,
		"the running kernel's variable stays where it is, in memory of the same kind or, "
		"if new code takes it for read-only, in writable memory"),
	IRRELEVANT("exit-of-module", D(SECTION), is_exit_of_module,
		   "exit code of a module is in memory as long as the module"),
	IRRELEVANT("export-kind", D(SECTION) | D(CONTENT), is_export,
		   "who may use an export the running kernel has read already", .code = "KS164"),
	REFUSED("section", "KS161", D(SECTION), differs_in_section,
		"the kernel treats what lies in this section apart, or no longer does so"),
	IRRELEVANT("storage", D(FLAGS), differs_in_storage,
		   "says how the file stores or the linker merges it, not what the kernel has"),
	IRRELEVANT("weaker", D(ALIGNMENT), is_aligned_less,
		   "the running kernel's is aligned better than it has to be"),
	IRRELEVANT("alignment-of-code", D(ALIGNMENT), is_unmoved_code,
		   "code runs anywhere; what runs once has run"),
	IRRELEVANT("alignment-of-list", D(ALIGNMENT), is_list_or_content,
		   "the livepatch makes lists and strings anew"),
	IRRELEVANT("alignment-of-new", D(ALIGNMENT), is_aligned_for_new,
		   "a new variable of this section needs the alignment"),
	/* code and its entries */
	IRRELEVANT("never-run",
		   D(CAME) | D(WENT) | D(CONTENT) | D(ENTRIES) | D(SECTION) | D(ALIGNMENT),
		   is_never_run, "exit code of what is built in never runs"),
	IRRELEVANT("derived", D(ENTRIES), is_derived,
		   "follows from the instructions, which are compared themselves"),
	IRRELEVANT("of-other-entry", D(ENTRIES), is_of_code_alone,
		   "belongs to code that only one unit has, which has an entry of its own"),
	IRRELEVANT("landing", D(CONTENT), differs_in_landing,
		   "an ENDBR at the beginning: whether indirect branches may lead there"),
	IRRELEVANT("moved-function", D(CONTENT), names_moved_function,
		   "names a function that moves to or from another file: kpatch-build follows it"),
	/* what was added and removed */
	IRRELEVANT("export", D(CAME), is_export, "only the livepatch finds a new export",
		   .code = "KS108", .told = true),
	IRRELEVANT("export-gone", D(WENT), is_export,
		   "who uses the export was built for the kernel as it is, which keeps it"),
	IRRELEVANT("trace-string", D(CAME) | D(WENT), is_listed_string,
		   "the running kernel keeps its list; new code that needs another is refused"),
	IRRELEVANT("unused", D(CAME), is_reached_by_reference,
		   "nothing in the livepatch refers to it; what does has an entry of its own"),
	IRRELEVANT("new-of-init", D(CAME), is_of_init,
		   "init or exit code; what refers to it has an entry of its own"),
	IRRELEVANT("kept", D(WENT), is_kept,
		   "the running kernel keeps it for what it has linked to it"),
	/* what the module says about itself */
	IRRELEVANT("built-in", D(MODINFO), is_built_in,
		   "a list on disk, of what needs no loading (modules.builtin.modinfo)"),
	IRRELEVANT("for-people", D(MODINFO), says_for_people, "text that modinfo prints"),
	IRRELEVANT("for-builds", D(MODINFO), says_for_builds,
		   "read by modpost and by tools that make an initramfs; the module on disk stays"),
	IRRELEVANT("parameter", D(MODINFO), says_of_parameter,
		   "the type of a parameter follows from its entry in __param"),
	REFUSED("modinfo", "KS162", D(MODINFO), says_to_loaders,
		"what loads modules reads it from the module on disk, which stays as it is"),
	/* sections of the build */
	CARRIED("declarations", D(BUILD), is_declarations,
		"declarations of the patch's author, which the tools have read"),
	IRRELEVANT("debugging", D(BUILD), is_debugging,
		   "debug information; kpatch-build compares the types it describes"),
	IRRELEVANT("note", D(BUILD), is_note,
		   "a note to objtool, modpost or the linker that follows from code or data"),
};

const struct ledger_rule *ledger_rule_of(const struct ledger *ledger,
					 const struct ledger_entry *entry)
{
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
		if (rules[i].differs & 1u << entry->differs && rules[i].fits(ledger, entry))
			return &rules[i];
	return NULL;
}
