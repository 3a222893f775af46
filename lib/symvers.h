/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The exporting object decides how a livepatch may refer to a symbol: to an
 * export of vmlinux by an ordinary reference, to an export of a module by a klp
 * relocation, because an ordinary reference would pin that module.
 * Module.symvers has the answer: "crc\tsymbol\tmodule path or
 * vmlinux\tEXPORT_SYMBOL…\tnamespace".
 */
#ifndef KLP_SPLIT_SYMVERS_H
#define KLP_SPLIT_SYMVERS_H

#include <stdbool.h>
#include "lib/diag.h"

struct symvers;

/*
 * KS930: not a Module.symvers; KS931: two objects export one symbol. symvers_add() adds further
 * files.
 */
int symvers_load(const char *path, struct symvers **out, struct diag *diag);
int symvers_add(struct symvers *symvers, const char *path, struct diag *diag);
void symvers_free(struct symvers *symvers);

/*
 * The exporting object: "vmlinux" or the module's kernel name ("x_tables"), NULL
 * if no object exports it. The string lives as long as @symvers.
 */
const char *symvers_owner(const struct symvers *symvers, const char *symbol);

/*
 * May any module refer to @symbol in the ordinary way, as far as vmlinux is concerned? An export in
 * a namespace is not open: only modules that import the namespace may use it, and "module:kvm" is
 * only for the module of that name (verify_namespace_is_imported() in kernel/module/main.c). A
 * livepatch module has another name.
 */
bool symvers_is_open_export(const struct symvers *symvers, const char *symbol);

#endif
