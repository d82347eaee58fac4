/* SPDX-License-Identifier: Apache-2.0 */
/* The options, one table for all commands that have them. */
#include "base/array.h"
#include "base/text.h"
#include "providers/aws/cloud/functional/functional_verify.h"
#include "providers/aws/cloud/functional/probes.h"

#define AT(member) offsetof(struct functional_options, member)

static const struct option option_rows[] = {
	{"functional-verify", 0, OPTION_OPTIONAL, AT(what), NULL,
		"also launch an instance in the cloud, which looks at it from inside, runs Ray, and is taken away again; costs a few cents",
		FUNCTIONAL_WORKSPACE "|" FUNCTIONAL_SERVICE},
	{"instance-type", 0, OPTION_TEXT, AT(instance_type), "TYPE",
		"of the instance to launch; m5.xlarge when not given"},
	{"image-id", 0, OPTION_TEXT, AT(image), "AMI",
		"of the instance to launch; Ubuntu 22.04 when not given"},
	{"functional-as", 0, OPTION_TEXT, AT(as), "WHO",
		"with whose credentials the instance is launched: control-plane, as clusters are, or caller",
		"control-plane|caller"},
	{"functional-anyway", 0, OPTION_FLAG, AT(anyway), NULL,
		"launch in a cloud some of whose checks failed, too"},
};

size_t functional_option_rows(size_t offset, struct option *to)
{
	for (size_t i = 0; i < ARRAY_LENGTH(option_rows); i++) {
		to[i] = option_rows[i];
		to[i].offset += offset;
	}
	return ARRAY_LENGTH(option_rows);
}

int functional_options_check(const struct functional_options *options, bool plan, struct error *err)
{
	if (options->what && plan)
		return error_set(err, ERROR_USAGE, "--plan and --functional-verify: a plan launches nothing");
	if (!options->what && (options->instance_type || options->image || options->as || options->anyway))
		return error_set(err, ERROR_USAGE,
			"--instance-type, --image-id, --functional-as and --functional-anyway are for --functional-verify");
	return 0;
}
