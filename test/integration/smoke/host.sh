# SPDX-License-Identifier: GPL-2.0-or-later
stock_module xt_comment
