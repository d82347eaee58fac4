/* SPDX-License-Identifier: Apache-2.0 */
/* Links into the AWS console, in the partition of their region. Pure. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_CONSOLE_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_CONSOLE_H

struct arena;

/* The page of a stack, of which arn is the ARN; in arena. */
const char *console_stack(struct arena *arena, const char *region, const char *arn);

/* The page on which a bucket is emptied, with all versions of its objects; in arena. */
const char *console_empty_bucket(struct arena *arena, const char *region, const char *bucket);

#endif
