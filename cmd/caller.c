/* SPDX-License-Identifier: Apache-2.0 */
/* Asking STS who calls. */
#include "cmd/caller.h"

#include "base/tree.h"
#include "providers/aws/client/aws.h"
#include "providers/records/cloud.h"

const json_t *caller_identity(struct aws *aws, struct arena *arena, struct error *err)
{
	const json_t *reply = aws_call(aws, arena, &sts_GetCallerIdentity, NULL, err);

	if (!reply) {
		error_wrap(err, "asking who calls");
		return NULL;
	}
	if (cloud_account_valid(tree_text(reply, "Account")))
		return reply;
	error_set(err, ERROR_PROTOCOL, "asking who calls: '%s' is no account", tree_text(reply, "Account"));
	return NULL;
}

static int refuse_other(const char *account, const struct cloud *cloud, struct error *err)
{
	if (!cloud->account || text_equal(account, cloud->account))
		return 0;
	return error_set(err, ERROR_CREDENTIALS,
		"cloud '%s' is in account %s, but the credentials are those of account %s; choose others with --profile",
		cloud->name, cloud->account, account);
}

int caller_fits(const json_t *identity, struct cloud *cloud, struct error *err)
{
	const char *account = tree_text(identity, "Account");

	if (!cloud->account)
		cloud->account = account;
	return refuse_other(account, cloud, err);
}

int caller_check(struct aws *aws, struct arena *arena, const struct cloud *cloud, struct error *err)
{
	const json_t *identity = caller_identity(aws, arena, err);

	return identity ? refuse_other(tree_text(identity, "Account"), cloud, err) : -1;
}
