/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The gateway endpoints by which the cloud's subnets reach S3, and what their policies let through: a policy of an
 * endpoint neither grants nor replaces anything, but what it does not allow does not pass. Pure.
 *
 * AWS PrivateLink Guide, "Control access to VPC endpoints using endpoint policies", "Gateway endpoints for Amazon S3".
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_NETWORK_S3_ENDPOINT_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_NETWORK_S3_ENDPOINT_H

#include "providers/aws/cloud/cloud_plan.h"
#include "providers/aws/cloud/permissions/required_actions.h"
#include "verify/facts.h"

/* The S3 gateway endpoint that is on the route table which governs the subnet, or NULL. */
const json_t *s3_endpoint_of(const json_t *endpoints, const json_t *route_tables, const char *subnet_id);

/*
 * An endpoint that serves a prefix list on the route table, and that the reply does not hold: one of the VPC's owner,
 * which a participant in a shared VPC cannot describe. It may be S3's. NULL: none.
 */
const char *s3_endpoint_unseen(const json_t *endpoints, const json_t *route_table);

/* Some S3 gateway endpoint of the VPC, on whichever tables; NULL: there is none. */
const char *s3_endpoint_any(const json_t *endpoints);

struct s3_ways {
	bool known; /* false: some of the facts are lost, or another endpoint serves S3, or may, as well */
	bool every; /* each of the cloud's subnets has one */
	const json_t **items; /* each endpoint once */
	struct text_list ids; /* theirs */
};

/* Reads SUBNETS, ROUTE_TABLES and VPC_ENDPOINTS. */
struct s3_ways s3_ways_of(const struct facts *facts);

/*
 * Bind the answers of the node role by the endpoints' policies: an answer is no better than what the policy of each
 * endpoint says to the same request.
 */
void s3_ways_bind(struct arena *arena, const struct s3_ways *ways, const char *role_arn,
	struct required_answers *answers);

/* Whether images of ECR come through. */
struct image_way {
	struct access access;
	const char *endpoint; /* the first that lets them through least; NULL: all do */
};

/*
 * The layers of images are objects of prod-REGION-starport-layer-bucket (Amazon ECR User Guide, "Minimum Amazon S3 bucket
 * permissions"), a bucket of AWS's, and are got by URLs that AWS signs: neither the caller nor the owner of the bucket is
 * the customer, so what a policy demands of either cannot be known to hold.
 */
struct image_way s3_ways_for_images(const struct facts *facts, const struct s3_ways *ways);

#endif
