/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cloud records as trees. One table of members drives both directions; a member is added here and in cloud.h.
 * Does no I/O and knows nothing of where records are kept.
 */
#include "providers/records/cloud.h"

#include <string.h>

#include "base/arena.h"

enum { RECORD_VERSION = 1, FINDINGS_MAX = 1000000 };

bool cloud_name_valid(const char *name)
{
	static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";

	return name && text_only(name, set, 1, 64) && (text_is_letter(name[0]) || text_is_digit(name[0]));
}

bool cloud_id_valid(const char *id)
{
	return id && text_starts_with(id, "cld_") &&
		text_only(id + strlen("cld_"), "abcdefghijklmnopqrstuvwxyz234567", 26, 26);
}

const char *const cloud_networking_names[] = {"direct", "private", NULL};
const char *const cloud_deployment_names[] = {"managed", "registered", NULL};
const char *const cloud_state_names[] = {"creating", "ready", "failed", "deleting", NULL};

#define AT(member) offsetof(struct cloud, member)

static const struct member version_rows[] = {{"version", MEMBER_COUNT, 0}};
static const struct member_table version_table = {MEMBER_TABLE(size_t, version_rows)};
/* Of a record whose members are not known yet. */
static const struct member_table any_version = {MEMBER_TABLE(size_t, version_rows), .open = true};

static const struct member head_rows[] = {
	{"id", MEMBER_TEXT, AT(id), .valid = cloud_id_valid, .form = "cld_ followed by 26 of a-z2-7"},
	{"name", MEMBER_TEXT, AT(name), .valid = cloud_name_valid,
		.form = "1-64 of A-Za-z0-9_.-, beginning with a letter or digit"},
	{"provider", MEMBER_TEXT, AT(provider)},
	{"region", MEMBER_TEXT, AT(region)},
	{"account", MEMBER_TEXT, AT(account)},
	{"networking", MEMBER_WORD, AT(networking), .words = cloud_networking_names},
	{"deployment", MEMBER_WORD, AT(deployment), .words = cloud_deployment_names},
	{"state", MEMBER_WORD, AT(state), .words = cloud_state_names},
};
static const struct member_table head_table = {MEMBER_TABLE(struct cloud, head_rows)};

static const struct member count_rows[] = {
	{"pass", MEMBER_COUNT, VERDICT_PASS * sizeof(size_t), .most = FINDINGS_MAX},
	{"warn", MEMBER_COUNT, VERDICT_WARN * sizeof(size_t), .most = FINDINGS_MAX},
	{"fail", MEMBER_COUNT, VERDICT_FAIL * sizeof(size_t), .most = FINDINGS_MAX},
	{"unknown", MEMBER_COUNT, VERDICT_UNKNOWN * sizeof(size_t), .most = FINDINGS_MAX},
	{"skip", MEMBER_COUNT, VERDICT_SKIP * sizeof(size_t), .most = FINDINGS_MAX},
};
static const struct member_table count_table = {MEMBER_TABLE(size_t[VERDICTS], count_rows)};

static const struct member verification_rows[] = {
	{"at", MEMBER_TEXT, offsetof(struct cloud_verification, at)},
	{"verdict", MEMBER_WORD, offsetof(struct cloud_verification, verdict), .words = verdict_names},
	{"counts", MEMBER_STRUCT, offsetof(struct cloud_verification, counts), .table = &count_table},
};
static const struct member_table verification_table = {
	MEMBER_TABLE(struct cloud_verification, verification_rows)};

static const struct member operation_rows[] = {
	{"kind", MEMBER_TEXT, offsetof(struct cloud_operation, kind)},
	{"token", MEMBER_TEXT, offsetof(struct cloud_operation, token)},
	{"step", MEMBER_TEXT, offsetof(struct cloud_operation, step)},
	{"undo", MEMBER_TEXT, offsetof(struct cloud_operation, undo)},
	{"started", MEMBER_TEXT, offsetof(struct cloud_operation, started)},
};
static const struct member_table operation_table = {MEMBER_TABLE(struct cloud_operation, operation_rows)};

static const struct member ignored_rows[] = {
	{"check", MEMBER_TEXT, offsetof(struct ignored, check), .flags = MEMBER_NEEDED},
	{"resource", MEMBER_TEXT, offsetof(struct ignored, resource)},
	{"reason", MEMBER_TEXT, offsetof(struct ignored, reason), .flags = MEMBER_NEEDED},
	{"since", MEMBER_TEXT, offsetof(struct ignored, since)},
};
static const struct member_table ignored_table = {MEMBER_TABLE(struct ignored, ignored_rows)};

static const struct member tail_rows[] = {
	{"created", MEMBER_TEXT, AT(created)},
	{"updated", MEMBER_TEXT, AT(updated)},
	{"verification", MEMBER_STRUCT, AT(verification), .flags = MEMBER_SPARSE,
		.table = &verification_table},
	{"ignored", MEMBER_LIST, AT(ignored), .table = &ignored_table, .most = IGNORED_MAX},
	{"operation", MEMBER_STRUCT, AT(operation), .table = &operation_table},
	{"history", MEMBER_LIST, AT(history), .table = &history_table, .most = HISTORY_MAX},
};
static const struct member_table tail_table = {MEMBER_TABLE(struct cloud, tail_rows)};

enum { PARTS = 4 };

/* The parts of a record in the order in which they are written; how many there are. */
static size_t parts_of(const struct cloud *cloud, size_t *version, struct member_part parts[PARTS])
{
	size_t count = 0;

	parts[count++] = (struct member_part){&version_table, version};
	parts[count++] = (struct member_part){&head_table, (void *)cloud};
	if (cloud->section)
		parts[count++] = (struct member_part){cloud->schema->section, cloud->section};
	parts[count++] = (struct member_part){&tail_table, (void *)cloud};
	return count;
}

json_t *cloud_to_tree(const struct cloud *cloud)
{
	struct member_part parts[PARTS];
	size_t version = RECORD_VERSION, count = parts_of(cloud, &version, parts);
	json_t *tree = json_object();

	for (size_t i = 0; i < count; i++)
		member_write(tree, parts[i].table, parts[i].object);
	return tree;
}

/* The schema that the record's provider has; NULL (ERROR_INPUT) when none has its name. */
static const struct cloud_schema *schema_of(struct arena *arena, const struct cloud_schema *const *schemas,
	const json_t *tree, struct error *err)
{
	const json_t *provider = json_object_get(tree, "provider");
	struct text_list names = {0};

	if (!provider || json_is_null(provider))
		return schemas[0];
	for (size_t i = 0; schemas[i]; i++) {
		if (text_equal(json_string_value(provider), schemas[i]->provider))
			return schemas[i];
		text_list_add(arena, &names, schemas[i]->provider);
	}
	error_set(err, ERROR_INPUT, "provider: must be %s", text_join(arena, &names, " or "));
	return NULL;
}

static int check_place(const struct cloud *cloud, struct error *err)
{
	const struct cloud_schema *schema = cloud->schema;

	if (cloud->region && schema->region_valid && !schema->region_valid(cloud->region))
		return error_set(err, ERROR_INPUT, "region: must be %s", schema->region_form);
	if (cloud->account && schema->account_valid && !schema->account_valid(cloud->account))
		return error_set(err, ERROR_INPUT, "account: must be %s", schema->account_form);
	return 0;
}

int cloud_from_tree(struct arena *arena, const struct cloud_schema *const *schemas, const json_t *tree,
	struct cloud *cloud, struct error *err)
{
	struct member_part parts[PARTS];
	size_t version = RECORD_VERSION;

	*cloud = (struct cloud){0};
	/* First, because another version may have other members. */
	if (member_read(arena, tree, &(struct member_part){&any_version, &version}, 1, err) < 0)
		return -1;
	if (version != RECORD_VERSION)
		return error_set(err, ERROR_INPUT, "version: this cloudctl reads version %d only",
			RECORD_VERSION);
	cloud->schema = schema_of(arena, schemas, tree, err);
	if (!cloud->schema)
		return -1;
	if (cloud->schema->section)
		cloud->section = arena_alloc(arena, cloud->schema->section->size);
	if (member_read(arena, tree, parts, parts_of(cloud, &version, parts), err) < 0)
		return -1;
	return check_place(cloud, err);
}

struct cloud cloud_copy(struct arena *arena, const struct cloud *cloud)
{
	struct cloud copy = *cloud;

	if (cloud->section) {
		copy.section = arena_alloc(arena, cloud->schema->section->size);
		memcpy(copy.section, cloud->section, cloud->schema->section->size);
	}
	return copy;
}

int cloud_complete(const struct cloud *cloud, struct error *err)
{
	bool region_needed = cloud->schema && cloud->schema->region_needed;
	const char *missing = !cloud->id          ? "id"
		: !cloud->name                    ? "name"
		: !cloud->provider                ? "provider"
		: region_needed && !cloud->region ? "region"
						  : NULL;

	return missing ? error_set(err, ERROR_INPUT, "%s: is missing", missing) : 0;
}
