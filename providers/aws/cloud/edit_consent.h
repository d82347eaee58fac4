/* SPDX-License-Identifier: Apache-2.0 */
/* What the user agrees to before `edit` changes anything, in lines and as a document (docs/plan.schema.json). Pure. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_EDIT_CONSENT_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_EDIT_CONSENT_H

#include <jansson.h>
#include <stdbool.h>

#include "providers/aws/cloud/consent.h"
#include "providers/aws/cloud/edit_input.h"
#include "providers/aws/cloud/edit_survey.h"
#include "verify/difference.h"

struct cloud;

/* Borrowed. */
struct edit_consent {
	const struct cloud *before, *after;
	struct edit_changes changes;
	const struct difference *compared;
	const struct edit_survey *survey;
	bool new_role;      /* the control plane is let in by another role, */
	bool trust_changes; /* whose trust policy does not name the external id yet */
	/* ARN of the role of before, out of which the external id is taken; NULL: it stays there, or there is none */
	const char *withdraw;
};

/* Strings in arena. */
struct consent edit_consent_lines(struct arena *arena, const struct edit_consent *what);

/* New reference. */
json_t *edit_consent_document(const struct edit_consent *what);

/* The document when there is nothing to change; new reference. */
json_t *edit_consent_nothing(const struct cloud *cloud);

#endif
