/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What organizations demand of `setup` beyond its defaults: tags, limits for roles. The record keeps it, so that the next
 * run makes the same, and `policy` prints what such a setup needs. One row a choice: its option, what is valid, the
 * template's parameter. Pure.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_SETUP_CHOICES_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_SETUP_CHOICES_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"

struct arena;
struct member_table;
struct option;

struct setup_choices {
	/* for everything that is made: "KEY=VALUE" */
	struct text_list tags;
	/* for both roles: ARN of a managed policy */
	const char *permissions_boundary;
	/* of both roles and the instance profile: "/teams/ray/"; NULL: "/" */
	const char *role_path;
	/* after which old versions of objects are deleted; "0": never; NULL: the template's default */
	const char *old_version_days;
	/* where S3 logs requests to the bucket; NULL: nowhere */
	const char *access_log_bucket;
	/* ARN of the KMS key that encrypts the bucket, the file system and MemoryDB; NULL: AWS's own keys */
	const char *kms_key;
	/* ARNs of other roles that clusters may run with */
	struct text_list extra_node_role_arns;
	/* the instances may write to CloudWatch */
	bool node_cloudwatch;
	/* with what the names of secrets begin that the instances may read; NULL: none */
	const char *node_secrets;
	/* roles for clusters that Ray's own launcher starts, */
	bool with_ray;
	/* the ARNs of who may assume the launcher's, and whether with multi-factor authentication only, */
	struct text_list launcher_principals;
	bool launcher_mfa;
	/* and whether their instances may be reached with Session Manager, and work with FSx */
	bool ray_session_manager;
	bool ray_fsx;
	/* the cloud has no EFS file system */
	bool no_efs;
};

/* How the record's "setup" is read and written: the keys are the members' names. */
extern const struct member_table setup_choices_table;

/* Rows for the options, into a struct setup_choices at this offset; their number (base/option.h, OPTION_ROWS). */
size_t setup_choices_options(size_t offset, struct option *rows);

/*
 * The same without those that update cannot change: roles with names cannot move to another path, and a file system is
 * neither added nor taken away.
 */
size_t setup_choices_options_of_update(size_t offset, struct option *rows);

/* Is each value valid? ERROR_USAGE names the option and what it takes. */
int setup_choices_check(struct arena *arena, const struct setup_choices *choices, struct error *err);

/* Why the choices do not fit the region, in words, in arena: the key is in another one. NULL: they do. */
const char *setup_choices_mistake(struct arena *arena, const struct setup_choices *choices,
	const char *region);

/* Fill in from the record what was not chosen now; values are borrowed. */
void setup_choices_merge(struct setup_choices *choices, const struct setup_choices *recorded);

/* The choices as options for a shell, each after a space: " --role-path /teams/ray/"; in arena. */
const char *setup_choices_words(struct arena *arena, const struct setup_choices *choices);

/* Add the template's parameters for what was chosen; the template has the defaults. */
void setup_choices_parameters(struct arena *arena, const struct setup_choices *choices, json_t *parameters);

/*
 * What a stack was made with, in arena: the other way round. parameters is an object of texts, stack the DescribeStacks
 * element, of which the tags are taken. What is as the template has it anyway was not chosen.
 */
struct setup_choices setup_choices_of_stack(struct arena *arena, const json_t *parameters,
	const json_t *stack);

/* What was chosen, option by option: {"tag": ["team=ray"], "node-cloudwatch": ["yes"]}. A new reference. */
json_t *setup_choices_document(const struct setup_choices *choices);

/*
 * The IAM actions that CloudFormation needs for what was chosen beyond the template's defaults, in a stack with these
 * parts (enum stack_part), by spaces; in arena.
 */
const char *setup_choices_actions(struct arena *arena, const struct setup_choices *choices, unsigned parts);

/* The same for an update that chooses them, or gives them back. */
const char *setup_choices_update_actions(struct arena *arena, const struct setup_choices *choices);

/* The template's parameter of an option that update has; NULL: it has none. */
const char *setup_choices_parameter(const char *option);

/* Add the tags to an object key → value. */
void setup_choices_tags(struct arena *arena, const struct setup_choices *choices, json_t *tags);

/*
 * Add a sentence for each choice that the stack was not made with: "--role-path: asked for …, but its stack has …".
 * stack_parameters is an object of texts, stack the DescribeStacks element, of which the tags are compared.
 */
void setup_choices_differences(struct arena *arena, const struct setup_choices *choices,
	const json_t *stack_parameters, const json_t *stack, struct text_list *differences);

#endif
