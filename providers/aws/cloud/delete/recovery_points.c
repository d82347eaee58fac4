/* SPDX-License-Identifier: Apache-2.0 */
/* Which vaults have recovery points, and when these expire: a vault tells that, a resource does not. */
#include "providers/aws/cloud/delete/recovery_points.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "base/tree.h"
#include "providers/aws/client/aws.h"
#include "providers/aws/client/endpoint.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/records/cloud.h"

/* Vaults that are asked; more of them have backups of one file system in no account. */
enum { VAULTS_MAX = 20 };

const struct aws_operation *const recovery_point_operations[] = {&backup_ListRecoveryPointsByResource,
	&backup_ListRecoveryPointsByBackupVault, NULL};

static const char *arn_of(struct arena *arena, const struct cloud *cloud)
{
	return arena_printf(arena, "arn:%s:elasticfilesystem:%s:%s:file-system/%s",
		endpoint_partition(cloud->region)->name, cloud->region, text_or(cloud->account, ""),
		aws_cloud(cloud)->resources.file_system_id);
}

/* The day of a time in seconds since 1970, as JSON services send it; NULL: it is none. */
static const char *day_of(struct arena *arena, const json_t *seconds)
{
	const double last = 253402300799; /* of the year 9999 */
	double value = json_is_number(seconds) ? json_number_value(seconds) : -1;
	char text[TIMESTAMP_SIZE];

	if (!(value >= 0 && value <= last))
		return NULL;
	timestamp_rfc3339((int64_t)value * 1000, text);
	return arena_strndup(arena, text, strcspn(text, "T"));
}

static void add_expiries(struct arena *arena, const json_t *reply, struct recovery_points *points)
{
	TREE_EACH (point, reply, "RecoveryPoints") {
		const char *day = day_of(arena, tree_get(point, "CalculatedLifecycle.DeleteAt"));

		if (!day)
			continue;
		points->endless -= points->endless > 0;
		if (!points->first || strcmp(day, points->first) < 0)
			points->first = day;
		if (!points->last || strcmp(day, points->last) > 0)
			points->last = day;
	}
}

struct recovery_points recovery_points_find(struct aws *aws, struct arena *arena, const struct cloud *cloud)
{
	struct recovery_points points = {.file_system = aws_cloud(cloud)->resources.file_system_id};
	struct text_list vaults = {0};
	struct error err = {0};
	const json_t *reply;

	if (!points.file_system)
		return points;
	reply = aws_call(aws, arena, &backup_ListRecoveryPointsByResource,
		json_pack("{s:s}", "resourceArn", arn_of(arena, cloud)), &err);
	TREE_EACH (point, reply, "RecoveryPoints") {
		points.count++;
		text_list_add_once(arena, &vaults, tree_text(point, "BackupVaultName"));
	}
	points.endless = points.count;
	for (size_t i = 0; i < vaults.count && i < VAULTS_MAX && reply; i++) {
		reply = aws_call(aws, arena, &backup_ListRecoveryPointsByBackupVault,
			json_pack("{s:s, s:s}", "backupVaultName", vaults.items[i], "resourceArn",
				arn_of(arena, cloud)),
			&err);
		add_expiries(arena, reply, &points);
	}
	points.unknown = reply ? NULL : error_text(arena, &err);
	return points;
}

static const char *expiry_text(struct arena *arena, const struct recovery_points *points)
{
	size_t ending = points->count - points->endless;
	const char *who = points->endless == 0 ? ", which" : ending == 1 ? "; the other" : "; the others";
	const char *days = "";

	if (ending > 0 && text_equal(points->first, points->last))
		days = arena_printf(arena, "%s expire%s on %s", who, ending == 1 ? "s" : "", points->first);
	else if (ending > 0)
		days = arena_printf(arena, "%s expire from %s to %s", who, points->first, points->last);
	return points->endless == 0 ? days
				    : arena_printf(arena, ", %zu without an end%s", points->endless, days);
}

const char *recovery_points_text(struct arena *arena, const struct recovery_points *points)
{
	if (!points->file_system || points->unknown || points->count == 0)
		return NULL;
	return arena_printf(arena, "%zu backup%s of %s%s", points->count, points->count == 1 ? "" : "s",
		points->file_system, expiry_text(arena, points));
}

const char *recovery_points_command(struct arena *arena, const struct cloud *cloud)
{
	return arena_printf(arena,
		"aws backup list-recovery-points-by-resource --resource-arn %s --region %s",
		arn_of(arena, cloud), cloud->region);
}
