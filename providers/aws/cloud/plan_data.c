/* SPDX-License-Identifier: Apache-2.0 */
/* What is asked about the places for data: the bucket, the file system, MemoryDB, volumes, and their keys. */
#include "providers/aws/cloud/plan_parts.h"

#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/checks/catalogue.h"
#include "providers/aws/cloud/checks/kms_key.h"
#include "providers/aws/iam/arn.h"
#include "providers/records/cloud.h"

/* The owner is named, so that a stranger's bucket of the same name answers 403 instead of being taken for ours. */
void ask_bucket(const struct facts *facts, struct ask *ask)
{
	const struct cloud *cloud = facts->cloud;
	json_t *input;

	if (!aws_cloud(cloud)->resources.bucket)
		return;
	input = json_pack("{s:s}", "Bucket", aws_cloud(cloud)->resources.bucket);
	if (cloud->account)
		json_object_set_new(input, "Header:x-amz-expected-bucket-owner", json_string(cloud->account));
	ask_add(ask, NULL, input);
}

const char *bucket_region(const struct facts *facts)
{
	const char *region = tree_text(facts_tree(facts, FACT_BUCKET), "BucketRegion");

	return *region && !text_equal(region, facts->cloud->region) ? region : NULL;
}

void ask_bucket_key(const struct facts *facts, struct ask *ask)
{
	const char *key = bucket_key_id(facts_tree(facts, FACT_BUCKET_ENCRYPTION));

	ask_one(ask, "KeyId", *key ? key : NULL);
}

/* By the key's ARN, for an alias has no policy; and only in the key's own account is there an answer. */
static void ask_key_policy(const struct facts *facts, struct ask *ask, enum fact key)
{
	const char *arn = kms_key_arn(facts_tree(facts, key)), *account = facts->cloud->account;

	if (arn && (!account || arn_field_is(arn, ARN_ACCOUNT, account)))
		ask_add(ask, NULL, json_pack("{s:s,s:s}", "KeyId", arn, "PolicyName", "default"));
}

void ask_bucket_key_policy(const struct facts *facts, struct ask *ask)
{
	ask_key_policy(facts, ask, FACT_BUCKET_KEY);
}

/* Nothing is asked where the bucket itself blocks everything. */
void ask_account_public_access(const struct facts *facts, struct ask *ask)
{
	const struct cloud *cloud = facts->cloud;
	const char *node_role = aws_cloud(cloud)->resources.node_role_arn;
	const char *account = cloud->account ? cloud->account : arn_account(facts->arena, node_role);
	struct text_list off = public_access_open(facts->arena, facts_tree(facts, FACT_BUCKET_PUBLIC_ACCESS),
		NULL);

	if (aws_cloud(cloud)->resources.bucket && off.count > 0)
		ask_one(ask, "Header:x-amz-account-id", *account ? account : NULL);
}

void ask_ebs_key_id(const struct facts *facts, struct ask *ask)
{
	if (tree_bool(facts_tree(facts, FACT_EBS_ENCRYPTION), "ebsEncryptionByDefault"))
		ask_nothing(facts, ask);
}

/* AWS's own key needs no permission. */
void ask_ebs_key(const struct facts *facts, struct ask *ask)
{
	const char *key = ebs_key_id(facts_tree(facts, FACT_EBS_KEY_ID));

	ask_one(ask, "KeyId", *key ? key : NULL);
}

void ask_ebs_key_policy(const struct facts *facts, struct ask *ask)
{
	if (kms_key_is_customers(facts_tree(facts, FACT_EBS_KEY)))
		ask_key_policy(facts, ask, FACT_EBS_KEY);
}

void ask_file_system(const struct facts *facts, struct ask *ask)
{
	ask_one(ask, "FileSystemId", aws_cloud(facts->cloud)->resources.file_system_id);
}

/* An encrypted file system names its key by ARN, which does not tell whether it is AWS's own. */
void ask_file_system_key(const struct facts *facts, struct ask *ask)
{
	const char *key = tree_text(facts_tree(facts, FACT_FILE_SYSTEM), "FileSystems.0.KmsKeyId");

	ask_one(ask, "KeyId", *key ? key : NULL);
}

/* Where the file system's tag says it already, nothing is asked: see backup_is_tagged(). */
void ask_backup(const struct facts *facts, struct ask *ask)
{
	if (!backup_is_tagged(facts_tree(facts, FACT_FILE_SYSTEM)))
		ask_file_system(facts, ask);
}

void ask_interfaces(const struct facts *facts, struct ask *ask)
{
	struct text_list ids = {0};

	TREE_EACH (target, facts_tree(facts, FACT_MOUNT_TARGETS), "MountTargets")
		if (*tree_text(target, "NetworkInterfaceId"))
			text_list_add(facts->arena, &ids, tree_text(target, "NetworkInterfaceId"));
	ask_filter(ask, "network-interface-id", ids.items, ids.count);
}

void add_other_group(const struct facts *facts, struct text_list *others, const char *id)
{
	if (*id && !text_list_has(&aws_cloud(facts->cloud)->resources.security_group_ids, id) &&
		!text_list_has(others, id))
		text_list_add(facts->arena, others, id);
}

void ask_mount_target_groups(const struct facts *facts, struct ask *ask)
{
	struct text_list others = {0};

	TREE_EACH (interface, facts_tree(facts, FACT_MOUNT_TARGET_INTERFACES), "networkInterfaceSet")
		TREE_EACH (group, interface, "groupSet")
			add_other_group(facts, &others, tree_text(group, "groupId"));
	ask_filter(ask, "group-id", others.items, others.count);
}

void ask_memorydb(const struct facts *facts, struct ask *ask)
{
	if (aws_cloud(facts->cloud)->resources.memorydb_cluster)
		ask_add(ask, NULL,
			json_pack("{s:s,s:b}", "ClusterName",
				aws_cloud(facts->cloud)->resources.memorydb_cluster, "ShowShardDetails", 1));
}

/* Nothing is asked when there is no cluster. */
void ask_subnet_group(const struct facts *facts, struct ask *ask)
{
	const char *name = tree_text(facts_tree(facts, FACT_MEMORYDB_CLUSTER), "Clusters.0.SubnetGroupName");

	ask_one(ask, "SubnetGroupName", *name ? name : NULL);
}

void ask_parameters(const struct facts *facts, struct ask *ask)
{
	const char *name = tree_text(facts_tree(facts, FACT_MEMORYDB_CLUSTER),
		"Clusters.0.ParameterGroupName");

	ask_one(ask, "ParameterGroupName", *name ? name : NULL);
}

void ask_memorydb_groups(const struct facts *facts, struct ask *ask)
{
	struct text_list others = {0};

	TREE_EACH (group, facts_tree(facts, FACT_MEMORYDB_CLUSTER), "Clusters.0.SecurityGroups")
		add_other_group(facts, &others, tree_text(group, "SecurityGroupId"));
	ask_filter(ask, "group-id", others.items, others.count);
}

/* The ACL that every account has lets everyone in; of another the users decide. */
static const char *closed_acl(const struct facts *facts)
{
	const char *name = tree_text(facts_tree(facts, FACT_MEMORYDB_CLUSTER), "Clusters.0.ACLName");

	return *name && !text_equal(name, MEMORYDB_OPEN_ACL) ? name : NULL;
}

void ask_memorydb_acl(const struct facts *facts, struct ask *ask)
{
	ask_one(ask, "ACLName", closed_acl(facts));
}

/* All of them at once: an ACL may have many, and a call is for one or for all. */
void ask_memorydb_users(const struct facts *facts, struct ask *ask)
{
	if (closed_acl(facts))
		ask_nothing(facts, ask);
}
