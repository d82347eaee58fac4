/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of checks: its groups, when a check applies, and what the tables of checks take from the record. The rows
 * are beside their functions, one file for each group.
 */
#include "providers/aws/cloud/checks/catalogue.h"

#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/permissions/simulation.h"
#include "providers/aws/iam/arn.h"
#include "verify/verification.h"

#define GROUP(name) &name##_group,
static const struct check_group *const groups[] = {GROUPS(GROUP)};

const struct check_table cloud_checks = {
	.groups = groups,
	.group_count = ARRAY_LENGTH(groups),
	.plan = &cloud_plan,
	.optional = FACTS(SIMULATIONS),
	.caller = account_caller,
	.elsewhere = account_elsewhere,
	.identity = FACTS(FACT_IDENTITY),
	CHECKS_OF_A_RECORD,
};

static bool holds_on_direct(const struct cloud *cloud, const struct verify_options *options)
{
	(void)options;
	return cloud->networking == NETWORKING_DIRECT;
}

static bool holds_on_managed(const struct cloud *cloud, const struct verify_options *options)
{
	(void)options;
	return cloud->deployment == DEPLOYMENT_MANAGED;
}

static bool holds_with_efs(const struct cloud *cloud, const struct verify_options *options)
{
	(void)options;
	return !aws_cloud(cloud)->setup.no_efs;
}

static bool holds_with_memorydb(const struct cloud *cloud, const struct verify_options *options)
{
	(void)options;
	return aws_cloud(cloud)->resources.memorydb_cluster != NULL;
}

const struct check_condition on_direct = {"clouds with direct networking", holds_on_direct};
const struct check_condition on_managed = {"managed clouds", holds_on_managed};
const struct check_condition with_efs = {"all clouds but those of --no-efs", holds_with_efs};
const struct check_condition with_memorydb = {"clouds with MemoryDB", holds_with_memorydb};

const void *checks_section(const struct cloud *cloud)
{
	return aws_cloud(cloud);
}

const char *checks_name_of(const char *id)
{
	return text_starts_with(id, "arn:") ? arn_name(id) : id;
}

const char *checks_placeholder(struct arena *arena, const struct cloud *cloud, const char *name)
{
	const struct aws_cloud *aws = aws_cloud(cloud);
	const struct text_list *security_groups = &aws->resources.security_group_ids;
	const struct {
		const char *name, *value;
	} values[] = {
		{"group", security_groups->count ? security_groups->items[0] : NULL},
		{"region", cloud->region},
		{"account", cloud->account},
		{"cloud", cloud->name},
		{"external-id", aws->external_id ? aws->external_id : cloud->id},
		{"control-plane-account", aws->control_plane_account},
		{"stack", aws->stack_name},
	};

	(void)arena;
	for (size_t i = 0; i < ARRAY_LENGTH(values); i++)
		if (text_equal(values[i].name, name))
			return values[i].value;
	return NULL;
}

const struct ignored_list *checks_ignored(const struct cloud *cloud)
{
	return &cloud->ignored;
}
