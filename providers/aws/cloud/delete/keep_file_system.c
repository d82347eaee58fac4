/* SPDX-License-Identifier: Apache-2.0 */
/* The file system's DeletionPolicy: looked at, changed, changed back. */
#include "providers/aws/cloud/delete/keep_file_system.h"

#include <string.h>

#include "base/arena.h"
#include "base/shell_word.h"
#include "base/tree.h"
#include "base/world.h"
#include "base/yaml_member.h"
#include "providers/aws/client/aws.h"
#include "providers/aws/cloud/aws_provider.h"
#include "providers/aws/cloud/cloud_session.h"
#include "providers/aws/cloud/delete/delete_steps.h"
#include "providers/aws/cloud/stack.h"
#include "providers/aws/cloud/update/change_set.h"
#include "providers/run.h"

static const char change_set_name[] = "cloudctl-keep-file-system";
static const char attribute[] = "DeletionPolicy"; /* operation.undo is this, then ": " and its value */
static const char *const path[] = {"Resources", FILE_SYSTEM, NULL};

const struct aws_operation *const keep_operations[] = {&cloudformation_GetTemplate,
	&cloudformation_CreateChangeSet, &cloudformation_DescribeChangeSet, &cloudformation_DeleteChangeSet,
	&cloudformation_ExecuteChangeSet, NULL};

static bool is_noted(const struct deletion *deletion)
{
	const struct cloud_operation *operation = &deletion->cloud.operation;

	return text_equal(operation->kind, "delete") && operation->undo &&
		text_starts_with(operation->undo, attribute);
}

bool keep_is_wanted(const struct deletion *deletion)
{
	return deletion->options->keep_file_system || is_noted(deletion);
}

/* Retain or RetainExceptOnCreate, as the template has it: quotes included. */
static bool retains(const char *written)
{
	return written && text_starts_with(written + (*written == '"' || *written == '\''), "Retain");
}

/* --- looking --- */

/* A template that is not understood is AWS's, not the user's input. Always returns -1. */
static int not_changed(const struct deletion *deletion, const char *doing, struct error *err)
{
	if (err->kind == ERROR_INPUT)
		err->kind = ERROR_FAILED;
	return error_wrap(err, "%s the template of the stack %s", doing, deletion->stack.name);
}

/* NULL with *err set. *written: the attribute. */
static const char *read_template(struct aws *aws, const struct deletion *deletion, const char **written,
	struct error *err)
{
	struct arena *arena = deletion->run->arena;
	const json_t *reply = aws_call(aws, arena, &cloudformation_GetTemplate,
		json_pack("{s:s, s:s}", "StackName", deletion->stack.arn, "TemplateStage", "Original"), err);
	const char *template = tree_text(reply, "TemplateBody");

	if (reply && yaml_member_find(arena, template, path, attribute, written, err) == 0)
		return template;
	not_changed(deletion, "reading", err);
	return NULL;
}

static int follow(struct deletion *deletion, struct aws *aws, const char *token, struct error *err)
{
	struct run *run = deletion->run;
	struct stack_operation operation = {.arn = deletion->stack.arn, .token = token};

	if (stack_follow(aws, run->arena, run->stream, &operation, err) < 0)
		return -1;
	deletion->stack = operation.stack;
	return 0;
}

/* Is a change set of this step's being executed, or taken back? */
static bool is_under_way(const struct deletion *deletion)
{
	const struct stack *stack = &deletion->stack;

	return stack->phase == STACK_IN_PROGRESS && text_starts_with(stack->status, "UPDATE_") &&
		is_noted(deletion) &&
		strstr(tree_text(stack->description, "ChangeSetId"), ":changeSet/cloudctl-keep-file-system/");
}

int keep_settle(struct deletion *deletion, struct error *err)
{
	return is_under_way(deletion) ? follow(deletion, deletion->aws, NULL, err) : 0;
}

static bool is_to_be_kept(const struct deletion *deletion)
{
	const struct stack *stack = &deletion->stack;

	return keep_is_wanted(deletion) && stack->phase != STACK_ABSENT && stack->phase != STACK_DELETED &&
		!text_equal(stack->status, "DELETE_IN_PROGRESS");
}

int keep_look(struct deletion *deletion, struct error *err)
{
	struct arena *arena = deletion->run->arena;
	const char *written;

	deletion->template = NULL;
	if (!is_to_be_kept(deletion))
		return 0;
	deletion->template = read_template(deletion->aws, deletion, &written, err);
	if (!deletion->template)
		return -1;
	deletion->policy = written;
	if (retains(written))
		return 0;
	if (deletion->stack.phase != STACK_READY)
		return error_set(err, ERROR_FAILED,
			"nothing was deleted: --keep-file-system changes the stack before it is deleted, and a stack that is %s cannot be changed",
			deletion->stack.status);
	return yaml_member_set(arena, deletion->template, path, attribute, "Retain", err)
		? 0
		: not_changed(deletion, "changing", err);
}

/* --- the change set --- */

/* All as they are. */
static const json_t *same_parameters(struct arena *arena, const struct stack *stack)
{
	json_t *list = json_array();

	TREE_EACH (parameter, stack->description, "Parameters")
		json_array_append_new(list,
			json_pack("{s:s, s:b}", "ParameterKey", tree_text(parameter, "ParameterKey"),
				"UsePreviousValue", 1));
	return tree_defer(arena, list);
}

/* ERROR_FAILED: it would do more than to change the attribute, or not even that. */
static int check(const struct change_set *set, struct error *err)
{
	const struct stack_change *change = set->changes.items;

	if (set->empty || set->changes.count == 0)
		return error_set(err, ERROR_FAILED,
			"CloudFormation sees no change in the file system's DeletionPolicy, and would delete it");
	for (size_t i = 0; i < set->changes.count; i++, change++)
		if (!text_equal(change->logical_id, FILE_SYSTEM) || !text_equal(change->action, "Modify") ||
			!text_is_among(change->replacement, "False"))
			return error_set(err, ERROR_FAILED,
				"the change set would not only change the file system's DeletionPolicy, but also %s",
				change->name);
	return 0;
}

/* Make a change set of this template, see that it does only what it is to do, and execute it. 1: there is nothing to change. */
static int change(struct deletion *deletion, struct aws *aws, const char *template, const char *token,
	struct error *err)
{
	struct arena *arena = deletion->run->arena;
	const char *stack = deletion->stack.arn, *arn;
	const struct change_set_request request = {
		.stack = stack,
		.name = change_set_name,
		.token = arena_printf(arena, "%s-set", token), /* a token is for one request */
		.body = template,
		.parameters = same_parameters(arena, &deletion->stack),
	};
	struct change_set set = {0};
	struct error ignored;

	if (change_set_create(aws, arena, &request, &arn, err) < 0)
		return -1;
	if (change_set_read(aws, arena, deletion->run->stream, stack, arn, &set, err) == 0 &&
		check(&set, err) == 0)
		return change_set_execute(aws, arena, stack, arn, token, err);
	change_set_delete(aws, arena, stack, change_set_name, &ignored);
	return set.empty ? 1 : -1;
}

/* --- the step --- */

int keep_find(void *self, enum found *found, struct error *err)
{
	struct deletion *deletion = self;
	bool open = deletion->template && !retains(deletion->policy);

	(void)err;
	*found = open ? FOUND_NOTHING : FOUND_DONE;
	if (open)
		deletion->cloud.operation.token = NULL;
	return 0;
}

int keep_prepare(void *self, struct error *err)
{
	struct deletion *deletion = self;

	(void)err;
	deletion->cloud.operation.undo = deletion->policy
		? arena_printf(deletion->run->arena, "%s: %s", attribute, deletion->policy)
		: attribute;
	return 0;
}

int keep_perform(void *self, struct error *err)
{
	struct deletion *deletion = self;
	const char *template = yaml_member_set(deletion->run->arena, deletion->template, path, attribute,
		"Retain", err);
	int result;

	event_step(deletion->run->stream, STEP_PROGRESS,
		"Changing the stack so that the file system stays ...");
	result = template ? change(deletion, deletion->aws, template, deletion->cloud.operation.token, err)
			  : -1;
	return result == 0 ? 0 : error_wrap(err, "keeping the file system");
}

static int check_end(const struct deletion *deletion, struct error *err)
{
	const struct stack *stack = &deletion->stack;

	if (text_equal(stack->status, "UPDATE_COMPLETE"))
		return 0;
	return error_set(err, ERROR_FAILED, "the stack ended as %s: %s", text_or(stack->status, "deleted"),
		text_or(stack->reason, "AWS gives no reason"));
}

int keep_follow(void *self, struct error *err)
{
	struct deletion *deletion = self;

	if (follow(deletion, deletion->aws, deletion->cloud.operation.token, err) < 0 ||
		check_end(deletion, err) < 0)
		return error_wrap(err, "keeping the file system");
	return 0;
}

/* As operation.undo says that it was; NULL: it was not there. */
static const char *written_before(const struct deletion *deletion)
{
	const char *value = deletion->cloud.operation.undo + strlen(attribute);

	return *value ? value + strlen(": ") : NULL;
}

static int put_back(struct deletion *deletion, struct aws *aws, struct error *err)
{
	struct run *run = deletion->run;
	const char *written, *token = world_token(run->world, run->arena, "cloudctl-undo-");
	const char *template = read_template(aws, deletion, &written, err);
	int result;

	if (!template)
		return -1;
	if (!retains(written) || text_equal(written, written_before(deletion)))
		return 0;
	template = yaml_member_set(run->arena, template, path, attribute, written_before(deletion), err);
	result = template ? change(deletion, aws, template, token, err) : -1;
	if (result == 0)
		result = follow(deletion, aws, token, err) < 0 ? -1 : check_end(deletion, err);
	if (result == 0)
		event_step(run->stream, STEP_NOTE, "The file system's DeletionPolicy is as it was.");
	if (result > 0)
		error_clear(err);
	return result < 0 ? -1 : 0;
}

/* Of a stack that is being deleted, or could not be, the file system is to stay. */
bool keep_is_undoable(const void *self)
{
	const struct deletion *deletion = self;

	return is_noted(deletion) && (deletion->stack.phase == STACK_READY || is_under_way(deletion));
}

int keep_undo(void *self, struct error *err)
{
	struct deletion *deletion = self;
	struct run *run = deletion->run;
	struct aws *aws = cloud_session(run, deletion->cloud.region, true, err);

	if (!aws || !is_noted(deletion))
		return aws ? 0 : -1;
	if (stack_describe(aws, run->arena, deletion->stack.arn, &deletion->stack, err) < 0 ||
		(is_under_way(deletion) && follow(deletion, aws, NULL, err) < 0) ||
		change_set_delete(aws, run->arena, deletion->stack.arn, change_set_name, err) < 0)
		return -1;
	return deletion->stack.phase == STACK_READY ? put_back(deletion, aws, err) : 0;
}

/* --- the end --- */

void keep_tell(const struct deletion *deletion, const char *id)
{
	struct arena *arena = deletion->run->arena;
	const char *word = shell_word(arena, id);

	event_step(deletion->run->stream, STEP_NOTE,
		"The file system %s is kept with its data, and costs money. It has no mount targets any more; to use it in another cloud, make these in its subnets, then: cloudctl edit CLOUD --efs-id %s. To delete it: aws efs delete-file-system --file-system-id %s --region %s",
		id, word, word, shell_word(arena, deletion->cloud.region));
}
