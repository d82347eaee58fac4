/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the checks share, and with the preflight. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_CHECKS_CATALOGUE_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_CHECKS_CATALOGUE_H

#include "base/array.h"
#include "providers/aws/cloud/aws_provider.h"
#include "providers/aws/cloud/kinds.h"
#include "providers/aws/cloud/network/security_group.h"
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

extern const struct check_condition on_direct, on_managed, with_efs, with_memorydb;

/* The words that rows have in common. */
#define FAIL VERDICT_FAIL
#define WARN VERDICT_WARN
#define REQUIREMENTS "docs/requirements.md#"
/* The pages that the requirements come from; that page says which one says what. */
#define GUIDE "https://docs.anyscale.com/1.0.0/cloud-deployment/aws/manage-clouds#"
#define AWS_DOCS "https://docs.aws.amazon.com/"
#define DOCKER_DOCS "https://docs.docker.com/"
#define AWS(command) "aws " command " --region {region}"
#define PUT_POLICY(role, name) "aws iam put-role-policy --role-name {" role "} --policy-name " name " "

/* The groups in the order of the summary, each in the file of its name: check_account.c, … */
#define GROUPS(X) \
	X(account) X(vpc) X(subnets) X(iam) X(security_groups) X(s3) X(efs) X(memorydb) X(stack) X(quotas)
#define CHECKS(rows) .checks = (rows), .count = ARRAY_LENGTH(rows)
#define GROUP(name) extern const struct check_group name##_group;
GROUPS(GROUP)
#undef GROUP

/* check_account.c: whose credentials asked, and whether in another account; see struct check_table */
const char *account_caller(const struct facts *facts);
const char *account_elsewhere(const struct facts *facts);

/* A subnet as EC2 describes it: is it in the cloud's VPC? If not, that is subnets.vpc's finding alone. */
bool is_in_cloud_vpc(const struct facts *facts, const json_t *subnet);

/* check_https.c: the way in for users; check_endpoints.c: to services by interface endpoints */
check_fn check_security_groups_https, check_vpc_interface_endpoints;

/* The rules, each of one block or one group, by which users come to TCP 443. Reads SECURITY_GROUPS, PREFIX_LISTS and VPC. */
struct rules https_rules_of_users(const struct facts *facts);

/* check_security_groups.c: rules of the cloud's own groups, and whether one lets in from, or out to, their members */
struct rules security_groups_rules(const struct facts *facts, enum direction direction);
bool rule_names_cloud(const struct facts *facts, const struct rule *rule);

/* check_reachability.c, check_network_acl.c: how traffic leaves and enters subnets */
check_fn check_subnets_route, check_subnets_network_acl;

/*
 * How network ACLs block NFS to mount targets in other subnets than the cloud's, in words; those in the cloud's subnets
 * are subnets.network-acl's. Reads SUBNETS, MOUNT_TARGETS and NETWORK_ACLS; empty when these are not known.
 */
struct text_list network_acls_against_nfs(const struct facts *facts);

/*
 * Does a DescribeFileSystems reply show its first file system as backed up automatically? While automatic backups are
 * enabled, EFS keeps the system tag aws:elasticfilesystem:default-backup = enabled on it, by which the backup plan
 * selects file systems; nobody else can set or remove a tag that begins with aws: (Amazon EFS User Guide, "Managing
 * automatic backups of EFS file systems"). False when the tag is not there, which alone proves nothing.
 */
bool backup_is_tagged(const json_t *file_systems);

/*
 * The settings of public access that neither the bucket's block nor the account's turns on, in arena; either may be NULL or
 * absent. S3 takes the stricter of the two for each (Amazon S3 User Guide, "Blocking public access").
 */
struct text_list public_access_open(struct arena *arena, const json_t *bucket, const json_t *account);

/* The ACL of MemoryDB that lets everyone in, which every account has (MemoryDB Developer Guide, "Default ACL"). */
#define MEMORYDB_OPEN_ACL "open-access"

/* check_efs_policy.c */
check_fn check_efs_policy;

/* check_permissions.c: what the two roles may do, S3 and its key included */
check_fn check_iam_control_plane_clusters, check_iam_control_plane_pass_role,
	check_iam_control_plane_services, check_iam_control_plane_spot, check_iam_node_ecr,
	check_s3_access_control_plane, check_s3_access_node, check_s3_kms, check_account_ebs_key;

/* check_role_reach.c */
check_fn check_iam_control_plane_tag, check_iam_control_plane_reach;

/* What s3.kms reads when the bucket has a key of its own, and does without when it has none. */
#define KEY_FACTS ROLE_FACTS(CONTROL_PLANE), ROLE_FACTS(NODE), FACT_BUCKET_KEY, FACT_BUCKET_KEY_POLICY

/* The same of account.ebs-key, when volumes are encrypted by default. */
#define VOLUME_KEY_FACTS ROLE_FACTS(CONTROL_PLANE), FACT_EBS_KEY_ID, FACT_EBS_KEY, FACT_EBS_KEY_POLICY

#endif
