/* SPDX-License-Identifier: Apache-2.0 */
/* A record, a stack or outputs of Terraform into a cloud. */
#include "providers/aws/cloud/register_source.h"

#include "base/arena.h"
#include "base/shell_word.h"
#include "base/tree.h"
#include "providers/aws/client/aws.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/cloud_identity.h"
#include "providers/aws/cloud/cloud_session.h"
#include "providers/aws/cloud/record_file.h"
#include "providers/aws/cloud/register_input.h"
#include "providers/aws/cloud/resource_outputs.h"
#include "providers/aws/cloud/stack.h"
#include "providers/aws/cloud/terraform_outputs.h"
#include "providers/aws/iam/arn.h"
#include "providers/records/cloud.h"
#include "providers/run.h"

/* Registered, a managed cloud's stack would be forgotten, and delete would leave it. */
static int read_record(struct run *run, const char *file, struct cloud *cloud, struct error *err)
{
	if (record_file_read(run->arena, file, cloud, err) < 0)
		return -1;
	/* A file by hand need not say "deployment". */
	if (!aws_cloud(cloud)->stack_name && !aws_cloud(cloud)->stack_arn)
		return 0;
	return error_set(err, ERROR_USAGE,
		"--file: %s is the record of a managed cloud, which register would take from its stack; to record it: cloudctl import -f %s",
		file, shell_word(run->arena, file));
}

static int read_terraform(struct run *run, const char *file, struct cloud *cloud, struct error *err)
{
	const json_t *outputs = terraform_outputs_read(run->arena, file, err);

	if (!outputs)
		return error_wrap(err, "--from-terraform");
	if (resource_outputs_read(run->arena, outputs, cloud, err) < 0)
		return error_wrap(err, "--from-terraform: %s", file);
	return 0;
}

/* The region that a stack's ARN names, in arena; NULL for a name. */
static const char *region_of(struct arena *arena, const char *stack)
{
	size_t length;
	const char *region = arn_find(stack, ARN_REGION, &length);

	return region ? arena_strndup(arena, region, length) : NULL;
}

static int read_stack(struct run *run, const char *name, struct aws **aws, struct cloud *cloud,
	struct error *err)
{
	struct arena *arena = run->arena;
	const char *region = region_of(arena, name);
	struct stack stack;

	if (run->region && region && !text_equal(run->region, region))
		return error_set(err, ERROR_USAGE, "--region: the stack is in %s, not in %s", region,
			run->region);
	*aws = cloud_session(run, region, false, err);
	if (!*aws || aws_need_region(*aws, err) < 0 || stack_describe(*aws, arena, name, &stack, err) < 0)
		return -1;
	if (stack.phase == STACK_ABSENT || stack.phase == STACK_DELETED)
		return error_set(err, ERROR_NOT_FOUND, "--from-stack: there is no stack %s in %s", name,
			aws_region(*aws));
	if (tree_find(stack.description, "Tags", "Key", CLOUD_TAG))
		return error_set(err, ERROR_USAGE,
			"--from-stack: %s is the stack of a managed cloud; to record it: cloudctl import --stack %s",
			stack.name, shell_word(arena, stack.arn));
	cloud->region = aws_region(*aws);
	if (resource_outputs_read(arena, stack.outputs, cloud, err) < 0)
		return error_wrap(err, "--from-stack: %s", stack.name);
	return 0;
}

int register_source_read(struct run *run, const struct register_options *options, struct aws **aws,
	struct cloud *cloud, struct error *err)
{
	int named = (options->file != NULL) + (options->from_stack != NULL) +
		(options->from_terraform != NULL);

	if (named > 1)
		return error_set(err, ERROR_USAGE,
			"register: give one of --file, --from-stack and --from-terraform");
	if (options->file)
		return read_record(run, options->file, cloud, err);
	if (options->from_terraform)
		return read_terraform(run, options->from_terraform, cloud, err);
	return options->from_stack ? read_stack(run, options->from_stack, aws, cloud, err) : 0;
}
