/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the user agrees to before `update` changes anything: what the template brings, which parameters change, and what
 * becomes of each resource; and what `update` refuses to do. Lines and document say the same. Pure.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_UPDATE_UPDATE_CONSENT_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_UPDATE_UPDATE_CONSENT_H

#include <jansson.h>

#include "providers/aws/cloud/consent.h"
#include "providers/aws/cloud/stack.h"
#include "providers/aws/cloud/template_version.h"
#include "providers/aws/cloud/update/change_set.h"
#include "providers/aws/cloud/update/drift_choice.h"
#include "providers/aws/cloud/update/update_plan.h"

struct update_consent {
	const struct cloud *cloud;
	const struct update_options *options;
	const struct stack *stack;               /* as it is */
	const struct template_version *template; /* the stack's; NULL: somebody edited it */
	const struct change_set *set;
	const struct drift *drift;         /* what somebody else changed in it */
	enum drift_choice choice;          /* what becomes of that */
	const struct verification *before; /* the cloud as it is; NULL: not verified */
};

/* Why it is not done as it stands, and what to do; in arena. NULL: it can be done. */
const char *update_refusal(struct arena *arena, const struct update_consent *what);

/* Why it stops because somebody else changed something (drift_objection()); in arena. NULL: it goes on. */
const char *update_objection(struct arena *arena, const struct update_consent *what);

/* Logical ids of the resources whose data is lost, all of which the user has allowed. */
struct text_list update_losses(struct arena *arena, const struct update_consent *what);

struct consent update_consent_lines(struct arena *arena, const struct update_consent *what);

/* The plan as a document, cloudctl.plan/1 (docs/plan.schema.json); in arena. */
const json_t *update_consent_document(struct arena *arena, const struct update_consent *what);

#endif
