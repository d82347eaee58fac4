/* SPDX-License-Identifier: Apache-2.0 */
/* Asking IAM's policy simulator which of a command's permissions the caller is missing. */
#include "base/arena.h"
#include "base/tree.h"
#include "providers/aws/client/aws.h"
#include "providers/aws/cloud/account_profiles.h"
#include "providers/aws/cloud/permissions/command_needs.h"

enum { TURN_MS = 1000 };

/*
 * Not as facts of a plan, as the preflight of setup asks the same: there one question without an answer loses all
 * answers, here the others are still worth printing. -1 with the first error.
 */
static int ask_simulator(struct aws *aws, struct arena *arena, struct command_check *check, struct error *err)
{
	json_t *questions = needs_questions(arena, &check->command.needs, &check->command.scope,
		check->caller.principal);
	size_t count = json_array_size(questions);
	struct call **calls = NEW_ARRAY(arena, struct call *, count);
	const struct error *failed = NULL;

	for (size_t i = 0; i < count; i++)
		calls[i] = aws_start(aws, arena, &iam_SimulatePrincipalPolicy,
			json_incref(json_array_get(questions, i)));
	for (size_t i = 0; i < count; i++) {
		while (!call_done(calls[i]) && aws_step(aws, TURN_MS))
			continue;
		if (call_reply(calls[i]))
			needs_read_answer(arena, json_array_get(questions, i), call_reply(calls[i]),
				&check->missing);
		else if (!failed)
			failed = call_error(calls[i]);
	}
	json_decref(questions);
	if (!failed)
		return 0;
	*err = *failed;
	return error_wrap(err, "asking IAM what %s may do", check->caller.principal);
}

static int find_needs(struct aws *aws, struct arena *arena, struct command_subject subject,
	struct command_check *check, struct error *err)
{
	const json_t *identity = caller_identity(aws, arena, err);

	if (!identity)
		return -1;
	check->caller = caller_principal(aws, arena, identity);
	if (subject.account && !text_equal(subject.account, check->caller.account))
		return error_set(err, ERROR_CREDENTIALS,
			"the credentials are those of account %s, not %s; %s", check->caller.account,
			subject.account,
			account_profiles_advice(arena, tree_defer(arena, aws_profile_accounts(aws)),
				subject.account));
	subject.account = check->caller.account;
	subject.region = aws_region(aws);
	subject.partition = aws_partition(aws);
	return command_needs_make(arena, &subject, &check->command, err);
}

/* Errors that are IAM's answer, and not in the way of asking. */
static bool is_refusal(const struct error *err)
{
	return err->kind == ERROR_DENIED || err->kind == ERROR_NOT_FOUND || err->kind == ERROR_REJECTED ||
		err->kind == ERROR_THROTTLED;
}

static int find_missing(struct aws *aws, struct arena *arena, struct command_check *check, struct error *err)
{
	const struct caller_principal *caller = &check->caller;

	if (caller->root)
		return 0;
	if (!caller->principal) {
		check->undetermined = arena_printf(arena,
			"IAM's policy simulator works for users and roles, not for %s", caller->arn);
		return 0;
	}
	if (ask_simulator(aws, arena, check, err) == 0)
		return 0;
	if (!is_refusal(err))
		return -1;
	check->undetermined = error_text(arena, err);
	if (caller->role_unread)
		check->undetermined = arena_printf(arena,
			"%s; the role could not be read to find its path: %s", check->undetermined,
			caller->role_unread);
	error_clear(err);
	return 0;
}

int command_check(struct aws *aws, struct arena *arena, const struct command_subject *subject,
	struct command_check *check, struct error *err)
{
	*check = (struct command_check){0};
	if (find_needs(aws, arena, *subject, check, err) == 0 && find_missing(aws, arena, check, err) == 0)
		return 0;
	return error_wrap(err, "checking the permissions for '%s'", subject->command);
}
