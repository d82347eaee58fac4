/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kinds of resources that a cloud on AWS is made of, and those that its permissions are about. Adding one is a word
 * and a member here, and their rows in kinds.c; what CloudFormation makes of it is in resource_types.c.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_KINDS_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_KINDS_H

#include "base/text.h"
#include "verify/resource_kind.h"

struct cloud;
struct member_table;

/* Where a group or a policy names several, it does so in this order. */
enum kind {
	/* those that a user gives to `register`, in the order of its options */
	KIND_VPC,
	KIND_SUBNETS,
	KIND_SECURITY_GROUPS,
	KIND_FILE_SYSTEM,
	KIND_CONTROL_PLANE_ROLE,
	KIND_NODE_ROLE,
	KIND_BUCKET,
	KIND_MEMORYDB,
	/* those that are found through the others */
	KIND_MOUNT_TARGETS,
	KIND_STACK,
	/* what else the template makes */
	KIND_INTERNET_GATEWAY,
	KIND_ADDRESS, /* elastic IP addresses */
	KIND_NAT_GATEWAY,
	KIND_ROUTE_TABLE,
	KIND_VPC_ENDPOINT,
	KIND_INSTANCE_PROFILE,
	KIND_MEMORYDB_PARAMETER_GROUP,
	KIND_MEMORYDB_SUBNET_GROUP,
	KIND_RAY_ROLE, /* of head nodes, workers and launchers */
	KIND_RAY_PROFILE,
	/* what else permissions are about */
	KIND_MEMORYDB_ACL, /* that of the template */
	KIND_MEMORYDB_ACLS,
	KIND_MEMORYDB_USERS,
	KIND_NETWORK_ACL, /* that EC2 makes with a VPC */
	KIND_SECURITY_GROUP_RULE,
	KIND_PREFIX_LIST,  /* any account's, AWS's own too */
	KIND_SPOT_ROLE,    /* the role that EC2 has in the account for spot instances */
	KIND_SERVICE_ROLE, /* the roles that EFS and MemoryDB themselves have in the account */
	KIND_POLICY,
	KIND_OTHER_INSTANCE_PROFILE, /* that has the cloud's role */
	KIND_OBJECTS,                /* of the bucket */
	KIND_BACKUP_VAULT,
	/* what a functional verification launches and writes */
	KIND_RUN_OBJECTS, /* of the bucket */
	KIND_PUBLIC_PARAMETER,
	KIND_IMAGE,
	KIND_VOLUME,
	/* what the control plane makes */
	KIND_INSTANCE,
	KIND_SPOT_REQUEST,
	KIND_NETWORK_INTERFACE,
	KIND_OTHER_ADDRESS,
	KIND_OTHER_NAT_GATEWAY,
	KIND_LOAD_BALANCER,
	KIND_TARGET_GROUP,
	KIND_PRINCIPAL,
	KIND_FILE_SYSTEM_KEY,
	KIND_BUCKET_KEY,
	KIND_VOLUME_KEY,
	KIND_QUOTA,
	KIND_ANY,
	KINDS_COUNT,
};

/*
 * Subnets of a cloud, and security groups. AWS allows 200 subnets in a VPC, and more on request (docs.aws.amazon.com/vpc,
 * "Amazon VPC quotas"). Checks compare each with each, so that a record from elsewhere must not name any number of them.
 */
enum { RESOURCES_MAX = 1000 };

struct aws_resources {
	const char *vpc_id;
	struct text_list subnet_ids;
	struct text_list security_group_ids;
	const char *control_plane_role_arn;
	const char *node_role_arn;
	const char *bucket; /* name, never an ARN */
	const char *file_system_id;
	const char *mount_target_ip;
	const char *memorydb_cluster; /* name; NULL: the cloud has none */
	const char *memorydb_arn;
	const char *memorydb_endpoint; /* "address:port" */
};

/* How the record's "resources" are read and written: the keys are the members' names, in this order. */
extern const struct member_table aws_resources_table;

/*
 * Identifiers are patterns of ARNs, and default names are those of template.yaml. In both, words in braces are filled in
 * by kind_fill_in(): {partition} {region} {account} {id} {stack}, the cloud's id and its stack's name; and in identifiers
 * {path} of roles and instance profiles, "/" or longer, and {name}, the resource's own.
 */
extern const struct resource_kind kinds[KINDS_COUNT];

/* Is the text a bucket's name? (Amazon S3 User Guide, "General purpose bucket naming rules") */
bool kind_bucket_valid(const char *text);

/* Is it the ARN of a role, with or without a path? */
bool kind_role_valid(const char *text);

/* Is it an IP address, as of a mount target? */
#define KIND_ADDRESS_FORM "an IP address, such as 10.0.0.10"
bool kind_address_valid(const char *text);

/* What is filled in for a word in braces. The last row has no word. */
struct kind_value {
	const char *word, *value; /* "region", "us-west-2" */
};

/* A pattern with its words filled in, in arena; NULL when one of its words is not among the values. */
const char *kind_fill_in(struct arena *arena, const char *pattern, const struct kind_value *values);

/*
 * The name that `setup` gives to a resource of a kind with a default name, or its ARN where ids are ARNs, in arena. The
 * cloud must have what the pattern names: id, stack name, region, account.
 */
const char *kind_default_id(struct arena *arena, enum kind kind, const struct cloud *cloud);

/* The id in an ARN that a user gave for a kind of which that is accepted, in arena; any other text as it is. */
const char *kind_id_given(struct arena *arena, enum kind kind, const char *text);

#endif
