/* SPDX-License-Identifier: Apache-2.0 */
/* `cloudctl template`: print the CloudFormation template that setup uses, with its comments. */
#include <string.h>

#include "cmd/built_in.h"
#include "cmd/context.h"
#include "ui/output.h"

static int template_run(struct context *context, const void *options, struct error *err)
{
	(void)options;
	if (context->global.output && !text_equal(context->global.output, "yaml") &&
		!text_equal(context->global.output, "text"))
		return error_set(err, ERROR_USAGE,
			"--output: the template is always printed as it is, in YAML");
	return output_write(context->results, PROVIDER.template(), strlen(PROVIDER.template()), err);
}

const struct command command_template = {
	.name = "template",
	.summary = "print the CloudFormation template",
	.description =
		"Prints the template that setup gives to CloudFormation, for you to read, keep or check with\n"
		"tools of your own. Needs no AWS account.\n"
		"\n"
		"  cloudctl template > cloud.yaml",
	.run = template_run,
};
