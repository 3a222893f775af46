# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
. "$test_dir/../no-memory/host.sh"
