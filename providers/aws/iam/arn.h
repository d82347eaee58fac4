/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading Amazon Resource Names, arn:partition:service:region:account:resource (IAM User Guide, "IAM identifiers").
 * Pure. Each of these takes any text, and NULL.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_IAM_ARN_H
#define CLOUDCTL_PROVIDERS_AWS_IAM_ARN_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

enum arn_field { ARN_PARTITION = 1, ARN_SERVICE, ARN_REGION, ARN_ACCOUNT, ARN_RESOURCE };

/* A field where it is in the text, *length bytes of it; NULL when the text is not an ARN or ends before. */
const char *arn_find(const char *arn, enum arn_field field, size_t *length);

bool arn_field_is(const char *arn, enum arn_field field, const char *text);

/* The name of a role, user or profile: what follows the last "/" (its path is not part of the name). NULL for NULL. */
const char *arn_name(const char *arn);

/* The account, in arena; "" when it has none or the text is not an ARN. */
const char *arn_account(struct arena *arena, const char *arn);

/* "aws", "aws-cn", … in arena; "aws" when it has none or the text is not an ARN. */
const char *arn_partition(struct arena *arena, const char *arn);

#endif
