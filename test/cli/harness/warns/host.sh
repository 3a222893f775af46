# SPDX-License-Identifier: GPL-2.0-or-later
local_modules modules
allow_taint 9 "a warning is what this is about; the log must give it away, not the taint alone"
