/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Only the differences between the kernels that the core is built for. They are
 * detected by a config symbol or a macro, never by a version: distributions
 * backport features.
 */
#ifndef _KLP_SPLIT_COMPAT_H
#define _KLP_SPLIT_COMPAT_H

#include <linux/ftrace.h>
#include <linux/livepatch.h>
#include <linux/module.h>

/* include/linux/ftrace.h: ftrace_regs_set_instruction_pointer() since 6.2 */
static inline void compat_set_instruction_pointer(struct ftrace_regs *fregs, unsigned long ip)
{
#ifdef ftrace_regs_set_instruction_pointer
	ftrace_regs_set_instruction_pointer(fregs, ip);
#else
	ftrace_instruction_pointer_set(fregs, ip);
#endif
}

/* include/linux/module.h: module_layout became module_memory in 6.4 */
static inline const void *compat_module_rodata(const struct module *mod, size_t *size)
{
#ifdef for_each_mod_mem_type
	*size = mod->mem[MOD_RODATA].size;
	return mod->mem[MOD_RODATA].base;
#else
	*size = mod->core_layout.ro_size - mod->core_layout.text_size;
	return mod->core_layout.base + mod->core_layout.text_size;
#endif
}

/*
 * Is it an address in the executable memory of a module, as an unwinder returns it? A return
 * address is after its call, which may be the last instruction there.
 */
static inline bool compat_in_text(const struct module *mod, unsigned long address)
{
#ifdef for_each_mod_mem_type
	unsigned long base = (unsigned long)mod->mem[MOD_TEXT].base;
	unsigned long size = mod->mem[MOD_TEXT].size;
#else
	unsigned long base = (unsigned long)mod->core_layout.base;
	unsigned long size = mod->core_layout.text_size;
#endif
	return address >= base && address - base <= size;
}

/* kernel/module/main.c: MODULE_REF_BASE, the reference of the module loader (6.1, 6.12) */
#define COMPAT_MODULE_REF_BASE 1

/* include/linux/livepatch.h: KLP_PATCHED until 6.10 */
#ifdef KLP_TRANSITION_PATCHED
#define COMPAT_KLP_PATCHED KLP_TRANSITION_PATCHED
#define COMPAT_KLP_UNPATCHED KLP_TRANSITION_UNPATCHED
#else
#define COMPAT_KLP_PATCHED KLP_PATCHED
#define COMPAT_KLP_UNPATCHED KLP_UNPATCHED
#endif

/* The entry of a system call: arch/x86/include/asm/syscall_wrapper.h and its like. */
#ifdef CONFIG_X86_64
#define COMPAT_SYSCALL(name) __x64_sys_##name
#define COMPAT_SYSCALL_ARG0(regs) ((regs)->di)
#define COMPAT_SYSCALL_ARG1(regs) ((regs)->si)
#define COMPAT_SYSCALL_ARG2(regs) ((regs)->dx)
#else
#error "say here how this architecture's system call entries are named and take their arguments"
#endif

#endif
