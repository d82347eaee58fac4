/* SPDX-License-Identifier: Apache-2.0 */
/* The policies of a role, and those of the bucket and its key, as the facts have them. Pure. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_PERMISSIONS_ROLE_POLICIES_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_PERMISSIONS_ROLE_POLICIES_H

#include "providers/aws/cloud/cloud_plan.h"
#include "providers/aws/iam/access.h"
#include "verify/facts.h"

enum role { ROLE_CONTROL_PLANE, ROLE_NODE };

/* The facts that role_policies() reads, for a FACTS(…): they must be known. */
#define ROLE_FACTS(which) \
	FACT_##which##_ROLE, FACT_##which##_POLICIES, FACT_##which##_ATTACHED, \
		FACT_##which##_ATTACHED_DOCUMENTS

/* The numbers of a role's facts; see cloud_plan.h. */
struct role_facts {
	unsigned role, policy_names, policies, attached, versions, documents, simulation;
};
extern const struct role_facts role_facts[]; /* by enum role */

/*
 * Identity policies and boundary of the role. A policy whose document is not among the facts is there as one that was
 * not seen; so is a boundary, whose document is looked for by its ARN among the attached ones.
 */
struct access_policies role_policies(const struct facts *facts, enum role role);

const char *role_arn(const struct facts *facts, enum role role);

/* AROA…; NULL when the fact does not say. */
const char *role_id(const struct facts *facts, enum role role);

/* ARN of the instance profile of the node role's own name, which may have a path of its own; NULL: not known. */
const char *node_profile_arn(const struct facts *facts);

/* The bucket's policy; NULL when it has none. FACT_BUCKET_POLICY must be known. */
const struct access_policy *bucket_policy(const struct facts *facts);

#endif
