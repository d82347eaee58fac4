/* SPDX-License-Identifier: Apache-2.0 */
/* Reading Amazon Resource Names: arn:partition:service:region:account:resource. Pure. */
#ifndef CLOUDCTL_PROVIDERS_AWS_IAM_ARN_H
#define CLOUDCTL_PROVIDERS_AWS_IAM_ARN_H

#include <stdbool.h>

struct arena;

/* The name of a role, user or profile: what follows the last "/" (its path is no part of the name). NULL for NULL. */
const char *arn_name(const char *arn);

/* The account field, in arena; "" when it has none or the text is no ARN. */
const char *arn_account(struct arena *arena, const char *arn);

/* "aws", "aws-cn", … in arena; "aws" when it has none, the text is no ARN, or it is NULL. */
const char *arn_partition(struct arena *arena, const char *arn);

bool arn_is_in_account(const char *arn, const char *account);

#endif
