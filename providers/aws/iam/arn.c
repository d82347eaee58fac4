/* SPDX-License-Identifier: Apache-2.0 */
#include "providers/aws/iam/arn.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"

const char *arn_find(const char *arn, enum arn_field field, size_t *length)
{
	if (!arn || !text_starts_with(arn, "arn:"))
		return NULL;
	for (unsigned i = 0; i < field; i++) {
		arn = strchr(arn, ':');
		if (!arn)
			return NULL;
		arn++;
	}
	*length = field == ARN_RESOURCE ? strlen(arn) : strcspn(arn, ":");
	return field == ARN_RESOURCE || arn[*length] == ':' ? arn : NULL;
}

bool arn_field_is(const char *arn, enum arn_field field, const char *text)
{
	size_t length;
	const char *found = arn_find(arn, field, &length);

	return found && length == strlen(text) && memcmp(found, text, length) == 0;
}

const char *arn_name(const char *arn)
{
	const char *slash = arn ? strrchr(arn, '/') : NULL;

	return slash ? slash + 1 : arn;
}

const char *arn_account(struct arena *arena, const char *arn)
{
	size_t length;
	const char *account = arn_find(arn, ARN_ACCOUNT, &length);

	return account ? arena_strndup(arena, account, length) : "";
}

const char *arn_partition(struct arena *arena, const char *arn)
{
	size_t length;
	const char *partition = arn_find(arn, ARN_PARTITION, &length);

	return partition && length > 0 ? arena_strndup(arena, partition, length) : "aws";
}
