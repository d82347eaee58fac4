/* SPDX-License-Identifier: Apache-2.0 */
/* `cloudctl setup`; the provider carries it out. */
#include "cmd/built_in.h"
#include "cmd/command.h"

const struct command command_setup = {
	.name = "setup",
	.arguments = "[NAME]",
	.summary = "create a cloud with all its resources in one CloudFormation stack",
	.description =
		"Creates VPC, subnets, security group, IAM roles, S3 bucket, EFS file system and, with\n"
		"--enable-head-node-fault-tolerance, MemoryDB in one CloudFormation stack; then verifies them.\n"
		"First it checks quotas, zones, names and permissions, and lists all obstacles at once.\n"
		"Before it asks, it says what it is going to create, whom it lets in and what that costs.\n"
		"If a run ended early, run the command again to continue: nothing is created twice.\n"
		"\n"
		"  cloudctl setup prod --region us-west-2 --plan\n"
		"  cloudctl setup prod --region us-west-2\n"
		"  cloudctl setup prod --region us-west-2 --functional-verify workspace\n"
		"\n"
		"Exit codes: 0 created and verified, or ready already, 1 created but a check failed, 3 created\n"
		"but something could not be determined, 4 not created, 5 not confirmed. With --plan: 0 nothing\n"
		"to do, 1 something to do, 3 not everything could be determined, 4 it would be refused.",
	.effect = EFFECT_CREATES,
	.leaving = "The stack goes on in AWS; leaving does not stop it.\n"
		   "To come back to it: cloudctl setup --name %s\n"
		   "To undo everything: cloudctl delete --name %s",
	.provided = &PROVIDER.setup,
};
