/* SPDX-License-Identifier: Apache-2.0 */
/* `setup` in a VPC that is there: it and its subnets are judged as `verify` judges them, before anything is made. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_SETUP_EXISTING_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_SETUP_EXISTING_H

#include "providers/aws/cloud/setup_plan.h"
#include "providers/aws/cloud/setup_preflight.h"

struct aws;
struct run;

/*
 * Judge the VPC and the subnets of what->cloud, all of it, or where the preflight is skipped only what the stack cannot do
 * without. Then plan->zones are the subnets' zones, and plan->network.subnet_ids has first one subnet of each of them, in
 * their order: mount targets go there. -1 with ERROR_FAILED: a check failed, and the run's verdict is the findings'; or the
 * subnets are not known. What warns is in the findings too. Changes nothing in AWS.
 */
int setup_existing_judge(struct run *run, struct aws *aws, const struct setup_preflight *what,
	struct setup_plan *plan, struct error *err);

#endif
