/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who exports a symbol decides how a livepatch may refer to it: an export of
 * vmlinux is an ordinary reference, one of a module has to be a klp relocation,
 * or the livepatch would pin that module. Module.symvers has the answer:
 * "crc\tsymbol\tmodule path or vmlinux\tEXPORT_SYMBOL…\tnamespace".
 */
#ifndef KLP_SPLIT_SYMVERS_H
#define KLP_SPLIT_SYMVERS_H

#include <stdbool.h>
#include "lib/diag.h"

struct symvers;

/* KS930: not such a file; KS931: two objects export one symbol. Several files can be added to one. */
int symvers_load(const char *path, struct symvers **out, struct diag *diag);
int symvers_add(struct symvers *symvers, const char *path, struct diag *diag);
void symvers_free(struct symvers *symvers);

/*
 * The exporting object: "vmlinux" or the module's kernel name ("x_tables"),
 * NULL if nobody exports it. The string lives as long as @symvers.
 */
const char *symvers_owner(const struct symvers *symvers, const char *symbol);

/*
 * May any module refer to @symbol in the ordinary way, as far as vmlinux is concerned? Not what it
 * exports in a namespace: that is for modules which import it, and "module:kvm" for the one that has
 * this name (verify_namespace_is_imported() in kernel/module/main.c). A livepatch has other names.
 */
bool symvers_is_open_export(const struct symvers *symvers, const char *symbol);

#endif
