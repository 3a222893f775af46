// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the tools know of each problem that they can report, in one table: a
 * code once printed may be in a script, a ticket or a search engine, so a row
 * is never renumbered and a code never used for another problem.
 *
 * Sorted by code, so that the next free number is seen at a glance.
 */
#include <string.h>

#include "lib/array.h"
#include "lib/diag.h"

static const struct diag_code codes[] = {
	{
		.code = "KS101",
		.class = DIAG_FAILURE,
		.what = "not two compilations of one unit",
		.why = "only the same source file, compiled twice for the same machine, can be "
		       "compared",
		.remedy = "compile the original and the patched file with the same command",
	},
	{
		.code = "KS102",
		.class = DIAG_REFUSAL,
		.what = "changed function can't be redirected",
		.why = "livepatch replaces a function by its call to ftrace, and the running kernel's "
		       "function has none (notrace, noinstr, lib/, or part of tracing itself); to replace "
		       "its callers instead, all of them have to be known: it must not be exported, and "
		       "nothing may have its address",
		.remedy = "make the change in a caller that ftrace can redirect",
	},
	{
		.code = "KS103",
		.class = DIAG_REFUSAL,
		.what = "code or data of initialisation changed",
		.why = "it has run already, and its memory was given back: a livepatch of it would "
		       "do nothing",
		.remedy =
			"leave it out of the diff, or do what it should have done in a post-patch "
			"callback",
	},
	{
		.code = "KS104",
		.class = DIAG_REFUSAL,
		.what = "initialised data changed",
		.why = "the running kernel already uses this variable; a livepatch replaces functions, "
		       "not values",
		.remedy = "set the value in a pre-patch callback, or keep new state in a shadow "
			  "variable",
	},
	{
		.code = "KS105",
		.class = DIAG_REFUSAL,
		.what = "size or alignment of a variable changed",
		.why = "the variable lies between others in the running kernel, where it can't grow or "
		       "move; code that stays as it is knows the old size",
		.remedy = "put what is new in a variable of its own, or in a shadow variable",
	},
	{
		.code = "KS106",
		.class = DIAG_REFUSAL,
		.what = "constant changed that unchanged code uses too",
		.why = "functions that only read it are replaced and have a new copy, but where a pointer "
		       "to it was left (stored, returned, given to others), the old one stays in use",
		.remedy =
			"make a constant with a new name for the new code, and change all users that "
			"should see it",
	},
	{
		.code = "KS108",
		.class = DIAG_REFUSAL,
		.what = "new export",
		.why = "only the livepatch's own objects find it: the running kernel's list of exports can't "
		       "be added to, and a module that binds to the livepatch would pin it",
		.remedy =
			"what only the livepatch uses needs no EXPORT_SYMBOL if it is new; what exists needs "
			"it, so that the source is right; other modules have to wait for the next boot",
	},
	{
		.code = "KS109",
		.class = DIAG_REFUSAL,
		.what = "entry of a list that the kernel reads once was added, changed or removed",
		.why = "initcalls, parameters, exports, tracepoints and the like are read at boot or "
		       "when a module is loaded; the running kernel has done that",
		.remedy =
			"leave it out of the diff, or register in a post-patch callback what can be "
			"registered at run time",
	},
	{
		.code = "KS110",
		.class = DIAG_REFUSAL,
		.what = "section that nobody here knows",
		.why = "the kernel may use this section to change the code or to find it; without "
		       "knowing how, a livepatch could be wrong",
		.remedy = "report it: each section is a row in lib/special-sections.c",
	},
	{
		.code = "KS111",
		.class = DIAG_REFUSAL,
		.what = "static local variable may be an old one or a new one",
		.why = "a static local is known by the function that declares it, and by the code of the block "
		       "around; both changed too much to prove that it is the same variable, and two copies "
		       "of one variable would be wrong",
		.remedy =
			"if it is new, give it another name, or say KLP_SPLIT_NEW_STATE(variable); else keep its "
			"function and the block that declares it as they were",
	},
	{
		.code = "KS112",
		.class = DIAG_REFUSAL,
		.what = "symbol can't be found in the kernel object for sure",
		.why = "livepatch finds a symbol by name and position, and this one's position is not "
		       "certain",
		.remedy = "see that the object file is the one that runs, with all its symbols",
	},
	{
		.code = "KS113",
		.class = DIAG_REFUSAL,
		.what = "refers into the middle of a function that stays as it is",
		.why = "livepatch can replace a function, and refer to its entry, but not to an "
		       "instruction in it",
		.remedy = "report it, with both object files",
	},
	{
		.code = "KS114",
		.class = DIAG_REFUSAL,
		.what = "variable without a name",
		.why = "the running kernel may have this variable, but without a name it can't be "
		       "found there",
		.remedy = "give it a name in the source",
	},
	{
		.code = "KS115",
		.class = DIAG_FAILURE,
		.what = "relocation that nobody here knows",
		.why = "what it does to code or data would have to be guessed",
		.remedy = "report it: the types are listed in create-diff-object/unit/arch-*.c",
	},
	{
		.code = "KS116",
		.class = DIAG_REFUSAL,
		.what = "code that can't be decoded",
		.why = "an instruction is unknown to the decoder, or a short jump ties two functions "
		       "together, so what the code refers to is uncertain",
		.remedy = "report it, with both object files",
	},
	{
		.code = "KS117",
		.class = DIAG_REFUSAL,
		.what = "symbol became another kind of symbol",
		.why = "read-only, read-only after init and writable, per-CPU and plain are properties "
		       "that the running kernel's symbol has for good",
		.remedy = "keep the declaration as it was, or use a new name",
	},
	{
		.code = "KS118",
		.class = DIAG_REFUSAL,
		.what = "new code would use something that exists only during initialisation or exit",
		.why = "its memory has been given back, or was never loaded",
		.remedy = "remove __init, __initdata or __exit from what is new",
	},
	{
		.code = "KS119",
		.class = DIAG_FAILURE,
		.what = "damaged special section",
		.why = "its entries are not laid out as the kernel of this version does it",
		.remedy = "report it, with the object file",
	},
	{
		.code = "KS120",
		.class = DIAG_REFUSAL,
		.what = "changed function isn't in the kernel",
		.why = "it is a weak definition, and another unit has the one that the kernel uses",
		.remedy = "change the other definition",
	},
	{
		.code = "KS121",
		.class = DIAG_FAILURE,
		.what = "the kernel object is needed",
		.why = "an output object refers to the running kernel's symbols by their position in "
		       "it, and must know its exports",
		.remedy = "name vmlinux or the module with --object-file, and Module.symvers with "
			  "--symvers",
	},
	{
		.code = "KS122",
		.class = DIAG_FAILURE,
		.what = "output failed its own check",
		.why = "this is a defect of create-diff-object; nothing was written",
		.remedy = "report it, with both object files",
	},
	{
		.code = "KS124",
		.class = DIAG_REFUSAL,
		.what = "exit function changed",
		.why = "ftrace can't redirect exit functions; the core replaces only what a module had, and "
		       "still has, as its module_exit(), and nothing else calls",
		.remedy =
			"leave it out of the diff, or make the change in a function that it calls",
	},
	{
		.code = "KS125",
		.class = DIAG_REFUSAL,
		.what = "an instruction of the patch's author fits nothing",
		.why = "it names something that this unit doesn't have, or that can't be left out; "
		       "passing over it could leave out less or more than was meant",
		.remedy = "see klp-split-author.h for what can be named, and how",
	},
	{
		.code = "KS126",
		.class = DIAG_REFUSAL,
		.what = "change left out, as the author of the patch says",
		.why = "the patch says so with a macro of klp-split-author.h; nobody but its author can "
		       "judge that the livepatch is right without it",
		.remedy = "nothing to do; remove the macro if the change has to take effect",
	},
	{
		.code = "KS127",
		.class = DIAG_REFUSAL,
		.what = "reference that may mean one of two variables",
		.why = "variables of one section attribute lie side by side, and the end of one is the "
		       "beginning of the next; the patch moves them apart, so that it matters which is "
		       "meant",
		.remedy =
			"leave the attribute (__read_mostly, __ro_after_init, …) of the new variable out, "
			"or declare it behind the others",
	},
	{
		.code = "KS128",
		.class = DIAG_REFUSAL,
		.what = "an exported function takes or returns something else",
		.why = "modules that were built for the function as it was go on calling it so, also those "
		       "that nobody here knows of",
		.remedy =
			"keep the function as it is, and give what needs the new parameters a new one",
	},
	{
		.code = "KS129",
		.class = DIAG_REFUSAL,
		.what = "new code has a string whose address is compared",
		.why = "new code brings a copy of the string, at another address than the one that the running "
		       "kernel has stored or compares with",
		.remedy =
			"compare what the string says (strcmp()), or make the change in functions that "
			"don't have this string",
	},
	{
		.code = "KS130",
		.class = DIAG_REFUSAL,
		.what = "the function has a number in its code that only the boot writes",
		.why = "the kernel fills in such numbers (runtime_const_shift_right_32() and its like) in "
		       "its own code, once; in a livepatch's code the number would be a wrong one",
		.remedy =
			"read the variable that the list is named for: give what the diff changes a "
			"function of its own instead of the one with the number (for d_hash(): "
			"dentry_hashtable + ((u32)hash >> d_hash_shift))",
	},
	{
		.code = "KS140",
		.class = DIAG_WARNING,
		.what = "tasks may never leave a function that is replaced",
		.why = "a transition ends when each task has been seen outside of the replaced functions and "
		       "of what they jump to; until then both versions run, and no other livepatch can be "
		       "loaded",
		.remedy =
			"change what the function calls, if that is enough; else expect the transition to take "
			"long, or not to end (kpatch says which tasks it waits for)",
	},
	{
		.code = "KS141",
		.class = DIAG_REFUSAL,
		.what = "a function that others call takes or returns something else",
		.why = "the shipped binary refers to it from a unit that the diffs don't change: that code goes on "
		       "calling it as it was",
		.remedy =
			"declare it in a header that its callers include, so that they are compiled again; or keep "
			"the function as it is, and give what needs the new parameters a new one",
	},
	{
		.code = "KS142",
		.class = DIAG_REFUSAL,
		.what = "uses what only a module has that the patched object doesn't depend on",
		.why = "a livepatch can't make one module depend on another: nothing keeps that module there "
		       "while the new code runs, or loads it before",
		.remedy =
			"leave the use out of the diff, or look the symbol up at run time (symbol_get())",
	},
	{
		.code = "KS143",
		.class = DIAG_REFUSAL,
		.what = "an export that the livepatch can't give to anybody",
		.why = "what the running kernel has is found by klp relocation, and that only by the livepatch's own "
		       "modules; other modules can't see the export, and code that is gone after init nobody may use",
		.remedy =
			"leave the export out of the diff, or put the change of the module that uses it into the same "
			"livepatch",
	},
	{
		.code = "KS144",
		.class = DIAG_REFUSAL,
		.what = "a file is removed, but something still uses it",
		.why = "the running kernel keeps its functions, so nothing would fail; but the kernel of this "
		       "source couldn't be linked, and what the diff wants gone would go on being used",
		.remedy =
			"change all that uses it, and the makefile that lists it, in the same livepatch",
	},
	{
		.code = "KS145",
		.class = DIAG_REFUSAL,
		.what = "a function that a task of each machine never leaves is replaced",
		.why = "a transition ends when no task has a replaced function on its stack: this one's would "
		       "never end, and no other livepatch could be loaded",
		.remedy =
			"change what the function calls, and leave it as it is: KLP_SPLIT_IGNORE_FUNCTION()",
	},
	{
		.code = "KS146",
		.class = DIAG_REFUSAL,
		.what = "uses what neither the running kernel has nor these diffs",
		.why = "a kernel with these diffs would not link; the diff that defines it is missing",
		.remedy =
			"add the diff of the unit that defines it, or look for a name that is written otherwise",
	},
	{
		.code = "KS147",
		.class = DIAG_WARNING,
		.what = "others are given the address of a new function",
		.why = "who keeps it, as a timer, a work or a table of callbacks does, may call it when the "
		       "livepatch was removed or replaced, and its code is gone; callbacks of call_rcu() "
		       "are waited for",
		.remedy =
			"if it is called only until the call returns, all is well; else end it in a "
			"post-unpatch callback (cancel_work_sync(), timer_delete_sync()), or let a "
			"function that the kernel has do it",
	},
	{
		.code = "KS150",
		.class = DIAG_REFUSAL,
		.what = "callback that livepatch can't call",
		.why = "a callback comes with the livepatch: it has to be a new function, defined in the "
		       "file that declares it",
		.remedy =
			"write a new function in the same file, and name that in KLP_SPLIT_PRE_PATCH() or "
			"its like; it may call what the kernel has",
	},
	{
		.code = "KS151",
		.class = DIAG_REFUSAL,
		.what = "two callbacks of one kind for one object",
		.why = "livepatch calls one pre-patch callback for vmlinux and one for each module, and so "
		       "with the other kinds, whatever number of files the object has",
		.remedy =
			"declare one, and let it call the other's function (which must not be static if it "
			"is in another file)",
	},
	{
		.code = "KS152",
		.class = DIAG_REFUSAL,
		.what = "state that livepatch can't keep",
		.why = "states are known by a number other than 0, and have a version that is an unsigned int",
		.remedy =
			"take a number that no other fix uses: KLP_SPLIT_STATE(KLP_SPLIT_ID(2026, 1234, 0), 1)",
	},
	{
		.code = "KS160",
		.class = DIAG_REFUSAL,
		.what = "a difference that nothing accounts for",
		.why = "each difference of the two compilations has to be carried by the livepatch, or known "
		       "to mean nothing, or refused for a reason; this one is none of these, so the livepatch "
		       "could lack a part of the diff",
		.remedy =
			"leave this part out of the diff, or report it with both object files: each kind of "
			"difference is a row in create-diff-object/ledger-rules.c",
	},
	{
		.code = "KS161",
		.class = DIAG_REFUSAL,
		.what = "symbol moved to or from a section that the kernel treats apart",
		.why = "such a section (.data..nosave, .noinstr.text, .sched.text, …) gives what lies in it a "
		       "property by its address, and the running kernel's stays where it is",
		.remedy = "leave the attribute as it was",
	},
	{
		.code = "KS162",
		.class = DIAG_REFUSAL,
		.what = "what the module says of itself changed",
		.why = "modprobe, udev and the module loader read aliases, device tables, dependencies and the "
		       "license from the module's file when they load it; a livepatch doesn't change the file",
		.remedy = "leave it out of the diff; it takes effect with the next kernel",
	},
	{
		.code = "KS163",
		.class = DIAG_REFUSAL,
		.what = "a weak definition gets strong that the running kernel doesn't use",
		.why = "another unit has the definition that the running kernel uses; a kernel of the patched "
		       "source would use this one, or could not be linked",
		.remedy = "change the definition that is used",
	},
	{
		.code = "KS164",
		.class = DIAG_REFUSAL,
		.what = "an export is for other modules than before",
		.why = "whether an export is for GPL modules only, and its namespace, the running kernel has read "
		       "already: modules are loaded by the old rule until the next boot",
		.remedy =
			"nothing to do if that is enough; else other modules have to wait for the next boot",
	},
	{
		.code = "KS165",
		.class = DIAG_REFUSAL,
		.what = "a name leads to another function or variable",
		.why = "the names of a function (aliases) are one place in the running kernel, where livepatch "
		       "redirects all of them or none; code that isn't compiled here goes on using the name for "
		       "what it leads to now",
		.remedy = "leave the alias as it was, and make the change in the functions",
	},
	{
		.code = "KS166",
		.class = DIAG_REFUSAL,
		.what = "a replaced function leaves the addresses of its labels somewhere",
		.why = "the running kernel's code has stored places in itself (&&label), in a variable, in an "
		       "object or with another function; new code that jumps there would go on in the middle "
		       "of the old code",
		.remedy =
			"keep the labels' addresses in a table that is const, and only jump to what is loaded "
			"from it; or make the change in a function that this one calls",
	},
	{
		.code = "KS167",
		.class = DIAG_REFUSAL,
		.what = "a slow path in assembler belongs to several functions",
		.why = "what inline assembler has put into another section can't be divided between the changed "
		       "function and this one, which stays as it is and which it jumps back to",
		.remedy = "end each slow path with a jump, in the statement that it belongs to",
	},
	{
		.code = "KS168",
		.class = DIAG_WARNING,
		.what = "messages of dynamic debug are off in the new code",
		.why = "a replaced function has its pr_debug() anew: what was switched on before stays with the old "
		       "code, and \"module NAME\" finds the new ones only by the livepatch module's name",
		.remedy =
			"if they are in use, switch them on again once the livepatch is loaded, by file or function: "
			"echo 'func NAME +p' > /proc/dynamic_debug/control",
	},
	{
		.code = "KS169",
		.class = DIAG_REFUSAL,
		.what = "the diff names two files for one change",
		.why = "the names of the --- and the +++ line are both those of files in a kernel tree, and neither "
		       "is the other with a suffix like .orig or .new",
		.remedy = "write the name of the file that is to be changed in both lines",
	},
	{
		.code = "KS170",
		.class = DIAG_REFUSAL,
		.what = "new variable that may be one of the running kernel's under another name, type or place",
		.why = "the code that used the old variable uses the new one, which starts at its initial value: "
		       "what the running kernel has in the old one (entries of a list, a lock, a counter) would "
		       "be forgotten",
		.remedy =
			"keep name, type and place of the variable as they were; if it does start anew, say "
			"KLP_SPLIT_NEW_STATE(variable)",
	},
	{
		.code = "KS171",
		.class = DIAG_REFUSAL,
		.what = "variables of the running kernel that seem to have exchanged their names",
		.why = "a variable is found by its name, and all code that used the one uses the other now: what the "
		       "running kernel has in each would be taken for the other's",
		.remedy =
			"keep the names, and the order of the declarations, as they were; if the uses were exchanged on "
			"purpose, leave the names alone and swap the values in a callback",
	},
	{
		.code = "KS172",
		.class = DIAG_REFUSAL,
		.what = "variable that may have moved to another file",
		.why = "the new file's variable starts at its initial value, and the running kernel's, which other "
		       "code may go on using, would be forgotten",
		.remedy =
			"leave the variable in its file, and declare it extern where it is needed; if the new one "
			"does start anew, say KLP_SPLIT_NEW_STATE(variable) beside it",
	},
	{
		.code = "KS173",
		.class = DIAG_WARNING,
		.what = "variable under a new name",
		.why = "the code that used the running kernel's variable uses the new name in its place: new code goes "
		       "on with the running kernel's variable",
		.remedy =
			"nothing to do; if the variable is meant to start anew, say KLP_SPLIT_NEW_STATE(variable)",
	},
	{
		.code = "KS174",
		.class = DIAG_REFUSAL,
		.what = "variable that nothing writes or reads any more, so that the compiler leaves it out",
		.why = "new code has the initial value in its place, and not what the running kernel has in the "
		       "variable",
		.remedy =
			"keep a use that writes the variable: a callback can set the value that the new code expects; "
			"if nothing needs the variable, remove its declaration",
	},
	{
		.code = "KS185",
		.class = DIAG_FAILURE,
		.what = "the map of lines can't be read",
		.why = "the compiler was told other numbers for the lines of the patched source, and "
		       "messages would name the wrong ones",
		.remedy =
			"name the lines.json of the build that made the objects, or leave --lines "
			"out",
	},
	{
		.code = "KS201",
		.class = DIAG_REFUSAL,
		.what = "not a livepatch module",
		.why = "the kernel resolves klp symbols only in a module that says of itself "
		       "livepatch=Y; in any other one it refuses them at load",
		.remedy = "put MODULE_INFO(livepatch, \"Y\") into one of its sources",
	},
	{
		.code = "KS202",
		.class = DIAG_REFUSAL,
		.what = "already converted",
		.why = "converting works on what kbuild has linked; of a converted module nobody knows "
		       "any more which symbols were given by whom",
		.remedy =
			"link the module again (remove the .ko and run kbuild), then convert it once",
	},
	{
		.code = "KS203",
		.class = DIAG_REFUSAL,
		.what = "malformed list of references to the running kernel (.klp.refs)",
		.why = "each entry has to name an undefined symbol, an object, a symbol in it and its "
		       "position; an entry that is guessed wrong would reach another symbol",
		.remedy =
			"write entries with KLP_SPLIT_REF() of klp_split.h only, and give the object "
			"as the kernel writes it (x_tables, not x-tables.ko)",
	},
	{
		.code = "KS204",
		.class = DIAG_REFUSAL,
		.what = "one symbol, two meanings",
		.why = "two references use the same undefined symbol for different symbols of the running "
		       "kernel, and after linking nobody can tell their uses apart",
		.remedy = "give the symbols different names in the sources that refer to them",
	},
	{
		.code = "KS205",
		.class = DIAG_REFUSAL,
		.what = "undefined symbol that nobody provides",
		.why = "it is no export of vmlinux or of the core, no new symbol of the main module, and "
		       "no reference says which symbol of the running kernel it is",
		.remedy =
			"if the diff declares it, define it too; if a module owns it, let the differ or "
			"KLP_SPLIT_REF() name that module and the position",
	},
	{
		.code = "KS206",
		.class = DIAG_REFUSAL,
		.what = "relocation that the kernel can't apply",
		.why = "the module loader knows only some types of relocations, and refuses an address that "
		       "doesn't fit; it would refuse the module when it is loaded",
		.remedy =
			"compile with the kernel's own flags for modules (no PIC, no thread-local "
			"variables, code model kernel)",
	},
	{
		.code = "KS207",
		.class = DIAG_REFUSAL,
		.what = "the place of a relocation isn't empty",
		.why = "the module loader takes a value that is already there for a sign of having been "
		       "relocated before, and refuses the module",
		.remedy =
			"convert the module as kbuild linked it, not one that another tool has changed",
	},
	{
		.code = "KS208",
		.class = DIAG_REFUSAL,
		.what = "the provider's symbol can't be used",
		.why = "a reference must reach one symbol, and that must stay in memory as long as the "
		       "livepatch; this one is in doubt or is freed after init",
		.remedy = "define it in one place only, and without __init or __initdata",
	},
	{
		.code = "KS209",
		.class = DIAG_REFUSAL,
		.what = "the build of the main module is not known",
		.why = "an object module names the build-id of its main module, so that one of an older "
		       "build, left on disk, is refused; without it the core takes none",
		.remedy = "give the main module, as it was linked, as provider: -p PATCH=PATCH.ko",
	},
	{
		.code = "KS220",
		.class = DIAG_REFUSAL,
		.what = "ordinary reference that is no export of vmlinux or of the core",
		.why = "the module loader would fail to resolve it, or pin the module that exports it, "
		       "which could then never be unloaded",
		.remedy =
			"let `klp-relocs convert` turn it into a klp relocation, and give both commands "
			"the kernel's Module.symvers and the core's",
	},
	{
		.code = "KS221",
		.class = DIAG_REFUSAL,
		.what = "malformed klp symbol or section",
		.why = "the kernel would refuse it, or pass over it and leave code that jumps to address 0",
		.remedy =
			"make the module with `klp-relocs convert`; if it was right then, the tool that "
			"changed it afterwards (strip, objcopy) doesn't know klp symbols",
	},
	{
		.code = "KS222",
		.class = DIAG_REFUSAL,
		.what = "the object has no such symbol at that position",
		.why = "the kernel would refuse to load the livepatch; with another build of the object it "
		       "could as well find a wrong one",
		.remedy = "build the livepatch against the very files that the machines run",
	},
	{
		.code = "KS223",
		.class = DIAG_REFUSAL,
		.what = "several symbols of that name",
		.why = "position 0 says that the name is unique in the object; the kernel refuses it if it "
		       "isn't",
		.remedy =
			"refer to it by its position: 1 for the first one in the kernel's order, and so on",
	},
	{
		.code = "KS224",
		.class = DIAG_REFUSAL,
		.what = "no file was given for an object",
		.why = "without it nothing tells whether the symbol exists",
		.remedy =
			"name it: --object NAME=FILE (vmlinux or the .ko; a main module is an object, too)",
	},
	{
		.code = "KS225",
		.class = DIAG_REFUSAL,
		.what = "the object may be gone while the code still uses it",
		.why = "a klp symbol takes no reference on its module; only vmlinux, the patched module, "
		       "what that depends on, and the main module are sure to stay",
		.remedy =
			"give the patched module with --target; if it really doesn't depend on that module, "
			"the diff adds a dependency, which a livepatch can't",
	},
	{
		.code = "KS226",
		.class = DIAG_REFUSAL,
		.what = "depends on another module than the core",
		.why = "modprobe would load that module first and the kernel would pin it, and with it "
		       "possibly the patched module or a deadlock",
		.remedy =
			"build it against exports of vmlinux and the core only (a Module.symvers without "
			"the other modules)",
	},
	{
		.code = "KS227",
		.class = DIAG_REFUSAL,
		.what = "a checksum is listed for a klp symbol",
		.why = "checksums are for ordinary references; this one says that the module needs an export "
		       "that it doesn't use",
		.remedy = "make the module with `klp-relocs convert`, which removes them",
	},
	{
		.code = "KS228",
		.class = DIAG_REFUSAL,
		.what = "not converted",
		.why = "its references to the running kernel are still to be turned into klp relocations",
		.remedy = "run `klp-relocs convert` on it",
	},
	{
		.code = "KS229",
		.class = DIAG_REFUSAL,
		.what = "the symbol doesn't outlive the object's init",
		.why = "the kernel frees init code and data once they have run, and then counts positions "
		       "without them: the reference would reach freed memory or another symbol",
		.remedy =
			"don't use functions or variables marked __init or __initdata in patched code "
			"(of vmlinux: only where the original code does)",
	},
	{
		.code = "KS230",
		.class = DIAG_REFUSAL,
		.what = "the livepatch was made for another object",
		.why = "the module names the build of each object that it patches, and the file given is "
		       "not that build",
		.remedy =
			"give the file that the livepatch was built against, or build it against this one",
	},
	{
		.code = "KS231",
		.class = DIAG_REFUSAL,
		.what = "the module has a wrong name",
		.why = "the core asks for <patch>__<object>, and the kernel's names have at most 55 "
		       "characters; under another name the module is never found",
		.remedy =
			"name it <patch>__<object> with '_' for '-', and take a shorter name for the patch",
	},
	{
		.code = "KS232",
		.class = DIAG_REFUSAL,
		.what = "malformed list of replaced functions (.klp_split.funcs)",
		.why = "each entry has to name one function of the patched object, and the code that "
		       "replaces it; the core refuses a livepatch whose list is anything else",
		.remedy =
			"link the units that create-diff-object wrote, with klp-split.lds, and the "
			"template that belongs to the object",
	},
	{
		.code = "KS233",
		.class = DIAG_REFUSAL,
		.what = "address of a function that no indirect call may reach",
		.why = "the kernel is built for indirect branch tracking (IBT), and has taken the ENDBR "
		       "out of this function, because nothing in it used its address; a processor "
		       "that tracks branches stops at a call through such a pointer",
		.remedy =
			"call it by its name, or put a function of your own into the diff that does, "
			"and use that one's address, which nobody may keep when the livepatch goes",
	},
	{
		.code = "KS240",
		.class = DIAG_REFUSAL,
		.what = "a place of the code is missing in a list that the kernel works by",
		.why = "while it loads a module the kernel rewrites calls, returns and indirect branches "
		       "at listed places, and unwinds stacks by a list of functions; what isn't listed "
		       "stays as it is, without a word",
		.remedy =
			"build the module with kbuild and the kernel's objtool; if kpatch-build made "
			"it, that is a defect of kpatch-build: please report it",
	},
	{
		.code = "KS241",
		.class = DIAG_REFUSAL,
		.what = "static call whose key the kernel can't find",
		.why = "the list of static calls names the trampoline instead of the key, and the "
		       "trampoline isn't exported; the kernel refuses such a module",
		.remedy = "give objtool the key's name, __SCK__…, as an undefined symbol; if "
			  "kpatch-build made the module, that is a defect of it: please report it",
	},
	{
		.code = "KS242",
		.class = DIAG_REFUSAL,
		.what = "address of a function of the livepatch that no indirect call may reach",
		.why = "the kernel is built for indirect branch tracking (IBT): what is called through a "
		       "pointer has to begin with ENDBR, and to keep it",
		.remedy =
			"compile with the kernel's own options, and don't write such functions in "
			"assembler without ENDBR",
	},
	{
		.code = "KS243",
		.class = DIAG_REFUSAL,
		.what = "static key in memory that is read-only",
		.why = "a module that uses another one's static key or static call makes the module loader "
		       "write to that key, and this one becomes read-only after initialisation "
		       "(DEFINE_STATIC_KEY_*_RO): the machine would stop while the livepatch is loaded "
		       "or removed. Only keys of vmlinux that its own code tests are safe, on kernels "
		       "since 6.10, which seal them",
		.remedy =
			"ask static_key_enabled(&key), which reads the key and makes no branch that the "
			"kernel would rewrite, or make the change in a function that doesn't test the key",
	},
	{
		.code = "KS301",
		.class = DIAG_FAILURE,
		.what = "files of the kernel are missing or don't belong together",
		.why = "a livepatch is built from the configuration, the modules, the debug "
		       "information and the source of exactly one kernel",
		.remedy = "install the packages that are named, or let --fetch get them",
	},
	{
		.code = "KS302",
		.class = DIAG_FAILURE,
		.what = "this kernel's configuration can't be handled",
		.why = "the option makes livepatches impossible, or binaries that can't be compared",
		.remedy = "use a kernel that is configured otherwise",
	},
	{
		.code = "KS303",
		.class = DIAG_FAILURE,
		.what = "the kernel's compiler isn't there",
		.why = "another version of the compiler makes other code from the same source, so that "
		       "changed functions can't be told from unchanged ones",
		.remedy = "install the compiler that the message names, in exactly that version",
	},
	{
		.code = "KS304",
		.class = DIAG_FAILURE,
		.what = "this folder can't be used for building",
		.why = "the kernel's makefiles can't handle blanks, quotes, ':', '#' or '$' in paths",
		.remedy =
			"let the cache's klp-split be a link to a folder without them, or set XDG_CACHE_HOME "
			"(cache) or TMPDIR (intermediate files) to another one",
	},
	{
		.code = "KS305",
		.class = DIAG_FAILURE,
		.what = "the archive has no such kernel package",
		.why = "old kernels leave the archive when new ones arrive, and the lists that apt has "
		       "may be old",
		.remedy =
			"name the suite (--kernel trixie/newest-cloud-amd64), or put the packages into a "
			"folder (--packages DIR); snapshot.debian.org has old ones",
	},
	{
		.code = "KS306",
		.class = DIAG_FAILURE,
		.what = "packages could not be downloaded",
		.why = "apt-get could not get them from the archive",
		.remedy =
			"see to the network; if the system's lists are old, run `apt-get update` or name the suite "
			"(--kernel trixie/RELEASE). Packages that came whole are kept",
	},
	{
		.code = "KS307",
		.class = DIAG_FAILURE,
		.what = "a package could not be unpacked",
		.why = "the file is damaged, or the disk is full; nothing half unpacked was kept",
		.remedy =
			"free space, or remove the file from the cache's debs folder, then try again",
	},
	{
		.code = "KS308",
		.class = DIAG_FAILURE,
		.what = "the source is of another version than the kernel",
		.why = "code from another version would run in this kernel",
		.remedy = "remove the source folder that the message names and use --fetch",
	},
	{
		.code = "KS309",
		.class = DIAG_FAILURE,
		.what = "kbuild changed the kernel's configuration",
		.why = "an option depends on a tool that is other here than where the kernel was built; "
		       "code compiled so would not fit the kernel",
		.remedy =
			"install the same versions of the compiler and its tools as the distribution's",
	},
	{
		.code = "KS310",
		.class = DIAG_FAILURE,
		.what = "the kernel's build tree could not be prepared",
		.why = "make failed; its last lines are above",
		.remedy =
			"install what the kernel's own build needs: flex bison bc libelf-dev libssl-dev "
			"make gcc",
	},
	{
		.code = "KS311",
		.class = DIAG_FAILURE,
		.what = "debug information can't be read",
		.why = "which source file is in which object is known from the compile units in the "
		       "debug packages",
		.remedy = "install or fetch the kernel's -dbg package again",
	},
	{
		.code = "KS312",
		.class = DIAG_REFUSAL,
		.what = "assembly can't be livepatched",
		.why = "assembly has no ftrace entry and no function boundaries that could be compared",
		.remedy = "fix it in the C code that calls it, or boot a fixed kernel",
	},
	{
		.code = "KS313",
		.class = DIAG_REFUSAL,
		.what = "a changed header reaches too many units",
		.why = "each unit that may read it has to be preprocessed, and compiled if that makes "
		       "a difference",
		.remedy =
			"put the change into the .c files that need it, or raise --max-units and have "
			"patience",
	},
	{
		.code = "KS314",
		.class = DIAG_REFUSAL,
		.what = "the configuration can't be changed",
		.why = "the running kernel was configured when it was built",
		.remedy = "leave the Kconfig part out of the diff",
	},
	{
		.code = "KS315",
		.class = DIAG_REFUSAL,
		.what = "rules of the build can't be changed",
		.why = "other flags or other parts would make an object that isn't the kernel's; only new "
		       "files can be added to lists of objects",
		.remedy = "leave this part out of the diff, if the fix works without it",
	},
	{
		.code = "KS316",
		.class = DIAG_REFUSAL,
		.what = "not a file that a livepatch can be made from",
		.why = "only functions in C files of the kernel can be replaced",
		.remedy = "leave this part out of the diff, if the fix works without it",
	},
	{
		.code = "KS317",
		.class = DIAG_REFUSAL,
		.what = "a new file is part of no object",
		.why = "no makefile that the diffs change lists it in this configuration, and nothing includes it",
		.remedy =
			"add it to the object that it belongs to (obj-y += new.o, name-y += new.o), or put the "
			"code into an existing .c file",
	},
	{
		.code = "KS318",
		.class = DIAG_REFUSAL,
		.what = "a file of the kernel can't be renamed, nor one removed that others include, or assembler",
		.why = "the running kernel has what was made of it under its old name; who used a removed header "
		       "can't be told",
		.remedy = "keep the file, and empty or change what is in it",
	},
	{
		.code = "KS319",
		.class = DIAG_FAILURE,
		.what = "left out: not part of the kernel",
		.why = "documentation, tests and programs of user space don't get into a livepatch",
		.remedy = "nothing to do",
	},
	{
		.code = "KS320",
		.class = DIAG_REFUSAL,
		.what = "this file is in no object of the kernel",
		.why = "the kernel's debug information has no compile unit of it: it was not configured, "
		       "or it belongs to the boot code, the vdso or the EFI stub",
		.remedy =
			"leave it out of the diff; this kernel doesn't run it where a livepatch could "
			"reach it",
	},
	{
		.code = "KS322",
		.class = DIAG_REFUSAL,
		.what = "this diff can't be read",
		.why = "unified diffs are expected, as of `diff -u`, git diff or git format-patch",
		.remedy = "make the diff again; mail programs often break lines or remove blanks",
	},
	{
		.code = "KS323",
		.class = DIAG_REFUSAL,
		.what = "the diff doesn't apply to the kernel's source",
		.why = "hunks may have moved, but their context must be unchanged: applied by guess, "
		       "a fix can end up in the wrong place",
		.remedy = "make the diff for the source of this kernel (apt-get source linux)",
	},
	{
		.code = "KS324",
		.class = DIAG_REFUSAL,
		.what = "the diff names a file that isn't in a kernel tree",
		.why = "names are expected as git writes them (a/fs/open.c), or relative to the "
		       "tree's root",
		.remedy = "make the diff in the root of the kernel's tree",
	},
	{
		.code = "KS325",
		.class = DIAG_FAILURE,
		.what = "the original source doesn't compile",
		.why = "without the original there is nothing that the patched unit could be compared with",
		.remedy = "see the compiler's message; if the disk is full, free space",
	},
	{
		.code = "KS326",
		.class = DIAG_REFUSAL,
		.what = "the patched source doesn't compile",
		.why = "the compiler, or objtool behind it, refused it",
		.remedy = "correct the diff",
	},
	{
		.code = "KS327",
		.class = DIAG_FAILURE,
		.what = "how this unit is compiled can't be repeated",
		.why = "the command that kbuild recorded has more in it than a compiler and objtool with "
		       "their arguments",
		.remedy = "report it, with the kernel's release and the unit's name",
	},
	{
		.code = "KS328",
		.class = DIAG_FAILURE,
		.what = "create-diff-object failed",
		.why = "it ended without saying that this can't be livepatched",
		.remedy =
			"run it again with --keep --verbose and report it with the unit's object files",
	},
	{
		.code = "KS330",
		.class = DIAG_REFUSAL,
		.what = "a function differs from the one that the distribution ships",
		.why = "the source, configuration or compiler here isn't the one that the kernel was "
		       "built with; a livepatch built from it could mix two versions",
		.remedy = "remove the kernel's folder from the cache and use --fetch; install the "
			  "distribution's compiler",
	},
	{
		.code = "KS331",
		.class = DIAG_REFUSAL,
		.what = "a function isn't in the binary that the distribution ships",
		.why = "what isn't in the kernel can't be replaced there",
		.remedy = "see whether the linker dropped it, or another definition overrides it",
	},
	{
		.code = "KS332",
		.class = DIAG_REFUSAL,
		.what = "the binary was made by another compiler",
		.why = "the object's .comment names another compiler than the one used here",
		.remedy = "install the compiler that the message names, in exactly that version",
	},
	{
		.code = "KS333",
		.class = DIAG_REFUSAL,
		.what = "a function can't be compared with the shipped one",
		.why = "it has something that the comparison doesn't understand, and what isn't proved "
		       "equal isn't used",
		.remedy = "report it, with the kernel's release and the function's name",
	},
	{
		.code = "KS334",
		.class = DIAG_FAILURE,
		.what = "what was given by hand can't be used",
		.why = "each of --source, --config, --vmlinux, --modules, --symvers and --build-tree names a "
		       "file or folder of the kernel to be patched",
		.remedy = "correct the path; what isn't given comes from the packages of --kernel",
	},
	{
		.code = "KS335",
		.class = DIAG_FAILURE,
		.what = "nothing tells what was built in this tree",
		.why = "which source file is in which object is known from the .cmd files that kbuild leaves "
		       "beside each object; `make clean` removes them",
		.remedy = "give the tree as it was when the kernel had been built in it",
	},
	{
		.code = "KS336",
		.class = DIAG_FAILURE,
		.what = "the module and its source don't belong together",
		.why = "the source is built as a whole, for this kernel, and must make this very module",
		.remedy =
			"give the .ko that runs, the folder of its makefile, and the kernel it was built for",
	},
	{
		.code = "KS337",
		.class = DIAG_REFUSAL,
		.what = "a changed header changes assembly",
		.why = "the compiler's text of this unit differs with the change, and assembly can't be "
		       "livepatched: it would keep the old meaning beside C code with the new one",
		.remedy =
			"make the change where assembly doesn't see it: under #ifndef __ASSEMBLY__, or in the "
			".c files",
	},
	{
		.code = "KS338",
		.class = DIAG_REFUSAL,
		.what = "a new file is for an object that this kernel doesn't have",
		.why = "new code is brought along by the livepatch of an object that runs; a module of its own, or "
		       "a folder that isn't built, is none",
		.remedy =
			"add the file to an existing module, or to vmlinux in a folder that has parts there",
	},
	{
		.code = "KS339",
		.class = DIAG_REFUSAL,
		.what = "the diffs define a second time what the kernel has already",
		.why = "a kernel with these diffs would not link; in the running one, code that isn't compiled "
		       "again goes on using the definition that is there",
		.remedy =
			"change the function where it is, move it (remove it there in the same livepatch), or give "
			"the new one another name",
	},
	{
		.code = "KS340",
		.class = DIAG_FAILURE,
		.what = "this can't be the name of a livepatch",
		.why = "it becomes the name of a kernel module",
		.remedy = "give another one with --name",
	},
	{
		.code = "KS341",
		.class = DIAG_REFUSAL,
		.what = "the name of an object module becomes too long",
		.why = "<livepatch>__<object> is the name of a kernel module, with at most 55 characters",
		.remedy = "give a shorter name with --name",
	},
	{
		.code = "KS342",
		.class = DIAG_FAILURE,
		.what = "the output folder is used for something else",
		.why = "it is replaced as a whole, and has files in it that kpatch-build didn't make",
		.remedy = "give another one with --output, or remove it",
	},
	{
		.code = "KS343",
		.class = DIAG_FAILURE,
		.what = "the units could not be linked",
		.why = "the linker refused what create-diff-object made",
		.remedy = "report it, with the folder that --keep leaves",
	},
	{
		.code = "KS344",
		.class = DIAG_FAILURE,
		.what = "kbuild could not build the modules",
		.why = "make failed; its last lines are above",
		.remedy =
			"if the disk is full, free space; else report it, with the folder that --keep "
			"leaves",
	},
	{
		.code = "KS345",
		.class = DIAG_FAILURE,
		.what = "the modules' templates are missing",
		.why = "they are installed with kpatch-build, or lie beside its source",
		.remedy = "install klp-split again",
	},
	{
		.code = "KS346",
		.class = DIAG_REFUSAL,
		.what = "a module's klp relocations are wrong",
		.why = "klp-relocs refused the module; its reasons are above",
		.remedy = "see them; `klp-relocs show` lists what a module refers to",
	},
	{
		.code = "KS347",
		.class = DIAG_FAILURE,
		.what = "the core could not be built for this kernel",
		.why = "livepatch modules use the core's exports, and need their versions",
		.remedy = "see the compiler's message",
	},
	{
		.code = "KS348",
		.class = DIAG_FAILURE,
		.what = "the configuration isn't that of the kernel",
		.why = "the kernel says of itself what it was configured with (build salt, "
		       "CONFIG_IKCONFIG), and the file beside it says something else",
		.remedy = "take configuration and kernel from packages of one version: remove the "
			  "kernel's folder from the cache and use --fetch",
	},
	{
		.code = "KS349",
		.class = DIAG_WARNING,
		.what = "the kernel's source has this change already",
		.why = "the whole diff can be taken back from it, and can't be applied",
		.remedy = "nothing to do: this kernel has the fix",
	},
	{
		.code = "KS350",
		.class = DIAG_REFUSAL,
		.what = "data of a changed type exists",
		.why = "the running kernel made it before: its members lie where they lay, its pointers "
		       "lead where they led, its numbers mean what they meant",
		.remedy =
			"leave the type as it is: keep new state in a shadow variable, or reuse a member "
			"that is free; if its data is never older than the new code, say so with "
			"KLP_SPLIT_LAYOUT_HANDLED of klp-split-author.h",
	},
	{
		.code = "KS351",
		.class = DIAG_REFUSAL,
		.what = "a variable differs from the one that the distribution ships",
		.why = "the source, configuration or compiler here isn't the one that the kernel was "
		       "built with; a livepatch built from it could mix two versions",
		.remedy = "remove the kernel's folder from the cache and use --fetch; install the "
			  "distribution's compiler",
	},
	{
		.code = "KS352",
		.class = DIAG_REFUSAL,
		.what = "a variable isn't in the binary that the distribution ships",
		.why = "the source or configuration here isn't the one that the kernel was built with",
		.remedy = "remove the kernel's folder from the cache and use --fetch",
	},
	{
		.code = "KS354",
		.class = DIAG_REFUSAL,
		.what = "the compiler was told something else than for the shipped binary",
		.why = "both wrote down their version and their flags (DW_AT_producer), and these differ",
		.remedy = "remove the kernel's folder from the cache and use --fetch; install the "
			  "distribution's compiler, and no wrapper in its place",
	},
	{
		.code = "KS355",
		.class = DIAG_REFUSAL,
		.what = "an entry in a table of the kernel's differs from the one that the distribution ships",
		.why = "the source, configuration or compiler here isn't the one that the kernel was "
		       "built with: what CPU features replace, where a fault leads to, what a WARN says or "
		       "what a static key switches would not be what runs",
		.remedy = "remove the kernel's folder from the cache and use --fetch; install the "
			  "distribution's compiler",
	},
	{
		.code = "KS356",
		.class = DIAG_REFUSAL,
		.what = "a new set of BTF ids can't be filled in",
		.why = "the ids are numbers of types in the BTF that is part of vmlinux; the livepatch "
		       "brings them ready, sorted, as the kernel looks them up by bisection",
		.remedy =
			"name only functions and types of vmlinux in it; for those of a module look the "
			"number up at run time (btf_find_by_name_kind())",
	},
	{
		.code = "KS357",
		.class = DIAG_REFUSAL,
		.what = "a function or variable is gone that something still uses",
		.why = "a kernel with these diffs would not link; in the running one, code that isn't compiled "
		       "again goes on using what is there, without the fix",
		.remedy =
			"change all its users in the same livepatch, or keep the name: what moves to another "
			"file of the same object under its old name is followed there",
	},
	{
		.code = "KS358",
		.class = DIAG_REFUSAL,
		.what = "the diffs change which of several definitions of one name the linker takes",
		.why = "of a weak and a strong definition in two files the linker takes the strong one, once, when "
		       "the kernel is linked; the running kernel goes on using the one it has",
		.remedy =
			"change the definition that the running kernel uses, in the file that it is in",
	},
	{
		.code = "KS359",
		.class = DIAG_REFUSAL,
		.what = "what moves to another file can't be followed there",
		.why = "the running kernel has the function or variable once, and the new code has to replace or use "
		       "that one: it has to be clear which one it is",
		.remedy =
			"move it under its own name, from one file to one other file, and together with its "
			"aliases; or leave it where it is",
	},
	{
		.code = "KS360",
		.class = DIAG_REFUSAL,
		.what = "a variable that the running kernel uses would start anew in another file or object",
		.why = "the running kernel keeps its state in the variable of the old place; new code with a "
		       "variable of its own would not see it",
		.remedy =
			"leave the variable and the functions that use it where they are; a static variable of a "
			"file is followed to another file of the same object if it keeps its name",
	},
	{
		.code = "KS361",
		.class = DIAG_REFUSAL,
		.what = "something else than units of the kernel changes with it",
		.why = "a livepatch replaces functions of vmlinux and of modules; the vDSO, the boot code, generated "
		       "headers and programs of the build would keep what they were made of",
		.remedy =
			"make the change where only units see it: in a .c file, or in a header that nothing else "
			"reads; or leave this part out of the diff, if the fix works without it",
	},
	{
		.code = "KS362",
		.class = DIAG_REFUSAL,
		.what = "a new function or variable would be taken for that of another object",
		.why = "code of this object that isn't compiled again uses what the kernel or another "
		       "module has under this name; a kernel with these diffs would link it to the new "
		       "one, and the running one goes on with the other",
		.remedy = "make it static, or give it another name",
	},
	{
		.code = "KS363",
		.class = DIAG_WARNING,
		.what = "the diff changes a weak function that the kernel doesn't use",
		.why = "another file has a strong one of this name, and the linker has taken that: what "
		       "the diff changes here never runs, and is left out",
		.remedy = "nothing to do, unless the strong one needs the change, too",
	},
	{
		.code = "KS370",
		.class = DIAG_REFUSAL,
		.what = "one state, two versions",
		.why = "a livepatch is in force with one version of a state, and a later livepatch has to "
		       "know which",
		.remedy =
			"declare the same version in all files, or take another number if it is another "
			"state",
	},
	{
		.code = "KS371",
		.class = DIAG_WARNING,
		.what = "the compiler warns about the patched file",
		.why = "units of a stock kernel hardly have any, so it is the diff's; a function that "
		       "nothing uses, for one, may be a callback that was not declared",
		.remedy = "see the compiler's lines; mend the diff",
	},
	{
		.code = "KS375",
		.class = DIAG_REFUSAL,
		.what = "a member or an enumerator has another name",
		.why = "the running kernel's data has at this place what the old name meant; nobody but "
		       "the author can know that the new name means the same",
		.remedy =
			"nothing to do if it does; else leave the member as it is, and keep what is new "
			"in a shadow variable",
	},
	{
		.code = "KS376",
		.class = DIAG_REFUSAL,
		.what = "a new member lies in padding, or in a place that was reserved",
		.why = "data that the running kernel made before has there what its maker left: zero if it "
		       "was zeroed (static, kzalloc()), else anything",
		.remedy =
			"nothing to do if all data of this type was zeroed when it was made and zero is "
			"right for the new member; else keep it in a shadow variable",
	},
	{
		.code = "KS377",
		.class = DIAG_REFUSAL,
		.what = "data is read as another type of the same size",
		.why = "the running kernel's data stays as it is: what was negative is a large number for "
		       "an unsigned type, and what isn't 0 or 1 is no bool",
		.remedy =
			"nothing to do if each value that can be there means the same in both types; "
			"else leave the type as it is",
	},
	{
		.code = "KS378",
		.class = DIAG_REFUSAL,
		.what = "the enumerator behind the last one has another value",
		.why = "new enumerators were put before it; code that isn't replaced still knows the old "
		       "number, and data may hold it as a mark for \"none\"",
		.remedy =
			"nothing to do if it only counts the others; else give the new enumerators "
			"values behind it",
	},
	{
		.code = "KS379",
		.class = DIAG_WARNING,
		.what = "a changed function only runs when something is created",
		.why = "it runs for what is created later; what exists was made by the old code, and "
		       "stays as it is",
		.remedy =
			"nothing to do if that is meant; else bring what exists up to date in a post-patch "
			"callback, or create it anew (mount, probe or open it again)",
	},
	{
		.code = "KS380",
		.class = DIAG_FAILURE,
		.what = "it is not known where the archive is",
		.why = "other releases of the distribution are fetched from the mirror that the system's own packages come from, and apt's sources have none",
		.remedy = "give it: --mirror URL",
	},
	{
		.code = "KS381",
		.class = DIAG_FAILURE,
		.what = "an archive's lists could not be downloaded",
		.why = "without them nobody knows which packages the suite has",
		.remedy =
			"see to the network, or give another mirror: --mirror URL, or --mirror URL,SECURITY-URL where the security updates are elsewhere (URL, with a comma: nowhere)",
	},
	{
		.code = "KS382",
		.class = DIAG_FAILURE,
		.what = "an archive's lists are too old",
		.why = "their Release file says until when it is valid, so that nobody can keep fixes from a machine by giving it an old one",
		.remedy =
			"use a mirror that is up to date; or, if old lists are what you want, --allow-expired",
	},
	{
		.code = "KS383",
		.class = DIAG_FAILURE,
		.what = "an archive's signature can't be verified",
		.why = "what isn't signed by the distribution can't be told from what somebody put in its place",
		.remedy =
			"install debian-archive-keyring in a version that has the suite's keys; for a mirror with keys of its own: --keyring FILE",
	},
	{
		.code = "KS384",
		.class = DIAG_FAILURE,
		.what = "there is not enough room for the kernel",
		.why = "packages, what is unpacked of them, the source and the build tree are kept in the cache",
		.remedy = "free space, or set XDG_CACHE_HOME to a folder on another disk",
	},
	{
		.code = "KS385",
		.class = DIAG_REFUSAL,
		.what = "a function that the core redirects changed",
		.why = "ftrace lets one user at a time redirect a function, and klp_split.ko redirects this "
		       "one as long as it is loaded: the livepatch could never be enabled",
		.remedy =
			"leave the function out of the diff; what it should do in addition can be done in a "
			"function that it calls",
	},
	{
		.code = "KS386",
		.class = DIAG_REFUSAL,
		.what = "the core can't be livepatched",
		.why = "its code runs while livepatches are enabled, replaced and removed",
		.remedy = "unload the livepatches, install the new core, and load them again "
			  "(klp-split-module(5), \"A new core\")",
	},
	{
		.code = "KS387",
		.class = DIAG_FAILURE,
		.what = "packages are missing in the folder",
		.why = "with --packages nothing is downloaded: the folder has to have all of the kernel's packages in one version, and its compiler's if the system's is another one",
		.remedy = "put the packages there that the message names",
	},
	{
		.code = "KS388",
		.class = DIAG_FAILURE,
		.what = "there is no such suite",
		.why = "the part of --kernel before the '/' is a suite of the distribution",
		.remedy = "name one of those that the message lists",
	},
	{
		.code = "KS389",
		.class = DIAG_FAILURE,
		.what = "the kernel's compiler is in no archive",
		.why = "a suite has one version of each compiler, and another version makes other code",
		.remedy =
			"take packages of the compiler that the message names from an archive of old ones and give their folder: --packages DIR",
	},
	{
		.code = "KS390",
		.class = DIAG_FAILURE,
		.what = "the compiler that was fetched doesn't work here",
		.why = "it is started by the C library of its own packages; it must say that it is the one that built the kernel",
		.remedy = "remove the folder that the message names, then try again",
	},
	{
		.code = "KS392",
		.class = DIAG_WARNING,
		.what = "an exported function or variable is gone that nothing of this kernel uses",
		.why = "what the running kernel has under that name stays as it is: modules from elsewhere that were "
		       "built for this kernel go on using it, unfixed, also if they are loaded later",
		.remedy =
			"nothing to do if it only lost its last user; if it is removed because it is wrong, keep it, "
			"and let it refuse (return an error) instead",
	},
	{
		.code = "KS394",
		.class = DIAG_WARNING,
		.what = "a macro has another value",
		.why = "the new code uses the new value; old code, data that the running kernel made before, "
		       "other modules and user space go on with the old one",
		.remedy =
			"nothing to do if nobody keeps the value: a timeout, a limit, the size of a buffer that is "
			"allocated and used in the new code; else leave it as it is (a flag or a state of an "
			"object, a size that old code relies on, a number that user space or another module "
			"knows), and give what is new a value that nobody has",
	},
	{
		.code = "KS400",
		.class = DIAG_REFUSAL,
		.what = "changing livepatches is for root",
		.why = "modules are loaded and removed, and files written below /lib/modules",
		.remedy = "run it as root: sudo kpatch …",
	},
	{
		.code = "KS401",
		.class = DIAG_REFUSAL,
		.what = "not a livepatch that kpatch-build made",
		.why = "its main module says in its modinfo which livepatch it is, for which "
		       "kernel and which objects; this file says nothing of that",
		.remedy = "name the folder that kpatch-build wrote, or the <patch>.ko in it; "
			  "other livepatch modules are loaded with insmod",
	},
	{
		.code = "KS402",
		.class = DIAG_REFUSAL,
		.what = "not exactly one livepatch in this folder",
		.why = "a folder names a livepatch only if there is one main module in it",
		.remedy = "name the main module (<patch>.ko) instead of the folder",
	},
	{
		.code = "KS403",
		.class = DIAG_REFUSAL,
		.what = "the livepatch is for another kernel",
		.why = "a livepatch fits only the kernel release that it was built for",
		.remedy = "build it for the running kernel: kpatch-build --kernel $(uname -r) …",
	},
	{
		.code = "KS404",
		.class = DIAG_REFUSAL,
		.what = "the livepatch is for another build of the running kernel",
		.why = "the release has the same name but the kernel is another binary, so "
		       "addresses and code may differ",
		.remedy = "build the livepatch with the debug package of exactly the kernel that "
			  "runs, or boot the kernel that it was built for",
	},
	{
		.code = "KS405",
		.class = DIAG_REFUSAL,
		.what = "a module in memory is another build than the livepatch was made for",
		.why = "the livepatch would write into code that it does not know",
		.remedy = "unload that module and load the one of the kernel's package, or build "
			  "the livepatch for it",
	},
	{
		.code = "KS406",
		.class = DIAG_REFUSAL,
		.what = "the livepatch is not whole",
		.why = "the main module and its object modules must come from one build, all of "
		       "them, under the names that the core asks modprobe for",
		.remedy = "copy the whole folder that kpatch-build wrote again",
	},
	{
		.code = "KS407",
		.class = DIAG_REFUSAL,
		.what = "another livepatch of this name is in memory",
		.why = "the kernel tells livepatches apart by the name of their main module",
		.remedy = "unload it first (kpatch unload NAME), or build with another name: "
			  "kpatch-build --name …",
	},
	{
		.code = "KS408",
		.class = DIAG_FAILURE,
		.what = "the core can't be loaded",
		.why = "klp_split.ko brings a livepatch's modules in and out; without it nothing "
		       "is patched",
		.remedy = "install the core for this kernel where modprobe finds it "
			  "(/lib/modules/$(uname -r)/updates), then run depmod -a",
	},
	{
		.code = "KS409",
		.class = DIAG_FAILURE,
		.what = "the kernel refused the livepatch",
		.why = "the checks of the core or of the kernel's livepatch failed; nothing of "
		       "it is in force",
		.remedy = "see the kernel's lines above (or dmesg) for what it found",
	},
	{
		.code = "KS410",
		.class = DIAG_STALLED,
		.what = "the transition did not finish in time; the livepatch was taken back",
		.why = "each task must once be outside of the functions that change; the ones "
		       "named here were not",
		.remedy = "end or wake up these tasks, or allow more time (--timeout SECONDS), "
			  "then load it again",
	},
	{
		.code = "KS411",
		.class = DIAG_STALLED,
		.what = "the transition did not finish in time; the livepatch stays in force",
		.why = "each task must once be outside of the functions that change back; the "
		       "ones named here were not",
		.remedy = "end or wake up these tasks, or allow more time (--timeout SECONDS), "
			  "then unload it again",
	},
	{
		.code = "KS412",
		.class = DIAG_REFUSAL,
		.what = "no livepatch of this name is loaded",
		.why = "neither /sys/kernel/livepatch nor the modules in memory have it",
		.remedy = "see kpatch list for the names",
	},
	{
		.code = "KS413",
		.class = DIAG_PARTLY,
		.what = "a livepatch that is off can't be removed from memory",
		.why = "something still holds its module; after a forced transition the kernel "
		       "keeps it for good",
		.remedy = "it does no harm; it leaves with the next boot",
	},
	{
		.code = "KS414",
		.class = DIAG_STALLED,
		.what = "another livepatch is in transition, and did not come to its end in time",
		.why = "the kernel does one transition at a time",
		.remedy = "see kpatch list for what holds it up; then try again, or allow more "
			  "time (--timeout SECONDS)",
	},
	{
		.code = "KS415",
		.class = DIAG_FAILURE,
		.what = "the livepatch's modules could not be made known to modprobe",
		.why = "depmod failed, so the core would not find the object modules",
		.remedy = "see to what depmod says, and that it is installed (package kmod)",
	},
	{
		.code = "KS416",
		.class = DIAG_REFUSAL,
		.what = "this kernel can't be livepatched",
		.why = "it was built without CONFIG_LIVEPATCH, or /sys is not mounted",
		.remedy = "boot a kernel with CONFIG_LIVEPATCH=y; the stock kernels of the "
			  "distribution have it",
	},
	{
		.code = "KS417",
		.class = DIAG_STALLED,
		.what = "interrupted; everything is as before",
		.why = "a signal asked to give up before the transition was through",
		.remedy = "run it again",
	},
	{
		.code = "KS418",
		.class = DIAG_PARTLY,
		.what = "the livepatch could not be taken back",
		.why = "the way back is a transition too, and something held it up or the module "
		       "in memory",
		.remedy = "see kpatch list for its state, end the tasks that hold it up, then: "
			  "kpatch unload NAME",
	},
	{
		.code = "KS419",
		.class = DIAG_STALLED,
		.what = "the transition is still going on",
		.why = "each task must once be outside of the functions that change; the ones "
		       "named here were not. Nothing was turned round",
		.remedy = "end or wake up these tasks (kpatch signal), wait longer (--timeout "
			  "SECONDS), or unload the livepatch",
	},
	{
		.code = "KS420",
		.class = DIAG_REFUSAL,
		.what = "a transition is forced only for who asks twice",
		.why = "tasks go on in old code beside new, what is taken off stays in memory, and "
		       "only a reboot is sure to undo what comes of it",
		.remedy = "wait, wake up the tasks (kpatch signal), end them, or unload the "
			  "livepatch; if it must be: kpatch force --yes NAME",
	},
	{
		.code = "KS421",
		.class = DIAG_REFUSAL,
		.what = "this livepatch is not in transition",
		.why = "there is nothing to be woken up for it, and nothing to force",
		.remedy = "see kpatch list for its state",
	},
	{
		.code = "KS422",
		.class = DIAG_REFUSAL,
		.what = "no livepatch of this name is installed",
		.why = "only what was installed is known by its name, and loaded at boot",
		.remedy = "see kpatch list for the names, or name its folder or main module",
	},
	{
		.code = "KS423",
		.class = DIAG_REFUSAL,
		.what = "another build of this livepatch is installed",
		.why = "its modules lie where modprobe looks for them; those of the other build "
		       "can't lie there too",
		.remedy =
			"kpatch install the new build, or kpatch uninstall NAME first; then load it",
	},
	{
		.code = "KS424",
		.class = DIAG_REFUSAL,
		.what = "this kernel will not take the livepatch's modules for signed",
		.why = "Secure Boot (lockdown) or module.sig_enforce is on: only modules signed by "
		       "a key in the kernel's keyrings are loaded",
		.remedy = "have it built with --sign-key and --sign-cert of a key that is enrolled "
			  "(mokutil --import), see kpatch-build(1)",
	},
	{
		.code = "KS425",
		.class = DIAG_FAILURE,
		.what = "a livepatch was not loaded, because it has failed at an earlier boot",
		.why = "it would most likely fail again, and hold up each boot; the reasons of "
		       "then are named here",
		.remedy =
			"see to the reasons, then try it by hand: kpatch load NAME; if that works it "
			"is loaded at the next boot, too",
	},
	{
		.code = "KS426",
		.class = DIAG_FAILURE,
		.what = "a livepatch was not loaded, because the machine went down while it was "
			"loaded at an earlier boot",
		.why = "it may be what brought the machine down, and would do so at each boot; it "
		       "may also have been a power cut",
		.remedy =
			"look for a panic in the logs of that boot; if there is none, try it by "
			"hand: kpatch load NAME; if that works it is loaded at the next boot, too",
	},
	{
		.code = "KS427",
		.class = DIAG_WARNING,
		.what = "kpatch.service is not enabled",
		.why = "livepatches are installed, and nobody loads them at boot",
		.remedy =
			"systemctl enable kpatch.service; without systemd, have kpatch load --boot "
			"run early at boot",
	},
	{
		.code = "KS428",
		.class = DIAG_REFUSAL,
		.what = "a module on disk is another build than the livepatch was made for",
		.why = "it would be refused when it is loaded, as long as the livepatch is",
		.remedy = "install the module of the kernel's package, or build the livepatch for "
			  "this one (kpatch-build --oot-module)",
	},
	{
		.code = "KS429",
		.class = DIAG_REFUSAL,
		.what = "the livepatch does not fit the kernel and the modules of this machine",
		.why = "what it refers to, or replaces, is not there, or is not what it was when the "
		       "livepatch was built; each place is named",
		.remedy =
			"copy the folder that kpatch-build wrote again, in case it was damaged; else "
			"build the livepatch for this kernel",
	},
	{
		.code = "KS430",
		.class = DIAG_FAILURE,
		.what = "a livepatch was not loaded, because the machine went down three times in a "
			"row soon after a boot with it",
		.why = "it was in force, and may be what brought the machine down when its code ran; "
		       "every livepatch that was in force at these boots is left out",
		.remedy =
			"look for a panic in the logs of these boots; load those that it doesn't "
			"concern by hand: kpatch load NAME; they are loaded at the next boot, too",
	},
	{
		.code = "KS431",
		.class = DIAG_STALLED,
		.what = "the livepatch is off, and a task is still in its code or somebody holds it",
		.why = "the code is freed when the last task has left it, and an object module "
		       "when it is let go; until then its name is taken",
		.remedy = "nothing has to be done: it leaves memory by itself, without this "
			  "command; see kpatch list, or end the tasks that are named here",
	},
	{
		.code = "KS432",
		.class = DIAG_STALLED,
		.what = "a livepatch of this name is just leaving memory",
		.why = "a task is still in its code, or somebody holds an object module",
		.remedy = "wait until kpatch list doesn't name it any more, and load it again; "
			  "or build it under another name",
	},
	{
		.code = "KS441",
		.class = DIAG_FAILURE,
		.what = "ftrace is switched off",
		.why = "livepatch and the core redirect functions by ftrace, and the sysctl "
		       "kernel.ftrace_enabled is 0",
		.remedy =
			"switch it on (sysctl kernel.ftrace_enabled=1), find out what switches it off, "
			"and try again",
	},
	{
		.code = "KS442",
		.class = DIAG_FAILURE,
		.what = "another user of ftrace redirects a function",
		.why = "ftrace lets one user at a time redirect a function; the kernel's lines name the "
		       "function, ftrace's the user, which may be a kprobe, a livepatch of another tool, or "
		       "a module",
		.remedy =
			"end what redirects it (see /sys/kernel/tracing/enabled_functions: an I behind the "
			"count), and try again",
	},
	{
		.code = "KS443",
		.class = DIAG_FAILURE,
		.what = "another build of the core is loaded",
		.why = "the livepatch was built with a core whose interface differs from that of the "
		       "klp_split.ko in memory, and the core can't be exchanged while livepatches are "
		       "loaded",
		.remedy =
			"unload all livepatches (kpatch unload --all), which takes out the core as well, and "
			"load them again (klp-split-module(5), \"A new core\"); livepatches that are to be "
			"loaded together have to be built with the same core",
	},
	{
		.code = "KS444",
		.class = DIAG_FAILURE,
		.what = "the kernel refused the core",
		.why = "klp_split.ko brings a livepatch's modules in and out; without it nothing is patched",
		.remedy = "see the kernel's lines above (or dmesg) for what it found",
	},
	{
		.code = "KS900",
		.class = DIAG_FAILURE,
		.what = "out of memory",
		.why = "the system had no memory left for this tool",
		.remedy = "free memory or raise the limit (ulimit -v), then run it again",
	},
	{
		.code = "KS901",
		.class = DIAG_FAILURE,
		.what = "a file could not be used",
		.why = "the operating system refused the operation that the message names",
		.remedy = "see to the path, its rights and the free space, then run it again",
	},
	{
		.code = "KS910",
		.class = DIAG_FAILURE,
		.what = "not an ELF file",
		.why = "an object file or kernel module was expected",
		.remedy =
			"name an object file (.o), a kernel module (.ko, not compressed) or vmlinux",
	},
	{
		.code = "KS911",
		.class = DIAG_FAILURE,
		.what = "not a relocatable object file of 64 bits",
		.why = "only object files and modules can be taken apart; linked programs, "
		       "shared objects and 32-bit files can't",
		.remedy = "name the output of the compiler, of `ld -r` or of kbuild",
	},
	{
		.code = "KS912",
		.class = DIAG_FAILURE,
		.what = "damaged ELF file: section header",
		.why = "a section header contradicts the file: a part of it would lie outside, "
		       "overlap another one or have no name",
		.remedy =
			"make the file again; it was probably cut off while it was written or copied",
	},
	{
		.code = "KS913",
		.class = DIAG_FAILURE,
		.what = "damaged ELF file: symbol table",
		.why = "a symbol has no valid name, or lies in no section or beyond its section's end",
		.remedy =
			"make the file again; it was probably cut off while it was written or copied",
	},
	{
		.code = "KS914",
		.class = DIAG_FAILURE,
		.what = "damaged ELF file: relocation",
		.why = "a relocation would write outside its section or refers to no symbol",
		.remedy =
			"make the file again; it was probably cut off while it was written or copied",
	},
	{
		.code = "KS915",
		.class = DIAG_FAILURE,
		.what = "the new object file would be inconsistent",
		.why = "something that stays in the file refers to something that was removed from "
		       "it; this is a defect of the tool, and nothing was written",
		.remedy = "report it, with the input files",
	},
	{
		.code = "KS916",
		.class = DIAG_FAILURE,
		.what = "ELF feature that is not handled",
		.why = "the file uses a form of ELF that kernel objects of 64 bits don't have",
		.remedy = "compile the unit with the kernel's own flags",
	},
	{
		.code = "KS920",
		.class = DIAG_FAILURE,
		.what = "not a kernel object",
		.why = "symbols are looked up in vmlinux (linked ELF) or in a module (relocatable ELF)",
		.remedy =
			"name the uncompressed vmlinux or .ko; bzImage and compressed modules must be "
			"unpacked first",
	},
	{
		.code = "KS921",
		.class = DIAG_FAILURE,
		.what = "no symbol table",
		.why = "the file was stripped, so nothing tells which symbols the running kernel has",
		.remedy =
			"name the file with its symbols; distributions ship them as debug packages",
	},
	{
		.code = "KS922",
		.class = DIAG_FAILURE,
		.what = "damaged kernel object",
		.why = "its symbol table contradicts the file",
		.remedy = "install or unpack it again",
	},
	{
		.code = "KS930",
		.class = DIAG_FAILURE,
		.what = "not a list of exported symbols",
		.why = "each line of a Module.symvers has a checksum, a symbol, the exporting object "
		       "and the kind of export, separated by tabs",
		.remedy =
			"name the Module.symvers of the kernel's headers, or the one that kbuild wrote",
	},
	{
		.code = "KS931",
		.class = DIAG_FAILURE,
		.what = "a symbol is exported by two objects",
		.why = "then it isn't known which of them a reference would reach",
		.remedy = "name only lists of one and the same kernel",
	},
	{
		.code = "KS932",
		.class = DIAG_FAILURE,
		.what = "the modules could not be signed",
		.why = "the key or its certificate can't be read, or they aren't a pair; unsigned "
		       "modules where signed ones were asked for would be refused when it matters",
		.remedy = "give --sign-key a PEM file or a PKCS#11 URI (its passphrase in "
			  "KBUILD_SIGN_PIN) and --sign-cert the certificate of that key",
	},
	{
		.code = "KS933",
		.class = DIAG_FAILURE,
		.what = "this kernel knows no signed modules",
		.why = "it was configured without CONFIG_MODULE_SIG, so that its tree has no program to "
		       "sign with, and the kernel nothing to verify with",
		.remedy = "leave out --sign-key and --sign-cert",
	},
	{
		.code = "KS934",
		.class = DIAG_FAILURE,
		.what = "the compiler could not do its work",
		.why = "it was ended from outside, or disk or memory ran out while it worked; that says "
		       "nothing of the diff",
		.remedy = "free space in TMPDIR and memory, or use fewer --jobs, then run it again",
	},
	{
		.code = "KS950",
		.class = DIAG_FAILURE,
		.what = "the running kernel doesn't show its symbols",
		.why = "/proc/kallsyms has no addresses for this user, so it can't be told which "
		       "symbol stands where",
		.remedy = "run it as root, with kernel.kptr_restrict below 2",
	},
	{
		.code = "KS951",
		.class = DIAG_FAILURE,
		.what = "the package could not be made",
		.why = "a program that makes packages has failed",
		.remedy = "see its lines above; packages dpkg, gzip and rpm have these programs",
	},
};

const struct diag_code *diag_code_table(size_t *n)
{
	*n = ARRAY_SIZE(codes);
	return codes;
}

const struct diag_code *diag_code_lookup(const char *code)
{
	for (size_t i = 0; i < ARRAY_SIZE(codes); i++)
		if (!strcmp(codes[i].code, code))
			return &codes[i];
	return NULL;
}
