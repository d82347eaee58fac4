/* SPDX-License-Identifier: Apache-2.0 */
/* The functions behind the rows of checks.c, one file for each resource; only checks.c and tests include this. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_CHECKS_CATALOGUE_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_CHECKS_CATALOGUE_H

#include "providers/aws/cloud/cloud_checks.h"
#include "providers/aws/cloud/kinds.h"
#include "providers/aws/cloud/permissions/role_policies.h"
#include "providers/records/cloud.h"
#include "verify/check.h"
#include "verify/plan.h"

/* What a table of checks takes from the record of a cloud on AWS; see struct check_table. */
const void *checks_section(const struct cloud *cloud);
const char *checks_name_of(const char *id);
const char *checks_placeholder(struct arena *arena, const struct cloud *cloud, const char *name);
const struct ignored_list *checks_ignored(const struct cloud *cloud);
#define CHECKS_OF_A_RECORD \
	.kinds = kinds, .kind_count = KINDS_COUNT, .section = checks_section, .name_of = checks_name_of, \
	.placeholder = checks_placeholder, .ignored = checks_ignored

extern const struct check_condition on_direct, on_managed, on_functional, with_memorydb;

/* check_account.c */
check_fn check_account_identity, check_account_region;

/* check_vpc.c */
check_fn check_vpc_exists, check_vpc_cidr_size, check_vpc_dns, check_vpc_s3_endpoint;

/* A subnet as EC2 describes it: is it in the cloud's VPC? Where not, that is subnets.vpc's finding alone. */
bool is_in_cloud_vpc(const struct facts *facts, const json_t *subnet);

/* check_subnets.c: the subnets themselves */
check_fn check_subnets_exist, check_subnets_count, check_subnets_vpc, check_subnets_cidr_size,
	check_subnets_free_addresses, check_subnets_zones, check_subnets_public_zones,
	check_subnets_public_ip;

/* check_reachability.c, check_network_acl.c: how traffic leaves and enters them */
check_fn check_subnets_route, check_subnets_network_acl;

/*
 * How network ACLs keep NFS from mount targets that stand in other subnets than the cloud's, in words; those within are
 * subnets.network-acl's. Reads SUBNETS, MOUNT_TARGETS and NETWORK_ACLS; empty when these are not known.
 */
struct text_list network_acls_against_nfs(const struct facts *facts);

/* check_iam.c */
check_fn check_iam_account, check_iam_control_plane_exists, check_iam_control_plane_trust,
	check_iam_control_plane_external_id, check_iam_node_exists, check_iam_node_trust,
	check_iam_node_instance_profile;

/* check_permissions.c: what the two roles may do, S3 and its key included */
check_fn check_iam_control_plane_clusters, check_iam_control_plane_pass_role,
	check_iam_control_plane_services, check_iam_control_plane_spot, check_iam_node_ecr,
	check_s3_access_control_plane, check_s3_access_node, check_s3_kms;

/* What s3.kms reads when the bucket has a key of its own, and does without when it has none. */
#define KEY_FACTS ROLE_FACTS(CONTROL_PLANE), ROLE_FACTS(NODE), FACT_BUCKET_KEY, FACT_BUCKET_KEY_POLICY

/* check_security_groups.c */
check_fn check_security_groups_exist, check_security_groups_vpc, check_security_groups_https,
	check_security_groups_ssh, check_security_groups_self_in, check_security_groups_self_out,
	check_security_groups_egress, check_security_groups_open_ports;

/* check_s3.c */
check_fn check_s3_exists, check_s3_region, check_s3_cors, check_s3_public_access;

/* check_efs.c */
check_fn check_efs_exists, check_efs_mount_targets, check_efs_security_group, check_efs_mount_target_ip,
	check_efs_policy, check_efs_backup;

/* check_memorydb.c */
check_fn check_memorydb_exists, check_memorydb_vpc, check_memorydb_subnets, check_memorydb_security_group,
	check_memorydb_tls, check_memorydb_replicas, check_memorydb_maxmemory_policy;

/* check_stack.c */
check_fn check_stack_status;

/* check_quotas.c */
check_fn check_quotas_vcpu;

#endif
