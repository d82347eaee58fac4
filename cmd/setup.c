/* SPDX-License-Identifier: Apache-2.0 */
/* `cloudctl setup`; the provider carries it out. */
#include "cmd/built_in.h"
#include "cmd/command.h"

const struct command command_setup = {
	.name = "setup",
	.summary = "create a cloud: all its resources with one CloudFormation stack",
	.description =
		"Makes VPC, subnets, security group, IAM roles, S3 bucket, EFS file system and, with\n"
		"--enable-head-node-fault-tolerance, MemoryDB, in one CloudFormation stack; then verifies them.\n"
		"Before anything is made, quotas, zones, names and what else is needed are looked at; all that\n"
		"is in the way is said in one list.\n"
		"A run that ended early is taken up by running it again: nothing is made twice.\n"
		"\n"
		"  cloudctl setup --name prod --region us-west-2\n"
		"\n"
		"Exit codes: 0 made and verified, 1 made but a check failed, 3 made but something could not\n"
		"be determined, 4 not made, 5 not confirmed.",
	.effect = EFFECT_CREATES,
	.leaving = "The stack goes on in AWS without this program; nothing stops by leaving.\n"
		   "To come back to it: cloudctl setup --name %s\n"
		   "To undo everything: cloudctl delete --name %s",
	.provided = &PROVIDER.setup,
};
