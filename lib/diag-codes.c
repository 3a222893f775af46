// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Everything known about each problem that the tools can report, in one table. Users
 * put codes into scripts, tickets and search engines. So a row is never renumbered, and
 * a code is never reused for another problem.
 *
 * The table is sorted by code, so that the next free number is easy to find.
 */
#include <string.h>

#include "lib/array.h"
#include "lib/diag.h"

/* Laid out by hand: clang-format indents all rows anew when one is added. */
/* clang-format off */
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
		       "function has none (notrace, noinstr, declared inline, lib/, or part of tracing itself); to replace "
		       "its callers instead, all of them have to be known: it must not be exported, and "
		       "nothing may have its address",
		.remedy = "make the change in a caller that ftrace can redirect",
	},
	{
		.code = "KS103",
		.class = DIAG_REFUSAL,
		.what = "code or data of initialisation changed",
		.why = "it ran at boot or when the module was loaded, and its memory was freed: replacing it would have no effect",
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
		.remedy =
			"set the value in a pre-patch callback, or keep new state in a shadow "
			"variable",
	},
	{
		.code = "KS105",
		.class = DIAG_REFUSAL,
		.what = "size or alignment of a variable changed",
		.why = "the variable lies between others in the running kernel, where it can't grow or "
		       "move; code that stays as it is knows the old size",
		.remedy = "put the new part in a variable of its own, or in a shadow variable",
	},
	{
		.code = "KS106",
		.class = DIAG_REFUSAL,
		.what = "constant changed that unchanged code uses too",
		.why = "the functions that only read the constant are replaced and use a new copy; but where a pointer to it was stored, returned or passed on, the old one stays in use",
		.remedy =
			"make a constant with a new name for the new code beside the old one, or mark it "
			"with KLP_SPLIT_NEW_STATE() of klp-split-author.h in its place, and change all "
			"users that should see it",
	},
	{
		.code = "KS108",
		.class = DIAG_REFUSAL,
		.what = "new export",
		.why = "only the livepatch's own objects find it: nothing can be added to the running kernel's list of exports, and a module that binds to the livepatch would pin it",
		.remedy = "new code that only the livepatch uses needs no EXPORT_SYMBOL; other modules can use the export after the next boot",
	},
	{
		.code = "KS109",
		.class = DIAG_REFUSAL,
		.what = "entry of a list that the kernel reads once was added, changed or removed",
		.why = "initcalls, parameters, exports, tracepoints and the like are read at boot or "
		       "when a module is loaded; the running kernel has done that",
		.remedy = "leave it out of the diff, or register it in a post-patch callback, if the kernel allows that at run time",
	},
	{
		.code = "KS110",
		.class = DIAG_REFUSAL,
		.what = "unknown section",
		.why = "the kernel may use this section to change the code or to find it; a livepatch that ignores it could be wrong",
		.remedy = "report it: each section is a row in lib/special-sections.c",
	},
	{
		.code = "KS111",
		.class = DIAG_REFUSAL,
		.what = "static local variable may be an old one or a new one",
		.why = "a static local is identified by the function that declares it and by the code of the surrounding block; both changed too much to prove that it is the same variable, and two copies of one variable would be wrong",
		.remedy = "if the variable is new, give it another name, or say KLP_SPLIT_NEW_STATE(variable); else keep its function and the block that declares it unchanged",
	},
	{
		.code = "KS112",
		.class = DIAG_REFUSAL,
		.what = "symbol can't be identified in the kernel object",
		.why = "livepatch finds a symbol by name and position, and this one's position is not "
		       "certain",
		.remedy = "make sure that the object file is the one that runs, with all its symbols",
	},
	{
		.code = "KS113",
		.class = DIAG_REFUSAL,
		.what = "reference into the middle of a function that isn't replaced",
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
		.what = "unknown relocation",
		.why = "its effect on code or data would have to be guessed",
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
		.why = "whether a symbol is read-only, read-only after init, writable, per-CPU or plain is fixed in the running kernel",
		.remedy = "keep the declaration unchanged, or use a new name",
	},
	{
		.code = "KS118",
		.class = DIAG_REFUSAL,
		.what = "new code would use something that exists only during initialisation or exit",
		.why = "its memory has been freed, or was never loaded",
		.remedy = "remove __init, __initdata or __exit from the new code and data",
	},
	{
		.code = "KS119",
		.class = DIAG_FAILURE,
		.what = "damaged special section",
		.why = "its entries don't have the layout of this kernel version",
		.remedy = "report it, with the object file",
	},
	{
		.code = "KS120",
		.class = DIAG_REFUSAL,
		.what = "changed function isn't in the kernel",
		.why = "it is a weak definition, and the kernel uses the definition of another unit",
		.remedy = "change the other definition",
	},
	{
		.code = "KS121",
		.class = DIAG_FAILURE,
		.what = "the kernel object is needed",
		.why = "an output object refers to symbols of the running kernel by their position in "
		       "it, and the exports have to be known",
		.remedy =
			"name vmlinux or the module with --object-file, and Module.symvers with "
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
		.why = "ftrace can't redirect exit functions; the core replaces only a function that was the module's module_exit(), still is, and that nothing else calls",
		.remedy = "leave it out of the diff, or make the change in a function that it calls",
	},
	{
		.code = "KS125",
		.class = DIAG_REFUSAL,
		.what = "a macro of the patch's author matches nothing",
		.why = "it names something that this unit doesn't have, or that can't be left out; without it the livepatch could contain more or less than the author wants",
		.remedy = "klp-split-author.h describes what can be named, and how",
	},
	{
		.code = "KS126",
		.class = DIAG_REFUSAL,
		.what = "change left out, as the author of the patch says",
		.why = "the patch says so with a macro of klp-split-author.h; only its author can judge that the livepatch is right without the change",
		.remedy = "nothing to do; remove the macro if the change has to take effect",
	},
	{
		.code = "KS127",
		.class = DIAG_REFUSAL,
		.what = "reference that may mean one of two variables",
		.why = "variables with one section attribute are adjacent, so that the end of one is the beginning of the next; the patch moves them apart, and then it matters which one the reference means",
		.remedy = "remove the attribute (__read_mostly, __ro_after_init, …) from the new variable, or declare it after the others",
	},
	{
		.code = "KS128",
		.class = DIAG_REFUSAL,
		.what = "an exported function takes or returns something else",
		.why = "modules that were built for the old function, including modules that nobody here knows, still call it the old way",
		.remedy = "keep the function unchanged, and add a new one for the callers that need the new parameters",
	},
	{
		.code = "KS129",
		.class = DIAG_REFUSAL,
		.what = "new code has a string whose address is compared",
		.why = "new code brings its own copy of the string, at another address than the one that the running kernel has stored or compares with",
		.remedy = "compare the characters (strcmp()), or make the change in functions that don't have this string",
	},
	{
		.code = "KS130",
		.class = DIAG_REFUSAL,
		.what = "the function contains a number that only the boot code writes",
		.why = "the kernel writes such numbers (runtime_const_shift_right_32() and the like) into its own code once, at boot; in a livepatch's code the number would be wrong",
		.remedy = "read the variable that the list is named after: move the change into a function of its own, without the number (for d_hash(): dentry_hashtable + ((u32)hash >> d_hash_shift))",
	},
	{
		.code = "KS140",
		.class = DIAG_WARNING,
		.what = "tasks may never leave a function that is replaced",
		.why = "a transition ends after each task was seen outside of the replaced functions and of the functions that they jump to; until then both versions run, and no other livepatch can be loaded",
		.remedy = "change a function that this one calls, if that is enough; else expect a long transition, or one that doesn't end (kpatch names the tasks that it waits for)",
	},
	{
		.code = "KS141",
		.class = DIAG_REFUSAL,
		.what = "a function that others call takes or returns something else",
		.why = "the shipped binary refers to it from a unit that the diffs don't change: that code would call it the old way",
		.remedy = "declare it in a header that its callers include, so that they are compiled again; or keep the function unchanged, and add a new one with the new parameters",
	},
	{
		.code = "KS142",
		.class = DIAG_REFUSAL,
		.what = "uses a symbol of a module that the patched object doesn't depend on",
		.why = "a livepatch can't make one module depend on another: nothing loads that module before the new code runs, or keeps it loaded",
		.remedy = "leave the use out of the diff, or look the symbol up at run time (symbol_get())",
	},
	{
		.code = "KS143",
		.class = DIAG_REFUSAL,
		.what = "an export that other modules can't use",
		.why = "new code reaches symbols of the running kernel by klp relocation, which only the livepatch's own modules have; other modules can't see the export, and nobody may use code that was freed after init",
		.remedy =
			"leave the export out of the diff, or put the change of the module that uses it into the same "
			"livepatch",
	},
	{
		.code = "KS144",
		.class = DIAG_REFUSAL,
		.what = "a file is removed, but something still uses it",
		.why = "the running kernel keeps its functions, so nothing would fail; but a kernel of this source would not link, and the removed code would stay in use",
		.remedy = "change all its users, and the makefile that lists it, in the same livepatch",
	},
	{
		.code = "KS145",
		.class = DIAG_REFUSAL,
		.what = "a function that a task of each machine never leaves is replaced",
		.why = "a transition ends when no task has a replaced function on its stack: this one would never end, and no other livepatch could be loaded",
		.remedy = "change a function that this one calls, and leave this one unchanged: KLP_SPLIT_IGNORE_FUNCTION()",
	},
	{
		.code = "KS146",
		.class = DIAG_REFUSAL,
		.what = "uses a symbol that neither the running kernel nor these diffs define",
		.why = "a kernel with these diffs would not link; the diff that defines it is missing",
		.remedy = "add the diff of the unit that defines it, or check the spelling of the name",
	},
	{
		.code = "KS147",
		.class = DIAG_WARNING,
		.what = "the address of a new function is passed to other code",
		.why = "code that keeps the address, as a timer, a work or a table of callbacks does, may call the function after the livepatch was removed or replaced, when its code is freed; the livepatch waits for callbacks of call_rcu()",
		.remedy = "nothing to do if the function is only called before the call returns; else stop it in a post-unpatch callback (cancel_work_sync(), timer_delete_sync()), or use a function that the kernel has",
	},
	{
		.code = "KS150",
		.class = DIAG_REFUSAL,
		.what = "callback that livepatch can't call",
		.why = "a callback is part of the livepatch: it has to be a new function, defined in the file that declares it",
		.remedy = "write a new function in the same file, and name it in KLP_SPLIT_PRE_PATCH() or a macro like it; it may call functions of the kernel",
	},
	{
		.code = "KS151",
		.class = DIAG_REFUSAL,
		.what = "two callbacks of one kind for one object",
		.why = "livepatch calls one callback of each kind for vmlinux and for each module, however many files the object has",
		.remedy =
			"declare one, and let it call the other's function (which must not be static if it "
			"is in another file)",
	},
	{
		.code = "KS152",
		.class = DIAG_REFUSAL,
		.what = "state that livepatch can't keep",
		.why = "a state has a number other than 0, and its version is an unsigned int",
		.remedy = "take a number that no other fix uses: KLP_SPLIT_STATE(KLP_SPLIT_ID(2026, 1234, 0), 1)",
	},
	{
		.code = "KS153",
		.class = DIAG_FAILURE,
		.what = "the symbols that a binary uses can't be read",
		.why = "it may use a name that this livepatch adds or removes; a binary that can't be read can't be ruled out",
		.remedy = "install the kernel's files again; remove files that are not modules from the modules folder",
	},
	{
		.code = "KS154",
		.class = DIAG_REFUSAL,
		.what = "a symbol of a kind that the kernel doesn't load",
		.why = "symbols of the kernel are functions, variables or labels that are local, global or weak; "
		       "the module loader chooses no function when it loads (IFUNC), has no memory for each thread "
		       "(TLS) or shared between units (COMMON), and knows no other scope (UNIQUE, protected)",
		.remedy = "remove the attribute or assembler directive that makes the symbol one of that kind",
	},
	{
		.code = "KS155",
		.class = DIAG_REFUSAL,
		.what = "new code refers to its own module, and the patched object has none",
		.why = "each module has symbols of these names, and so has the livepatch's own module; new code would use "
		       "those of the livepatch, and the kernel's code uses those of the patched module, or none",
		.remedy = "use THIS_MODULE, which is NULL in vmlinux, instead of the symbol; give a module of its own symbols with --oot-module",
	},
	{
		.code = "KS160",
		.class = DIAG_REFUSAL,
		.what = "a difference of unknown kind",
		.why = "each difference between the two compilations must be in the livepatch, be known to be irrelevant, or be refused; this one is none of these, so a part of the diff could be missing in the livepatch",
		.remedy =
			"leave this part out of the diff, or report it with both object files: each kind of "
			"difference is a row in create-diff-object/ledger-rules.c",
	},
	{
		.code = "KS161",
		.class = DIAG_REFUSAL,
		.what = "symbol moved to or from a section that the kernel treats specially",
		.why = "such a section (.data..nosave, .noinstr.text, .sched.text, …) gives its contents a property by their address, and the running kernel's symbol can't move",
		.remedy = "leave the attribute unchanged",
	},
	{
		.code = "KS162",
		.class = DIAG_REFUSAL,
		.what = "modinfo of the module changed",
		.why = "modprobe, udev and the module loader read aliases, device tables, dependencies and the "
		       "license from the module's file when they load it; a livepatch doesn't change the file",
		.remedy = "leave it out of the diff; it takes effect with the next kernel",
	},
	{
		.code = "KS163",
		.class = DIAG_REFUSAL,
		.what = "a weak definition that the running kernel doesn't use becomes strong",
		.why = "another unit has the definition that the running kernel uses; a kernel of the patched "
		       "source would use this one, or could not be linked",
		.remedy = "change the definition that is used",
	},
	{
		.code = "KS164",
		.class = DIAG_REFUSAL,
		.what = "the modules that may use an export have changed, or the export is gone",
		.why = "the running kernel has already read its exports, whether they are GPL-only, and their namespaces: it loads modules by the old rule until the next boot",
		.remedy = "nothing to do if that is enough; else other modules have to wait for the next boot",
	},
	{
		.code = "KS165",
		.class = DIAG_REFUSAL,
		.what = "a name refers to another function or variable",
		.why = "all names (aliases) of a function are one place in the running kernel, where livepatch redirects all of them or none; code that isn't compiled here still uses the name for the old target",
		.remedy = "leave the alias unchanged, and make the change in the functions",
	},
	{
		.code = "KS166",
		.class = DIAG_REFUSAL,
		.what = "a replaced function stores addresses of its labels",
		.why = "the running kernel's code has stored addresses of its own labels (&&label), in a variable, in an object or with another function; new code that jumps there would continue in the middle of the old code",
		.remedy = "keep the labels' addresses in a table that is const, and only jump to addresses loaded from it; or make the change in a function that this one calls",
	},
	{
		.code = "KS167",
		.class = DIAG_REFUSAL,
		.what = "an assembler slow path belongs to several functions",
		.why = "code that inline assembler puts into another section can't be divided between the changed function and this one, which isn't replaced and which it jumps back to",
		.remedy = "end each slow path with a jump, in the asm statement that it belongs to",
	},
	{
		.code = "KS168",
		.class = DIAG_WARNING,
		.what = "messages of dynamic debug are off in the new code",
		.why = "a replaced function has new pr_debug() sites: the ones that were enabled belong to the old code, and \"module NAME\" finds the new ones only under the livepatch module's name",
		.remedy = "if you use them, enable them again after the livepatch is loaded, by file or function: echo 'func NAME +p' > /proc/dynamic_debug/control",
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
		.why = "the code that used the old variable uses the new one, which starts at its initial value: the contents of the old one in the running kernel (list entries, a lock, a counter) would be forgotten",
		.remedy = "keep name, type and place of the variable; if it really starts at its initial value, say KLP_SPLIT_NEW_STATE(variable)",
	},
	{
		.code = "KS171",
		.class = DIAG_REFUSAL,
		.what = "variables of the running kernel that seem to have exchanged their names",
		.why = "a variable is found by its name, and all code that used one of them now uses the other: each value in the running kernel would be taken for the other's",
		.remedy = "keep the names and the order of the declarations; if you exchanged the uses on purpose, keep the names and swap the values in a callback",
	},
	{
		.code = "KS172",
		.class = DIAG_REFUSAL,
		.what = "variable that may have moved to another file",
		.why = "the variable of the new file starts at its initial value, and the contents of the running kernel's variable, which other code may still use, would be forgotten",
		.remedy = "leave the variable in its file, and declare it extern where it is needed; if the new one really starts at its initial value, say KLP_SPLIT_NEW_STATE(variable) beside it",
	},
	{
		.code = "KS173",
		.class = DIAG_WARNING,
		.what = "variable under a new name",
		.why = "the code that used the running kernel's variable uses the new name instead: new code uses the running kernel's variable under its new name",
		.remedy = "nothing to do; if the variable should start at its initial value, say KLP_SPLIT_NEW_STATE(variable)",
	},
	{
		.code = "KS174",
		.class = DIAG_REFUSAL,
		.what = "nothing writes or reads the variable any more, so that the compiler drops it",
		.why = "new code has the initial value instead of the variable's value in the running kernel",
		.remedy = "keep a statement that writes the variable: a callback can set the value that the new code expects; if nothing needs the variable, remove its declaration",
	},
	{
		.code = "KS175",
		.class = DIAG_REFUSAL,
		.what = "a type differs, and nothing has compared it",
		.why = "new code may read data of the running kernel as something else: a type that differs "
		       "is compared through the variables, members and pointers that use it, and this one "
		       "was met by none of them",
		.remedy =
			"leave the type as it is; if its data is never older than the new code, say so with "
			"KLP_SPLIT_LAYOUT_HANDLED of klp-split-author.h",
	},
	{
		.code = "KS176",
		.class = DIAG_WARNING,
		.what = "a variable is gone, and its contents in the running kernel are lost",
		.why = "functions that used it no longer do: entries of a list, a count or a lock in it stay "
		       "where no code uses them, and a variable that replaces it doesn't contain them",
		.remedy = "nothing to do if nothing depends on its contents; else keep the variable, or copy its "
			  "contents in a pre-patch callback",
	},
	{
		.code = "KS177",
		.class = DIAG_WARNING,
		.what = "a new variable replaces one that other code continues to use",
		.why = "a function that used the old variable, or a part of it, uses the new one of the same type, which starts at "
		       "its initial value (a copy of a function has its own static locals): the function no longer finds the contents of the old one (a lock that is "
		       "held, list entries, a count), nor what other code stores there",
		.remedy = "nothing to do if the function needs a variable of its own; then say "
			  "KLP_SPLIT_NEW_STATE(variable); else keep the old variable",
	},
	{
		.code = "KS178",
		.class = DIAG_REFUSAL,
		.what = "a new static key or static call takes the place of one that other code goes on using",
		.why = "a new key is as its definition says, and the old one may have been enabled or disabled in the "
		       "running kernel, or a static call set to another function: the function would ignore that, "
		       "and what sets the old one later",
		.remedy = "keep the old key; if the function is meant to have one of its own, say "
			  "KLP_SPLIT_NEW_STATE(key), and set it in a callback",
	},
	{
		.code = "KS179",
		.class = DIAG_WARNING,
		.what = "a new macro has the value of one that is gone",
		.why = "new code takes what the running kernel has marked with the old name's value for what the new "
		       "name says; if the macro only has another name, both are the same",
		.remedy = "nothing to do if the macro means what the old one meant, or if nothing keeps the value; "
			  "else give the new macro an unused value",
	},
	{
		.code = "KS182",
		.class = DIAG_REFUSAL,
		.what = "new string of a trace event",
		.why = "an event that records only the address of a string (tracepoint_string()) needs one "
		       "in the running kernel's list, which was made when it was linked. A reader of the "
		       "trace would see [UNSAFE-MEMORY] instead, and the kernel warns "
		       "once, which crashes a machine with panic_on_warn",
		.remedy = "use a string that this file already passes to tracepoint_string(), or leave the "
			  "event out of the diff",
	},
	{
		.code = "KS183",
		.class = DIAG_REFUSAL,
		.what = "variable under a new name, while another file has its old name",
		.why = "the running kernel has one variable of that name: it can't be both the renamed one and the one "
		       "in the other file, and nothing says which of them it is",
		.remedy = "give the variable in the other file a name that the kernel doesn't have yet",
	},
	{
		.code = "KS185",
		.class = DIAG_FAILURE,
		.what = "the map of lines can't be read",
		.why = "the patched source was compiled with other line numbers, and without the map messages would name wrong lines",
		.remedy =
			"name the lines.json of the build that made the objects, or leave --lines "
			"out",
	},
	{
		.code = "KS186",
		.class = DIAG_REFUSAL,
		.what = "renamed callback, and calls of the old one can't be redirected to the new one",
		.why = "timers, works, files and tables of the running kernel have the address of the old function, "
		       "which would not change; the new function is global, or several may be the new one",
		.remedy =
			"keep the function's name, and static what was static; or rename one function at a "
			"time",
	},
	{
		.code = "KS187",
		.class = DIAG_REFUSAL,
		.what = "a function that BPF programs know takes or returns something else",
		.why = "its BTF id is in a list of the kernel, so that BPF programs may call it (a kfunc) or attach to it; the kernel's BTF, which says what it takes, stays as it is: programs would pass the old arguments to the new code",
		.remedy = "keep the function unchanged, and add a new one for the callers that need the new parameters",
	},
	{
		.code = "KS188",
		.class = DIAG_WARNING,
		.what = "a changed function has run for the last time",
		.why = "only init code calls it, and init code has finished: the new code runs at no time, and what the old code did stays as it is",
		.remedy = "nothing to do if the rest of the diff is enough; else do in a post-patch callback what the new code would have done",
	},
	{
		.code = "KS189",
		.class = DIAG_REFUSAL,
		.what = "the livepatch would do nothing",
		.why = "only init code calls the functions that the diff changes, and init code has finished: the livepatch could be loaded, and its code would never run",
		.remedy = "do in a post-patch callback what the new code would have done, or install the fixed kernel or module",
	},
	{
		.code = "KS190",
		.class = DIAG_WARNING,
		.what = "the size of an allocation changed",
		.why = "objects that the old code has made keep a buffer of the old size: new code that uses it with the new size reads or writes beyond its end",
		.remedy = "nothing to do if no such object exists, or if the new code uses no more of it than the object says that it has; else keep the size, or put the new part in a shadow variable",
	},
	{
		.code = "KS191",
		.class = DIAG_WARNING,
		.what = "another module of the same source is made of a file that changes",
		.why = "only the module that was named is livepatched: the other one keeps its own copy of the old code and data of this file",
		.remedy = "if the other module is loaded anywhere, build a livepatch for it, too, with its file as --oot-module",
	},
	{
		.code = "KS201",
		.class = DIAG_REFUSAL,
		.what = "not a livepatch module",
		.why = "the kernel resolves klp symbols only in a module with livepatch=Y in its modinfo; it refuses to load any other module that has them",
		.remedy = "put MODULE_INFO(livepatch, \"Y\") into one of its sources",
	},
	{
		.code = "KS202",
		.class = DIAG_REFUSAL,
		.what = "already converted",
		.why = "convert works on a module as kbuild linked it; a converted module doesn't say which of its symbols came from where",
		.remedy = "link the module again (remove the .ko and run kbuild), then convert it once",
	},
	{
		.code = "KS203",
		.class = DIAG_REFUSAL,
		.what = "malformed list of references to the running kernel (.klp.refs)",
		.why = "each entry has to name an undefined symbol, an object, a symbol in it and its position; a wrong guess would reach another symbol",
		.remedy =
			"write entries with KLP_SPLIT_REF() of klp_split.h only, and give the object "
			"as the kernel writes it (x_tables, not x-tables.ko)",
	},
	{
		.code = "KS204",
		.class = DIAG_REFUSAL,
		.what = "one symbol, two meanings",
		.why = "two references use the same undefined symbol for different symbols of the running kernel, and after linking their uses can't be told apart",
		.remedy = "give the symbols different names in the sources that refer to them",
	},
	{
		.code = "KS205",
		.class = DIAG_REFUSAL,
		.what = "undefined symbol without a provider",
		.why = "neither vmlinux nor the core exports it, the main module doesn't define it, and no reference says which symbol of the running kernel it is",
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
		.why = "the module loader takes a value that is already there as a sign that the place was relocated before, and refuses the module",
		.remedy = "convert the module as kbuild linked it, not one that another tool has changed",
	},
	{
		.code = "KS208",
		.class = DIAG_REFUSAL,
		.what = "the provider's symbol can't be used",
		.why = "a reference must reach exactly one symbol that stays in memory as long as the livepatch; this symbol is ambiguous, or freed after init",
		.remedy = "define it in one place only, and without __init or __initdata",
	},
	{
		.code = "KS209",
		.class = DIAG_REFUSAL,
		.what = "the build of the main module is unknown",
		.why = "an object module names the build-id of its main module, so that the core can refuse one of an older build that was left on disk; the core refuses an object module without it",
		.remedy = "give the main module, as it was linked, as provider: -p PATCH=PATCH.ko",
	},
	{
		.code = "KS220",
		.class = DIAG_REFUSAL,
		.what = "ordinary reference to a symbol that neither vmlinux nor the core exports",
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
		.why = "the kernel would refuse it, or ignore it and leave code that jumps to address 0",
		.remedy = "make the module with `klp-relocs convert`; if it was right before, the tool that changed it afterwards (strip, objcopy) doesn't know klp symbols",
	},
	{
		.code = "KS222",
		.class = DIAG_REFUSAL,
		.what = "the object has no such symbol at that position",
		.why = "the kernel would refuse to load the livepatch; in another build of the object it might find a wrong symbol",
		.remedy = "build the livepatch against the very files that the machines run",
	},
	{
		.code = "KS223",
		.class = DIAG_REFUSAL,
		.what = "several symbols of that name",
		.why = "position 0 says that the name is unique in the object; the kernel refuses it if it "
		       "isn't",
		.remedy = "refer to it by its position: 1 for the first one in the kernel's order, and so on",
	},
	{
		.code = "KS224",
		.class = DIAG_REFUSAL,
		.what = "no file was given for an object",
		.why = "without the file nothing tells whether the symbol exists",
		.remedy = "name it: --object NAME=FILE (vmlinux or the .ko; a main module is an object, too)",
	},
	{
		.code = "KS225",
		.class = DIAG_REFUSAL,
		.what = "the object may be unloaded while the code still uses it",
		.why = "a klp symbol takes no reference on its module; only vmlinux, the patched module, the modules that it depends on, and the main module are certain to stay",
		.remedy =
			"give the patched module with --target; if it really doesn't depend on that module, "
			"the diff adds a dependency, which a livepatch can't",
	},
	{
		.code = "KS226",
		.class = DIAG_REFUSAL,
		.what = "depends on another module than the core",
		.why = "modprobe would load that module first and the kernel would pin it, possibly together with the patched module",
		.remedy =
			"build it against exports of vmlinux and the core only (a Module.symvers without "
			"the other modules)",
	},
	{
		.code = "KS227",
		.class = DIAG_REFUSAL,
		.what = "a checksum is listed for a klp symbol",
		.why = "checksums belong to ordinary references; this one claims that the module needs an export that it doesn't use",
		.remedy = "make the module with `klp-relocs convert`, which removes them",
	},
	{
		.code = "KS228",
		.class = DIAG_REFUSAL,
		.what = "not converted",
		.why = "its references to the running kernel have not been turned into klp relocations yet",
		.remedy = "run `klp-relocs convert` on it",
	},
	{
		.code = "KS229",
		.class = DIAG_REFUSAL,
		.what = "the symbol doesn't exist after the object's init",
		.why = "the kernel frees init code and data after they ran, and then counts positions without them: the reference would reach freed memory or another symbol",
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
		.remedy = "give the file that the livepatch was built against, or build it against this one",
	},
	{
		.code = "KS231",
		.class = DIAG_REFUSAL,
		.what = "the module has a wrong name",
		.why = "the core asks for <patch>__<object>, and a module's name has at most 55 characters; the module is never found under another name",
		.remedy = "name it <patch>__<object> with '_' for '-', and take a shorter name for the patch",
	},
	{
		.code = "KS232",
		.class = DIAG_REFUSAL,
		.what = "malformed list of replaced functions (.klp_split.funcs)",
		.why = "each entry has to name one function of the patched object and the code that replaces it; the core refuses a livepatch with any other list",
		.remedy =
			"link the units that create-diff-object wrote, with klp-split.lds, and the "
			"template that belongs to the object",
	},
	{
		.code = "KS233",
		.class = DIAG_REFUSAL,
		.what = "address of a function that no indirect call may reach",
		.why = "the kernel is built for indirect branch tracking (IBT), and has removed the ENDBR of this function, because nothing in it used its address; a processor that tracks branches faults on a call through such a pointer",
		.remedy = "call the function by its name, or add a function that calls it to the diff and use that one's address, which nobody may keep after the livepatch is removed",
	},
	{
		.code = "KS240",
		.class = DIAG_REFUSAL,
		.what = "a place in the code is missing in a list that the kernel uses",
		.why = "while the kernel loads a module, it rewrites calls, returns and indirect branches at listed places; it unwinds stacks by a list of functions; it silently ignores places that aren't listed",
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
		.remedy =
			"give objtool the key's name, __SCK__…, as an undefined symbol; if "
			"kpatch-build made the module, that is a defect of it: please report it",
	},
	{
		.code = "KS242",
		.class = DIAG_REFUSAL,
		.what = "address of a function of the livepatch that no indirect call may reach",
		.why = "the kernel is built for indirect branch tracking (IBT): a function that is called through a pointer has to begin with ENDBR, and to keep it",
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
		.remedy = "use a kernel with another configuration",
	},
	{
		.code = "KS303",
		.class = DIAG_FAILURE,
		.what = "the kernel's compiler isn't installed",
		.why = "another version of the compiler makes different code from the same source, so that changed functions can't be told from unchanged ones",
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
		.why = "archives drop old kernels when new ones arrive; the package lists of this machine may be old, too",
		.remedy = "name the suite (--kernel trixie/newest-cloud-amd64), or put the packages into a folder (--packages DIR); distributions keep old packages in a snapshot archive",
	},
	{
		.code = "KS306",
		.class = DIAG_FAILURE,
		.what = "packages could not be downloaded",
		.why = "the distribution's package manager could not get them from the archive",
		.remedy = "check the network; if the package lists of this machine are old, update them or name the suite (--kernel trixie/RELEASE). Complete packages are kept",
	},
	{
		.code = "KS307",
		.class = DIAG_FAILURE,
		.what = "a package could not be unpacked",
		.why = "the file is damaged, or the disk is full; nothing was kept of what was unpacked",
		.remedy = "free space, or remove the file that the message names from the cache, then try again",
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
		.why = "an option depends on a tool that has another version here than where the kernel was built; code compiled with this configuration would not fit the kernel",
		.remedy = "install the versions of the compiler and its tools that the distribution used",
	},
	{
		.code = "KS310",
		.class = DIAG_FAILURE,
		.what = "the kernel's build tree could not be prepared",
		.why = "make failed; its last lines are above",
		.remedy = "install the programs and headers that the kernel's own build needs: flex, bison, bc, make, gcc, libelf, openssl",
	},
	{
		.code = "KS311",
		.class = DIAG_FAILURE,
		.what = "debug information can't be read",
		.why = "the compile units in the debug information say which source file is in which object",
		.remedy = "install or fetch the kernel's debug packages again",
	},
	{
		.code = "KS312",
		.class = DIAG_REFUSAL,
		.what = "assembly can't be livepatched",
		.why = "assembly has no ftrace entry, and no function boundaries that could be compared",
		.remedy = "fix it in the C code that calls it, or boot a fixed kernel",
	},
	{
		.code = "KS313",
		.class = DIAG_REFUSAL,
		.what = "a changed header reaches too many units",
		.why = "each unit that may read the header has to be preprocessed, and compiled if its text changes",
		.remedy = "put the change into the .c files that need it, or raise --max-units and expect a long build",
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
		.what = "changes to build rules can't be livepatched",
		.why = "other flags or other parts would make an object that isn't the kernel's; a diff can only add new files to lists of objects",
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
		.what = "a new file is in no object",
		.why = "no makefile that the diffs change lists it in this configuration, and nothing includes it",
		.remedy =
			"add it to the object that it belongs to (obj-y += new.o, name-y += new.o), or put the "
			"code into an existing .c file",
	},
	{
		.code = "KS318",
		.class = DIAG_REFUSAL,
		.what = "a kernel file can't be renamed; headers that others include and assembly can't be removed",
		.why = "the running kernel has the code that was made from the file under its old name; the users of a removed header can't be found",
		.remedy = "keep the file, and change or remove its contents",
	},
	{
		.code = "KS319",
		.class = DIAG_WARNING,
		.what = "left out: not part of the kernel",
		.why = "documentation, tests and user-space programs are not part of a livepatch",
		.remedy = "nothing to do",
	},
	{
		.code = "KS320",
		.class = DIAG_REFUSAL,
		.what = "this file is in no object of this kernel",
		.why = "the kernel's debug information has no compile unit for it: it was not configured, or it belongs to the boot code, the vDSO or the EFI stub",
		.remedy =
			"leave it out of the diff; this kernel doesn't run it where a livepatch could "
			"reach it",
	},
	{
		.code = "KS321",
		.class = DIAG_WARNING,
		.what = "left out: of another architecture",
		.why = "this kernel is built from none of it",
		.remedy = "nothing to do; a diff that changes nothing else is refused (KS320)",
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
		.why = "hunks may be at other lines, but their context must be unchanged: applied by guess, a fix can end up in the wrong place",
		.remedy = "make the diff for the source of this kernel, as the distribution ships it",
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
		.why = "the patched unit can only be compared with a compiled original",
		.remedy = "see the compiler's message; if the disk is full, free space",
	},
	{
		.code = "KS326",
		.class = DIAG_REFUSAL,
		.what = "the patched source doesn't compile",
		.why = "the compiler, or objtool after it, refused it",
		.remedy = "correct the diff",
	},
	{
		.code = "KS327",
		.class = DIAG_FAILURE,
		.what = "the recorded compile command of this unit can't be repeated",
		.why = "the command that kbuild recorded contains more than a compiler and objtool with their arguments",
		.remedy = "report it, with the kernel's release and the unit's name",
	},
	{
		.code = "KS328",
		.class = DIAG_FAILURE,
		.what = "create-diff-object failed",
		.why = "it failed without saying that the diff can't be livepatched",
		.remedy = "run it again with --keep --verbose and report it with the unit's object files",
	},
	{
		.code = "KS329",
		.class = DIAG_REFUSAL,
		.what = "an earlier diff has this change already",
		.why = "diffs are applied one after another, and an earlier one has already made the change of this one",
		.remedy = "leave one of the two out; of two versions of a fix, give only the right one",
	},
	{
		.code = "KS330",
		.class = DIAG_REFUSAL,
		.what = "a function differs from the shipped one",
		.why = "the source, configuration or compiler here isn't the one that the kernel was "
		       "built with; a livepatch built from it could mix two versions",
		.remedy =
			"run it again: the original is compiled anew, as what the cache had is "
			"dropped; if the function differs again, remove the kernel's folder from the "
			"cache and use --fetch, and install the distribution's compiler",
	},
	{
		.code = "KS331",
		.class = DIAG_REFUSAL,
		.what = "a function isn't in the shipped binary",
		.why = "livepatch can't replace a function that the kernel doesn't have",
		.remedy = "check whether the linker dropped it, or another definition overrides it",
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
		.why = "it contains something that the comparison doesn't know, and a function that isn't proved equal can't be used",
		.remedy = "report it, with the kernel's release and the function's name",
	},
	{
		.code = "KS334",
		.class = DIAG_FAILURE,
		.what = "a file or folder given on the command line can't be used",
		.why = "each of --source, --config, --vmlinux, --modules, --symvers and --build-tree names a "
		       "file or folder of the kernel to be patched",
		.remedy = "correct the path; files that aren't given come from the packages of --kernel",
	},
	{
		.code = "KS335",
		.class = DIAG_FAILURE,
		.what = "nothing says what was built in this tree",
		.why = "the .cmd files that kbuild leaves beside each object say which source file is in which object; `make clean` removes them",
		.remedy = "give the tree in the state in which the kernel was built in it",
	},
	{
		.code = "KS336",
		.class = DIAG_FAILURE,
		.what = "the module was not built from this source for this kernel",
		.why = "the whole source is built for this kernel, and the result must be exactly this module",
		.remedy = "give the .ko that runs, the folder of its makefile, and the kernel it was built for",
	},
	{
		.code = "KS337",
		.class = DIAG_REFUSAL,
		.what = "a changed header changes assembly",
		.why = "the preprocessed text of this unit changes, and assembly can't be livepatched: it would keep the old meaning beside C code with the new one",
		.remedy = "hide the change from assembly: put it under #ifndef __ASSEMBLY__, or in the .c files",
	},
	{
		.code = "KS338",
		.class = DIAG_REFUSAL,
		.what = "a new file is for an object that this kernel doesn't have",
		.why = "new code is loaded with the livepatch of an object that runs; a new module, or a folder that isn't built, is no such object",
		.remedy = "add the file to an existing module, or to vmlinux in a folder that has parts there",
	},
	{
		.code = "KS339",
		.class = DIAG_REFUSAL,
		.what = "the diffs define something again that the kernel already has",
		.why = "a kernel with these diffs would not link; in the running kernel, code that isn't compiled again still uses the existing definition",
		.remedy =
			"change the function where it is, move it (remove it there in the same livepatch), or give "
			"the new one another name",
	},
	{
		.code = "KS340",
		.class = DIAG_FAILURE,
		.what = "this can't be the name of a livepatch",
		.why = "the livepatch's name becomes the name of a kernel module",
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
		.why = "kpatch-build replaces the folder as a whole, and it contains files that kpatch-build didn't make",
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
		.why = "they are installed with kpatch-build, or are beside its source",
		.remedy = "install klp-split again",
	},
	{
		.code = "KS346",
		.class = DIAG_REFUSAL,
		.what = "a module's klp relocations are wrong",
		.why = "klp-relocs refused the module; its reasons are above",
		.remedy = "`klp-relocs show` lists the symbols that a module refers to",
	},
	{
		.code = "KS347",
		.class = DIAG_FAILURE,
		.what = "the core could not be built for this kernel",
		.why = "livepatch modules use the core's exports, and need their versions",
		.remedy = "read the compiler's message",
	},
	{
		.code = "KS348",
		.class = DIAG_FAILURE,
		.what = "the configuration isn't that of the kernel",
		.why = "the kernel itself says how it was configured (build salt, CONFIG_IKCONFIG), and the configuration file beside it differs",
		.remedy =
			"take configuration and kernel from packages of one version: remove the "
			"kernel's folder from the cache and use --fetch",
	},
	{
		.code = "KS349",
		.class = DIAG_WARNING,
		.what = "the kernel's source has this change already",
		.why = "the whole diff can be reverted in the source, and can't be applied",
		.remedy = "nothing to do: this kernel has the fix",
	},
	{
		.code = "KS350",
		.class = DIAG_REFUSAL,
		.what = "data of a changed type exists",
		.why = "the running kernel made this data with the old type: its members keep their old places, its pointers their old targets, its numbers their old meanings",
		.remedy = "leave the type unchanged: keep new state in a shadow variable, or use a member that is free; if no data is older than the new code, say so with KLP_SPLIT_LAYOUT_HANDLED of klp-split-author.h",
	},
	{
		.code = "KS351",
		.class = DIAG_REFUSAL,
		.what = "a variable differs from the shipped one",
		.why = "the source, configuration or compiler here isn't the one that the kernel was "
		       "built with; a livepatch built from it could mix two versions",
		.remedy =
			"remove the kernel's folder from the cache and use --fetch; install the "
			"distribution's compiler",
	},
	{
		.code = "KS352",
		.class = DIAG_REFUSAL,
		.what = "a variable isn't in the shipped binary",
		.why = "the source or configuration here isn't the one that the kernel was built with",
		.remedy = "remove the kernel's folder from the cache and use --fetch",
	},
	{
		.code = "KS353",
		.class = DIAG_FAILURE,
		.what = "this archive can't be unpacked",
		.why = "the readable part of it may be only a part of the fix",
		.remedy = "get the file again; gzip, xz, bzip2 and zstd are unpacked by the programs of these names",
	},
	{
		.code = "KS354",
		.class = DIAG_REFUSAL,
		.what = "the compiler's options differ from those of the shipped binary",
		.why = "both record the compiler's version and flags (DW_AT_producer), and these differ",
		.remedy =
			"run it again: the original is compiled anew, as what the cache had is "
			"dropped; if the options differ again, remove the kernel's folder from the "
			"cache and use --fetch, and install the distribution's compiler, with no "
			"wrapper in its place",
	},
	{
		.code = "KS355",
		.class = DIAG_REFUSAL,
		.what = "an entry of a kernel table differs from the shipped one",
		.why = "the source, configuration or compiler here isn't the one that the kernel was built with: alternatives, fault handlers, WARN texts or static keys would not be those of the running kernel",
		.remedy =
			"remove the kernel's folder from the cache and use --fetch; install the "
			"distribution's compiler",
	},
	{
		.code = "KS356",
		.class = DIAG_REFUSAL,
		.what = "a new set of BTF ids can't be filled in",
		.why = "the ids are numbers of types in vmlinux' BTF; the livepatch brings them resolved and sorted, as the kernel finds them by binary search",
		.remedy = "name only functions and types of vmlinux in it; look up the number of a module's type at run time (btf_find_by_name_kind())",
	},
	{
		.code = "KS357",
		.class = DIAG_REFUSAL,
		.what = "a function or variable that something still uses is gone",
		.why = "a kernel with these diffs would not link; in the running kernel, code that isn't compiled again still uses the old one, without the fix",
		.remedy = "change all its users in the same livepatch, or keep the name: a function or variable that moves to another file of the same object under its old name is followed there",
	},
	{
		.code = "KS358",
		.class = DIAG_REFUSAL,
		.what = "the diffs change which of several definitions of one name the linker takes",
		.why = "if two files have a weak and a strong definition, the linker takes the strong one when the kernel is linked; the running kernel keeps the one that it has",
		.remedy = "change the definition that the running kernel uses, in its file",
	},
	{
		.code = "KS359",
		.class = DIAG_REFUSAL,
		.what = "a function or variable that moves to another file can't be followed there",
		.why = "the running kernel has the function or variable once, and the new code has to replace or use exactly that one",
		.remedy =
			"move it under its own name, from one file to one other file, and together with its "
			"aliases; or leave it where it is",
	},
	{
		.code = "KS360",
		.class = DIAG_REFUSAL,
		.what = "a variable of the running kernel would be created again in another file or object",
		.why = "the running kernel keeps its state in the variable of the old file; new code with its own variable would not see it",
		.remedy = "leave the variable and the functions that use it in their file; a static variable that keeps its name is followed to another file of the same object",
	},
	{
		.code = "KS361",
		.class = DIAG_REFUSAL,
		.what = "the change also affects something other than units of the kernel",
		.why = "a livepatch replaces functions of vmlinux and of modules; the vDSO, the boot code, generated headers and programs of the build would keep the old version",
		.remedy =
			"make the change where only units see it: in a .c file, or in a header that nothing else "
			"reads; or leave this part out of the diff, if the fix works without it",
	},
	{
		.code = "KS362",
		.class = DIAG_REFUSAL,
		.what = "a new function or variable would be taken for one of another object",
		.why = "code of this object that isn't compiled again uses the symbol of this name of the kernel or another module; a kernel with these diffs would link it to the new one, but the running kernel keeps using the old one",
		.remedy = "make it static, or give it another name",
	},
	{
		.code = "KS363",
		.class = DIAG_WARNING,
		.what = "the diff changes a weak function that the kernel doesn't use",
		.why = "another file has a strong definition of this name, which the linker has taken: the changed function never runs, and is left out",
		.remedy = "nothing to do, unless the strong definition needs the change, too",
	},
	{
		.code = "KS364",
		.class = DIAG_WARNING,
		.what = "the kernel may keep a pointer to memory of the livepatch",
		.why = "the strings of new code, and its new or changed constants and variables, are in the "
		       "livepatch's own module; if a pointer to them is left when the module is unloaded, or "
		       "replaced by a newer livepatch, it points to freed memory",
		.remedy =
			"nothing to do if the address is only used during the call; else give the kernel a "
			"copy (kstrdup(), devm_kasprintf()), or do it in a function that isn't changed; or "
			"never unload the livepatch. try_module_get(THIS_MODULE) "
			"doesn't keep it in memory: THIS_MODULE is the patched module, and NULL in vmlinux",
	},
	{
		.code = "KS365",
		.class = DIAG_WARNING,
		.what = "left out: this kernel is built without it",
		.why = "no code of this kernel is made from this part of the diff: the configuration leaves the file out, nothing reads the header, or the changed makefile or Kconfig gives this kernel the same as before",
		.remedy = "nothing to do; other kernels may need the part",
	},
	{
		.code = "KS366",
		.class = DIAG_REFUSAL,
		.what = "a part that was left out is needed",
		.why = "according to the text of the source no file of this kernel reads this part of the diff, but the compiler has read it",
		.remedy = "include the header with a plain #include, and report this with the diff",
	},
	{
		.code = "KS367",
		.class = DIAG_WARNING,
		.what = "a changed init or exit function is left out",
		.why = "--leave-out names it: the running kernel keeps the function as it is; the rest names no variable and no member that this change names, so it doesn't seem to need the change",
		.remedy = "check that the fix works without it; the change takes effect when the fixed kernel is booted",
	},
	{
		.code = "KS368",
		.class = DIAG_REFUSAL,
		.what = "a function can't be left out",
		.why = "only a change of code that runs at boot, or when a module is loaded or unloaded, can be left out without losing the fix; and the function's first and last line have to be found in the source",
		.remedy = "name a function that is marked __init or __exit, or that only such functions of its file call; or remove the change from the diff by hand",
	},
	{
		.code = "KS369",
		.class = DIAG_REFUSAL,
		.what = "the rest of the diffs may need what is left out",
		.why = "both change what is done with the same variable or member, or the function uses what the rest introduces: init code may set up what the rest relies on",
		.remedy = "do in a post-patch callback what the function does for the rest; then remove the function's change from the diff by hand",
	},
	{
		.code = "KS370",
		.class = DIAG_REFUSAL,
		.what = "one state, two versions",
		.why = "a livepatch has one version of each state, and later livepatches rely on it",
		.remedy =
			"declare the same version in all files, or take another number if it is another "
			"state",
	},
	{
		.code = "KS371",
		.class = DIAG_WARNING,
		.what = "the compiler warns about the patched file",
		.why = "units of a stock kernel cause hardly any warnings, so the diff causes this one; an unused function, for example, may be a callback that was not declared",
		.remedy = "read the compiler's lines; fix the diff",
	},
	{
		.code = "KS372",
		.class = DIAG_REFUSAL,
		.what = "the input is too large",
		.why = "a livepatch is made of single fixes; some kilobytes of an archive can unpack to all of memory",
		.remedy = "give the fixes themselves, as diffs or mails",
	},
	{
		.code = "KS373",
		.class = DIAG_REFUSAL,
		.what = "this mail can't be decoded",
		.why = "a part that can't be read may be a part of the fix",
		.remedy = "save the diff from the mail as a file of its own, or get it from an archive of the list",
	},
	{
		.code = "KS374",
		.class = DIAG_WARNING,
		.what = "mails of a mailbox are missing or left out",
		.why = "only mails with a diff are patches; a part of a series may depend on the others",
		.remedy = "nothing to do if the fix is complete",
	},
	{
		.code = "KS375",
		.class = DIAG_REFUSAL,
		.what = "a member or an enumerator has another name",
		.why = "data of the running kernel has the old meaning in this place; only the author can know that the new name means the same",
		.remedy = "nothing to do if it does; else leave the member unchanged, and keep the new value in a shadow variable",
	},
	{
		.code = "KS376",
		.class = DIAG_REFUSAL,
		.what = "a new member is in padding, or in a reserved place",
		.why = "existing data of the running kernel contains zero there if it was zeroed when it was made (static, kzalloc()), else anything",
		.remedy =
			"nothing to do if all data of this type was zeroed when it was made and zero is "
			"right for the new member; else keep it in a shadow variable",
	},
	{
		.code = "KS377",
		.class = DIAG_REFUSAL,
		.what = "data is read as another type of the same size",
		.why = "the running kernel's data doesn't change: a negative number is a large one for an unsigned type, and a value other than 0 or 1 is no bool",
		.remedy = "nothing to do if each possible value means the same in both types; else leave the type unchanged",
	},
	{
		.code = "KS378",
		.class = DIAG_REFUSAL,
		.what = "the enumerator after the last one has another value",
		.why = "new enumerators were inserted before it; code that isn't replaced still knows the old number, and data may contain it as a mark for \"none\"",
		.remedy = "nothing to do if it only counts the others; else give the new enumerators values after it",
	},
	{
		.code = "KS379",
		.class = DIAG_WARNING,
		.what = "a changed function runs only when something is created",
		.why = "it runs for objects that are created later; the old code made the existing ones, and they don't change",
		.remedy = "nothing to do if that is enough; else update the existing objects in a post-patch callback, or create them again (mount, probe or open)",
	},
	{
		.code = "KS380",
		.class = DIAG_FAILURE,
		.what = "the location of the archive is unknown",
		.why = "other releases of the distribution are fetched from the mirror that this machine's own packages come from, and its package manager has none configured",
		.remedy = "name it: --mirror URL",
	},
	{
		.code = "KS381",
		.class = DIAG_FAILURE,
		.what = "an archive's lists could not be downloaded",
		.why = "without the lists the packages of the suite are unknown",
		.remedy = "check the network, or name another mirror: --mirror URL, or --mirror URL,SECURITY-URL if the security updates are elsewhere (URL, with a comma: nowhere)",
	},
	{
		.code = "KS382",
		.class = DIAG_FAILURE,
		.what = "an archive's lists are too old",
		.why = "their Release file says until when they are valid, so that an attacker can't hide fixes from a machine with old lists",
		.remedy = "use a mirror that is up to date; or, to use old lists nevertheless, --allow-expired",
	},
	{
		.code = "KS383",
		.class = DIAG_FAILURE,
		.what = "an archive's signature can't be verified",
		.why = "without a valid signature anybody may have made the packages",
		.remedy = "install a version of the distribution's archive keyring that has the suite's keys; for a mirror with its own keys: --keyring FILE",
	},
	{
		.code = "KS384",
		.class = DIAG_FAILURE,
		.what = "there is not enough room for the kernel",
		.why = "the cache keeps the packages, their unpacked files, the source and the build tree",
		.remedy = "free space, or set XDG_CACHE_HOME to a folder on another disk",
	},
	{
		.code = "KS385",
		.class = DIAG_REFUSAL,
		.what = "a function that the core redirects changed",
		.why = "ftrace lets one user at a time redirect a function, and klp_split.ko redirects this "
		       "one as long as it is loaded: the livepatch could never be enabled",
		.remedy = "leave the function out of the diff; make the change in a function that it calls",
	},
	{
		.code = "KS386",
		.class = DIAG_REFUSAL,
		.what = "the core can't be livepatched",
		.why = "its code runs while livepatches are enabled, replaced and removed",
		.remedy =
			"unload the livepatches, install the new core, and load them again "
			"(klp-split-module(5), \"A new core\")",
	},
	{
		.code = "KS387",
		.class = DIAG_FAILURE,
		.what = "packages are missing in the folder",
		.why = "with --packages nothing is downloaded: the folder must have all of the kernel's packages in one version, and those of its compiler if the machine's is another version",
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
		.why = "a suite has one version of each compiler, and another version makes different code",
		.remedy = "take the compiler's packages that the message names from a snapshot archive and name their folder: --packages DIR",
	},
	{
		.code = "KS390",
		.class = DIAG_FAILURE,
		.what = "the compiler that was fetched doesn't work here",
		.why = "it runs with the C library of its own packages, and has to report the version that built the kernel",
		.remedy = "remove the folder that the message names, then try again",
	},
	{
		.code = "KS391",
		.class = DIAG_REFUSAL,
		.what = "it isn't clear which mails of the mailbox belong to the fix",
		.why = "a mailbox contains all versions of a series and the proposals of its readers; together they aren't a fix",
		.remedy = "remove the mails that don't belong to the fix, or give those that do as single files",
	},
	{
		.code = "KS392",
		.class = DIAG_WARNING,
		.what = "an exported function or variable that nothing in this kernel uses is gone",
		.why = "the running kernel keeps it under that name: modules from elsewhere that were built for this kernel still use it, unfixed, even if they are loaded later",
		.remedy = "nothing to do if it only lost its last user; if it is removed because it is wrong, keep it, and let it return an error",
	},
	{
		.code = "KS393",
		.class = DIAG_REFUSAL,
		.what = "no diff that can be livepatched is known",
		.why = "--suggest writes only forms that keep the fix's meaning and whose result it can check; each line below says why one of the refusals has none",
		.remedy = "adapt the diff by hand: doc/author-guide.md says how, and each of the messages has a remedy",
	},
	{
		.code = "KS394",
		.class = DIAG_WARNING,
		.what = "a macro has another value",
		.why = "new code uses the new value; old code, data that the running kernel made before, other modules and user space use the old one",
		.remedy = "nothing to do if nothing keeps the value: a timeout, a limit, the size of a buffer that new code allocates and uses; else leave it unchanged (a flag or a state of an object, a size that old code relies on, a number that user space or another module knows), and give the new meaning an unused value",
	},
	{
		.code = "KS395",
		.class = DIAG_FAILURE,
		.what = "the suggested diff can't be made",
		.why = "--suggest writes it beside the original, never over another file, after a run of its own has checked it",
		.remedy = "name its file with --suggest=FILE, or remove the old one",
	},
	{
		.code = "KS396",
		.class = DIAG_FAILURE,
		.what = "a run for a part of the fixes gave no result",
		.why = "--each tries fixes in processes of their own, and one of them was killed or has a defect; that says nothing about the fixes",
		.remedy = "free memory and space in TMPDIR, or use fewer --jobs, then run it again; if that doesn't help, report it with the fixes",
	},
	{
		.code = "KS397",
		.class = DIAG_REFUSAL,
		.what = "a fix can't be part of the livepatch",
		.why = "it is refused, or it needs one that is; with --each-must-build none may be left out, and without it at least one must remain",
		.remedy = "adapt the fix as its own error says, remove it from the series, or leave out --each-must-build",
	},
	{
		.code = "KS398",
		.class = DIAG_FAILURE,
		.what = "a line of the CVE map can't be read",
		.why = "each line has CVE ids, and the id of a commit (at least eight digits) or the name of a diff's file, separated by blanks or commas; '#' begins a comment",
		.remedy = "correct the line",
	},
	{
		.code = "KS399",
		.class = DIAG_WARNING,
		.what = "a fix is left out",
		.why = "it can't be livepatched, or needs one that can't be, so a machine with this livepatch doesn't have it",
		.remedy = "adapt the fix as its own error says, or install the fixed kernel; --each-must-build makes this an error",
	},
	{
		.code = "KS400",
		.class = DIAG_REFUSAL,
		.what = "only root can change livepatches",
		.why = "this loads and unloads modules, and writes files below /lib/modules",
		.remedy = "run it as root: sudo kpatch …",
	},
	{
		.code = "KS401",
		.class = DIAG_REFUSAL,
		.what = "not a livepatch that kpatch-build made",
		.why = "the modinfo of a main module says which livepatch it is, for which kernel and which objects; this file's modinfo doesn't",
		.remedy =
			"name the folder that kpatch-build wrote, or the <patch>.ko in it; "
			"kpatch load also takes the .ko of another tool's livepatch",
	},
	{
		.code = "KS402",
		.class = DIAG_REFUSAL,
		.what = "not exactly one livepatch in this folder",
		.why = "a folder can be given only if it contains exactly one main module",
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
		.remedy =
			"build the livepatch with the debug package of exactly the kernel that "
			"runs, or boot the kernel that it was built for",
	},
	{
		.code = "KS405",
		.class = DIAG_REFUSAL,
		.what = "a module in memory is another build than the livepatch was made for",
		.why = "the livepatch doesn't fit the code of another build",
		.remedy =
			"unload that module and load the one of the kernel's package, or build "
			"the livepatch for it",
	},
	{
		.code = "KS406",
		.class = DIAG_REFUSAL,
		.what = "the livepatch is incomplete",
		.why = "the main module and all its object modules must come from one build, and have the names that the core asks modprobe for",
		.remedy = "copy the whole folder that kpatch-build wrote again",
	},
	{
		.code = "KS407",
		.class = DIAG_REFUSAL,
		.what = "another livepatch of this name is in memory",
		.why = "the kernel tells livepatches apart by the name of their main module",
		.remedy =
			"unload it first (kpatch unload NAME), or build with another name: "
			"kpatch-build --name …",
	},
	{
		.code = "KS408",
		.class = DIAG_FAILURE,
		.what = "the core can't be loaded",
		.why = "klp_split.ko loads and unloads a livepatch's modules; without it nothing is patched",
		.remedy =
			"install the core for this kernel where modprobe finds it "
			"(/lib/modules/$(uname -r)/updates), then run depmod -a",
	},
	{
		.code = "KS409",
		.class = DIAG_FAILURE,
		.what = "the kernel refused the livepatch",
		.why = "a check of the core or of the kernel's livepatch failed; the livepatch is not enabled",
		.remedy = "read the kernel's lines above (or dmesg) for the reason",
	},
	{
		.code = "KS410",
		.class = DIAG_STALLED,
		.what = "the transition did not finish in time; the livepatch was reverted",
		.why = "each task must be seen once outside of the changed functions; the tasks named here were not",
		.remedy =
			"end or wake up these tasks, or allow more time (--timeout SECONDS), "
			"then load it again",
	},
	{
		.code = "KS411",
		.class = DIAG_STALLED,
		.what = "the transition did not finish in time; the livepatch stays enabled",
		.why = "each task must be seen once outside of the functions that change back; the tasks named here were not",
		.remedy =
			"end or wake up these tasks, or allow more time (--timeout SECONDS), "
			"then unload it again",
	},
	{
		.code = "KS412",
		.class = DIAG_REFUSAL,
		.what = "no livepatch of this name is loaded",
		.why = "neither /sys/kernel/livepatch nor the list of loaded modules has it",
		.remedy = "kpatch list shows the names",
	},
	{
		.code = "KS413",
		.class = DIAG_PARTLY,
		.what = "a disabled livepatch can't be removed from memory",
		.why = "something still holds its module; after a forced transition the kernel keeps it until the next boot",
		.remedy = "it is harmless, and gone after the next boot",
	},
	{
		.code = "KS414",
		.class = DIAG_STALLED,
		.what = "another livepatch is in transition, and did not finish in time",
		.why = "the kernel does one transition at a time",
		.remedy = "kpatch list shows what holds it up; then try again, or allow more time (--timeout SECONDS)",
	},
	{
		.code = "KS415",
		.class = DIAG_FAILURE,
		.what = "depmod could not register the livepatch's modules",
		.why = "depmod failed, so the core would not find the object modules",
		.remedy = "read depmod's message, and check that depmod is installed (package kmod)",
	},
	{
		.code = "KS416",
		.class = DIAG_REFUSAL,
		.what = "this kernel can't be livepatched",
		.why = "it was built without CONFIG_LIVEPATCH, or /sys is not mounted",
		.remedy = "boot a kernel with CONFIG_LIVEPATCH=y; check that the distribution's stock kernels have it",
	},
	{
		.code = "KS417",
		.class = DIAG_STALLED,
		.what = "interrupted; nothing has changed",
		.why = "a signal ended the command before the transition finished",
		.remedy = "run it again",
	},
	{
		.code = "KS418",
		.class = DIAG_PARTLY,
		.what = "the livepatch could not be reverted",
		.why = "reverting is a transition too, and something held up the transition or the module in memory",
		.remedy = "kpatch list shows its state; end the tasks that hold it up, then: kpatch unload NAME",
	},
	{
		.code = "KS419",
		.class = DIAG_STALLED,
		.what = "the transition is still in progress",
		.why = "each task must be seen once outside of the changed functions; the tasks named here were not. The transition was not reversed",
		.remedy =
			"end or wake up these tasks (kpatch signal), wait longer (--timeout "
			"SECONDS), or unload the livepatch",
	},
	{
		.code = "KS420",
		.class = DIAG_REFUSAL,
		.what = "kpatch forces a transition only with --yes",
		.why = "tasks continue in old code beside new code, unpatched modules stay in memory, and only a reboot is certain to undo the effects",
		.remedy =
			"wait, wake up the tasks (kpatch signal), end them, or unload the "
			"livepatch; if it must be: kpatch force --yes NAME",
	},
	{
		.code = "KS421",
		.class = DIAG_REFUSAL,
		.what = "this livepatch is not in transition",
		.why = "there is no transition to signal or to force",
		.remedy = "kpatch list shows its state",
	},
	{
		.code = "KS422",
		.class = DIAG_REFUSAL,
		.what = "no livepatch of this name is installed",
		.why = "only installed livepatches are known by name, and loaded at boot",
		.remedy = "kpatch list shows the names; or name its folder or main module",
	},
	{
		.code = "KS423",
		.class = DIAG_REFUSAL,
		.what = "another build of this livepatch is installed",
		.why = "modprobe finds the installed modules first; the other build can't be installed beside them",
		.remedy = "kpatch install the new build, or kpatch uninstall NAME first; then load it",
	},
	{
		.code = "KS424",
		.class = DIAG_REFUSAL,
		.what = "this kernel would refuse the livepatch's modules: they have no signature that it trusts",
		.why = "Secure Boot (lockdown) or module.sig_enforce is on: only modules signed by "
		       "a key in the kernel's keyrings are loaded",
		.remedy = "build it with --sign-key and --sign-cert of a key that is enrolled (mokutil --import), see kpatch-build(1)",
	},
	{
		.code = "KS425",
		.class = DIAG_FAILURE,
		.what = "a livepatch was not loaded, because it failed at an earlier boot",
		.why = "it would most likely fail again, and delay each boot; the reasons of that boot are named here",
		.remedy = "fix the reasons, then load it by hand: kpatch load NAME; if that works, it is loaded at the next boot, too",
	},
	{
		.code = "KS426",
		.class = DIAG_FAILURE,
		.what = "a livepatch was not loaded, because the machine crashed while it was loaded at an earlier boot",
		.why = "it may have crashed the machine, and would do so at each boot; it may also have been a power cut",
		.remedy = "look for a panic in the logs of that boot; if there is none, load it by hand: kpatch load NAME; if that works, it is loaded at the next boot, too",
	},
	{
		.code = "KS427",
		.class = DIAG_WARNING,
		.what = "kpatch.service is not enabled",
		.why = "livepatches are installed, but nothing loads them at boot",
		.remedy =
			"systemctl enable kpatch.service; without systemd, have kpatch load --boot "
			"run early at boot",
	},
	{
		.code = "KS428",
		.class = DIAG_REFUSAL,
		.what = "a module on disk is another build than the one that the livepatch was made for",
		.why = "the kernel would refuse to load the module while the livepatch is loaded",
		.remedy =
			"install the module of the kernel's package, or build the livepatch for "
			"this one (kpatch-build --oot-module)",
	},
	{
		.code = "KS429",
		.class = DIAG_REFUSAL,
		.what = "the livepatch does not fit the kernel and the modules of this machine",
		.why = "a symbol that it refers to, or replaces, doesn't exist or is not the one that the livepatch was built for; each is named",
		.remedy =
			"copy the folder that kpatch-build wrote again, in case it was damaged; else "
			"build the livepatch for this kernel",
	},
	{
		.code = "KS430",
		.class = DIAG_FAILURE,
		.what = "a livepatch was not loaded, because the machine crashed three times in a row soon after a boot with it",
		.why = "it was enabled, and its code may have crashed the machine; every livepatch that was enabled at these boots is left out",
		.remedy = "look for a panic in the logs of these boots; load the livepatches that are not the cause by hand: kpatch load NAME; they are loaded at the next boot, too",
	},
	{
		.code = "KS431",
		.class = DIAG_STALLED,
		.what = "the livepatch is disabled, but a task is still in its code or something holds it",
		.why = "the code is freed after the last task has left it, and an object module after its last holder has released it; until then its name is in use",
		.remedy = "nothing to do: it is removed from memory by itself, without this command; see kpatch list, or end the tasks that are named here",
	},
	{
		.code = "KS432",
		.class = DIAG_STALLED,
		.what = "a livepatch of this name is still being removed from memory",
		.why = "a task is still in its code, or something holds an object module",
		.remedy = "wait until kpatch list doesn't show it any more, and load it again; or build it under another name",
	},
	{
		.code = "KS441",
		.class = DIAG_FAILURE,
		.what = "ftrace is disabled",
		.why = "livepatch and the core redirect functions by ftrace, and the sysctl "
		       "kernel.ftrace_enabled is 0",
		.remedy =
			"enable it (sysctl kernel.ftrace_enabled=1), find out what disables it, "
			"and try again",
	},
	{
		.code = "KS442",
		.class = DIAG_FAILURE,
		.what = "another user of ftrace redirects a function",
		.why = "ftrace lets one user at a time redirect a function; the kernel's lines name the function. The user may be a kprobe, a livepatch of another tool, or a module",
		.remedy = "disable the other user (see /sys/kernel/tracing/enabled_functions: an I after the count), and try again",
	},
	{
		.code = "KS443",
		.class = DIAG_FAILURE,
		.what = "another build of the core is loaded",
		.why = "the livepatch was built with a core whose interface differs from the klp_split.ko in memory, and the core can't be replaced while livepatches are loaded",
		.remedy = "unload all livepatches (kpatch unload --all), which unloads the core as well, and load them again (klp-split-module(5), \"A new core\"); build livepatches that are to be loaded together with the same core",
	},
	{
		.code = "KS444",
		.class = DIAG_FAILURE,
		.what = "the kernel refused the core",
		.why = "klp_split.ko loads and unloads a livepatch's modules; without it nothing is patched",
		.remedy = "read the kernel's lines above (or dmesg) for the reason",
	},
	{
		.code = "KS445",
		.class = DIAG_REFUSAL,
		.what = "this livepatch would undo fixes",
		.why = "it replaces all livepatches before it, and lacks the functions that are named here: they would run their original code again",
		.remedy =
			"build one livepatch of all diffs that are needed, and load or install that; or, if "
			"these fixes are not wanted any more: --drop",
	},
	{
		.code = "KS446",
		.class = DIAG_REFUSAL,
		.what = "this livepatch would remove a livepatch of another tool",
		.why = "it replaces all livepatches before it, whoever loaded them; whether it contains the other one's fixes is not known",
		.remedy =
			"build it with kpatch-build --non-replace, so that it is stacked on the other one; or "
			"remove the other one with its own tool; or, if it is no longer wanted: --drop",
	},
	{
		.code = "KS447",
		.class = DIAG_WARNING,
		.what = "the fixes of a livepatch are dropped",
		.why = "the livepatch that replaces it lacks what is named here, which runs its original code again; the administrator has agreed, or the replacing one was installed later",
		.remedy =
			"if that wasn't intended: build one livepatch of all diffs that are needed, and "
			"load or install that",
	},
	{
		.code = "KS448",
		.class = DIAG_STALLED,
		.what = "another kpatch is running, and did not finish in time",
		.why = "only one kpatch at a time changes the machine; the other one may wait for a transition",
		.remedy = "kpatch list shows what it waits for; then try again, or allow more time (--timeout SECONDS)",
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
		.remedy = "check the path, its permissions and the free space, then run it again",
	},
	{
		.code = "KS910",
		.class = DIAG_FAILURE,
		.what = "not an ELF file",
		.why = "an object file or kernel module was expected",
		.remedy = "name an object file (.o), a kernel module (.ko, not compressed) or vmlinux",
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
		.why = "a section header contradicts the file: a part of the section would be outside the file, overlap another one or have no name",
		.remedy = "make the file again; it was probably truncated while it was written or copied",
	},
	{
		.code = "KS913",
		.class = DIAG_FAILURE,
		.what = "damaged ELF file: symbol table",
		.why = "a symbol has no valid name, is in no section or extends beyond its section's end",
		.remedy = "make the file again; it was probably truncated while it was written or copied",
	},
	{
		.code = "KS914",
		.class = DIAG_FAILURE,
		.what = "damaged ELF file: relocation",
		.why = "a relocation would write outside its section or refers to no symbol",
		.remedy = "make the file again; it was probably truncated while it was written or copied",
	},
	{
		.code = "KS915",
		.class = DIAG_FAILURE,
		.what = "the new object file would be inconsistent",
		.why = "something in the file refers to something that was removed from it; this is a defect of the tool, and nothing was written",
		.remedy = "report it, with the input files",
	},
	{
		.code = "KS916",
		.class = DIAG_FAILURE,
		.what = "unsupported ELF feature",
		.why = "the file uses a form of ELF that 64-bit kernel objects don't have",
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
		.remedy = "name the file with its symbols; distributions ship them as debug packages",
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
		.remedy = "name the Module.symvers of the kernel's headers, or the one that kbuild wrote",
	},
	{
		.code = "KS931",
		.class = DIAG_FAILURE,
		.what = "a symbol is exported by two objects",
		.why = "a reference could reach either of them",
		.remedy = "name only lists of one and the same kernel",
	},
	{
		.code = "KS932",
		.class = DIAG_FAILURE,
		.what = "the modules could not be signed",
		.why = "the key or its certificate can't be read, or they aren't a pair; a kernel that checks signatures would refuse unsigned modules",
		.remedy =
			"give --sign-key a PEM file or a PKCS#11 URI (its passphrase in "
			"KBUILD_SIGN_PIN) and --sign-cert the certificate of that key",
	},
	{
		.code = "KS933",
		.class = DIAG_FAILURE,
		.what = "this kernel doesn't support signed modules",
		.why = "it was configured without CONFIG_MODULE_SIG, so that its tree has no program to sign with, and the kernel can't verify signatures",
		.remedy = "leave out --sign-key and --sign-cert",
	},
	{
		.code = "KS934",
		.class = DIAG_FAILURE,
		.what = "the compiler failed for a reason outside of the source",
		.why = "something killed it, or disk or memory ran out; that says nothing about the diff",
		.remedy = "free space in TMPDIR and memory, or use fewer --jobs, then run it again",
	},
	{
		.code = "KS950",
		.class = DIAG_FAILURE,
		.what = "the running kernel doesn't show its symbols",
		.why = "/proc/kallsyms has no addresses for this user, so symbols can't be located",
		.remedy = "run it as root, with kernel.kptr_restrict below 2",
	},
	{
		.code = "KS951",
		.class = DIAG_FAILURE,
		.what = "the package could not be made",
		.why = "a program that makes packages failed",
		.remedy = "read its lines above; packages dpkg, gzip and rpm have these programs",
	},
};
/* clang-format on */

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
