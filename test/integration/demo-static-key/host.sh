# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# shellcheck source=/dev/null
. "$top/test/integration/demo/host.sh"
