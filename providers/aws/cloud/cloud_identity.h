/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A record is input: it may have been edited, be old, or be of another cloud. Before a command deletes or changes
 * anything it asks here whether the record is of one cloud, and whether what is there in AWS is that cloud's.
 *
 * The id is what everything else follows from: the stack's name, the names of the roles, and the tag of the stack.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_CLOUD_IDENTITY_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_CLOUD_IDENTITY_H

#include "base/error.h"

struct arena;
struct aws;
struct cloud;
struct event_stream;
struct stack;

/* The key of the tag that everything of a cloud has that `setup` made; its value is the cloud's id. */
#define CLOUD_TAG "cloudctl-cloud-id"

/* The name of the stack of a managed cloud with this id, in arena. */
const char *cloud_stack_name(struct arena *arena, const char *id);

/*
 * Do the members that say what is deleted or changed fit each other: account, region, id, stack and external id of a
 * managed cloud; account, role and external id of a registered one? ERROR_CONFLICT names the member that does not fit,
 * and what it has to be. No call is made.
 */
int cloud_identity_check(struct arena *arena, const struct cloud *cloud, struct error *err);

/* The same for a record that is not in the registry; where is its file, for the message. */
int cloud_identity_check_in(struct arena *arena, const struct cloud *cloud, const char *where,
	struct error *err);

/*
 * The stack of a managed cloud whose record was checked: by the recorded ARN, and, where that stack is gone, by the name
 * that follows from the id, because the ARN may be that of an earlier stack. STACK_ABSENT or STACK_DELETED: there is none
 * in the cloud's region. ERROR_CONFLICT: there is one, without the tag of this cloud.
 */
int cloud_find_stack(struct aws *aws, struct arena *arena, const struct cloud *cloud, struct stack *stack,
	struct error *err);

/*
 * No stack was found; is it sure that the cloud does not live? IAM answers for all regions, so its control-plane role shows
 * a cloud whose record names the wrong one. ERROR_CONFLICT: the role is there. Where the caller may not look, that is told
 * as a warning. One call.
 */
int cloud_is_gone(struct aws *aws, struct arena *arena, const struct cloud *cloud,
	struct event_stream *stream, struct error *err);

#endif
