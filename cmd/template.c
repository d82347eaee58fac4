/* SPDX-License-Identifier: Apache-2.0 */
/* `cloudctl template`: print the CloudFormation template that setup uses, byte for byte. */
#include <string.h>

#include "cmd/built_in.h"
#include "cmd/context.h"
#include "ui/output.h"

struct template_options {
	bool comments;
};

static int template_run(struct context *context, const void *data, struct error *err)
{
	const struct template_options *options = data;
	const char *text;

	if (context->global.output && !text_equal(context->global.output, "yaml") &&
		!text_equal(context->global.output, "text"))
		return error_set(err, ERROR_USAGE,
			"--output: the template is always printed as it is, in YAML");
	text = PROVIDER.template(context->arena, options->comments);
	return output_write(context->results, text, strlen(text), err);
}

static const struct option rows[] = {
	{"comments", 0, OPTION_FLAG, offsetof(struct template_options, comments), NULL,
		"with comments, and descriptions of the parameters, which are not sent to CloudFormation"},
	{NULL},
};

const struct command command_template = {
	.name = "template",
	.summary = "print the CloudFormation template",
	.description =
		"Prints the template that setup gives to CloudFormation, for you to keep or check with tools of\n"
		"your own; with --comments, for you to read. Needs no AWS account.\n"
		"\n"
		"  cloudctl template > cloud.yaml\n"
		"  cloudctl template --comments | less",
	.options = rows,
	.options_size = sizeof(struct template_options),
	.run = template_run,
};
