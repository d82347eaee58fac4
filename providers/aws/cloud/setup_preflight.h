/* SPDX-License-Identifier: Apache-2.0 */
/* What `setup` does about the preflight: gather and judge, say so, and stop before anything is made when it must. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_SETUP_PREFLIGHT_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_SETUP_PREFLIGHT_H

#include "providers/aws/cloud/setup_plan.h"

struct aws;
struct run;

struct setup_preflight {
	const struct cloud *cloud;   /* as it is to be: setup_plan_cloud() */
	const json_t *identity;      /* the reply of sts:GetCallerIdentity */
	bool resumed;                /* an earlier try with the same id may have left something */
	bool skip;                   /* --skip-preflight: look for zones, and at nothing else */
	bool must_differ;            /* --check-cidr-overlap */
	struct verification *judged; /* filled in, zeros when nothing is judged */
};

/*
 * Look at everything at once, say what was found, and choose plan->zones. What is in the way is in the findings; then -1
 * with ERROR_FAILED, which names them, and the run's verdict is theirs. What could not be determined is a warning, except
 * the zones: without them there is nothing to plan. Where an earlier try's stack is being made, or made, by now, nothing is
 * judged: its own resources are not in the way. Changes nothing in AWS.
 */
int setup_preflight(struct run *run, struct aws *aws, const struct setup_preflight *what,
	struct setup_plan *plan, struct error *err);

#endif
