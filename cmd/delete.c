/* SPDX-License-Identifier: Apache-2.0 */
/* `cloudctl delete`; the provider carries it out. */
#include "cmd/built_in.h"
#include "cmd/command.h"

const struct command command_delete = {
	.name = "delete",
	.arguments = "[CLOUD]",
	.summary = "delete a cloud",
	.description =
		"For a managed cloud, deletes its CloudFormation stack with all resources except the S3 bucket,\n"
		"which it names at the end. First it looks for what would be in the way, such as instances that\n"
		"still run: if there is anything, it names it with the command that removes it, and deletes\n"
		"nothing. For a registered cloud, removes the external id that register added to the\n"
		"control-plane role's trust policy, deletes the record, and changes nothing else.\n"
		"\n"
		"  cloudctl delete prod --plan\n"
		"  cloudctl delete prod\n"
		"\n"
		"If a run ended early, run the command again to continue.\n"
		"Exit codes: 0 deleted; 4 not deleted, or not everything; 5 not confirmed. With --plan: 1\n"
		"something to do, 3 not everything could be looked for, 4 something is in the way.",
	.needs = NEEDS_CLOUD,
	.effect = EFFECT_REMOVES,
	.leaving = "The deletion goes on in AWS; leaving does not stop it.\n"
		   "To come back to it: cloudctl delete --name %s",
	.provided = &PROVIDER.remove,
};
