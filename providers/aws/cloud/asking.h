/* SPDX-License-Identifier: Apache-2.0 */
/* What the rows of the plans of a cloud on AWS have in common: simple inputs of calls, in wire names. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_ASKING_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_ASKING_H

#include "verify/plan.h"

/* No members. */
void ask_nothing(const struct facts *facts, struct ask *ask);

/* One text member; nothing is asked without its value. */
void ask_one(struct ask *ask, const char *member, const char *value);

/* {"Filter": [{"Name": name, "Value": [values]}]}; NULL values are left out. Nothing is asked without a value. */
void ask_filter(struct ask *ask, const char *name, const char *const *values, size_t count);

#endif
