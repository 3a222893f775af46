/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * If the disk is full, stdio notices it only when it writes its buffer. That is
 * mostly at exit(), which ignores the error, and the script that reads the file
 * treats half of the output as all of it.
 *
 * If standard output is closed, the first file that a tool opens gets descriptor
 * 1, and whatever the tool prints is written to that file.
 */
#ifndef KLP_SPLIT_STREAMS_H
#define KLP_SPLIT_STREAMS_H

/*
 * Call this first in main(). It occupies standard descriptors that are closed. If not all of
 * standard output could be written at the end, the process prints a message that begins with @tool
 * and exits with the status @failed. @tool must stay valid.
 */
void streams_guard(const char *tool, int failed);

#endif
