/* SPDX-License-Identifier: Apache-2.0 */
/* `cloudctl get`: print one record. Its YAML is what `import -f` accepts, and `register -f` for a registered cloud (providers/records/cloud.h lists the keys). */
#include "cmd/context.h"
#include "ui/output.h"

static int get_run(struct context *context, const void *options, struct error *err)
{
	struct cloud cloud;

	(void)options;
	if (context_cloud(context, &context->selector, &cloud, err) < 0)
		return -1;
	context_tell_left_over(context, &cloud);
	/* A record is YAML by nature: text is the same. */
	return output_tree(context->results, cloud_to_tree(&cloud),
		context->format == OUTPUT_JSON ? OUTPUT_JSON : OUTPUT_YAML, err);
}

const struct command command_get = {
	.name = "get",
	.arguments = "[CLOUD]",
	.summary = "print the record of a cloud",
	.description =
		"Prints the record of a cloud as YAML, or as JSON with -o json. Does not contact AWS.\n"
		"'cloudctl import -f FILE' takes it over on another machine.\n"
		"\n"
		"  cloudctl get prod -o yaml > prod.yaml",
	.needs = NEEDS_CLOUD,
	.run = get_run,
};
