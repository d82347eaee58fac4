/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What verify asks AWS about a cloud. A fact made of several calls (one for each policy, say) is an object of replies by
 * key; one lost call loses the fact, a thing that vanished between two calls is JSON null under its key.
 *
 * The facts ENDPOINT_GROUPS, MOUNT_TARGET_GROUPS and MEMORYDB_GROUPS hold the security groups that guard interface
 * endpoints, the mount targets and MemoryDB and are not among the cloud's own, which SECURITY_GROUPS holds; absent when there are no others. PREFIX_LISTS holds, by id, the lists by which
 * the cloud's own groups let TCP 443 in or out; absent when there are none.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_CLOUD_PLAN_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_CLOUD_PLAN_H

#include "verify/plan.h"

/* In the order of the plan and of saved facts: a fact comes after those that it is built from. */
enum fact {
	FACT_IDENTITY,
	FACT_VPC,
	FACT_VPC_DNS_SUPPORT,
	FACT_VPC_DNS_HOSTNAMES,
	FACT_DHCP_OPTIONS,
	FACT_SUBNETS,
	FACT_PUBLIC_ACCESS_EXCLUSIONS,
	FACT_ROUTE_TABLES,
	FACT_NAT_GATEWAYS,
	FACT_VPC_ENDPOINTS,
	FACT_ENDPOINT_GROUPS,
	FACT_NETWORK_ACLS,
	FACT_SECURITY_GROUPS,
	FACT_GROUP_ASSOCIATIONS,
	FACT_GROUP_QUOTA,
	FACT_PREFIX_LISTS,
	FACT_CONTROL_PLANE_ROLE,
	FACT_CONTROL_PLANE_POLICY_NAMES,
	FACT_CONTROL_PLANE_POLICIES,
	FACT_CONTROL_PLANE_ATTACHED,
	FACT_CONTROL_PLANE_ATTACHED_VERSIONS,
	FACT_CONTROL_PLANE_ATTACHED_DOCUMENTS,
	FACT_NODE_ROLE,
	FACT_NODE_INSTANCE_PROFILES,
	FACT_NODE_POLICY_NAMES,
	FACT_NODE_POLICIES,
	FACT_NODE_ATTACHED,
	FACT_NODE_ATTACHED_VERSIONS,
	FACT_NODE_ATTACHED_DOCUMENTS,
	FACT_BUCKET,
	FACT_BUCKET_POLICY,
	FACT_BUCKET_CORS,
	FACT_BUCKET_PUBLIC_ACCESS,
	FACT_BUCKET_VERSIONING,
	FACT_BUCKET_LIFECYCLE,
	FACT_BUCKET_ENCRYPTION,
	FACT_BUCKET_KEY,
	FACT_BUCKET_KEY_POLICY,
	FACT_ACCOUNT_PUBLIC_ACCESS,
	FACT_FILE_SYSTEM,
	FACT_FILE_SYSTEM_KEY,
	FACT_MOUNT_TARGETS,
	FACT_MOUNT_TARGET_INTERFACES,
	FACT_MOUNT_TARGET_GROUPS,
	FACT_FILE_SYSTEM_POLICY,
	FACT_FILE_SYSTEM_BACKUP,
	FACT_MEMORYDB_CLUSTER,
	FACT_MEMORYDB_SUBNET_GROUP,
	FACT_MEMORYDB_GROUPS,
	FACT_MEMORYDB_PARAMETERS,
	FACT_MEMORYDB_ACL,
	FACT_MEMORYDB_USERS,
	FACT_EBS_ENCRYPTION,
	FACT_EBS_KEY_ID,
	FACT_EBS_KEY,
	FACT_EBS_KEY_POLICY,
	FACT_SPOT_ROLE,
	FACT_STACK,
	FACT_VCPU_QUOTA,
	FACT_SPOT_VCPU_QUOTA,
	FACT_CONTROL_PLANE_SIMULATION,
	FACT_NODE_SIMULATION,
	FACT_OTHER_CLOUDS, /* of the registry, not asked for: other_clouds.h */
	FACT_PROFILES,     /* of the user's configuration, not asked for: account_profiles.h */
	FACT_COUNT,
};

extern const struct plan cloud_plan;

/* Simple inputs of calls, in wire names, which the plan of the preflight has as well. */

/* No members. */
ask_fn ask_nothing;

/* One text member; nothing is asked without its value. */
void ask_one(struct ask *ask, const char *member, const char *value);

/* {"Filter": [{"Name": name, "Value": [values]}]}; NULL values are left out. Nothing is asked without a value. */
void ask_filter(struct ask *ask, const char *name, const char *const *values, size_t count);

#endif
