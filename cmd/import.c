/* SPDX-License-Identifier: Apache-2.0 */
/* `cloudctl import`; the provider carries it out. */
#include "cmd/built_in.h"
#include "cmd/command.h"

const struct command command_import = {
	.name = "import",
	.summary = "record a cloud that setup made, or that another machine has recorded",
	.description =
		"Writes the record of a cloud that is there already. The record of a managed cloud is made from its\n"
		"CloudFormation stack; with --file, a record of another machine is taken over as it is. Changes\n"
		"nothing in AWS, and replaces no record.\n"
		"\n"
		"  cloudctl import --all --region us-west-2\n"
		"  cloudctl import --stack cld-abcdefghijklmnopqrstuvwxyz --name prod\n"
		"  cloudctl get prod -o yaml > prod.yaml, and elsewhere: cloudctl import -f prod.yaml\n"
		"\n"
		"Exit codes: 0 recorded; 4 not recorded, or with --all not every one.",
	.effect = EFFECT_NONE,
	.provided = &PROVIDER.import,
};
