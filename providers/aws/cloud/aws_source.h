/* SPDX-License-Identifier: Apache-2.0 */
/* AWS as a source of facts: operations are rows of operation.h, calls are those of aws.h, places are regions. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_AWS_SOURCE_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_AWS_SOURCE_H

#include "verify/source.h"

struct arena;
struct aws;

/* The source belongs to arena; the session is borrowed and must live as long. */
struct source *aws_source(struct arena *arena, struct aws *aws);

#endif
