/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What IAM decides about, as tables: on which kinds of resources an action is decided, and how those can be named
 * beforehand. Pure. Which actions an operation needs is in its own row (operation.h); which CloudFormation
 * needs for a resource, in resource_types.h.
 *
 * Source: AWS Service Authorization Reference.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_PERMISSIONS_PERMISSIONS_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_PERMISSIONS_PERMISSIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "providers/aws/cloud/kinds.h"
#include "providers/records/cloud.h"

struct arena;
struct setup_choices;

struct permission {
	const char *action; /* "ec2:CreateSubnet" */
	/* kinds (kinds.h) of the resources that it is decided on; this and the next empty: it cannot be narrowed */
	struct index_list on;
	/* kinds that it makes, with the cloud's tag in the request; KIND_ANY where a new one has no ARN to go by */
	struct index_list makes;
	/* those that it is decided on are this cloud's and have its tag by then, so a policy demands the tag */
	bool tagged;
	/* kinds of what the control plane made and `delete --clean` removes with it, or `verify` launched; a policy demands its tag */
	struct index_list cleans;
	/* kinds that a functional verification makes, or writes, by it, where these are others than on */
	struct index_list launches;
	/* called in another region than the cloud's, or of a service that has no regions */
	bool anywhere;
};

/* NULL when the table has no such action. */
const struct permission *permission_find(const char *action);

/* All rows; *count of them. */
const struct permission *permissions(size_t *count);

/* Whose resources a policy is about, as far as that is known beforehand. */
struct permission_scope {
	const char *partition;               /* "aws" */
	const char *region;                  /* "us-west-2", or "*" */
	const char *account;                 /* 12 digits, or "*" */
	const struct cloud *cloud;           /* whose ids are known; NULL: any cloud's */
	bool managed;                        /* resources have their default names */
	unsigned parts;                      /* what its stack has, or would have (enum stack_part) */
	const struct setup_choices *choices; /* what setup is asked for; NULL: nothing */
	const char *key_arn;                 /* of the bucket's KMS key, or NULL */
	const char *vpc_id; /* the user's, in which setup makes the rest; NULL: it makes one */
	const char *stack;  /* name of the user's, whose outputs are read; NULL: the cloud's */
};

/*
 * Add the ARNs, or patterns of them, of the resources of these kinds to resources, each once, in arena; "*" for an empty
 * list.
 */
void permission_resources(struct arena *arena, const struct permission_scope *scope,
	const struct index_list *on, struct text_list *resources);

#endif
