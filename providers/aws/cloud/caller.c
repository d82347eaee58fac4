/* SPDX-License-Identifier: Apache-2.0 */
/* Asking STS who calls, and IAM for the role of a session. */
#include "providers/aws/cloud/caller.h"

#include "base/arena.h"
#include "base/tree.h"
#include "providers/aws/client/aws.h"
#include "providers/aws/cloud/account_profiles.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/records/cloud.h"

const json_t *caller_identity(struct aws *aws, struct arena *arena, struct error *err)
{
	const json_t *reply = aws_call(aws, arena, &sts_GetCallerIdentity, NULL, err);

	if (!reply) {
		error_wrap(err, "finding out who calls");
		return NULL;
	}
	if (aws_account_valid(tree_text(reply, "Account")))
		return reply;
	error_set(err, ERROR_PROTOCOL, "finding out who calls: '%s' is not an account id",
		tree_text(reply, "Account"));
	return NULL;
}

int caller_fits(struct aws *aws, struct arena *arena, const json_t *identity, struct cloud *cloud,
	struct error *err)
{
	const char *account = tree_text(identity, "Account");
	const json_t *accounts;

	if (!cloud->account)
		cloud->account = account;
	if (text_equal(account, cloud->account))
		return 0;
	accounts = tree_defer(arena, aws_profile_accounts(aws));
	return error_set(err, ERROR_CREDENTIALS,
		"cloud '%s' is in account %s, but the credentials are those of account %s; %s", cloud->name,
		cloud->account, account, account_profiles_advice(arena, accounts, cloud->account));
}

const char *caller_of(struct aws *aws, struct arena *arena, const struct cloud *cloud, struct error *err)
{
	const json_t *identity = caller_identity(aws, arena, err);
	struct cloud copy = *cloud;

	if (!identity || caller_fits(aws, arena, identity, &copy, err) < 0)
		return NULL;
	return tree_text(identity, "Arn");
}

int caller_check(struct aws *aws, struct arena *arena, const struct cloud *cloud, struct error *err)
{
	return caller_of(aws, arena, cloud, err) ? 0 : -1;
}

/*
 * The ARN of a session does not hold the path of its role. When the role cannot be read, it is taken to have none, as
 * most roles; if it has one, IAM will say that there is no such role.
 */
static const char *role_of_session(struct aws *aws, struct arena *arena, struct caller_principal *caller)
{
	/* "arn:aws:sts::123456789012:assumed-role/NAME/SESSION" */
	struct text_list parts = text_split(arena, caller->arn, '/');
	const char *name = parts.count > 1 ? parts.items[1] : "";
	struct error err;
	const json_t *reply = aws_call(aws, arena, &iam_GetRole, json_pack("{s:s}", "RoleName", name), &err);

	if (reply && *tree_text(reply, "Role.Arn"))
		return tree_text(reply, "Role.Arn");
	if (!reply)
		caller->role_unread = error_text(arena, &err);
	return arena_printf(arena, "arn:%s:iam::%s:role/%s", aws_partition(aws), caller->account, name);
}

struct caller_principal caller_principal(struct aws *aws, struct arena *arena, const json_t *identity)
{
	struct caller_principal caller = {
		.arn = tree_text(identity, "Arn"),
		.account = tree_text(identity, "Account"),
	};

	caller.root = text_glob("arn:*:iam::*:root", caller.arn, false);
	if (text_glob("arn:*:iam::*:user/*", caller.arn, false))
		caller.principal = caller.arn;
	else if (text_glob("arn:*:sts::*:assumed-role/*", caller.arn, false))
		caller.principal = role_of_session(aws, arena, &caller);
	return caller;
}
