/* SPDX-License-Identifier: Apache-2.0 */
/* Verification inside a command: the checks, and their summary in the record that the command holds. */
#include "cmd/command.h"
#include "providers/run.h"
#include "verify/verification.h"

int context_verify(struct context *context, struct aws *aws, struct cloud *cloud,
	const struct verify_options *options, struct verification *result, struct error *err)
{
	const struct verify_input input = {
		.table = &cloud_checks,
		.source = aws_source(context->arena, aws),
		.facts = facts_new(context->arena, cloud_checks.plan, cloud),
		.options = options,
		.stream = &context->stream,
	};

	if (verify_run(&input, result, err) < 0)
		return error_wrap(err, "verifying cloud '%s'", cloud->name);
	cloud_summarize(context->arena, result, world_now(context->world, context->arena), cloud);
	return 0;
}
