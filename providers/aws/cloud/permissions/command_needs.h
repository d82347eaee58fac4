/* SPDX-License-Identifier: Apache-2.0 */
/* Which permissions each command needs: for `policy`, and for the check before `setup` that the caller has them. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_PERMISSIONS_COMMAND_NEEDS_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_PERMISSIONS_COMMAND_NEEDS_H

#include <stdbool.h>

#include "base/error.h"
#include "providers/aws/cloud/permissions/needs.h"
#include "providers/records/cloud.h"

struct arena;
struct aws;

/* What a command is to be run for. */
struct command_subject {
	const char *command;       /* "setup" */
	const struct cloud *cloud; /* whose ids and names are known; NULL: any cloud */
	const char *deployment;    /* "managed", "registered"; NULL: what the command is for, else both */
	bool memorydb;             /* or the cloud has it */
	bool private_network;      /* or the cloud is private */
	bool simulate;             /* verify --simulate */
	const char *key_arn;       /* of the KMS key that encrypts the bucket; NULL: none */
	const char *partition, *region, *account; /* "aws"; "*" where not known */
};

/* A command's needs and whose resources they are about. */
struct command_needs {
	struct needs needs;
	struct permission_scope scope;
	const char *later; /* said of a command that only a later version has; NULL */
};

/* "setup|register|…": the commands that have a policy, as the rows of options say it. */
#define POLICY_COMMANDS "setup|register|verify|edit|update|delete|policy"

/* ERROR_USAGE for a subject that makes no sense: `setup` of a registered cloud. Everything is in arena. */
int command_needs_make(struct arena *arena, const struct command_subject *subject, struct command_needs *made,
	struct error *err);

/*
 * Ask IAM's policy simulator whether the principal has the needs, all questions at the same time. -1 when a question
 * was not answered, with its error; lacks then holds what the others said.
 */
int needs_ask(struct aws *aws, struct arena *arena, const struct command_needs *command,
	const char *principal, struct lacks *lacks, struct error *err);

#endif
