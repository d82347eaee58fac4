/* SPDX-License-Identifier: Apache-2.0 */
/* `cloudctl policy COMMAND`: the smallest IAM policy for a command, or which of its permissions the caller is missing. */
#include "cmd/built_in.h"
#include "cmd/command.h"

const struct command command_policy = {
	.name = "policy",
	.arguments = "COMMAND [CLOUD]",
	.summary = "print the smallest IAM policy for a command, or the permissions that you are missing",
	.description =
		"Prints the permissions that COMMAND needs, as an IAM policy in JSON (with -o yaml, in YAML), ready\n"
		"to attach, without contacting AWS. A cloud, --region and --account limit it to these. What\n"
		"CloudFormation does with your permissions is allowed only through CloudFormation. 'policy' as\n"
		"COMMAND prints what --check itself needs.\n"
		"\n"
		"  cloudctl policy setup --region us-west-2 --account 123456789012 > setup.json\n"
		"  cloudctl policy verify prod\n"
		"  cloudctl policy setup --check\n"
		"\n"
		"Exit codes of --check: 0 nothing is missing, 1 something is missing, 3 something could not be\n"
		"determined.",
	.provided = &PROVIDER.policy,
};
