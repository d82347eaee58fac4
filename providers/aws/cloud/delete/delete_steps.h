/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The deletion of a managed cloud as steps: look for what is in the way, ask, look again, delete the stack, say what is
 * left. CloudFormation deletes data first and finds out later that a subnet is in use, so nothing is deleted while anything
 * is in the way.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_DELETE_DELETE_STEPS_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_DELETE_DELETE_STEPS_H

#include <stdbool.h>

#include "base/error.h"
#include "providers/aws/cloud/delete/bucket.h"
#include "providers/aws/cloud/delete/delete_plan.h"
#include "providers/aws/cloud/delete/recovery_points.h"
#include "providers/aws/cloud/stack.h"
#include "providers/records/cloud.h"
#include "providers/steps.h"

struct arena;
struct aws;
struct delete_options;
struct facts;
struct run;

/* What the steps work with; also those of a registered cloud. All of it is in run->arena. */
struct deletion {
	struct run *run;
	const struct delete_options *options;
	struct aws *aws;
	struct cloud cloud;
	struct stack stack;
	struct delete_plan plan;
	bool unseen_is_agreed;          /* the user was told of what could not be looked for, and said yes */
	struct bucket_contents bucket;  /* with --with-bucket; name NULL: there is none, or it stays */
	struct recovery_points backups; /* looked for once, with the first survey */
	const char *template; /* the stack's, where the file system is to be kept in it; NULL: it is not */
	const char *policy;   /* the file system's DeletionPolicy as it is written there; NULL: it has none */
	bool cleaned;         /* what was to be cleaned is gone: from now on nothing may be in the way */
};

extern const struct steps delete_managed_steps;

/*
 * Survey the stack that was found into deletion->plan; where nothing can be destroyed by halves, the plan stays empty. What
 * could not be looked for is in the plan, not an error: -1 only when the user interrupted.
 */
int delete_look(struct deletion *deletion, struct error *err);

/*
 * Survey the stack whatever becomes of it, into facts of arena. What is asked goes by the resources that it still has. -1 only
 * when the user interrupted.
 */
int delete_survey(struct deletion *deletion, struct arena *arena, struct facts **facts, struct error *err);

/* The step that tells the plan and asks for consent; self is the struct deletion. ERROR_DECLINED: it was refused. */
int delete_agree(void *self, struct error *err);

#endif
