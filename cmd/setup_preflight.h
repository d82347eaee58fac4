/* SPDX-License-Identifier: Apache-2.0 */
/* What `setup` does about the preflight: gather and judge, say so, and stop before anything is made when it must. */
#ifndef CLOUDCTL_CMD_SETUP_PREFLIGHT_H
#define CLOUDCTL_CMD_SETUP_PREFLIGHT_H

#include "cmd/command.h"
#include "providers/aws/cloud/setup_plan.h"
#include "verify/verification.h"

struct setup_preflight {
	const struct cloud *cloud; /* as it is to be: setup_plan_cloud() */
	const json_t *identity;    /* the reply of sts:GetCallerIdentity */
	bool resumed;              /* an earlier try with the same id may have left something */
	bool skip;                 /* --skip-preflight: look for zones, and at nothing else */
	bool must_differ;          /* --check-cidr-overlap */
};

/*
 * Look at everything at once, say what was found, and choose plan->zones. What is in the way stands in one list, the
 * findings; then -1 with ERROR_FAILED, which names them, and *result is what was judged. What could not be determined is
 * a warning, but for the zones: without them there is nothing to plan. Otherwise *result is not touched. Changes nothing
 * in AWS.
 */
int setup_preflight(struct context *context, struct aws *aws, const struct setup_preflight *what,
	struct setup_plan *plan, struct verification *result, struct error *err);

#endif
