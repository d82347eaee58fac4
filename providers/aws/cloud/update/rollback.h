/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where CloudFormation could not take an update back, by the stack's events. Pure.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_UPDATE_ROLLBACK_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_UPDATE_ROLLBACK_H

#include <jansson.h>
#include <stdbool.h>

#include "providers/aws/cloud/stack.h"

struct arena;

/*
 * The resources that failed while the stack's last update was taken back and have not been taken back since, oldest first.
 * They are those that ContinueUpdateRollback may skip: not what failed in the update itself, or was only cancelled (AWS
 * CloudFormation API Reference, ContinueUpdateRollback, "ResourcesToSkip"). events: all pages of DescribeStackEvents.
 * Everything is in arena.
 */
struct stack_failures rollback_failures(struct arena *arena, const char *stack_arn, const json_t *events);

/* Has the stack carried out a request with this token since its last update began? token may be NULL. */
bool rollback_shows_token(const char *stack_arn, const json_t *events, const char *token);

#endif
