/* SPDX-License-Identifier: Apache-2.0 */
/* What `delete` is going to do, as lines and as the document of --plan (docs/plan.schema.json). Pure. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_DELETE_DELETE_PLAN_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_DELETE_DELETE_PLAN_H

#include <jansson.h>
#include <stdbool.h>

#include "providers/aws/cloud/consent.h"
#include "providers/aws/cloud/delete/blockers.h"

struct arena;
struct bucket_contents;
struct cloud;
struct facts;
struct recovery_points;
struct stack;

struct delete_plan {
	const struct cloud *cloud;
	const struct stack *stack;             /* as it was found; NULL for a registered cloud */
	const struct facts *facts;             /* of the survey; NULL: none was needed */
	struct blockers blockers;              /* what is in the way */
	struct unseens unseen;                 /* what could not be looked for */
	const struct text_list *retained;      /* logical ids of what is left in the account; NULL: none */
	bool forced;                           /* so is whatever else cannot be deleted */
	const struct bucket_contents *bucket;  /* that --with-bucket deletes, too; NULL: it stays */
	const struct recovery_points *backups; /* that outlive the cloud; NULL: nobody has looked */
	bool keeps;                            /* --keep-file-system: it is left in the account */
	bool cleans;                           /* --clean takes what can be cleaned away before */
};

/* The data that goes, by its ids: "fs-1 and the MemoryDB cluster cld-x"; in arena. NULL: none. */
const char *delete_plan_data(struct arena *arena, const struct delete_plan *plan);

/* What goes, what is in the way, what stays. Everything is in arena. */
struct consent delete_plan_lines(struct arena *arena, const struct delete_plan *plan);

/* The commands that remove what is in the way, a line each, which are not to be wrapped; in arena. NULL: none. */
const char *delete_plan_commands(struct arena *arena, const struct delete_plan *plan);

/* The same as cloudctl.plan/1, in arena. */
const json_t *delete_plan_document(struct arena *arena, const struct delete_plan *plan);

#endif
