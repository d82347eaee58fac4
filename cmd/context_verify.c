/* SPDX-License-Identifier: Apache-2.0 */
/* Verification inside a command: the checks, and their summary in the record that the command holds. */
#include "cmd/command.h"
#include "verify/verification.h"

int context_verify(struct context *context, struct aws *aws, struct cloud *cloud,
	const struct verify_options *options, struct verification *result, struct error *err)
{
	if (verify_run(aws_source(context->arena, aws), context->arena, cloud, options, &context->stream,
		    result, err) < 0)
		return -1;
	verify_record(context->arena, result, context_now(context), cloud);
	return 0;
}
