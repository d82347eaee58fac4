/* SPDX-License-Identifier: Apache-2.0 */
/* `verify --functional-verify`: what follows the checks of a cloud that is there. */
#include "cmd/built_in.h"
#include "cmd/context.h"
#include "cmd/verify.h"
#include "providers/functional.h"

size_t verify_functional_options(size_t offset, struct option *rows)
{
	return PROVIDER.functional->options(offset, rows);
}

int verify_functionally(struct context *context, const struct verify_command_options *options,
	struct cloud *cloud, struct verification *whole, struct error *err)
{
	return PROVIDER.functional->verify(context_run(context), &options->functional, options->yes, cloud,
		whole, err);
}
