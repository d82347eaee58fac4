/* SPDX-License-Identifier: Apache-2.0 */
/* Members of a record against each other, and against the tag of the stack that is found. */
#include "providers/aws/cloud/cloud_identity.h"

#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/event.h"
#include "base/text.h"
#include "base/tree.h"
#include "providers/aws/client/aws.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/stack.h"
#include "providers/aws/iam/arn.h"
#include "providers/records/cloud.h"

const char *cloud_stack_name(struct arena *arena, const char *id)
{
	/* a stack's name has no underscore */
	return arena_printf(arena, "cld-%s", id + strlen("cld_"));
}

/* --- the record --- */

/* A member, and a glob that it has to match. */
struct fit {
	enum cloud_deployment of;
	const char *member, *has;
	const char *must_be; /* NULL: the member must not be there */
	bool may_be_missing;
};

static bool fits(const struct fit *fit)
{
	if (!fit->has)
		return fit->may_be_missing || !fit->must_be;
	return fit->must_be && text_glob(fit->must_be, fit->has, false);
}

/* where: what is to be corrected. */
static int check_fit(const struct cloud *cloud, const struct fit *fit, const char *where, struct error *err)
{
	const char *name = cloud->name, *has = fit->has;

	if (fits(fit))
		return 0;
	if (!has)
		return error_set(err, ERROR_CONFLICT,
			"the record of cloud '%s' has no %s, which is %s; nothing was changed. Add it to %s",
			name, fit->member, strchr(fit->must_be, '?') ? "of 12 digits" : fit->must_be, where);
	if (!fit->must_be)
		return error_set(err, ERROR_CONFLICT,
			"the record of cloud '%s' does not fit itself: no %s cloud has %s (%s); nothing was changed. Correct %s",
			name, cloud_deployment_names[cloud->deployment], fit->member, has, where);
	return error_set(err, ERROR_CONFLICT,
		"the record of cloud '%s' does not fit itself: with its id, region and account, %s is %s, not %s; nothing was changed. Correct %s",
		name, fit->member, fit->must_be, has, where);
}

int cloud_identity_check_in(struct arena *arena, const struct cloud *cloud, const char *where,
	struct error *err)
{
	const struct aws_cloud *section = aws_cloud(cloud);
	const char *stack = cloud_stack_name(arena, cloud->id);
	const char *account = cloud->account ? cloud->account : "????????????";
	const char *added = section->external_id_added ? "true" : NULL;
	const char *role = section->resources.control_plane_role_arn;
	bool theirs = section->external_id && !text_starts_with(section->external_id, "cld_");
	const struct fit table[] = {
		{DEPLOYMENT_MANAGED, "account", cloud->account, "????????????"},
		{DEPLOYMENT_MANAGED, "stack_name", section->stack_name, stack},
		{DEPLOYMENT_MANAGED, "stack_arn", section->stack_arn,
			arena_printf(arena, "arn:*:cloudformation:%s:%s:stack/%s/*", cloud->region, account,
				stack),
			.may_be_missing = true},
		/* It is the cloud's id, unless update was told another; that of another cloud is a mistake. */
		{DEPLOYMENT_MANAGED, "external_id", section->external_id, theirs ? "*" : cloud->id},
		{DEPLOYMENT_MANAGED, "external_id_added", added, NULL},
		{DEPLOYMENT_REGISTERED, "stack_name", section->stack_name, NULL},
		{DEPLOYMENT_REGISTERED, "stack_arn", section->stack_arn, NULL},
		/* One that is not a cloud's id was the customer's before. */
		{DEPLOYMENT_REGISTERED, "external_id", section->external_id, theirs ? "*" : cloud->id,
			.may_be_missing = !added},
		{DEPLOYMENT_REGISTERED, "control_plane_account", section->control_plane_account,
			"????????????", .may_be_missing = !added},
		{DEPLOYMENT_REGISTERED, "resources.control_plane_role_arn", role,
			arena_printf(arena, "arn:*:iam::%s:role/*", account), .may_be_missing = !added},
	};

	for (size_t i = 0; i < ARRAY_LENGTH(table); i++)
		if (table[i].of == cloud->deployment && check_fit(cloud, &table[i], where, err) < 0)
			return -1;
	return 0;
}

int cloud_identity_check(struct arena *arena, const struct cloud *cloud, struct error *err)
{
	const char *where = arena_printf(arena, "clouds/%s.yaml in the registry", cloud->name);

	return cloud_identity_check_in(arena, cloud, where, err);
}

/* --- what is there in AWS --- */

static bool is_there(const struct stack *stack)
{
	return stack->phase != STACK_ABSENT && stack->phase != STACK_DELETED;
}

static int check_tag(const struct cloud *cloud, const struct stack *stack, struct error *err)
{
	const json_t *tag = tree_find(stack->description, "Tags", "Key", CLOUD_TAG);

	if (text_equal(tree_text(tag, "Value"), cloud->id))
		return 0;
	return error_set(err, ERROR_CONFLICT,
		"the stack %s is not that of cloud '%s': its tag %s is not %s; nothing was changed. Correct clouds/%s.yaml in the registry",
		stack->arn, cloud->name, CLOUD_TAG, cloud->id, cloud->name);
}

int cloud_find_stack(struct aws *aws, struct arena *arena, const struct cloud *cloud, struct stack *stack,
	struct error *err)
{
	const char *arn = aws_cloud(cloud)->stack_arn;
	struct stack named;

	if (arn && stack_describe(aws, arena, arn, stack, err) < 0)
		return -1;
	if (!arn || !is_there(stack)) {
		if (stack_describe(aws, arena, cloud_stack_name(arena, cloud->id), &named, err) < 0)
			return -1;
		if (!arn || is_there(&named))
			*stack = named;
	}
	return is_there(stack) ? check_tag(cloud, stack, err) : 0;
}

int cloud_is_gone(struct aws *aws, struct arena *arena, const struct cloud *cloud,
	struct event_stream *stream, struct error *err)
{
	const char *role = arn_name(kind_default_id(arena, KIND_CONTROL_PLANE_ROLE, cloud));
	json_t *input = json_pack("{s:s}", "RoleName", role);

	if (aws_call(aws, arena, &iam_GetRole, input, err))
		return error_set(err, ERROR_CONFLICT,
			"there is no stack %s in %s, but its role %s exists, so the cloud may live in another region; nothing was changed. Correct 'region' in clouds/%s.yaml of the registry; or, when only the role is left, delete that",
			aws_cloud(cloud)->stack_name, cloud->region, role, cloud->name);
	if (err->kind == ERROR_DENIED)
		event_step(stream, STEP_WARNING,
			"There is no stack %s in %s; whether it is in another region could not be found out, which needs %s",
			aws_cloud(cloud)->stack_name, cloud->region, err->action);
	else if (err->kind != ERROR_NOT_FOUND)
		return error_wrap(err, "looking for the role %s", role);
	error_clear(err);
	return 0;
}
