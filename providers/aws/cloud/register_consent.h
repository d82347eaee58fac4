/* SPDX-License-Identifier: Apache-2.0 */
/* What the user agrees to before `register` changes anything: one role's trust policy, and a record. Pure. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_REGISTER_CONSENT_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_REGISTER_CONSENT_H

#include <stdbool.h>

#include "providers/aws/cloud/consent.h"

struct cloud;

/* cloud: as it is going to be recorded. trust_changes: its role does not let the external id in yet. Strings in arena. */
struct consent register_consent_lines(struct arena *arena, const struct cloud *cloud, bool trust_changes);

#endif
