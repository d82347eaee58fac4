/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a caller must be allowed to do for a command: collected from the rows of operations, from plans and from what
 * CloudFormation does for a stack; then written as an IAM policy, or put to IAM's policy simulator. Pure.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_PERMISSIONS_NEEDS_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_PERMISSIONS_NEEDS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "providers/aws/client/operation.h"
#include "providers/aws/cloud/permissions/permissions.h"
#include "verify/check.h"

struct arena;

struct need {
	const struct permission *permission;
	bool by_stack; /* done by CloudFormation with the caller's permissions, never by the caller */
	bool cleans;   /* done to what the control plane made, which has its tag */
	bool launches; /* done by a functional verification, to what it launches or writes */
	bool for_checks; /* only what looks needs it: without it some findings are UNKNOWN, but the work is done */
};

/* Whether such a list names resources that a policy can be narrowed to. */
bool need_is_narrow(const struct index_list *on);

/* The words of the kinds ("control-plane role, node role"), in arena. */
const char *need_words(struct arena *arena, const struct index_list *on);

/* In order of the actions, each once; what the caller does itself, CloudFormation may do too. {0} is empty. */
struct needs {
	struct need *items;
	size_t count;
};

/* One way in which IAM decides a need: on what the action makes, or on what is there already. */
struct need_way {
	const struct need *need;
	bool made;
	const struct index_list *on; /* the kinds; of an action that cannot be narrowed, none */
};

struct need_ways {
	struct need_way *items;
	size_t count;
};

/* The key of the tag that the control plane gives; for any cloud, that of the default control plane. */
const char *needs_cloud_tag(const struct permission_scope *scope);

/* Does what the way is decided on have the cloud's tag by then? A VPC of the user's has not. */
bool need_way_is_tagged(const struct need_way *way, const struct permission_scope *scope);

/*
 * The services through which CloudFormation has an action done on a key, as kms:ViaService has them
 * ("elasticfilesystem.us-west-2.amazonaws.com"), in arena; action NULL: any action. MemoryDB needs it for a key of the
 * user's alone.
 */
struct text_list needs_key_services(struct arena *arena, const struct permission_scope *scope,
	const char *action);

/* All ways of the needs, in arena: first the caller's own needs, then CloudFormation's. */
struct need_ways needs_ways(struct arena *arena, const struct needs *needs);

/* actions are separated by spaces; "" adds none. */
void needs_add(struct arena *arena, struct needs *needs, const char *actions, bool by_stack);

/* operations end with NULL. */
void needs_add_operations(struct arena *arena, struct needs *needs,
	const struct aws_operation *const *operations);

/* The same for operations of `delete --clean`: those that remove what the control plane made are narrowed to that. */
void needs_add_cleaning(struct arena *arena, struct needs *needs,
	const struct aws_operation *const *operations);

/* The same for operations of a functional verification, which are narrowed to what it launches and writes. */
void needs_add_launching(struct arena *arena, struct needs *needs,
	const struct aws_operation *const *operations);

/* The same for operations without which the work is done as well, and less is told. */
void needs_add_looks(struct arena *arena, struct needs *needs, const struct aws_operation *const *operations);

/*
 * What the checks of a table ask of AWS when they judge such a cloud: the operations of those rows of their plan whose
 * facts they read, without those that never flags (one for each fact of the plan; NULL: none).
 */
void needs_add_checks(struct arena *arena, struct needs *needs, const struct check_table *table,
	const struct cloud *cloud, const bool *never);

/* What decides which parts of verify are run. */
struct verified {
	const struct cloud *cloud; /* networking, deployment and memorydb_cluster are read */
	bool simulate;             /* IAM's policy simulator is asked about the roles */
	bool key;           /* the bucket, or volumes by default, are encrypted with a customer's KMS key */
	bool made_just_now; /* by our template: no policy is attached to the roles */
};

/* What verify asks. */
void needs_add_verify(struct arena *arena, struct needs *needs, const struct verified *verified);

enum stack_work {
	STACK_CREATES = 1 << 0,
	STACK_UNDOES = 1 << 1, /* rolls a creation back */
	STACK_UPDATES = 1 << 2,
	STACK_REMOVES = 1 << 3,
};

/* What CloudFormation does for the template's types with resources in these parts (enum stack_part). */
void needs_add_stack(struct arena *arena, struct needs *needs, unsigned work, unsigned parts);

/* What CloudFormation reads of resources of these types when it looks for drift: without it less is told. */
void needs_add_stack_looks(struct arena *arena, struct needs *needs, unsigned parts);

/* Characters of a managed policy without white space (IAM and STS quotas). */
enum { NEEDS_POLICY_MAX = 6144 };

/*
 * The needs as a policy document (new reference), the same bytes for the same needs and scope. A statement holds the
 * actions of one service that have the same conditions; first those of the caller itself, then those of CloudFormation.
 */
json_t *needs_policy(struct arena *arena, const struct needs *needs, const struct permission_scope *scope);

/*
 * The policy in parts of at most NEEDS_POLICY_MAX characters, as few as its statements allow in their order. New
 * reference.
 */
json_t *needs_policy_parts(const json_t *policy);

/* Characters of a document as IAM counts them. */
size_t needs_policy_size(const json_t *document);

/*
 * The questions to IAM's policy simulator (iam:SimulatePrincipalPolicy) that say whether a principal has the needs:
 * inputs of calls, new reference to an array. Actions that are decided on the same resources under the same conditions
 * share their question.
 */
json_t *needs_questions(struct arena *arena, const struct needs *needs, const struct permission_scope *scope,
	const char *principal_arn);

/* A permission that the principal does not have. Texts are in the arena. */
struct missing_permission {
	const char *action, *resource;
	const char *why; /* "no policy allows it": what the simulator says of it, in words */
	bool lacking;    /* nothing stands against it but that no policy allows it */
	/* context keys that decide it and that a request can be given: "iam:PermissionsBoundary", "aws:RequestTag/team" */
	struct text_list demands;
	bool uncertain; /* it may be allowed after all: that depends on circumstances that no question can know */
};

struct missing_permissions {
	struct missing_permission *items;
	size_t count;
};

/*
 * Read the reply to a question. Every pair of action and resource that was asked for and not answered counts as missing,
 * so that silence is never taken for permission.
 */
void needs_read_answer(struct arena *arena, const json_t *question, const json_t *reply,
	struct missing_permissions *missing);

#endif
