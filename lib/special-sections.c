// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The table of special-sections.h. The kernel's own lists are include/asm-generic/vmlinux.lds.h,
 * arch/x86/kernel/vmlinux.lds.S and scripts/module.lds.S; the sections that units really have were
 * read from some 400 units. Any other section is refused.
 */
#include <string.h>

#include "lib/array.h"
#include "lib/special-sections.h"

#define SECTION(_name, _kind, _reason, ...)                                            \
	{                                                                              \
		.name = _name, .kind = SECTION_##_kind, .reason = _reason, __VA_ARGS__ \
	}

/* The symbols around the section in vmlinux. */
#define BOUNDS(_start, _stop) .start = _start, .stop = _stop
/* How a proof reads it there: the size of an entry, and the width of its first field, the place. */
#define PROVED(_start, _stop, _size, _width) \
	BOUNDS(_start, _stop), .sizes = { _size }, .width = _width
#define PLACES(_start, _stop) PROVED(_start, _stop, 4, 4)
#define INITCALLS(_level, _start, _stop)                                               \
	SECTION(".initcall" _level ".init", REGISTRATION, "init functions of vmlinux", \
		PLACES(_start, _stop))

/* The first row that fits is used, so whole names come before the prefixes that cover them. */
const struct section_rule section_rules[] = {
	/* entries about code */
	SECTION("__mcount_loc", ENTRIES, "calls to __fentry__, where ftrace redirects", .relocs = 1,
		.size = 8, .derived = true, .ftrace = true,
		PROVED("__start_mcount_loc", "__stop_mcount_loc", 8, 8), .later = true,
		.branches = BRANCHES_TO, .to = "__fentry__", .about_code = true),
	SECTION("__bug_table", ENTRIES, "file, line and flags of a WARN or BUG",
		/* struct bug_entry with CONFIG_DEBUG_BUGVERBOSE: s32 address, s32 file, u16 line, flags */
		.relocs = 2, .size = 12, PROVED("__start___bug_table", "__stop___bug_table", 12, 4),
		.about_code = true),
	SECTION("__ex_table", ENTRIES, "where execution continues after an instruction faults",
		.relocs = 2,
		/* struct exception_table_entry; scripts/sorttable.c sorts it */
		PROVED("__start___ex_table", "__stop___ex_table", 12, 4), .about_code = true),
	SECTION("__jump_table", ENTRIES, "a branch that a static key rewrites", .relocs = 3,
		.key_at = 8, .key = KEY_OF_BRANCH, /* struct jump_entry: place, target, key */
		PROVED("__start___jump_table", "__stop___jump_table", 16, 4), .about_code = true),
	SECTION(".static_call_sites", ENTRIES, "a call that a static call key rewrites",
		.relocs = 2, .size = 8, .key_at = 4, .key = KEY_OF_CALL, .objtool = true,
		/* struct static_call_site: place, key with flags */
		PROVED("__start_static_call_sites", "__stop_static_call_sites", 8, 4),
		.later = true, .branches = BRANCHES_TO_PREFIX, .to = "__SCT__", .about_code = true),
	SECTION(".static_call_tramp_key", ENTRIES, "finds the key of a static call's trampoline",
		.relocs = 2, .size = 8, /* struct static_call_tramp_key: trampoline, key */
		PROVED("__start_static_call_tramp_key", "__stop_static_call_tramp_key", 8, 4)),
	SECTION(".altinstructions", ENTRIES, "an instruction that the CPU's features replace",
		/* struct alt_instr: 12 bytes in 6.1, 14 in 6.12; u8 replacementlen is last in both */
		.relocs = 2, .length_last = true,
		BOUNDS("__alt_instructions", "__alt_instructions_end"), .sizes = { 12, 14 },
		.width = 4, .about_code = true),
	SECTION(".parainstructions", ENTRIES, "a call that the hypervisor replaces", .relocs = 1,
		/* struct paravirt_patch_site: place, type, length */
		PROVED("__parainstructions", "__parainstructions_end", 16, 8), .about_code = true),
	SECTION(".smp_locks", ENTRIES, "a lock prefix that isn't needed with one CPU", .relocs = 1,
		.size = 4, .derived = true, PLACES("__smp_locks", "__smp_locks_end"),
		.about_code = true),
	SECTION(".return_sites", ENTRIES, "a return that a mitigation rewrites", .relocs = 1,
		.size = 4, .derived = true, .objtool = true,
		PLACES("__return_sites", "__return_sites_end"), .later = true,
		.branches = BRANCHES_TO, .to = "__x86_return_thunk", .about_code = true),
	SECTION(".retpoline_sites", ENTRIES, "an indirect branch that a mitigation rewrites",
		.relocs = 1, .size = 4, .derived = true, .objtool = true,
		PLACES("__retpoline_sites", "__retpoline_sites_end"), .later = true,
		.branches = BRANCHES_TO_PREFIX, .to = "__x86_indirect_thunk_", .about_code = true),
	SECTION(".call_sites", ENTRIES, "a call that call depth tracking rewrites", .relocs = 1,
		.size = 4, .derived = true, .objtool = true,
		PLACES("__call_sites", "__call_sites_end"), .later = true, .branches = ALL_CALLS,
		.not_in = ".init.text", .about_code = true),
	SECTION(".ibt_endbr_seal", ENTRIES, "an ENDBR that nothing jumps to", .relocs = 1,
		.size = 4, .derived = true, .objtool = true,
		BOUNDS("__ibt_endbr_seal", "__ibt_endbr_seal_end"),
		.unproved = "objtool derives it from the code of all units", .about_code = true),
	SECTION(".orc_unwind_ip", ENTRIES,
		"the address from which an entry of .orc_unwind is valid", .relocs = 1, .size = 4,
		.derived = true, .objtool = true, .with = ".orc_unwind",
		BOUNDS("__start_orc_unwind_ip", "__stop_orc_unwind_ip"),
		.unproved = "how to unwind the code: objtool has read it out of the code",
		.about_code = true),
	SECTION(".orc_unwind", PAIRED, "how to unwind the stack", .objtool = true,
		.with = ".orc_unwind_ip",
		.unproved = "how to unwind the code: objtool has read it out of the code",
		.about_code = true),
	SECTION("runtime_ptr_*", BUILD,
		"runtime-pointers.c has replaced them by loads of variables"),
	/*
	 * "shr $12" and the like, 3 bytes: no room to read a variable there. The kernel applies
	 * only vmlinux's own lists, once, before any of that code has run.
	 */
	SECTION("runtime_*", ENTRIES, "a number that the boot code writes into the code",
		.relocs = 1, .size = 4, .refused = "KS130"),
	SECTION(".altinstr_replacement", FRAGMENTS,
		"the instructions that .altinstructions copies into the code"),
	SECTION(".altinstr_aux", FRAGMENTS, "slow path of a CPU feature check"),
	SECTION(".fixup", FRAGMENTS, "where __ex_table sends a faulting instruction (before 5.17)"),
	/* registered by the module loader: new code brings its own */
	SECTION("__dyndbg", DESCRIPTORS, "a pr_debug() that dynamic debug switches on and off"),
	SECTION("__dyndbg_classes", DESCRIPTORS, "classes of pr_debug()"),
	SECTION("__verbose", DESCRIPTORS, "__dyndbg before 5.9"),
	/* freed after initialisation */
	SECTION(".init.text", INIT, "functions that run once"),
	SECTION(".init.data*", INIT, "variables of functions that run once"),
	SECTION(".init.rodata*", INIT, "constants of functions that run once"),
	/*
	 * __meminit (before 6.11): notrace as well, so that ftrace couldn't redirect it where it is
	 * kept
	 */
	SECTION(".meminit.*", INIT, "freed if memory can't be added later"),
	SECTION(".cpuinit.*", INIT, "freed if CPUs can't be added later"),
	SECTION(".exit.text", EXIT, "functions that run when the module goes"),
	SECTION(".exit.data*", EXIT, "variables of functions that run when the module goes"),
	/* lists that are read once */
	INITCALLS("early", "__initcall_start", "__initcall0_start"),
	INITCALLS("0*", "__initcall0_start", "__initcall1_start"),
	INITCALLS("1*", "__initcall1_start", "__initcall2_start"),
	INITCALLS("2*", "__initcall2_start", "__initcall3_start"),
	INITCALLS("3*", "__initcall3_start", "__initcall4_start"),
	INITCALLS("4*", "__initcall4_start", "__initcall5_start"),
	INITCALLS("5*", "__initcall5_start", "__initcallrootfs_start"),
	INITCALLS("rootfs*", "__initcallrootfs_start", "__initcall6_start"),
	INITCALLS("6*", "__initcall6_start", "__initcall7_start"),
	INITCALLS("7*", "__initcall7_start", "__initcall_end"),
	SECTION(".initcall*", REGISTRATION, "init functions of vmlinux"),
	SECTION(".con_initcall.init", REGISTRATION, "init functions of consoles",
		PLACES("__con_initcall_start", "__con_initcall_end")),
	SECTION(".exitcall.exit", BUILD, "exit functions of vmlinux, never called"),
	SECTION(".init.setup", REGISTRATION, "kernel command line parameters"),
	SECTION(".init.ramfs*", REGISTRATION, "the built-in initramfs"),
	SECTION(".init_array*", REGISTRATION, "constructors"),
	SECTION(".ctors*", REGISTRATION, "constructors"),
	SECTION("__param", REGISTRATION, "module parameters"),
	SECTION("__modver", REGISTRATION, "versions of built-in modules",
		.unproved = "versions of modules: nothing but sysfs shows them"),
	SECTION("__ksymtab_strings", STRINGS, "names of exports",
		.unproved = "names of exports are compared with the exports"),
	/* struct kernel_symbol: value, name, namespace; since 6.4 modpost makes it */
	SECTION("___ksymtab+*", REGISTRATION, "exports",
		PROVED("__start___ksymtab", "__stop___ksymtab", 12, 4), .module = "__ksymtab",
		.later = true, .elsewhere = true),
	SECTION("___ksymtab_gpl+*", REGISTRATION, "exports",
		PROVED("__start___ksymtab_gpl", "__stop___ksymtab_gpl", 12, 4),
		.module = "__ksymtab_gpl", .later = true, .elsewhere = true),
	SECTION("___ksymtab*", REGISTRATION, "exports"),
	SECTION("___kcrctab*", REGISTRATION, "checksums of exports",
		.unproved = "checksums of exports: known from Module.symvers"),
	SECTION("__ksymtab*", REGISTRATION, "exports"),
	SECTION(".export_symbol", REGISTRATION, "exports, as modpost finds them since 6.4",
		.unproved = "namespaces of exports: known from Module.symvers"),
	SECTION("__kcrctab*", REGISTRATION, "checksums of exports"),
	SECTION("__tracepoints_ptrs", REGISTRATION, "list of tracepoints",
		PLACES("__start___tracepoints_ptrs", "__stop___tracepoints_ptrs")),
	SECTION("__tracepoints_strings", CONST, "names of tracepoints",
		.unproved = "names of the tracepoints, compared where something refers to them"),
	SECTION("__tracepoints", REGISTRATION, "tracepoints"),
	SECTION("__tracepoint_str", REGISTRATION, "strings for user space tracers"),
	SECTION("_ftrace_events", REGISTRATION, "list of trace events"),
	SECTION("_ftrace_eval_map", REGISTRATION, "enum values for trace events"),
	SECTION("__bpf_raw_tp_map", REGISTRATION, "tracepoints that BPF can use"),
	SECTION("__syscalls_metadata", REGISTRATION, "system calls that ftrace can trace"),
	/* kernel/kprobes.c: add_module_kprobe_blacklist() */
	SECTION("_kprobe_blacklist", REGISTRATION, "functions that kprobes leave alone",
		PROVED("__start_kprobe_blacklist", "__stop_kprobe_blacklist", 8, 8),
		.copied = true),
	/* kernel/rcu/srcutree.c: srcu_module_coming(); only modules have it */
	SECTION("___srcu_struct_ptrs", REGISTRATION, "SRCU structures to initialise",
		.copied = true),
	SECTION("_error_injection_whitelist", REGISTRATION,
		"functions into which errors can be injected"),
	SECTION(".BTF_ids", REGISTRATION,
		"type numbers, filled in when vmlinux is linked; in a new set, "
		"by kpatch-build",
		.unproved = "resolve_btfids writes it after vmlinux is linked"),
	SECTION(".apicdrivers", REGISTRATION, "list of interrupt controllers"),
	SECTION(".x86_cpu_dev.init", REGISTRATION, "list of CPU vendors"),
	SECTION(".pci_fixup*", REGISTRATION, "quirks of PCI devices"),
	SECTION("__governor_thermal_table", REGISTRATION, "list of thermal governors"),
	SECTION("__*_of_table", REGISTRATION, "drivers by device tree name"),
	SECTION("__earlycon_table", REGISTRATION, "consoles for early boot"),
	SECTION(".kunit_test_suites", REGISTRATION, "unit tests"),
	SECTION(".builtin_fw", REGISTRATION, "firmware in the kernel image"),
	SECTION("__*_sched_class", REGISTRATION, "scheduler classes, ordered by the linker"),
	SECTION(".vvar_*", REGISTRATION, "the page that user space reads the time from"),
	SECTION(".printk_index", BUILD,
		"lists messages for user space; those of a livepatch are not in the list"),
	/* code */
	SECTION(".text*", CODE, ""),
	SECTION(".sched.text", CODE, "functions that stack traces of sleepers leave out"),
	SECTION(".cpuidle.text", CODE, "the idle loop"),
	SECTION(".spinlock.text", CODE, "locking functions"),
	SECTION(".kprobes.text", CODE, "functions that kprobes leave alone"),
	SECTION(".noinstr.text", CODE, "functions that nothing may instrument"),
	SECTION(".entry.text", CODE, "entry from user space"),
	SECTION(".irqentry.text", CODE, "entry from interrupts"),
	SECTION(".softirqentry.text", CODE, "entry to softirqs"),
	SECTION(".ref.text", CODE, "functions that may refer to init functions"),
	SECTION(".static_call.text", CODE, "trampolines of static calls"),
	/* data */
	SECTION(".data..percpu*", PERCPU, "one copy for each CPU"),
	SECTION(RO_AFTER_INIT "*", DATA, "written only by init functions"),
	SECTION(".data*", DATA, ""),
	SECTION(".bss*", DATA, ""),
	SECTION(".ref.data*", DATA, "variables that may refer to init functions"),
	SECTION(".sdata*", DATA, ""),
	SECTION(".sbss*", DATA, ""),
	SECTION(".rodata.cst*", CONST, "",
		.unproved = "constants are compared where something refers to them"),
	SECTION(".rodata*", CONST, ""),
	SECTION(".ref.rodata*", CONST, "constants that may refer to init functions"),
	/* made by klp-split-author.h */
	SECTION(".klp_split.*", AUTHOR, "callbacks and states"),
	/* for the build */
	SECTION("__patchable_function_entries", BUILD,
		"on x86 only padding before functions, which is copied with them; the linker drops the list",
		.unproved = "the linker drops it: it lists the padding before functions",
		.about_code = true),
	SECTION(".modinfo", BUILD, "what modinfo prints; unit_emit() copies the imports",
		.unproved = "the linker moves it out of vmlinux, to modules.builtin.modinfo"),
	SECTION(".discard*", BUILD, "notes to objtool, dropped by the linker",
		.unproved = "the linker drops it: only tools of the build read it"),
	SECTION("__addressable*", BUILD, "keeps symbols from being dropped"),
	SECTION(".note*", BUILD, ""),
	SECTION(".gnu.linkonce.this_module", BUILD, "made by modpost"),
	SECTION(".llvm*", BUILD, "notes of clang"),
	SECTION(".eh_frame", UNKNOWN, "how to unwind user space code; kernels are built without it",
		.about_code = true),
	SECTION(".orc_header", UNKNOWN, "the version of .orc_unwind; not in units",
		.unproved = "the version of .orc_unwind"),
};

const size_t n_section_rules = ARRAY_SIZE(section_rules);

/*
 * Notes to objtool about places in code. Where objtool runs on the linked module (6.12 with IBT)
 * it still needs them; otherwise the linker drops them.
 */
#define NOTE(_name, _reason) \
	SECTION(_name, ENTRIES, _reason, .relocs = 1, .derived = true, .by_section = true)

static const struct section_rule notes[] = {
	NOTE(".discard.reachable", "code that is reachable, although it looks like a dead end"),
	NOTE(".discard.unreachable", "a dead end"),
	NOTE(".discard.retpoline_safe", "an indirect branch that needs no retpoline"),
	NOTE(".discard.instr_begin", "instrumentation is allowed from here"),
	NOTE(".discard.instr_end", "instrumentation is allowed up to here"),
	NOTE(".discard.noendbr", "an address that no indirect branch reaches"),
	NOTE(".discard.unwind_hints", "what the stack looks like here"),
	NOTE(".discard.intra_function_calls", "a call that stays in its function"),
	NOTE(".discard.ignore_alts", "an alternative that objtool has to skip"),
	NOTE(".discard.annotate_insn", "all of the above, since 6.13"),
};

static const struct section_rule strings_rule =
	SECTION("", STRINGS, "the linker merges equal strings",
		.unproved = "strings are compared where something refers to them");
static const struct section_rule build_rule = SECTION("", BUILD, "not loaded");
static const struct section_rule unknown_rule = SECTION("", UNKNOWN, "not in the table");

/* '*' matches any run of characters; a name has at most one. */
bool section_rule_fits(const struct section_rule *rule, const char *name)
{
	const char *pattern = rule->name;
	const char *star = strchr(pattern, '*');
	size_t before, after, length = strlen(name);

	if (!star)
		return !strcmp(pattern, name);
	before = star - pattern;
	after = strlen(star + 1);
	return length >= before + after && !strncmp(pattern, name, before) &&
	       !strcmp(star + 1, name + length - after);
}

const struct section_rule *section_rule(const struct elf_section *section)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(notes); i++)
		if (!strcmp(notes[i].name, section->name))
			return &notes[i];
	if (!(section->flags & SHF_ALLOC))
		return &build_rule;
	/* Only unnamed rodata: where the linker may merge, we may copy. */
	if (section->flags & SHF_MERGE && !(section->flags & (SHF_WRITE | SHF_EXECINSTR)))
		return &strings_rule;
	for (i = 0; i < n_section_rules; i++)
		if (section_rule_fits(&section_rules[i], section->name))
			return &section_rules[i];
	return &unknown_rule;
}

const struct section_rule *section_named(const char *name)
{
	for (size_t i = 0; i < n_section_rules; i++)
		if (!strcmp(section_rules[i].name, name))
			return &section_rules[i];
	return NULL;
}

const char *section_why_unproved(const char *name)
{
	if (strstr(name, ".str1."))
		return strings_rule.unproved;
	for (size_t i = 0; i < n_section_rules; i++)
		if (section_rules[i].unproved && section_rule_fits(&section_rules[i], name))
			return section_rules[i].unproved;
	return NULL;
}

bool section_is_about_code(const char *name)
{
	for (size_t i = 0; i < n_section_rules; i++)
		if (section_rule_fits(&section_rules[i], name))
			return section_rules[i].about_code;
	return false;
}
