/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The predicates of ledger-rules.c about sections. */
#ifndef CDO_LEDGER_FITS_SECTIONS_H
#define CDO_LEDGER_FITS_SECTIONS_H

#include "create-diff-object/ledger.h"

ledger_fits is_placed_alike;
ledger_fits is_same_memory;
ledger_fits is_exit_of_module;
ledger_fits is_export;
ledger_fits differs_in_section;
ledger_fits differs_in_storage;
ledger_fits is_aligned_less;
ledger_fits is_unmoved_code;
ledger_fits is_list_or_content;
ledger_fits is_aligned_for_new;
ledger_fits is_declarations;
ledger_fits is_debugging;
ledger_fits is_note;

#endif
