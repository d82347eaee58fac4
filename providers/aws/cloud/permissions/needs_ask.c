/* SPDX-License-Identifier: Apache-2.0 */
/* Asking IAM's policy simulator. */
#include "base/arena.h"
#include "providers/aws/client/aws.h"
#include "providers/aws/cloud/permissions/command_needs.h"

enum { TURN_MS = 1000 };

static bool all_done(struct call *const *calls, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!call_done(calls[i]))
			return false;
	return true;
}

int needs_ask(struct aws *aws, struct arena *arena, const struct command_needs *command,
	const char *principal, struct lacks *lacks, struct error *err)
{
	json_t *questions = needs_questions(arena, &command->needs, &command->scope, principal);
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
