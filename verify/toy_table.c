/* SPDX-License-Identifier: Apache-2.0 */
/* Test support: see toy_table.h. */
#include "verify/toy_table.h"

#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/tree.h"

/* Each table has a row more than it says: code that reads behind the end finds it, and a test fails. */
enum { BEYOND = 1 };

const char toy_find_disk[] = "toy:FindDisk", toy_read_mount[] = "toy:ReadMount",
	   toy_measure_disk[] = "toy:MeasureDisk";

static const struct toy_cloud *cloud_itself(const struct cloud *cloud)
{
	return (const struct toy_cloud *)(const void *)cloud;
}

const struct toy_cloud *(*toy_section)(const struct cloud *cloud) = cloud_itself;

static void ask_disk(const struct facts *facts, struct ask *ask)
{
	const char *disk = toy_section(facts->cloud)->disk;

	if (disk)
		ask_add(ask, NULL, json_pack("{s:s}", "disk", disk));
}

static void ask_mounts(const struct facts *facts, struct ask *ask)
{
	const struct text_list *mounts = &toy_section(facts->cloud)->mounts;

	for (size_t i = 0; i < mounts->count; i++)
		ask_add(ask, mounts->items[i], json_pack("{s:s}", "mount", mounts->items[i]));
}

static const char *disk_zone(const struct facts *facts)
{
	const char *zone = tree_text(facts_tree(facts, TOY_DISK), "disks.0.zone");

	return *zone ? zone : NULL;
}

static const struct plan_row facts[TOY_FACTS + BEYOND] = {
	[TOY_DISK] = {.name = "disk",
		.operation = toy_find_disk,
		.ask = ask_disk,
		.doing = "finding the disk",
		.list = "disks",
		.absent = "NoDisk"},
	[TOY_MOUNTS] = {.name = "mounts",
		.operation = toy_read_mount,
		.ask = ask_mounts,
		.doing = "reading the mounts",
		.absent = "NoMount"},
	[TOY_USAGE] = {.name = "usage",
		.after = FACTS(TOY_DISK),
		.operation = toy_measure_disk,
		.ask = ask_disk,
		.doing = "measuring the disk",
		.present = "NeverMeasured",
		.where = disk_zone},
	[TOY_FACTS] = {.name = "beyond the end", .operation = toy_measure_disk, .ask = ask_disk},
};

static const struct plan plan = {facts, TOY_FACTS};

static const struct resource_kind kinds[TOY_KINDS + BEYOND] = {
	[TOY_KIND_DISK] = {.word = "disk",
		.group = "storage",
		.exists = TOY_DISK,
		.placeholder = "disk",
		.form = KIND_TEXT,
		.member = offsetof(struct toy_cloud, disk)},
	[TOY_KIND_MOUNTS] = {.word = "mounts",
		.one = "mount",
		.group = "mounts",
		.exists = TOY_MOUNTS,
		.placeholder = "mounts",
		.form = KIND_LIST,
		.member = offsetof(struct toy_cloud, mounts)},
	[TOY_KINDS] = {.word = "thing beyond the end",
		.group = "storage",
		.placeholder = "nobody",
		.form = KIND_LIST,
		.member = offsetof(struct toy_cloud, spares)},
};

static struct finding disk_exists(const struct facts *known)
{
	const char *disk = toy_section(known->cloud)->disk;

	if (!facts_has(known, TOY_DISK))
		return finding_make(known, VERDICT_FAIL, "there is no disk %s", disk ? disk : "recorded");
	return finding_make(known, VERDICT_PASS, "%s", disk);
}

static struct finding disk_usage(const struct facts *known)
{
	int64_t percent = 0;

	if (!tree_number(facts_tree(known, TOY_USAGE), "percent", 0, 100, &percent))
		return finding_make(known, VERDICT_PASS, "the disk was not measured");
	return finding_make(known, percent > 80 ? VERDICT_WARN : VERDICT_PASS, "%d %% are in use",
		(int)percent);
}

static struct finding mounts_up(const struct facts *known)
{
	const struct text_list *mounts = &toy_section(known->cloud)->mounts;
	const json_t *replies = facts_tree(known, TOY_MOUNTS);
	struct finding finding = {0};

	for (size_t i = 0; i < mounts->count; i++) {
		const char *state = tree_text(json_object_get(replies, mounts->items[i]), "state");

		if (strcmp(state, "up") == 0)
			continue;
		finding_evidence(known, &finding, "%s is %s", mounts->items[i], *state ? state : "gone");
		finding_resource(known, &finding, mounts->items[i]);
	}
	return finding_conclude(known, finding, finding.evidence.count > 0 ? VERDICT_FAIL : VERDICT_PASS,
		"%zu of %zu mounts are not up", finding.evidence.count, mounts->count);
}

static bool is_shared(const struct cloud *cloud, const struct verify_options *options)
{
	(void)options;
	return toy_section(cloud)->shared;
}

static struct finding beyond_the_end(const struct facts *known)
{
	return finding_make(known, VERDICT_FAIL, "this row is behind the end of its table");
}

#define CHECK_BEYOND \
	{ \
		.id = "beyond.the-end", .severity = VERDICT_FAIL, .decide = beyond_the_end \
	}

static const struct check_condition on_shared = {.words = "shared clouds", .holds = is_shared};

static const struct check storage_checks[] = {
	{
		.id = "disk.exists",
		.severity = VERDICT_FAIL,
		.reads = FACTS(TOY_DISK),
		.decide = disk_exists,
		.holds = "the disk exists",
		.why = "everything is kept on it",
		.remedy = "toy make {disk}",
		.requirement = "toys#disks",
		.reference = "https://example.com/toys",
	},
	{
		.id = "disk.usage",
		.severity = VERDICT_WARN,
		.also = FACTS(TOY_USAGE),
		.about = KINDS(TOY_KIND_DISK),
		.decide = disk_usage,
		.holds = "at most 80 % of the disk are in use",
		.why = "a full disk stops all",
		.remedy = "toy grow {disk} for {owner} {nobody}",
		.requirement = "toys#disks",
		.reference = "https://example.com/toys",
	},
	CHECK_BEYOND,
};

static const struct check mount_checks[] = {
	{
		.id = "mounts.up",
		.severity = VERDICT_FAIL,
		.applies = &on_shared,
		.reads = FACTS(TOY_MOUNTS),
		.about = KINDS(TOY_KIND_DISK),
		.subjects = KINDS(TOY_KIND_MOUNTS),
		.decide = mounts_up,
		.holds = "every mount is up",
		.why = "files are reached through it",
		.remedy = "toy mount {mounts}",
		.requirement = "toys#disks",
		.reference = "https://example.com/toys",
	},
	CHECK_BEYOND,
};

static const struct check beyond_checks[] = {CHECK_BEYOND};

static const struct check_group storage = {.id = "storage",
	.name = "storage",
	.checks = storage_checks,
	.count = ARRAY_LENGTH(storage_checks) - BEYOND};
static const struct check_group mounts = {.id = "mounts",
	.name = "mounts",
	.checks = mount_checks,
	.count = ARRAY_LENGTH(mount_checks) - BEYOND};
static const struct check_group beyond = {.id = "beyond", .checks = beyond_checks, .count = 1};
static const struct check_group *const groups[] = {&storage, &mounts, &beyond};

static const void *section(const struct cloud *cloud)
{
	return toy_section(cloud);
}

static const char *name_of(const char *id)
{
	const char *slash = strrchr(id, '/');

	return slash ? slash + 1 : id;
}

static const char *placeholder(struct arena *arena, const struct cloud *cloud, const char *name)
{
	(void)arena;
	(void)cloud;
	return strcmp(name, "owner") == 0 ? "us" : NULL;
}

static const struct ignored_list *ignored(const struct cloud *cloud)
{
	return &toy_section(cloud)->ignored;
}

const struct check_table toy_table = {
	.groups = groups,
	.group_count = ARRAY_LENGTH(groups) - BEYOND,
	.plan = &plan,
	.optional = FACTS(TOY_USAGE),
	.kinds = kinds,
	.kind_count = TOY_KINDS,
	.section = section,
	.name_of = name_of,
	.placeholder = placeholder,
	.ignored = ignored,
};
