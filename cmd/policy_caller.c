/* SPDX-License-Identifier: Apache-2.0 */
/* Asking AWS who calls and what IAM's policy simulator says of it. */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/tree.h"
#include "cmd/policy.h"
#include "providers/aws/client/aws.h"

enum { TURN_MS = 1000, REASON_MAX = 4 << 10 };

/* "arn:aws:sts::123456789012:assumed-role/NAME/SESSION" → its part with this number, from 0, by "/". */
static const char *part(struct arena *arena, const char *arn, size_t number)
{
	struct text_list parts = text_split(arena, arn, '/');

	return number < parts.count ? parts.items[number] : "";
}

/*
 * A role's path is not in the ARN of a session. Who may not read the role is asked about as if it had none, which most
 * roles have not; should it have one, IAM says that there is no such role.
 */
static const char *role_of_session(struct aws *aws, struct arena *arena, struct needs_holder *caller)
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

struct needs_holder policy_caller(struct aws *aws, struct arena *arena, const json_t *identity)
{
	struct needs_holder caller = {
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

static bool all_done(struct call *const *calls, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!call_done(calls[i]))
			return false;
	return true;
}

int policy_lacks(struct aws *aws, struct arena *arena, const struct command_policy *policy,
	const char *principal, struct lacks *lacks, struct error *err)
{
	json_t *questions = needs_questions(arena, &policy->needs, &policy->scope, principal);
	size_t count = json_array_size(questions);
	struct call **calls = NEW_ARRAY(arena, struct call *, count);
	const struct error *failed = NULL;

	*lacks = (struct lacks){0};
	for (size_t i = 0; i < count; i++)
		calls[i] = aws_start(aws, arena, &iam_SimulatePrincipalPolicy,
			json_incref(json_array_get(questions, i)));
	while (!all_done(calls, count) && aws_step(aws, TURN_MS))
		continue;
	for (size_t i = 0; i < count; i++) {
		if (call_reply(calls[i]))
			needs_read_answer(arena, json_array_get(questions, i), call_reply(calls[i]), lacks);
		else if (!failed)
			failed = call_error(calls[i]);
	}
	json_decref(questions);
	if (!failed)
		return 0;
	*err = *failed;
	return error_wrap(err, "asking IAM what %s may do", principal);
}
