/* SPDX-License-Identifier: Apache-2.0 */
/* Entries of a record against findings. Decides nothing about the cloud itself. */
#include "verify/ignore.h"

#include "base/arena.h"
#include "base/str.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/iam/arn.h"
#include "verify/check.h"

enum { REASON_MAX = 8 << 10 };

static void add(struct arena *arena, struct text_list *list, const char *id)
{
	if (id)
		text_list_add(arena, list, id);
}

static void add_roles(struct arena *arena, struct text_list *list, const struct cloud *cloud,
	const struct check *check)
{
	if (!text_starts_with(check->id, "iam.node."))
		add(arena, list, aws_cloud(cloud)->resources.control_plane_role_arn);
	if (!text_starts_with(check->id, "iam.control-plane."))
		add(arena, list, aws_cloud(cloud)->resources.node_role_arn);
}

/* All that a check is about, by the record. */
static struct text_list subjects(struct arena *arena, const struct cloud *cloud, const struct check *check)
{
	const struct aws_resources *resources = &aws_cloud(cloud)->resources;
	struct text_list list = {0};

	switch (check->group) {
	case GROUP_ACCOUNT: add(arena, &list, cloud->account); break;
	case GROUP_VPC: add(arena, &list, resources->vpc_id); break;
	case GROUP_SUBNETS: return resources->subnet_ids;
	case GROUP_IAM: add_roles(arena, &list, cloud, check); break;
	case GROUP_SECURITY_GROUPS: return resources->security_group_ids;
	case GROUP_S3: add(arena, &list, resources->bucket); break;
	case GROUP_EFS: add(arena, &list, resources->file_system_id); break;
	case GROUP_MEMORYDB: add(arena, &list, resources->memorydb_cluster); break;
	case GROUP_STACK: add(arena, &list, aws_cloud(cloud)->stack_arn); break;
	case GROUP_QUOTAS: add(arena, &list, cloud->region); break;
	case GROUP_PREFLIGHT:
	case GROUPS: break;
	}
	return list;
}

static struct text_list failing(struct arena *arena, const struct cloud *cloud, const struct finding *finding)
{
	return finding->resources.count > 0 ? finding->resources : subjects(arena, cloud, finding->check);
}

static bool names(const struct ignored *entry, const char *resource)
{
	return text_equal(entry->resource, resource) ||
		(text_starts_with(resource, "arn:") && text_equal(entry->resource, arn_name(resource)));
}

/* The entry of a check and a resource; resource NULL: the one without. */
static const struct ignored *find(const struct cloud *cloud, const char *check, const char *resource)
{
	for (size_t i = 0; i < cloud->ignored.count; i++) {
		const struct ignored *entry = &cloud->ignored.items[i];

		if (text_equal(entry->check, check) &&
			(resource ? entry->resource && names(entry, resource) : !entry->resource))
			return entry;
	}
	return NULL;
}

/* "REASON", or "subnet-1: REASON; subnet-2: ANOTHER" */
static const char *reasons_of(struct arena *arena, const struct cloud *cloud, const char *check,
	const struct text_list *resources)
{
	struct str text = {.arena = arena, .max = REASON_MAX};

	for (size_t i = 0; i < resources->count; i++) {
		const struct ignored *entry = find(cloud, check, resources->items[i]);

		if (!entry)
			return NULL;
		str_printf(&text, "%s%s: %s", i > 0 ? "; " : "", resources->items[i], entry->reason);
	}
	return resources->count > 0 ? str_text(&text) : NULL;
}

const char *ignore_reason(struct arena *arena, const struct cloud *cloud, const struct finding *finding)
{
	enum verdict verdict = finding->verdict;
	const struct ignored *whole;
	struct text_list resources;

	if (cloud->ignored.count == 0 || verdict == VERDICT_PASS || verdict == VERDICT_SKIP)
		return NULL;
	whole = find(cloud, finding->check->id, NULL);
	if (whole)
		return whole->reason;
	if (verdict == VERDICT_UNKNOWN)
		return NULL;
	resources = failing(arena, cloud, finding);
	return reasons_of(arena, cloud, finding->check->id, &resources);
}

static bool fails_for(struct arena *arena, const struct cloud *cloud, const struct finding *finding,
	const struct ignored *entry)
{
	struct text_list resources = failing(arena, cloud, finding);

	for (size_t i = 0; i < resources.count; i++)
		if (names(entry, resources.items[i]))
			return true;
	return false;
}

enum ignore_use ignore_use(struct arena *arena, const struct cloud *cloud, const struct ignored *entry,
	const struct finding *findings, size_t count)
{
	const struct finding *finding = NULL;

	for (size_t i = 0; i < count && !finding; i++)
		if (text_equal(findings[i].check->id, entry->check))
			finding = &findings[i];
	if (!finding)
		return check_find(entry->check) ? IGNORE_NOT_JUDGED : IGNORE_UNKNOWN_CHECK;
	if (finding->verdict == VERDICT_PASS)
		return IGNORE_PASSED;
	if (entry->resource && (finding->verdict == VERDICT_WARN || finding->verdict == VERDICT_FAIL) &&
		!fails_for(arena, cloud, finding, entry))
		return IGNORE_PASSED;
	return IGNORE_OF_USE;
}
