/* SPDX-License-Identifier: Apache-2.0 */
/* From parameters, tags and outputs of a stack back to the record. */
#include "providers/aws/cloud/stack_cloud.h"

#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/shell_word.h"
#include "base/timestamp.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/cloud_identity.h"
#include "providers/aws/cloud/setup_plan.h"
#include "providers/aws/cloud/stack.h"
#include "providers/aws/cloud/stack_protection.h"
#include "providers/aws/iam/arn.h"
#include "providers/records/cloud.h"

bool stack_cloud_named(const char *stack_name)
{
	const size_t length = strlen("cld-");

	return text_starts_with(stack_name, "cld-") &&
		text_only(stack_name + length, "abcdefghijklmnopqrstuvwxyz234567", 26, 26);
}

/* A parameter's value; NULL when it is empty, or not one of the stack's. */
static const char *parameter(struct arena *arena, const struct stack *stack, const char *name)
{
	const char *value = tree_text(stack->parameters, name);

	return *value ? arena_strdup(arena, value) : NULL;
}

/* --- is it a cloud's? --- */

static int refuse(struct arena *arena, const struct stack *stack, const struct text_list *lacks,
	struct error *err)
{
	return error_set(err, ERROR_CONFLICT,
		"the stack %s is not one that setup made: it has no %s; nothing was recorded. To take over resources of another stack: cloudctl register --from-stack %s",
		stack->name, text_join(arena, lacks, ", no "), shell_word(arena, stack->arn));
}

static int check_marks(struct arena *arena, const struct stack *stack, struct error *err)
{
	static const char *const parameters[] = {"CloudId", "ControlPlaneAccount", "ExternalId"};
	const char *id = tree_text(stack->parameters, "CloudId");
	const char *tag = tree_text(tree_find(stack->description, "Tags", "Key", CLOUD_TAG), "Value");
	struct text_list lacks = {0};

	for (size_t i = 0; i < ARRAY_LENGTH(parameters); i++)
		if (!parameter(arena, stack, parameters[i]))
			text_list_add(arena, &lacks, arena_printf(arena, "parameter %s", parameters[i]));
	if (!*tag)
		text_list_add(arena, &lacks, "tag " CLOUD_TAG);
	if (lacks.count > 0)
		return refuse(arena, stack, &lacks, err);
	if (!cloud_id_valid(id) || !text_equal(tag, id) ||
		!text_equal(stack->name, cloud_stack_name(arena, id)))
		return error_set(err, ERROR_CONFLICT,
			"the stack %s is not that of one cloud: its CloudId is '%s', its tag %s '%s'; nothing was recorded",
			stack->name, id, CLOUD_TAG, tag);
	return 0;
}

/* --- its parts --- */

static enum cloud_networking networking(const struct stack *stack)
{
	const char *word = tree_text(stack->parameters, "Networking");
	const char *gateways = tree_text(stack->parameters, "NatGateways");
	const char *private = cloud_networking_names[NETWORKING_PRIVATE];

	/* Those of earlier versions do not say it. */
	if (!*word)
		return *gateways && !text_equal(gateways, "none") ? NETWORKING_PRIVATE : NETWORKING_DIRECT;
	return text_equal(word, private) ? NETWORKING_PRIVATE : NETWORKING_DIRECT;
}

static struct setup_network network(struct arena *arena, const struct stack *stack)
{
	struct setup_network network = {.vpc_id = parameter(arena, stack, "VpcId")};

	if (network.vpc_id)
		network.subnet_ids = text_split(arena, tree_text(stack->parameters, "SubnetIds"), ',');
	else
		network.vpc_cidr = parameter(arena, stack, "VpcCidr");
	if (!network.vpc_id && !text_equal(tree_text(stack->parameters, "NatGateways"), "none"))
		network.nat_gateways = parameter(arena, stack, "NatGateways");
	return network;
}

/* Where setup or delete go on with a stack in this state: their step, see setup_steps.c and cloud_delete.c. */
static void take_state(const struct stack *stack, struct cloud *cloud)
{
	bool deleting = stack->phase == STACK_DELETE_FAILED ||
		text_equal(stack->status, "DELETE_IN_PROGRESS");
	bool creating = text_is_among(stack->status, "CREATE_IN_PROGRESS ROLLBACK_IN_PROGRESS");

	cloud->state = CLOUD_READY;
	if (stack->phase == STACK_ROLLED_BACK) {
		cloud->state = CLOUD_FAILED;
		cloud->operation = (struct cloud_operation){.kind = "setup", .step = "rolled-back"};
	} else if (deleting) {
		cloud->state = CLOUD_DELETING;
		cloud->operation = (struct cloud_operation){.kind = "delete", .step = "delete-stack"};
	} else if (creating) {
		cloud->state = CLOUD_CREATING;
		cloud->operation = (struct cloud_operation){.kind = "setup", .step = "create-stack"};
	}
	if (cloud->operation.kind)
		cloud->operation.started = cloud->created;
}

/* In the record's form, without fractions of a second; NULL when AWS does not say it. */
static const char *created(struct arena *arena, const struct stack *stack)
{
	char text[TIMESTAMP_SIZE];
	int64_t ms;

	if (!timestamp_parse_rfc3339(tree_text(stack->description, "CreationTime"), &ms))
		return NULL;
	return arena_strdup(arena, timestamp_rfc3339(ms, text));
}

int stack_cloud_read(struct arena *arena, const struct stack *stack, struct cloud *cloud, struct error *err)
{
	const char *region;
	size_t length;
	struct aws_cloud *section;

	*cloud = (struct cloud){.provider = "aws", .deployment = DEPLOYMENT_MANAGED};
	if (check_marks(arena, stack, err) < 0)
		return -1;
	region = arn_find(stack->arn, ARN_REGION, &length);
	cloud->id = parameter(arena, stack, "CloudId");
	cloud->name = parameter(arena, stack, "CloudName");
	if (!cloud_name_valid(cloud->name))
		cloud->name = stack->name;
	cloud->region = region ? arena_strndup(arena, region, length) : NULL;
	cloud->account = arn_account(arena, stack->arn);
	cloud->networking = networking(stack);
	cloud->created = created(arena, stack);
	take_state(stack, cloud);
	section = aws_cloud_edit(arena, cloud);
	section->stack_arn = stack->arn;
	section->stack_name = stack->name;
	section->control_plane_account = parameter(arena, stack, "ControlPlaneAccount");
	section->external_id = parameter(arena, stack, "ExternalId");
	section->cloud_tag = parameter(arena, stack, "CloudTag");
	section->stack_protected = stack_is_protected(stack);
	section->setup = setup_choices_of_stack(arena, stack->parameters, stack->description);
	section->network = network(arena, stack);
	if (cloud_identity_check(arena, cloud, err) < 0)
		return -1;
	return cloud->state == CLOUD_READY ? setup_plan_outputs(arena, stack->outputs, cloud, err) : 0;
}
