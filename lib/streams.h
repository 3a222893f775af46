/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A full disk is noticed when stdio writes its buffer, mostly at exit() and thus
 * by nobody: the script that reads the file believes in half an answer. And with
 * a closed standard output, the first file that a tool opens gets descriptor 1
 * and whatever is printed.
 */
#ifndef KLP_SPLIT_STREAMS_H
#define KLP_SPLIT_STREAMS_H

/*
 * Call this first in main(). It occupies the standard descriptors that are closed, and lets the
 * process exit with @failed, after a message that begins with @tool, if not all of standard output
 * could be written. Both are kept.
 */
void streams_guard(const char *tool, int failed);

#endif
