/* SPDX-License-Identifier: Apache-2.0 */
/* `edit` as steps: verify, survey and ask, let in by the new role, replace the record, shut the old role. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_EDIT_STEPS_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_EDIT_STEPS_H

#include <stdbool.h>

#include "base/error.h"
#include "base/event.h"
#include "providers/aws/cloud/edit_consent.h"
#include "providers/aws/cloud/edit_input.h"
#include "providers/aws/cloud/edit_role.h"
#include "providers/aws/cloud/edit_survey.h"
#include "providers/records/cloud.h"
#include "verify/difference.h"

struct aws;
struct registry;
struct run;

/* One run of `edit`, under the cloud's lock but for --plan. */
struct edit {
	struct run *run;
	const struct edit_options *options;
	struct registry *registry;
	struct aws *aws;
	const char *caller;     /* ARN */
	struct cloud cloud;     /* the record */
	struct cloud candidate; /* what it is to become; previous is set */
	bool new_role;          /* the candidate's control-plane role is another one */

	/* Made by the steps. */
	struct verification was, is;
	struct difference compared;
	struct edit_survey survey;
	struct edit_role role; /* edit_role_close() it at the end */
};

/* Verify both clouds; what is said of the candidate is told to stream, which may be NULL. */
int edit_verify(struct edit *edit, struct event_stream *stream, struct error *err);

/* Tell the checks that fail only with the change, and what to do. */
void edit_tell_new_failures(const struct edit *edit);

/* After edit_verify(): what is in use, which is told, and the trust policy of a new role; lock: see edit_role_plan(). */
int edit_look(struct edit *edit, bool lock, struct error *err);

/* After edit_look(): what is going to be changed; it borrows from edit. */
struct edit_consent edit_consent_of(const struct edit *edit);

/* All steps: see steps_run(). The record is then the candidate. */
int edit_run(struct edit *edit, struct error *err);

/* Has an earlier run left an edit in the record? */
bool edit_is_unfinished(const struct cloud *cloud);

/*
 * End the edit that an earlier run left in edit->cloud: it is finished when the record has the new resources already, else
 * undone. A record without one stays as it is. Of edit, run, registry and aws are needed.
 */
int edit_end_earlier(struct edit *edit, struct error *err);

/* The same for a command that has only the record, under the cloud's lock; *cloud becomes what the record then is. */
int edit_end(struct run *run, struct aws *aws, struct cloud *cloud, struct error *err);

#endif
