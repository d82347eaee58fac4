/* SPDX-License-Identifier: Apache-2.0 */
/* `verify --functional-verify`: what follows the checks of a cloud that is there; and `verify --sweep`. */
#include "cmd/built_in.h"
#include "cmd/context.h"
#include "cmd/presentation.h"
#include "cmd/verify.h"
#include "providers/functional.h"

size_t verify_functional_options(size_t offset, struct option *rows)
{
	return PROVIDER.functional->options(offset, rows);
}

int verify_functional_check(const struct verify_command_options *options, struct error *err)
{
	return PROVIDER.functional->check(&options->functional, false, err);
}

int verify_functionally(struct context *context, const struct verify_command_options *options,
	struct cloud *cloud, struct verification *whole, struct error *err)
{
	return PROVIDER.functional->verify(context_run(context), &options->functional, options->yes, cloud,
		whole, err);
}

int verify_sweep(struct context *context, const struct verify_command_options *options, struct error *err)
{
	struct cloud cloud;
	static const size_t counts[VERDICTS];
	int code;

	if (context_cloud(context, &context->selector, &cloud, err) < 0)
		return -1;
	context_begin(context, &cloud, false);
	code = PROVIDER.functional->sweep(context_run(context), options->yes, &cloud, err);
	return context_end(context, code, VERDICT_SKIP, counts, err);
}
