/* SPDX-License-Identifier: Apache-2.0 */
/* Asking STS who calls. */
#include "cmd/caller.h"

#include "providers/aws/aws.h"
#include "providers/cloud.h"
#include "providers/tree.h"

int caller_account(struct aws *aws, struct arena *arena, const char **account, struct error *err)
{
	const json_t *reply = aws_call(aws, arena, &sts_GetCallerIdentity, NULL, err);

	if (!reply)
		return error_wrap(err, "asking who calls");
	*account = tree_text(reply, "Account");
	if (!cloud_account_valid(*account))
		return error_set(err, ERROR_PROTOCOL, "asking who calls: '%s' is no account", *account);
	return 0;
}

int caller_check(struct aws *aws, struct arena *arena, const struct cloud *cloud, struct error *err)
{
	const char *account;

	if (caller_account(aws, arena, &account, err) < 0)
		return -1;
	if (!cloud->account || text_equal(account, cloud->account))
		return 0;
	return error_set(err, ERROR_CREDENTIALS,
		"cloud '%s' is in account %s, but the credentials are those of account %s; choose others "
		"with --profile",
		cloud->name, cloud->account, account);
}
