/* SPDX-License-Identifier: Apache-2.0 */
/* The tag by which AWS Backup selects file systems. */
#include "providers/aws/cloud/checks/backup.h"

#include "base/text.h"
#include "base/tree.h"

bool backup_is_tagged(const json_t *file_systems)
{
	const json_t *tag = tree_find(tree_get(file_systems, "FileSystems.0"), "Tags", "Key", BACKUP_TAG);

	return text_equal(tree_text(tag, "Value"), "enabled");
}
