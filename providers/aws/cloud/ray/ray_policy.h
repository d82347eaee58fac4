/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The policies of who launches a Ray cluster, of its head and of its workers, for a cloud: those that `setup --with-ray` gives
 * to the roles of its stack (template.yaml), for roles that somebody makes. Pure.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_RAY_RAY_POLICY_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_RAY_RAY_POLICY_H

#include <jansson.h>
#include <stdbool.h>

struct arena;
struct cloud;

/* For whom, as `policy` calls them. */
#define RAY_POLICIES "ray-launcher|ray-head|ray-worker"

/* Is it one of RAY_POLICIES? NULL is none. */
bool ray_policy_is(const char *name);

/* The name of the role, and of the instance profile, that the cloud's stack has for "head", "worker" or "launcher"; in arena. */
const char *ray_role_name(struct arena *arena, const struct cloud *cloud, const char *whose);

/* The ARN of that "role" or "instance-profile", in arena. */
const char *ray_arn(struct arena *arena, const struct cloud *cloud, const char *resource, const char *whose);

/* Can it be the name of a Ray cluster: 1 to 63 of A-Z a-z 0-9 and _.-? It becomes a tag's value, and part of file names. */
bool ray_cluster_name_valid(const char *name);

/*
 * The policy in arena. name: one of RAY_POLICIES; cluster NULL: any cluster of the cloud. The cloud must have an account, a region, a VPC and a bucket.
 * Roles that are passed have the names that the stack would give them.
 */
const json_t *ray_policy(struct arena *arena, const struct cloud *cloud, const char *name,
	const char *cluster);

#endif
