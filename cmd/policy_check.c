/* SPDX-License-Identifier: Apache-2.0 */
/* Which of a command's permissions the caller lacks, as a table or a document. */
#include "cmd/policy_check.h"

#include "base/arena.h"
#include "base/str.h"
#include "cmd/command.h"
#include "providers/aws/cloud/caller.h"
#include "providers/aws/cloud/permissions/command_needs.h"
#include "ui/output.h"

enum { REASON_MAX = 4 << 10 };

struct check_run {
	struct context *context;
	const struct command_subject *subject;
	struct caller_principal caller;
	struct command_needs policy;
	struct lacks lacks;
	const char *undetermined; /* why not everything is known; NULL: everything is */
};

static json_t *check_tree(const struct check_run *check)
{
	json_t *lacking = json_array();

	for (size_t i = 0; i < check->lacks.count; i++) {
		const struct lack *lack = &check->lacks.items[i];

		json_array_append_new(lacking,
			json_pack("{s:s, s:s, s:s}", "action", lack->action, "resource", lack->resource,
				"why", lack->why));
	}
	return json_pack("{s:s, s:s, s:s*, s:i, s:o, s:s*}", "command", check->subject->command, "caller",
		check->caller.arn, "principal", check->caller.principal, "needed",
		(int)check->policy.needs.count, "lacking", lacking, "undetermined", check->undetermined);
}

static int print_table(const struct check_run *check, struct error *err)
{
	static const char *const headings[] = {"LACKING", "RESOURCE", "WHY"};
	enum { COLUMNS = sizeof(headings) / sizeof(headings[0]) };
	const struct lacks *lacks = &check->lacks;
	const char **cells = NEW_ARRAY(check->context->arena, const char *, (lacks->count + 1) * COLUMNS);

	for (size_t i = 0; i < lacks->count; i++) {
		cells[i * COLUMNS] = lacks->items[i].action;
		cells[i * COLUMNS + 1] = lacks->items[i].resource;
		cells[i * COLUMNS + 2] = lacks->items[i].why;
	}
	return output_table(check->context->results, headings, COLUMNS, cells, lacks->count, err);
}

static int print_text(const struct check_run *check, struct error *err)
{
	struct str line = {.arena = check->context->arena, .max = REASON_MAX};

	if (check->lacks.count > 0 && print_table(check, err) < 0)
		return -1;
	if (check->undetermined)
		str_printf(&line, "Not determined: %s\n", check->undetermined);
	else if (check->lacks.count == 0)
		str_printf(&line, "%s may do all that 'cloudctl %s' needs: %zu actions%s.\n",
			check->caller.arn, check->subject->command, check->policy.needs.count,
			check->caller.root ? ", as the root user" : "");
	return output_write(check->context->results, str_text(&line), line.length, err);
}

static int print(const struct check_run *check, struct error *err)
{
	enum output_format format = OUTPUT_TEXT;
	json_t *tree;
	int printed;

	output_format_parse(check->context->global.output, &format);
	if (format == OUTPUT_TEXT)
		return print_text(check, err);
	tree = check_tree(check);
	printed = output_tree(check->context->results, tree, format, err);
	json_decref(tree);
	return printed;
}

/* The session's region and the caller's account, where nothing else was said. */
static int complete(struct check_run *check, struct aws *aws, struct command_subject *subject,
	struct error *err)
{
	const json_t *identity = caller_identity(aws, check->context->arena, err);

	if (!identity)
		return -1;
	check->caller = caller_principal(aws, check->context->arena, identity);
	if (subject->account && !text_equal(subject->account, check->caller.account))
		return error_set(err, ERROR_CREDENTIALS,
			"the credentials are those of account %s, not %s; choose others with --profile",
			check->caller.account, subject->account);
	subject->account = check->caller.account;
	subject->region = aws_region(aws);
	subject->partition = aws_partition(aws);
	return command_needs_make(check->context->arena, subject, &check->policy, err);
}

/* What IAM refuses to say is no failure of ours: it is not determined. */
static int ask(struct check_run *check, struct aws *aws, struct error *err)
{
	struct arena *arena = check->context->arena;
	struct str reason = {.arena = arena, .max = REASON_MAX};

	if (check->caller.root)
		return 0;
	if (!check->caller.principal) {
		check->undetermined = arena_printf(arena,
			"IAM's policy simulator knows users and roles, not %s", check->caller.arn);
		return 0;
	}
	if (needs_ask(aws, arena, &check->policy, check->caller.principal, &check->lacks, err) == 0)
		return 0;
	if (err->kind != ERROR_DENIED && err->kind != ERROR_NOT_FOUND && err->kind != ERROR_REJECTED &&
		err->kind != ERROR_THROTTLED)
		return -1;
	error_format(err, &reason);
	if (check->caller.role_unread)
		str_printf(&reason, "; the role could not be read to find its path: %s",
			check->caller.role_unread);
	check->undetermined = str_text(&reason);
	error_clear(err);
	return 0;
}

static int exit_code(const struct check_run *check)
{
	size_t counts[VERDICTS] = {[VERDICT_UNKNOWN] = check->undetermined ? 1 : 0};

	for (size_t i = 0; i < check->lacks.count; i++)
		counts[check->lacks.items[i].open ? VERDICT_UNKNOWN : VERDICT_FAIL]++;

	return verdict_exit_code(counts, false);
}

int policy_check(struct context *context, struct command_subject *subject, struct error *err)
{
	struct check_run check = {.context = context, .subject = subject};
	struct aws *aws = context_aws(context, subject->region, err);

	if (!aws || aws_need_region(aws, err) < 0)
		return -1;
	if (complete(&check, aws, subject, err) < 0 || ask(&check, aws, err) < 0)
		return error_wrap(err, "checking the permissions for '%s'", subject->command);
	if (print(&check, err) < 0)
		return -1;
	return exit_code(&check);
}
