/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A livepatch that brings the machine down while it is loaded at boot brings
 * it down at each boot, and nobody can log in to remove it. One that fails
 * would fail each time, and delay each boot.
 *
 * So a note of each try is written to disk before the try, and removed after it.
 * A note that is still there tells what happened: its boot id differs from the
 * kernel's if the machine went down, and is the same if only kpatch was killed.
 * A try that failed is kept with its reasons, until somebody asks for the
 * livepatch by name.
 *
 * Some livepatches bring the machine down only when their code runs. So the note
 * stays while the livepatch is enabled, until the machine has been up for a
 * while or is shut down properly (kpatch settle). A single boot that ended
 * otherwise may have been a power cut; TRIES_FATAL of them in a row count
 * against the livepatch.
 */
#ifndef KPATCH_TRIES_H
#define KPATCH_TRIES_H

#include <jansson.h>

#include "kpatch/machine/host.h"

enum try_state {
	TRY_NONE, /* never, or it went well */
	TRY_CUT_OFF, /* kpatch was killed, the machine runs on: nothing against the livepatch
		      */
	TRY_CRASHED, /* the machine went down meanwhile */
	TRY_FAILED,
	TRY_SETTLING, /* enabled since this boot; nothing has gone wrong yet */
	TRY_FATAL, /* TRIES_FATAL boots in a row crashed soon after it was enabled */
};

#define TRIES_FATAL 3

struct
try {
	enum try_state state;
	char *build_id; /* of the main module that was tried */
	char *when;
	json_t *problems; /* as diag_to_json(), if it has failed */
	unsigned int crashes; /* boots in a row that crashed soon after it was enabled */
};

int try_read(const struct host *host, const char *livepatch, struct try *try);
void try_free(struct try *try);
/*
 * Does @try forbid to load the livepatch with this build-id at boot? A new build is a new
 * livepatch.
 */
bool try_forbids(const struct try *try, const char *build_id);
/* Why it is left out at boot: "failed", "crashed", "fatal"; NULL: it isn't. */
const char *try_left_out(const struct try *try);

/* Each returns after its note is on disk. 0, or negative errno with KS901 reported. */
int try_begin(struct host *host, const char *livepatch, const char *build_id);
int try_failed(struct host *host, const char *livepatch, const char *build_id,
	       const struct diag *why);
/* The livepatch is enabled; @before: the note before the try. */
int try_settling(struct host *host, const char *livepatch, const char *build_id,
		 const struct try *before);
int try_over(struct host *host, const char *livepatch);
/* This boot has gone well: remove the notes of settling livepatches. */
int tries_settle(struct host *host);

#endif
