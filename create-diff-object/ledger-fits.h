/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The predicates of ledger-rules.c: each tells whether a row accounts for an entry. */
#ifndef CDO_LEDGER_FITS_H
#define CDO_LEDGER_FITS_H

#include "create-diff-object/ledger.h"

ledger_fits is_included;
ledger_fits is_declaration;
ledger_fits is_global_now;
ledger_fits is_same_variable, is_same_function;
ledger_fits is_label_of_included;
ledger_fits is_left_out;
ledger_fits is_dropped_weak;
ledger_fits is_numbered;
ledger_fits is_padding;
ledger_fits is_local_name;
ledger_fits is_gone_name;
ledger_fits is_name_of_equal;
ledger_fits is_unknown_name;
ledger_fits is_device_table;
ledger_fits is_static_now;
ledger_fits is_of_init;
ledger_fits is_weak_now;
ledger_fits is_in_use;
ledger_fits is_weak;
ledger_fits differs_in_visibility;
ledger_fits differs_in_binding;
ledger_fits is_never_run;
ledger_fits is_derived;
ledger_fits is_of_code_alone;
ledger_fits differs_in_landing;
ledger_fits names_moved_function;
ledger_fits is_listed_string;
ledger_fits is_reached_by_reference;
ledger_fits is_kept;
ledger_fits says_for_people;
ledger_fits says_of_parameter;
ledger_fits says_for_builds;
ledger_fits is_built_in;
ledger_fits says_to_loaders;

#endif
