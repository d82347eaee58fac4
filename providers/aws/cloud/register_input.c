/* SPDX-License-Identifier: Apache-2.0 */
/* Shapes of ids, ARNs and names (AWS's service models and user guides), as a table over the record. */
#include "providers/aws/cloud/register_input.h"

#include <stddef.h>
#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/setup_plan.h"
#include "providers/aws/iam/arn.h"

#define HEX "0123456789abcdef"
#define DIGITS "0123456789"
#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define ROLE_NAME LOWER UPPER DIGITS "_+=,.@-"

/* --- shapes --- */

/* 8 hexadecimal digits in ids of old, 17 in new ones; lengths between are let through for AWS to judge. */
static bool is_id(const char *text, const char *prefix, size_t longest)
{
	return text_starts_with(text, prefix) && text_only(text + strlen(prefix), HEX, 8, longest);
}

static bool is_vpc(const char *text)
{
	return is_id(text, "vpc-", 17);
}

static bool is_subnet(const char *text)
{
	return is_id(text, "subnet-", 17);
}

static bool is_security_group(const char *text)
{
	return is_id(text, "sg-", 17);
}

static bool is_file_system(const char *text)
{
	return is_id(text, "fs-", 40);
}

/* arn:PARTITION:iam::ACCOUNT:role/PATH/NAME */
static bool is_role(const char *text)
{
	size_t length, rest;
	const char *account = arn_find(text, ARN_ACCOUNT, &length);
	const char *resource = arn_find(text, ARN_RESOURCE, &rest);

	return resource && length == 12 && strspn(account, DIGITS) == 12 &&
		text_glob("arn:aws*:iam::*:role/*", text, false) &&
		text_only(text, ROLE_NAME ":/", 20, 600) && text_starts_with(resource, "role/") &&
		!strchr(resource, ':') && text_only(arn_name(text), ROLE_NAME, 1, 64);
}

/* Amazon S3 User Guide, "General purpose bucket naming rules". */
static bool is_bucket(const char *text)
{
	size_t length = strlen(text);

	return text_only(text, LOWER DIGITS ".-", 3, 63) && strchr(LOWER DIGITS, text[0]) &&
		strchr(LOWER DIGITS, text[length - 1]) && !strstr(text, "..") &&
		strspn(text, DIGITS ".") != length;
}

/* MemoryDB API, CreateCluster: letters, digits and hyphens, beginning with a letter, no hyphens together or last. */
static bool is_memorydb(const char *text)
{
	return text_only(text, LOWER UPPER DIGITS "-", 1, 40) && text_is_letter(text[0]) &&
		!strstr(text, "--") && !text_ends_with(text, "-");
}

static bool is_aws(const char *text)
{
	return text_equal(text, "aws");
}

/* STS API, AssumeRole, ExternalId. */
static bool is_external_id(const char *text)
{
	return text_only(text, ROLE_NAME ":/", 2, 1224);
}

/* --- the members of a record that a user gives --- */

static const struct input_member {
	const char *option;
	bool envelope; /* it is in struct cloud; false: in struct aws_cloud */
	size_t offset; /* of a const char *, or of a text_list */
	bool list, optional;
	bool (*is)(const char *text);
	const char *what;
} members[] = {
	{"--name", true, offsetof(struct cloud, name), false, false, cloud_name_valid,
		"a name: 1 to 64 of A-Z a-z 0-9 _ . - beginning with a letter or digit"},
	{"--provider", true, offsetof(struct cloud, provider), false, true, is_aws,
		"supported; cloudctl works with aws"},
	{"--region", true, offsetof(struct cloud, region), false, false, aws_region_valid,
		"a region, such as us-west-2"},
	{"--vpc-id", false, offsetof(struct aws_cloud, resources.vpc_id), false, false, is_vpc,
		"a VPC id, such as vpc-0a1b2c3d4e5f67890"},
	{"--subnet-ids", false, offsetof(struct aws_cloud, resources.subnet_ids), true, false, is_subnet,
		"a subnet id, such as subnet-0a1b2c3d4e5f67890"},
	{"--security-group-ids", false, offsetof(struct aws_cloud, resources.security_group_ids), true, false,
		is_security_group, "a security group id, such as sg-0a1b2c3d4e5f67890"},
	{"--efs-id", false, offsetof(struct aws_cloud, resources.file_system_id), false, false,
		is_file_system, "a file system id, such as fs-0a1b2c3d4e5f67890"},
	{"--control-plane-role-arn", false, offsetof(struct aws_cloud, resources.control_plane_role_arn),
		false, false, is_role, "a role's ARN, such as arn:aws:iam::123456789012:role/name"},
	{"--node-role-arn", false, offsetof(struct aws_cloud, resources.node_role_arn), false, false, is_role,
		"a role's ARN, such as arn:aws:iam::123456789012:role/name"},
	{"--s3-bucket-id", false, offsetof(struct aws_cloud, resources.bucket), false, false, is_bucket,
		"a bucket's name"},
	{"--memorydb-cluster-id", false, offsetof(struct aws_cloud, resources.memorydb_cluster), false, true,
		is_memorydb, "a MemoryDB cluster's name"},
	{"--control-plane-account", false, offsetof(struct aws_cloud, control_plane_account), false, false,
		aws_account_valid, "an account id of 12 digits"},
	{"external_id", false, offsetof(struct aws_cloud, external_id), false, true, is_external_id,
		"an external id: 2 to 1224 of A-Z a-z 0-9 _ + = , . @ : / -"},
};

/* The member's value or values as one list. */
static struct text_list values_of(struct arena *arena, const struct input_member *member,
	const struct cloud *cloud)
{
	const void *owner = member->envelope ? (const void *)cloud : aws_cloud(cloud);
	const char *place = (const char *)owner + member->offset;
	struct text_list values = {0};

	if (member->list)
		return *(const struct text_list *)(const void *)place;
	if (*(const char *const *)(const void *)place)
		text_list_add(arena, &values, *(const char *const *)(const void *)place);
	return values;
}

static void add_missing(struct arena *arena, const struct cloud *cloud, struct text_list *mistakes)
{
	struct text_list missing = {0};

	for (size_t i = 0; i < ARRAY_LENGTH(members); i++) {
		if (!members[i].optional && values_of(arena, &members[i], cloud).count == 0)
			text_list_add(arena, &missing, members[i].option);
	}
	if (missing.count > 0)
		text_list_add(arena, mistakes,
			arena_printf(arena, "missing: %s", text_join(arena, &missing, ", ")));
}

static bool seen_before(const struct text_list *values, size_t i)
{
	const struct text_list before = {.items = values->items, .count = i};

	return text_list_has(&before, values->items[i]);
}

static void add_malformed(struct arena *arena, const struct input_member *member, const struct cloud *cloud,
	struct text_list *mistakes)
{
	struct text_list values = values_of(arena, member, cloud);

	for (size_t i = 0; i < values.count; i++) {
		if (!member->is(values.items[i]))
			text_list_add(arena, mistakes,
				arena_printf(arena, "%s: '%s' is not %s", member->option, values.items[i],
					member->what));
		else if (seen_before(&values, i))
			text_list_add(arena, mistakes,
				arena_printf(arena, "%s: '%s' is given twice", member->option,
					values.items[i]));
	}
}

/* The 12 digits of a role's ARN; NULL when it is none. */
static const char *account_of(struct arena *arena, const char *role_arn)
{
	return role_arn && is_role(role_arn) ? arn_account(arena, role_arn) : NULL;
}

static void add_accounts(struct arena *arena, const struct cloud *cloud, struct text_list *mistakes)
{
	const char *control_plane = account_of(arena, aws_cloud(cloud)->resources.control_plane_role_arn);
	const char *node = account_of(arena, aws_cloud(cloud)->resources.node_role_arn);

	if (control_plane && node && !text_equal(control_plane, node))
		text_list_add(arena, mistakes,
			arena_printf(arena, "--node-role-arn: the roles are in different accounts, %s and %s",
				control_plane, node));
}

struct text_list register_input_mistakes(struct arena *arena, const struct cloud *cloud)
{
	struct text_list mistakes = {0};

	add_missing(arena, cloud, &mistakes);
	for (size_t i = 0; i < ARRAY_LENGTH(members); i++)
		add_malformed(arena, &members[i], cloud, &mistakes);
	add_accounts(arena, cloud, &mistakes);
	return mistakes;
}

/* --- options --- */

#define AT(member) offsetof(struct register_options, member)

const struct option register_option_rows[] = {
	{"name", 'n', OPTION_TEXT, AT(name), "NAME", "name of the cloud"},
	{"provider", 0, OPTION_TEXT, AT(provider), "PROVIDER", "whose resources they are; only aws"},
	{"vpc-id", 0, OPTION_TEXT, AT(vpc_id), "ID", "the VPC"},
	{"subnet-ids", 0, OPTION_LIST, AT(subnet_ids), "IDS", "its subnets, two or more, in different zones"},
	{"security-group-ids", 0, OPTION_LIST, AT(security_group_ids), "IDS",
		"security groups of the clusters"},
	{"efs-id", 0, OPTION_TEXT, AT(efs_id), "ID", "the EFS file system"},
	{"control-plane-role-arn", 0, OPTION_TEXT, AT(control_plane_role_arn), "ARN",
		"role that the control plane assumes to launch clusters"},
	{"anyscale-iam-role-id", 0, OPTION_TEXT, AT(control_plane_role_arn), "ARN", "the same", NULL,
		"control-plane-role-arn"},
	{"node-role-arn", 0, OPTION_TEXT, AT(node_role_arn), "ARN", "role of the clusters' instances"},
	{"instance-iam-role-id", 0, OPTION_TEXT, AT(node_role_arn), "ARN", "the same", NULL, "node-role-arn"},
	{"s3-bucket-id", 0, OPTION_TEXT, AT(s3_bucket_id), "BUCKET", "the S3 bucket, by name or ARN"},
	{"memorydb-cluster-id", 0, OPTION_TEXT, AT(memorydb_cluster_id), "NAME",
		"MemoryDB cluster for head node fault tolerance"},
	{"private-network", 0, OPTION_FLAG, AT(private_network), NULL,
		"clusters are in private subnets and reached by private addresses"},
	{"control-plane-account", 0, OPTION_TEXT, AT(control_plane_account), "ID",
		"account that the control-plane role trusts; 525325868955"},
	{"file", 'f', OPTION_TEXT, AT(file), "FILE",
		"a record, as 'get -o yaml' prints it; options go before it"},
	{"skip-verifications", 0, OPTION_FLAG, AT(skip_verifications), NULL,
		"register without checking anything"},
	{"yes", 'y', OPTION_FLAG, AT(yes), NULL,
		"agree to every question, but to none about checks that failed"},
	{NULL},
};

/* --- merging --- */

static void set(const char **member, const char *value)
{
	if (value)
		*member = value;
}

static void set_list(struct text_list *member, const struct text_list *value)
{
	if (value->count > 0)
		*member = *value;
}

/* "arn:aws:s3:::name" → "name"; anything else stays, to be judged. */
static const char *without_arn(const char *text, const char *pattern, const char *separator)
{
	if (!text || !text_glob(pattern, text, false))
		return text;
	return strstr(text, separator) + strlen(separator);
}

void register_input_merge(struct arena *arena, const struct register_options *options, const char *region,
	struct cloud *cloud)
{
	const struct cloud given = *cloud;
	const struct aws_cloud *from = aws_cloud(&given);
	struct aws_resources *resources;
	struct aws_cloud *section;

	*cloud = (struct cloud){.id = given.id,
		.name = given.name,
		.provider = given.provider ? given.provider : "aws",
		.region = given.region,
		.networking = options->private_network ? NETWORKING_PRIVATE : given.networking,
		.deployment = DEPLOYMENT_REGISTERED,
		.state = CLOUD_CREATING};
	section = aws_cloud_edit(arena, cloud);
	*section = (struct aws_cloud){.resources = from->resources,
		.control_plane_account = from->control_plane_account ? from->control_plane_account
								     : setup_control_plane_account,
		.external_id = from->external_id};
	resources = &section->resources;
	set(&cloud->name, options->name);
	if (options->provider)
		cloud->provider = text_equal_nocase(options->provider, "aws") ? "aws" : options->provider;
	set(&cloud->region, region);
	set(&section->control_plane_account, options->control_plane_account);
	set(&resources->vpc_id, options->vpc_id);
	set_list(&resources->subnet_ids, &options->subnet_ids);
	set_list(&resources->security_group_ids, &options->security_group_ids);
	set(&resources->file_system_id, options->efs_id);
	set(&resources->control_plane_role_arn, options->control_plane_role_arn);
	set(&resources->node_role_arn, options->node_role_arn);
	set(&resources->bucket, options->s3_bucket_id);
	set(&resources->memorydb_cluster, options->memorydb_cluster_id);
	resources->bucket = without_arn(resources->bucket, "arn:aws*:s3:::*", ":::");
	resources->memorydb_cluster = without_arn(resources->memorydb_cluster,
		"arn:aws*:memorydb:*:cluster/*", ":cluster/");
	resources->mount_target_ip = resources->memorydb_arn = resources->memorydb_endpoint = NULL;
	cloud->account = account_of(arena, resources->control_plane_role_arn);
}
