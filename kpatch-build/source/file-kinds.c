// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A diff for the kernel changes more than C files. Some files don't affect the running kernel
 * (documentation, tests), some can't be livepatched (linker scripts, programs of the build). The
 * name of a file decides which kind it is. An unknown name is refused, since its change could be
 * lost.
 */
#include <fnmatch.h>
#include <string.h>

#include "kpatch-build/source/file-kinds.h"

/* The first match wins. */
static const struct file_kind kinds[] = {
	{ "Documentation/*", FILE_IGNORED, "KS319", "documentation" },
	{ "samples/*", FILE_IGNORED, "KS319", "samples are no part of the kernel" },
	/*
	 * No unit of x86 reads these: test/cli/kpatch-build-refusals.sh checks it. arch/um isn't
	 * among them, because this isn't known of it.
	 */
	{ "arch/@(alpha|arc|arm|arm64|csky|hexagon|ia64|loongarch|m68k|microblaze|mips|nios2|"
	  "openrisc|parisc|powerpc|riscv|s390|sh|sparc|xtensa)/*",
	  FILE_IGNORED, "KS321", "another architecture" },
	{ "tools/lib/bpf/relo_core.*", FILE_REFUSED, "KS316",
	  "a rule of kernel/bpf compiles it into the kernel" },
	{ "tools/lib/bpf/btf_iter.*", FILE_REFUSED, "KS316", "the same, since 6.12" },
	{ "tools/lib/bpf/btf_relocate.*", FILE_REFUSED, "KS316", "the same" },
	{ "tools/objtool/Documentation/*", FILE_IGNORED, "KS319", "documentation" },
	{ "tools/objtool/*", FILE_REFUSED, "KS316",
	  "objtool reads and changes each object of the build" },
	{ "tools/bpf/resolve_btfids/*", FILE_REFUSED, "KS316",
	  "it resolves the BTF ids of the kernel" },
	{ "tools/lib/subcmd/*", FILE_REFUSED, "KS316", "a part of objtool" },
	{ "tools/include/linux/objtool*.h", FILE_REFUSED, "KS316",
	  "it describes what objtool reads in the kernel's objects" },
	{ "tools/include/linux/static_call_types.h", FILE_REFUSED, "KS316", "the same" },
	{ "tools/arch/*/include/asm/orc_types.h", FILE_REFUSED, "KS316",
	  "it describes the unwind tables that objtool writes" },
	{ "tools/arch/*/include/asm/in[as]*.h", FILE_REFUSED, "KS316",
	  "objtool decodes instructions with it" },
	{ "tools/arch/*/lib/in[as]*", FILE_REFUSED, "KS316", "the same" },
	{ "tools/arch/*/lib/*-opcode-map.txt", FILE_REFUSED, "KS316", "the same" },
	{ "tools/arch/*/tools/*", FILE_REFUSED, "KS316", "makes objtool's table of instructions" },
	{ "tools/include/linux/btf_ids.h", FILE_REFUSED, "KS316",
	  "resolve_btfids resolves BTF ids with it" },
	{ "tools/*", FILE_IGNORED, "KS319", "programs and tests of user space" },
	{ "LICENSES/*", FILE_IGNORED, "KS319", "documentation" },
	{ "MAINTAINERS", FILE_IGNORED, "KS319", "documentation" },
	{ "CREDITS", FILE_IGNORED, "KS319", "documentation" },
	{ "*.gitignore", FILE_IGNORED, "KS319", "a word to git" },
	{ "*.gitattributes", FILE_IGNORED, "KS319", "a word to git" },
	{ ".mailmap", FILE_IGNORED, "KS319", "a word to git" },
	{ ".clang-format", FILE_IGNORED, "KS319", "a word to an editor" },
	{ ".editorconfig", FILE_IGNORED, "KS319", "a word to an editor" },
	{ ".rustfmt.toml", FILE_IGNORED, "KS319", "a word to an editor" },
	{ ".cocciconfig", FILE_IGNORED, "KS319", "a word to a checker" },
	{ ".get_maintainer.ignore", FILE_IGNORED, "KS319", "documentation" },
	{ "*.rst", FILE_IGNORED, "KS319", "documentation" },
	{ "README*", FILE_IGNORED, "KS319", "documentation" },
	{ "*/README*", FILE_IGNORED, "KS319", "documentation" },
	/*
	 * Programs other than the compiler read these files (readers.c), and the output of those
	 * programs can't be compared here.
	 */
	{ "arch/*/include/asm/*features.h", FILE_REFUSED, "KS316",
	  "the build makes the table of feature names from it" },
	{ "security/selinux/include/*map.h", FILE_REFUSED, "KS316",
	  "a program of the build makes headers from it" },
	{ "security/selinux/include/initial_sid_to_string.h", FILE_REFUSED, "KS316", "the same" },
	{ "*.mod.c", FILE_REFUSED, "KS316", "made by the build" },
	{ "scripts/coccinelle/*", FILE_IGNORED, "KS319", "checks of the source" },
	{ "scripts/checkpatch.pl", FILE_IGNORED, "KS319", "the same" },
	{ "scripts/spelling.txt", FILE_IGNORED, "KS319", "the same" },
	{ "scripts/const_structs.checkpatch", FILE_IGNORED, "KS319", "the same" },
	{ "scripts/get_maintainer.pl", FILE_IGNORED, "KS319", "for authors" },
	{ "scripts/*.[ch]", FILE_REFUSED, "KS315", "programs of the build" },
	{ "*.c", FILE_UNIT, NULL, "a unit, or part of one" },
	{ "*.h", FILE_HEADER, NULL, "part of every unit that reads it" },
	{ "*.S", FILE_ASSEMBLY, "KS312", "no function boundaries, no ftrace entry" },
	{ "*.s", FILE_REFUSED, "KS312", "no function boundaries, no ftrace entry" },
	{ "*.lds", FILE_REFUSED, "KS316", "describes the linked kernel" },
	{ "*Kconfig*", FILE_KCONFIG, "KS314", "changes the configuration" },
	{ "*defconfig", FILE_IGNORED, "KS319", "the shipped configuration is what counts" },
	{ "scripts/*Makefile*", FILE_REFUSED, "KS315", "rules for all units" },
	{ "*/Makefile", FILE_MAKEFILE, "KS315", "lists objects, among other things" },
	{ "*/Kbuild", FILE_MAKEFILE, "KS315", "the same" },
	{ "*Makefile*", FILE_REFUSED, "KS315", "changes how units are compiled or linked" },
	{ "*Kbuild*", FILE_REFUSED, "KS315", "changes how units are compiled or linked" },
	{ "scripts/*", FILE_REFUSED, "KS315", "programs of the build" },
	{ "*", FILE_REFUSED, "KS316", "a file of unknown kind" },
};

const struct file_kind *diff_file_kind(const char *path, enum tree_kind tree)
{
	const struct file_kind *kind = kinds;

	while ((tree == TREE_OF_MODULE && strchr(kind->pattern, '/')) ||
	       fnmatch(kind->pattern, path, FNM_EXTMATCH))
		kind++;
	return kind;
}
