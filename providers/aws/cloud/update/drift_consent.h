/* SPDX-License-Identifier: Apache-2.0 */
/* What somebody else changed in a cloud's stack, for the preview of `update`: as lines and as a document. Pure. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_UPDATE_DRIFT_CONSENT_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_UPDATE_DRIFT_CONSENT_H

#include <jansson.h>

#include "providers/aws/cloud/consent.h"
#include "providers/aws/cloud/update/drift.h"

/* A line for each resource that somebody changed, and below it what was changed in it. */
void drift_consent_add(struct consent *lines, const struct drift *drift);

/* drift[] of cloudctl.plan/1 (docs/plan.schema.json). New reference. */
json_t *drift_consent_document(const struct drift *drift);

/* What was not compared, and why: a sentence in arena. NULL: all was. */
const char *drift_not_compared(struct arena *arena, const struct drift *drift);

#endif
