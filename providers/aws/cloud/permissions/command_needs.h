/* SPDX-License-Identifier: Apache-2.0 */
/* Which permissions each command needs: for `policy`, and for the check before `setup` that the caller has them. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_PERMISSIONS_COMMAND_NEEDS_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_PERMISSIONS_COMMAND_NEEDS_H

#include <stdbool.h>

#include "base/error.h"
#include "providers/aws/cloud/caller.h"
#include "providers/aws/cloud/permissions/needs.h"
#include "providers/aws/cloud/setup_choices.h"
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
	const char *vpc_id;        /* of setup's, where it is the user's; NULL: setup makes one */
	bool simulate;             /* verify --simulate */
	bool continues;            /* update --continue */
	bool with_bucket;          /* delete --with-bucket */
	bool keep_file_system;     /* delete --keep-file-system */
	bool clean;                /* delete --clean */
	/* of --functional-verify, "caller": whose command it is, "control-plane": the role alone; NULL: without it */
	const char *functional;
	const char *from_stack;       /* register --from-stack: the name of that stack; NULL: without it */
	struct setup_choices choices; /* of the setup, where the cloud's record does not say them */
	const char *key_arn;          /* of the KMS key that encrypts the bucket; NULL: the choices' */
	const char *partition, *region, *account; /* "aws"; "*" where not known */
};

/* A command's needs and whose resources they are about. */
struct command_needs {
	struct needs needs;
	struct permission_scope scope;
};

/* Of command_subject.functional: what the control-plane role does, and nothing of the command. */
#define FUNCTIONAL_ROLE "control-plane"

/* "setup|register|…": the commands that have a policy, as the rows of options say it. */
#define POLICY_COMMANDS "setup|register|verify|edit|update|delete|import|export|policy"

/* ERROR_USAGE for a subject that makes no sense: `setup` of a registered cloud. Everything is in arena. */
int command_needs_make(struct arena *arena, const struct command_subject *subject, struct command_needs *made,
	struct error *err);

/* Which of a command's permissions the caller is missing, as far as IAM's policy simulator says it. */
struct command_check {
	struct caller_principal caller;
	struct command_needs command;
	struct missing_permissions missing;
	const char *undetermined; /* why not everything is known; NULL: everything is */
};

/*
 * Ask all questions at the same time. Region and account are the session's and the caller's where the subject does not
 * say them; ERROR_CREDENTIALS when it says another account. When IAM does not answer, that is not an error: undetermined
 * says why, and missing holds what the other answers say. Everything is in arena.
 */
int command_check(struct aws *aws, struct arena *arena, const struct command_subject *subject,
	struct command_check *check, struct error *err);

#endif
