// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * If a comparison overlooks one kind of difference, a part of the diff is silently
 * missing in the livepatch. So each difference between the two units has to fit a row
 * of this table. A row names a kind of difference and a condition, and gives the
 * reason why such a difference is right: the output contains it, or it is irrelevant
 * to the running kernel, or it is refused. Rows are as narrow as possible; a difference
 * that fits no row is refused (KS160).
 *
 * Two arguments justify several rows. First, if nothing outside the unit knows the name
 * of an atom, only references lead to it, and a changed reference is a difference of its
 * own, of the code or data that refers. Second, the running kernel keeps what the patch
 * removes: its users either continue to use it, or are differences of their own.
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
		"the livepatch contains it as in the patched unit"),
	CARRIED("label", D(ALIAS) | D(NAME) | D(SYMBOL), is_label_of_included,
		"a label in code or data that the livepatch contains as in the patched unit"),
	CARRIED("global", D(BINDING), is_global_now,
		"other units of the livepatch refer to the running kernel's symbol by this name"),
	CARRIED("declaration",
		D(CAME) | D(WENT) | D(CONTENT) | D(SECTION) | D(ALIGNMENT) | D(ALIAS) | D(NAME) |
			D(SYMBOL) | D(FLAGS),
		is_declaration,
		"a declaration by the author of the patch, which the tools have read"),
	/* the author is responsible for these */
	IRRELEVANT("left-out",
		   D(CAME) | D(CONTENT) | D(ENTRIES) | D(ALIAS) | D(SECTION) | D(ALIGNMENT),
		   is_left_out, "the author of the patch leaves it out", .code = "KS126",
		   .told = true),
	IRRELEVANT("weak-unused", D(CAME) | D(CONTENT) | D(ENTRIES) | D(SECTION) | D(ALIGNMENT),
		   is_dropped_weak,
		   "weak: the linker has used the strong definition of another file of the object",
		   .code = "KS363", .told = true),
	/* names */
	IRRELEVANT("number", D(NAME), is_numbered,
		   "only the number that the compiler appends differs"),
	CARRIED("same-variable", D(NAME), is_same_variable,
		"new code that uses it refers to the running kernel's variable"),
	CARRIED("same-function", D(NAME), is_same_function,
		"a renamed function: it is equal to the running kernel's, or replaces it"),
	IRRELEVANT("padding", D(ALIAS) | D(NAME) | D(SYMBOL), is_padding,
		   "names the padding before a function, which objtool adds again"),
	REFUSED("device-table", "KS162", D(ALIAS), is_device_table,
		"a device table, from which the build makes aliases of the module"),
	IRRELEVANT("local-name", D(ALIAS), is_local_name,
		   "another name within the unit: references are compared by their targets"),
	IRRELEVANT("name-of-equal", D(ALIAS), is_name_of_equal,
		   "the name of code or of a constant that is equal in both units"),
	IRRELEVANT(
		"new-name", D(ALIAS), is_unknown_name,
		"the running kernel has no symbol of this name; other units that use it are refused (KS146)"),
	IRRELEVANT("gone-name", D(ALIAS), is_gone_name,
		   "the running kernel keeps the name for code that is linked to it"),
	/* scope and weakness */
	IRRELEVANT(
		"static", D(BINDING), is_static_now,
		"only this unit can use it now; other units of the running kernel stay linked to it"),
	IRRELEVANT("weak", D(BINDING), is_weak_now,
		   "the running kernel is linked: it uses this definition and continues to do so"),
	IRRELEVANT("strong", D(BINDING), is_in_use,
		   "the running kernel uses this definition: no other one overrides it"),
	REFUSED("overridden", "KS163", D(BINDING), is_weak,
		"the running kernel uses another definition, or which one it uses is unknown"),
	IRRELEVANT("scope-of-init", D(BINDING), is_of_init,
		   "a reference to init or exit code is a difference of its own"),
	IRRELEVANT("visibility", D(SYMBOL), differs_in_visibility,
		   "visibility only concerns shared libraries"),
	IRRELEVANT(
		"linked", D(UNDEFINED), differs_in_binding,
		"the running kernel is linked; code that depends on the binding is different itself"),
	/* sections */
	IRRELEVANT(
		"placement", D(SECTION), is_placed_alike,
		"the section only determines the address, which doesn't change in the running kernel"),
	IRRELEVANT("memory", D(SECTION), is_same_memory,
		   "the running kernel's variable doesn't move; its memory is of the same kind or, "
		   "if new code treats it as read-only, writable"),
	IRRELEVANT("exit-of-module", D(SECTION), is_exit_of_module,
		   "exit code of a module stays in memory as long as the module"),
	IRRELEVANT("export-kind", D(SECTION) | D(CONTENT), is_export,
		   "the running kernel has already read which modules may use an export",
		   .code = "KS164"),
	REFUSED("section", "KS161", D(SECTION), differs_in_section,
		"the kernel treats the contents of one of the two sections specially"),
	IRRELEVANT("storage", D(FLAGS), differs_in_storage,
		   "concerns how the file stores it and how the linker merges it, not the kernel"),
	IRRELEVANT("weaker", D(ALIGNMENT), is_aligned_less,
		   "the running kernel's symbol is aligned more strictly than necessary"),
	IRRELEVANT("alignment-of-code", D(ALIGNMENT), is_unmoved_code,
		   "code doesn't depend on its alignment, and init code has already run"),
	IRRELEVANT("alignment-of-list", D(ALIGNMENT), is_list_or_content,
		   "the livepatch contains its own lists and strings"),
	IRRELEVANT("alignment-of-new", D(ALIGNMENT), is_aligned_for_new,
		   "a new variable of this section needs the alignment"),
	/* code and its entries */
	IRRELEVANT("never-run",
		   D(CAME) | D(WENT) | D(CONTENT) | D(ENTRIES) | D(SECTION) | D(ALIGNMENT),
		   is_never_run, "exit code of built-in objects never runs"),
	IRRELEVANT("derived", D(ENTRIES), is_derived,
		   "follows from the instructions, which are compared themselves"),
	IRRELEVANT("of-other-entry", D(ENTRIES), is_of_code_alone,
		   "about code that only one unit has, which is a difference of its own"),
	IRRELEVANT(
		"landing", D(CONTENT), differs_in_landing,
		"an ENDBR at the beginning, which only allows indirect branches to the function"),
	IRRELEVANT(
		"moved-function", D(CONTENT), names_moved_function,
		"refers to a function that moves to or from another file: kpatch-build checks that"),
	/* what was added and removed */
	IRRELEVANT("export", D(CAME), is_export, "only the livepatch can use a new export",
		   .code = "KS108", .told = true),
	IRRELEVANT("export-gone", D(WENT), is_export,
		   "modules that use the export were built for the running kernel, which keeps it"),
	IRRELEVANT(
		"trace-string", D(CAME) | D(WENT), is_listed_string,
		"the running kernel keeps its list; new code that needs another entry is refused"),
	IRRELEVANT("unused", D(CAME), is_reached_by_reference,
		   "nothing in the livepatch refers to it; a reference is a difference of its own"),
	IRRELEVANT("new-of-init", D(CAME), is_of_init,
		   "init or exit code; a reference to it is a difference of its own"),
	IRRELEVANT("kept", D(WENT), is_kept,
		   "the running kernel keeps it for code that is linked to it"),
	/* what the module says about itself */
	IRRELEVANT(
		"built-in", D(MODINFO), is_built_in,
		"only in a file on disk, which lists built-in modules (modules.builtin.modinfo)"),
	IRRELEVANT("for-people", D(MODINFO), says_for_people, "text that modinfo prints"),
	IRRELEVANT(
		"for-builds", D(MODINFO), says_for_builds,
		"modpost and tools that make an initramfs read it from the module on disk, which doesn't change"),
	IRRELEVANT("parameter", D(MODINFO), says_of_parameter,
		   "the type of a parameter follows from its entry in __param"),
	REFUSED("modinfo", "KS162", D(MODINFO), says_to_loaders,
		"modprobe and the kernel read it from the module on disk, which doesn't change"),
	/* sections of the build */
	CARRIED("declarations", D(BUILD), is_declarations,
		"declarations by the author of the patch, which the tools have read"),
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
