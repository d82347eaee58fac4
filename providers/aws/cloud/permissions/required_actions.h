/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the two roles must be able to do: tables of actions, each with the resource it is asked on and what is certain
 * about the request, and the one function that puts them to a role's policies. Pure.
 *
 * Actions: "Detailed resource requirements". Resources: AWS Service Authorization Reference, the types that an action
 * requires; where AWS knows none, only Resource "*" grants it.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_PERMISSIONS_REQUIRED_ACTIONS_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_PERMISSIONS_REQUIRED_ACTIONS_H

#include "providers/aws/iam/access.h"
#include "providers/records/cloud.h"

/* What is certain of the request context, apart from the caller's keys. Bits. */
enum context_flag {
	BY_THE_ROLE = 1 << 0,        /* called directly, not by a service on the role's behalf */
	BY_CLOUDFORMATION = 1 << 1,  /* CloudFormation calls, with the role's credentials */
	ON_TAGGED = 1 << 2,          /* the resource carries the cloud's id */
	WITH_TAGS = 1 << 3,          /* the request gives the cloud's id as a tag */
	AT_LAUNCH = 1 << 4,          /* tagging that is part of RunInstances */
	IN_VPC = 1 << 5,             /* the resource is in the cloud's VPC */
	PASSING_TO_EC2 = 1 << 6,     /* iam:PassRole for an instance */
	FOR_SPOT = 1 << 7,           /* the service-linked role of spot instances */
	FOR_LOAD_BALANCING = 1 << 8, /* and that of load balancers */
	THROUGH_S3 = 1 << 9,         /* S3 uses the key for the role */
	NOT_VITAL = 1 << 10,         /* clusters work without it: a warning at most */
	UNTAGGED = 1 << 12,          /* the resource exists and carries no tags; the request names no role */
	/* when refused, ask again as if the request gave tags: see required_decide() */
	ELSE_WITH_TAGS = 1 << 11,
	THROUGH_EC2 = 1 << 13, /* EC2 uses the key for the role */
	/* kms:CreateGrant by which a service lets itself use the key */
	FOR_AN_AWS_RESOURCE = 1 << 14,
	NAMING = 1 << 15, /* the request is about the tag Name alone */
};

struct required_action {
	const char *action;
	/*
	 * An ARN with placeholders: {partition} {region} {account} {subnet} {group} (one row for each) {bucket}
	 * {file-system} {node-role} (ARN) {node-name} {key} (ARN), {balancer}: how the names of load balancers begin. A '*' at the end stands for everything that begins
	 * so; what the record does not know stands for everything there. "*": an action without resources.
	 */
	const char *resource;
	unsigned context_flags;
	const char *lets; /* required_reach: what it would let the role do */
};

struct required_list {
	const struct required_action *rows;
	size_t count;
};

/* required_reach is what the control-plane role must not be able to do, because it is not about this cloud. */
extern const struct required_list required_clusters, required_launch, required_pass_role, required_services,
	required_reach, required_spot, required_ecr, required_bucket, required_key, required_volume_key;

/* Who is asked about, and for which cloud. */
struct required_by {
	const struct cloud *cloud;
	const char *role_arn;
	const char *role_id;       /* AROA…, or NULL */
	const char *profile_arn;   /* of the node role's instance profile, or NULL: as its name says */
	const char *key_arn;       /* of the bucket's or the volumes' key, or NULL: any */
	const char *bucket_region; /* NULL: not known */
	bool bucket_key;           /* objects are encrypted with an S3 Bucket Key, not with key_arn itself */
	int64_t now_ms;            /* since 1970; 0: not known */
	const struct text_list *endpoints; /* by which requests reach S3; empty: by none. NULL: not known */
};

struct required_answer {
	const char *action;
	const char *resource; /* '*' at the end when it is open */
	struct access access;
	const char *note;               /* worth saying though it is allowed; NULL */
	const char *lets;               /* of the row */
	unsigned context_flags;         /* of the row */
	struct request_context context; /* of the request that was decided */
};

struct required_answers {
	struct required_answer *items;
	size_t count;
};

/*
 * Put every row to the policies. What the control plane makes carries the tag that the record says (cloud_tag.h), and no
 * other of the two usual ones. Its value is the cloud's id; but of a registered cloud whatever id the policies ask for
 * under another key than cloudctl-cloud-id, because the record does not know that id: two policies that ask for different
 * ones contradict each other and are found out. A record that says no tag has both of the usual ones.
 *
 * The documented restricted policy allows StartInstances by a tag in the request, which that action cannot have. Such
 * a grant is counted as one, with a note (ELSE_WITH_TAGS).
 */
struct required_answers required_decide(struct arena *arena, const struct required_list *list,
	const struct required_by *by, const struct access_policies *policies);

#endif
