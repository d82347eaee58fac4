/* SPDX-License-Identifier: Apache-2.0 */
/* The inputs of the calls in cloud_plan.c: what each row asks, of what is known already. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_PLAN_PARTS_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_PLAN_PARTS_H

#include "base/text.h"
#include "providers/aws/cloud/cloud_plan.h"

/* plan_network.c. The row of ask_vpc_attribute says which attribute: enum vpc_attribute. */
enum vpc_attribute { VPC_DNS_SUPPORT, VPC_DNS_HOSTNAMES };
ask_fn ask_vpc_id, ask_vpc_attribute, ask_dhcp_options, ask_subnets, ask_exclusions, ask_nat_gateways,
	ask_endpoint_groups;
ask_fn ask_groups, ask_associations, ask_group_quota, ask_prefix_lists;

/* plan_roles.c. The rows of the roles say which one: enum role. */
ask_fn ask_role, ask_role_policies, ask_role_attached, ask_role_documents, ask_spot_role;

/* plan_data.c: the bucket, the file system, MemoryDB, volumes, and their keys */
ask_fn ask_bucket, ask_bucket_key, ask_bucket_key_policy, ask_account_public_access;
ask_fn ask_ebs_key_id, ask_ebs_key, ask_ebs_key_policy;
ask_fn ask_file_system, ask_file_system_key, ask_backup, ask_interfaces, ask_mount_target_groups;
ask_fn ask_memorydb, ask_subnet_group, ask_parameters, ask_memorydb_groups, ask_memorydb_acl,
	ask_memorydb_users;

/* Groups that are not among the cloud's own, for those are asked for already. */
void add_other_group(const struct facts *facts, struct text_list *others, const char *id);

/* Where the bucket and its key are, if that is not where the cloud is; else NULL. */
const char *bucket_region(const struct facts *facts);

#endif
