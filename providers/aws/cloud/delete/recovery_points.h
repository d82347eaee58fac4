/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Recovery points of AWS Backup: backups of the cloud's file system, which outlive it and cost money until they expire (AWS
 * Backup API Reference, ListRecoveryPointsByResource and ListRecoveryPointsByBackupVault).
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_DELETE_RECOVERY_POINTS_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_DELETE_RECOVERY_POINTS_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct aws;
struct aws_operation;
struct cloud;

/* The operations by which they are found, ended by NULL. */
extern const struct aws_operation *const recovery_point_operations[];

struct recovery_points {
	const char *file_system; /* its id; NULL: there is none to have any */
	const char *unknown;     /* why they were not found out, as a line; NULL: they were */
	size_t count;
	size_t endless; /* of them, those that are kept until somebody deletes them, or of which AWS does not say */
	const char *first, *last; /* days on which the others expire, "2026-12-31" (UTC); NULL: none does */
};

/* Of the file system that is in the cloud's record; in arena. That AWS does not answer is no error. */
struct recovery_points recovery_points_find(struct aws *aws, struct arena *arena, const struct cloud *cloud);

/* "3 backups of fs-1, which expire from 2026-12-05 to 2027-01-03", in arena; NULL: there is nothing to say. */
const char *recovery_points_text(struct arena *arena, const struct recovery_points *points);

/* The command that lists them, in arena; there is a file system. */
const char *recovery_points_command(struct arena *arena, const struct cloud *cloud);

#endif
