/* SPDX-License-Identifier: Apache-2.0 */
/* Whether EFS makes automatic backups of a file system. Pure. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_CHECKS_BACKUP_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_CHECKS_BACKUP_H

#include <jansson.h>
#include <stdbool.h>

#define BACKUP_TAG "aws:elasticfilesystem:default-backup"

/*
 * Does a DescribeFileSystems reply show its first file system as backed up automatically? While automatic backups are
 * enabled, EFS keeps the system tag aws:elasticfilesystem:default-backup = enabled on it, by which the backup plan
 * selects file systems; nobody else can set or remove a tag that begins with aws: (Amazon EFS User Guide, "Managing
 * automatic backups of EFS file systems"). False when the tag is not there, which alone proves nothing.
 */
bool backup_is_tagged(const json_t *file_systems);

#endif
