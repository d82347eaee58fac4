/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How two policy documents differ, as lines that a person reads: statement by statement, and within a statement what it
 * has more and less. The order of statements and of their values does not count. Pure.
 *
 *     + AllowLogs: Allow logs:PutLogEvents on *             a statement more
 *     - Everything: Allow * on *                            a statement less
 *     Describe: + ec2:DescribeTags                          an action more; so for resources, principals and conditions
 *     Describe: - if StringEquals aws:RequestedRegion [us-west-2]
 *     Describe: Allow → Deny
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_IAM_POLICY_DIFF_H
#define CLOUDCTL_PROVIDERS_AWS_IAM_POLICY_DIFF_H

#include <jansson.h>
#include <stdbool.h>

#include "base/text.h"

struct arena;

/*
 * Add the lines to the list. before, after: documents as policy_read() takes them; NULL: there is none. A statement is
 * the same one when it is equal, has the same Sid, or else the same effect, resources and principals. False, and no line:
 * one of them is no policy.
 */
bool policy_diff(struct arena *arena, const json_t *before, const json_t *after, struct text_list *lines);

#endif
