/* SPDX-License-Identifier: Apache-2.0 */
/* What `update` does about what somebody else changed: --drift. Pure. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_UPDATE_DRIFT_CHOICE_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_UPDATE_DRIFT_CHOICE_H

#include <stdbool.h>

#include "providers/aws/cloud/update/drift.h"

struct arena;

enum drift_choice {
	DRIFT_ASK,    /* stop, and name the other two: what is to become of it is the user's decision */
	DRIFT_KEEP,   /* a plain change set, which does not touch it */
	DRIFT_REVERT, /* a change set that changes it back as well */
	DRIFT_FAIL,   /* stop */
};

/* "ask|keep|revert|fail", for the option. */
extern const char drift_choices[];

/* word: one of these, or NULL. Without somebody to ask it is DRIFT_FAIL instead of DRIFT_ASK. */
enum drift_choice drift_choose(const char *word, bool can_ask);

/*
 * Why the update stops with this drift, and what to do; in arena. NULL: it goes on. recreate: logical ids of resources that may
 * be made again without their data. changing: what the update changes, "SshCidr, ExternalId", or NULL.
 */
const char *drift_objection(struct arena *arena, const struct drift *drift, enum drift_choice choice,
	const struct text_list *recreate, const char *changing);

#endif
