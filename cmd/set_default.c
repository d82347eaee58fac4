/* SPDX-License-Identifier: Apache-2.0 */
/* `cloudctl set-default`: choose the cloud that commands are about when none is named. */
#include "base/str.h"
#include "cmd/context.h"

static int set_default_run(struct context *context, const void *options, struct error *err)
{
	struct cloud cloud;

	(void)options;
	if (!selector_names(&context->selector))
		return error_set(err, ERROR_USAGE, "which cloud? Give its name or its id");
	if (context_cloud(context, &context->selector, &cloud, err) < 0 ||
		registry_set_default(context->registry, cloud.name, err) < 0)
		return -1;
	fprintf(context->messages, "The default cloud is '%s' now.\n", cloud.name);
	return 0;
}

const struct command command_set_default = {
	.name = "set-default",
	.arguments = "CLOUD",
	.summary = "choose the default cloud",
	.description = "Makes CLOUD, a name or an id, the cloud that commands use when none is named.\n"
		       "Changes nothing in AWS.\n"
		       "\n"
		       "  cloudctl set-default prod",
	.needs = NEEDS_CLOUD,
	.run = set_default_run,
};
