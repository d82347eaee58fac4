/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the user agrees to before `setup` creates anything: what is created, who is let in, what is open to the internet,
 * what it costs and how long it takes. A loop over resource_types.h and prices.h, so that a new row of them is in it. Pure.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_SETUP_CONSENT_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_SETUP_CONSENT_H

#include <jansson.h>

#include "providers/aws/cloud/consent.h"
#include "providers/aws/cloud/setup_plan.h"

struct setup_consent {
	const struct setup_plan *plan;
	const struct cloud *cloud;   /* as it is going to be: setup_plan_cloud() */
	const json_t *identity;      /* the reply of sts:GetCallerIdentity */
	struct text_list aliases;    /* of the account */
	const char *needs;           /* the permission to ask for them, where it is missing; NULL */
	const json_t *prerequisites; /* a list of check, verdict and text; borrowed, NULL: not checked */
};

/* The plan as a document, cloudctl.plan/1 (docs/plan.schema.json); in arena. */
const json_t *setup_consent_document(struct arena *arena, const struct setup_consent *what);

/* The same as lines by topic. */
struct consent setup_consent_lines(struct arena *arena, const struct setup_consent *what);

/* The document of a cloud whose stack is there: nothing is created. ready: and nothing else is to do. In arena. */
const json_t *setup_consent_existing(struct arena *arena, const struct cloud *cloud, bool ready);

#endif
