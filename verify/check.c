/* SPDX-License-Identifier: Apache-2.0 */
/* What all checks share: when one applies, when it cannot be judged, and the making of findings. */
#include "verify/check.h"

#include <stdarg.h>
#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/str.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/iam/arn.h"

enum { TEXT_MAX = 8 << 10 };

static const char *const group_ids[GROUPS] = {
#define GROUP_ID(word, id, name) [GROUP_##word] = id,
	GROUP_LIST(GROUP_ID)
#undef GROUP_ID
};

static const char *const group_names[GROUPS] = {
#define GROUP_NAME(word, id, name) [GROUP_##word] = name,
	GROUP_LIST(GROUP_NAME)
#undef GROUP_NAME
};

/* Which fact says whether a thing exists. */
static const struct existence {
	unsigned about;
	enum fact fact;
	const char *name;
} existences[] = {
	{ABOUT_VPC, FACT_VPC, "vpc"},
	{ABOUT_SUBNETS, FACT_SUBNETS, "subnets"},
	{ABOUT_SECURITY_GROUPS, FACT_SECURITY_GROUPS, "security groups"},
	{ABOUT_CONTROL_PLANE_ROLE, FACT_CONTROL_PLANE_ROLE, "control-plane role"},
	{ABOUT_NODE_ROLE, FACT_NODE_ROLE, "node role"},
	{ABOUT_BUCKET, FACT_BUCKET, "bucket"},
	{ABOUT_FILE_SYSTEM, FACT_FILE_SYSTEM, "file system"},
	{ABOUT_MOUNT_TARGETS, FACT_MOUNT_TARGETS, "mount targets"},
	{ABOUT_MEMORYDB, FACT_MEMORYDB_CLUSTER, "memorydb cluster"},
	{ABOUT_STACK, FACT_STACK, "stack"},
};

enum { EXISTENCES = ARRAY_LENGTH(existences) };

const char *group_id(enum group group)
{
	return group_ids[group];
}

const char *group_name(enum group group)
{
	return group_names[group];
}

const struct check *check_find(const char *id)
{
	for (size_t i = 0; i < check_count; i++)
		if (text_equal(checks[i].id, id))
			return &checks[i];
	return NULL;
}

bool check_applies(const struct check *check, const struct cloud *cloud)
{
	switch (check->applies) {
	case APPLIES_ALWAYS: return true;
	case APPLIES_DIRECT: return cloud->networking == NETWORKING_DIRECT;
	case APPLIES_PRIVATE: return cloud->networking == NETWORKING_PRIVATE;
	case APPLIES_MANAGED: return cloud->deployment == DEPLOYMENT_MANAGED;
	case APPLIES_MEMORYDB: return aws_cloud(cloud)->resources.memorydb_cluster != NULL;
	case APPLIES_FUNCTIONAL: return false;
	case APPLIES_SETUP: return true;
	}
	return false;
}

fact_set check_facts(const struct check *check)
{
	fact_set facts = check->needs | check->consults;

	for (size_t i = 0; i < EXISTENCES; i++)
		if (check->about & existences[i].about)
			facts |= (fact_set)1 << existences[i].fact;
	return facts;
}

struct finding finding_make(const struct facts *facts, enum verdict verdict, const char *format, ...)
{
	struct finding finding = {.verdict = verdict};
	va_list arguments;

	va_start(arguments, format);
	finding.text = arena_vprintf(facts->arena, format, arguments);
	va_end(arguments);
	return finding;
}

void finding_evidence(const struct facts *facts, struct finding *finding, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	text_list_add(facts->arena, &finding->evidence, arena_vprintf(facts->arena, format, arguments));
	va_end(arguments);
}

void finding_resource(const struct facts *facts, struct finding *finding, const char *id)
{
	if (!text_list_has(&finding->resources, id))
		text_list_add(facts->arena, &finding->resources, id);
}

static const char *loss_text(const struct facts *facts, unsigned fact)
{
	const struct fact_value *value = &facts->value[fact];
	struct str text = {.arena = facts->arena, .max = TEXT_MAX};
	struct error error = *facts_error(facts, fact);

	error.action[0] = '\0'; /* has its own place in the finding */
	error_wrap(&error, "%s", value->doing && *value->doing ? value->doing : fact_name((enum fact)fact));
	error_format(&error, &text);
	return str_text(&text);
}

struct finding finding_lost(const struct facts *facts, unsigned fact)
{
	const struct error *error = facts_error(facts, fact);
	struct finding finding = finding_make(facts, VERDICT_UNKNOWN, "%s", loss_text(facts, fact));

	if (error->kind == ERROR_DENIED && *error->action)
		finding.action = arena_strdup(facts->arena, error->action);
	return finding;
}

/* The first thing the check is about that is known not to exist; NULL when there is none. */
static const struct existence *find_missing(const struct check *check, const struct facts *facts)
{
	for (size_t i = 0; i < EXISTENCES; i++)
		if ((check->about & existences[i].about) &&
			json_is_null(facts_tree(facts, existences[i].fact)))
			return &existences[i];
	return NULL;
}

struct finding finding_unknown(const struct facts *facts, fact_set lost)
{
	struct finding finding = {0};

	for (unsigned i = 0; i < FACTS; i++) {
		if (!(lost & ((fact_set)1 << i)))
			continue;
		if (!finding.text)
			finding = finding_lost(facts, i);
		else if (!text_equal(loss_text(facts, i), finding.text))
			finding_evidence(facts, &finding, "%s", loss_text(facts, i));
	}
	return finding;
}

struct finding check_judge(const struct check *check, const struct facts *facts)
{
	const struct existence *missing = find_missing(check, facts);
	fact_set lost = check->needs & facts->lost;
	struct finding finding;

	if (missing)
		finding = finding_make(facts, VERDICT_SKIP, "needs %s", missing->name);
	else if (lost)
		finding = finding_unknown(facts, lost);
	else
		finding = check->decide(facts);
	finding.check = check;
	return finding;
}

/* The record's value for a placeholder; NULL: the record does not know it, or there is no such placeholder. */
static const char *placeholder(struct arena *arena, const struct cloud *cloud, const char *name)
{
	const struct aws_resources *resources = &aws_cloud(cloud)->resources;
	const struct text_list *groups = &resources->security_group_ids;
	const struct {
		const char *name, *value;
	} values[] = {
		{"vpc", resources->vpc_id},
		{"subnets",
			resources->subnet_ids.count ? text_join(arena, &resources->subnet_ids, " ") : NULL},
		{"groups", groups->count ? text_join(arena, groups, " ") : NULL},
		{"group", groups->count ? groups->items[0] : NULL},
		{"bucket", resources->bucket},
		{"control-plane-role", arn_name(resources->control_plane_role_arn)},
		{"node-role", arn_name(resources->node_role_arn)},
		{"file-system", resources->file_system_id},
		{"memorydb", resources->memorydb_cluster},
		{"region", cloud->region},
		{"account", cloud->account},
		{"cloud", cloud->name},
		{"external-id", aws_cloud(cloud)->external_id ? aws_cloud(cloud)->external_id : cloud->id},
		{"control-plane-account", aws_cloud(cloud)->control_plane_account},
		{"stack", aws_cloud(cloud)->stack_name},
	};

	for (size_t i = 0; i < ARRAY_LENGTH(values); i++)
		if (strcmp(values[i].name, name) == 0)
			return values[i].value;
	return NULL;
}

/* A placeholder is a word of small letters and dashes in braces; JSON in a command has other things after a brace. */
static size_t placeholder_length(const char *text)
{
	size_t length = strspn(text + 1, "abcdefghijklmnopqrstuvwxyz-");

	return *text == '{' && length > 0 && text[1 + length] == '}' ? length : 0;
}

const char *check_remedy(struct arena *arena, const struct check *check, const struct cloud *cloud)
{
	struct str out = {.arena = arena, .max = TEXT_MAX};

	if (!check->remedy)
		return NULL;
	for (const char *text = check->remedy; *text;) {
		size_t length = placeholder_length(text);
		const char *name, *value;

		if (length == 0) {
			str_putc(&out, *text++);
			continue;
		}
		name = arena_strndup(arena, text + 1, length);
		value = placeholder(arena, cloud, name);
		if (value)
			str_puts(&out, value);
		else
			str_printf(&out, "<%s>", name);
		text += length + 2;
	}
	return str_text(&out);
}
