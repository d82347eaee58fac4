/* SPDX-License-Identifier: Apache-2.0 */
/* Asking STS who calls, and IAM for the role of a session. */
#include "providers/aws/cloud/caller.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/tree.h"
#include "providers/aws/client/aws.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/records/cloud.h"

enum { REASON_MAX = 4 << 10 };

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

/* "arn:aws:sts::123456789012:assumed-role/NAME/SESSION" → its part with this number, from 0, by "/". */
static const char *part(struct arena *arena, const char *arn, size_t number)
{
	struct text_list parts = text_split(arena, arn, '/');

	return number < parts.count ? parts.items[number] : "";
}

/*
 * The ARN of a session does not hold the path of its role. When the role cannot be read, it is taken to have none, as
 * most roles; if it has one, IAM will say that there is no such role.
 */
static const char *role_of_session(struct aws *aws, struct arena *arena, struct caller_principal *caller)
{
	const char *name = part(arena, caller->arn, 1);
	struct str reason = {.arena = arena, .max = REASON_MAX};
	struct error err;
	const json_t *reply = aws_call(aws, arena, &iam_GetRole, json_pack("{s:s}", "RoleName", name), &err);

	if (reply && *tree_text(reply, "Role.Arn"))
		return tree_text(reply, "Role.Arn");
	if (!reply) {
		error_format(&err, &reason);
		caller->role_unread = str_text(&reason);
	}
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
