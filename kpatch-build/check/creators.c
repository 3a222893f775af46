// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Some functions run once for each object that is created: a network namespace,
 * a device, an open file. A fix of such a function applies to objects created
 * from now on. Objects that the old code has made stay as they are, and no code
 * looks at them again. The author may have to fix the existing ones in a
 * callback.
 *
 * The member of the table that contains a function tells which functions these
 * are: the relocation gives the offset in the variable, and debug information
 * the member there. A function that only such functions call runs when they do,
 * and functions called by init code have finished. A function that others call,
 * or whose address is used otherwise, may run again: nothing is said about it.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "kpatch-build/build.h"
#include "lib/elf-model.h"
#include "kpatch-build/check/function-uses.h"
#include "lib/type-compare.h"
#include "kpatch-build/result.h"

/* Calls that are nested deeper are not followed. */
#define CALLS_MAX 8

/* For what each callback is called (6.1). */
static const struct creator {
	const char *type, *member, *what;
} creators[] = {
	{ "pernet_operations", "init", "each network namespace" },
	{ "file_system_type", "init_fs_context", "each mount" },
	{ "file_system_type", "mount", "each mount" },
	{ "super_operations", "alloc_inode", "each inode" },
	{ "file_operations", "open", "each open file" },
	{ "block_device_operations", "open", "each open block device" },
	{ "proc_ops", "proc_open", "each open file" },
	{ "fs_context_operations", "get_tree", "each mount" },
	{ "tty_operations", "install", "each terminal" },
	{ "bus_type", "probe", "each device that is bound to a driver" },
	{ "device_driver", "probe", "each device that is bound to the driver" },
	{ "pci_driver", "probe", "each device that is bound to the driver" },
	{ "platform_driver", "probe", "each device that is bound to the driver" },
	{ "usb_driver", "probe", "each interface that is bound to the driver" },
	{ "virtio_driver", "probe", "each device that is bound to the driver" },
	{ "hv_driver", "probe", "each device that is bound to the driver" },
	{ "auxiliary_driver", "probe", "each device that is bound to the driver" },
	{ "xenbus_driver", "probe", "each device that is bound to the driver" },
	{ "hid_driver", "probe", "each device that is bound to the driver" },
	{ "spi_driver", "probe", "each device that is bound to the driver" },
	{ "pnp_driver", "probe", "each device that is bound to the driver" },
	{ "acpi_device_ops", "add", "each device that is bound to the driver" },
	{ "scsi_host_template", "slave_alloc", "each SCSI device" },
	{ "i2c_driver", "probe", "each device that is bound to the driver" },
	{ "attribute_group", "is_visible", "each group of attributes that is created" },
	{ "attribute_group", "is_bin_visible", "each group of attributes that is created" },
	{ "net_device_ops", "ndo_init", "each network device" },
	{ "rtnl_link_ops", "setup", "each network device" },
	{ "rtnl_link_ops", "newlink", "each network device" },
	{ "net_proto_family", "create", "each socket" },
	{ "proto", "init", "each socket" },
	{ "tcp_congestion_ops", "init", "each connection that uses it" },
	{ "Qdisc_ops", "init", "each queueing discipline" },
	{ "tcf_proto_ops", "init", "each classifier" },
	{ "tc_action_ops", "init", "each action" },
	{ "xt_match", "checkentry", "each rule" },
	{ "xt_target", "checkentry", "each rule" },
	{ "nft_expr_ops", "init", "each rule" },
	{ "nft_set_ops", "init", "each set" },
	{ "xfrm_type", "init_state", "each state" },
	{ "crypto_type", "init_tfm", "each transform" },
	{ "crypto_alg", "cra_init", "each transform" },
	{ "shash_alg", "init_tfm", "each transform" },
	{ "skcipher_alg", "init", "each transform" },
	{ "aead_alg", "init", "each transform" },
	{ "target_type", "ctr", "each mapped device" },
	{ "cgroup_subsys", "css_alloc", "each control group" },
	{ "blk_mq_ops", "init_request", "each request of a queue" },
	{ "blk_mq_ops", "init_hctx", "each hardware queue" },
};

/* Find the member at byte @offset of @type. */
static const struct creator *creator_at(const struct type_graph *graph, const struct type *type,
					uint64_t offset, int depth)
{
	for (size_t i = 0; type && depth < TYPE_DEPTH_MAX && i < type->n; i++) {
		const struct slot *slot = type_slot(graph, type, i);
		const struct type *inner = graph_element(graph, slot->type);
		uint64_t at = slot->place / 8, size = size_of_type(graph, slot->type);

		if (offset < at || offset - at >= size)
			continue;
		if (inner && type_is_aggregate(inner))
			return creator_at(graph, inner, (offset - at) % inner->size, depth + 1);
		for (size_t c = 0; c < ARRAY_SIZE(creators); c++)
			if (offset == at && !strcmp(creators[c].type, type->name ?: "") &&
			    !strcmp(creators[c].member, slot->name ?: ""))
				return &creators[c];
	}
	return NULL;
}

static const struct type *type_of_variable(const struct type_graph *graph, const char *name)
{
	for (size_t i = 0; i < graph->n_uses; i++)
		if (graph->uses[i].kind == USE_VARIABLE && !graph->uses[i].function &&
		    !strcmp(graph->uses[i].name ?: "", name))
			return graph_element(graph, graph->uses[i].type);
	return NULL;
}

/* What @rela, in data, says about when @function runs; *other: this use doesn't say anything. */
static const struct creator *creator_in_data(const struct elf_model *elf,
					     const struct type_graph *graph,
					     const struct elf_section *section,
					     const struct elf_rela *rela, bool *other)
{
	const struct elf_symbol *variable = variable_at(elf, section, rela->offset);
	const struct creator *creator = NULL;
	const struct type *type;

	/*
	 * data outside of variables is a list of all functions, or of places in them (mcount, ORC,
	 * bugs)
	 */
	if (!variable)
		return NULL;
	type = type_of_variable(graph, variable->name);
	if (type && type->size)
		creator = creator_at(graph, type, (rela->offset - variable->value) % type->size, 0);
	*other = !creator;
	return creator;
}

static const struct creator *only_creator(const struct elf_model *elf,
					  const struct type_graph *graph,
					  const struct elf_symbol *function, int depth);

/* The same for @rela in code: it is called by a function that runs only then. */
static const struct creator *
creator_in_code(const struct elf_model *elf, const struct type_graph *graph,
		const struct elf_section *section, const struct elf_rela *rela,
		const struct elf_symbol *function, int depth, bool *other)
{
	const struct elf_symbol *caller = function_in(elf, section);
	const struct creator *creator = NULL;

	if (is_init_section(section))
		return NULL;
	caller = caller ? whole_function(elf, caller) : NULL;
	if (caller == function)
		return NULL;
	if (caller && caller->bind == STB_LOCAL && is_call_by(elf, section, rela))
		creator = only_creator(elf, graph, caller, depth + 1);
	*other = !creator;
	return creator;
}

/* Does a variable contain the address of @function? Otherwise only other functions lead to it. */
static bool is_in_table(const struct elf_model *elf, const struct elf_symbol *function)
{
	const struct elf_section *section;
	const struct elf_rela *rela;

	elf_for_each_section(elf, section) {
		if (!(section->flags & SHF_ALLOC) || section->flags & SHF_EXECINSTR)
			continue;
		elf_for_each_rela(section, rela)
			if (rela_leads_to(rela, function) &&
			    variable_at(elf, section, rela->offset))
				return true;
	}
	return false;
}

/* NULL: it also runs at other times, or that isn't known. */
static const struct creator *only_creator(const struct elf_model *elf,
					  const struct type_graph *graph,
					  const struct elf_symbol *function, int depth)
{
	const struct creator *creator = NULL;
	const struct elf_section *section;
	const struct elf_rela *rela;
	bool other = depth > CALLS_MAX;

	elf_for_each_section(elf, section) {
		if (!(section->flags & SHF_ALLOC) || section == function->section)
			continue;
		elf_for_each_rela(section, rela) {
			const struct creator *one;

			if (other || !rela_leads_to(rela, function))
				continue;
			one = section->flags & SHF_EXECINSTR
				      ? creator_in_code(elf, graph, section, rela, function, depth,
							&other)
				      : creator_in_data(elf, graph, section, rela, &other);
			creator = one ?: creator;
		}
	}
	return other ? NULL : creator;
}

static void warn_of_unit(const struct unit *unit, const struct elf_model *elf,
			 const struct type_graph *graph, struct diag *diag)
{
	const struct result_function *function;

	result_for_each(function, unit->result, functions) {
		const struct elf_symbol *symbol = find_static_function(elf, function->name);
		const struct creator *creator = NULL;

		if (function_is_replaced(function) && symbol)
			creator = only_creator(elf, graph, symbol, 0);
		if (creator)
			diag_warning(diag, "KS379", &function->place,
				     "'%s' is %s %s of struct %s, for %s", function->name,
				     is_in_table(elf, symbol) ? "called as" : "only called from",
				     creator->member, creator->type, creator->what);
	}
}

int check_creators(struct build *build)
{
	int err = 0;

	for (size_t i = 0; i < build->n_units && !err; i++) {
		const struct unit *unit = &build->units[i];
		struct type_graph graph = { 0 };
		struct elf_model *elf = NULL;

		if (!unit->changed)
			continue;
		err = elf_model_load(unit->original, &elf, build->diag);
		if (err)
			break;
		/* errors are reported elsewhere */
		if (!graph_read(&graph, unit->original))
			warn_of_unit(unit, elf, &graph, build->diag);
		graph_free(&graph);
		elf_model_free(elf);
	}
	return err;
}
