/* SPDX-License-Identifier: Apache-2.0 */
/* Fields of an ARN, found by counting colons. */
#include "providers/aws/iam/arn.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"

enum { FIELDS_BEFORE_ACCOUNT = 4 };

const char *arn_name(const char *arn)
{
	const char *slash = arn ? strrchr(arn, '/') : NULL;

	return slash ? slash + 1 : arn;
}

/* Where the account begins, or NULL. */
static const char *account_field(const char *arn)
{
	if (!arn || !text_starts_with(arn, "arn:"))
		return NULL;
	for (int i = 0; arn && i < FIELDS_BEFORE_ACCOUNT; i++) {
		arn = strchr(arn, ':');
		arn = arn ? arn + 1 : NULL;
	}
	return arn;
}

const char *arn_account(struct arena *arena, const char *arn)
{
	const char *account = account_field(arn);

	return account ? arena_strndup(arena, account, strcspn(account, ":")) : "";
}

const char *arn_partition(struct arena *arena, const char *arn)
{
	size_t length = arn && text_starts_with(arn, "arn:") ? strcspn(arn + 4, ":") : 0;

	return length > 0 ? arena_strndup(arena, arn + 4, length) : "aws";
}

bool arn_is_in_account(const char *arn, const char *account)
{
	const char *found = account_field(arn);
	size_t length = strlen(account);

	return found && strncmp(found, account, length) == 0 && found[length] == ':';
}
