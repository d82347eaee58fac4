/* SPDX-License-Identifier: Apache-2.0 */
/* `cloudctl register`; the provider carries it out. */
#include "cmd/built_in.h"
#include "cmd/command.h"

const struct command command_register = {
	.name = "register",
	.summary = "take over resources that you already have",
	.description =
		"Verifies your VPC, subnets, security groups, roles, bucket and file system, adds the cloud's\n"
		"external id to the control-plane role's trust policy, and records the cloud. It changes nothing\n"
		"else. A failure, a 'no' or Ctrl-C leaves the account as it was.\n"
		"\n"
		"  cloudctl register --name prod --region us-west-2 --vpc-id vpc-... --subnet-ids subnet-...,subnet-... \\\n"
		"    --efs-id fs-... --security-group-ids sg-... --s3-bucket-id BUCKET \\\n"
		"    --control-plane-role-arn arn:... --node-role-arn arn:...\n"
		"  cloudctl register -f cloud.yaml --functional-verify workspace\n"
		"  cloudctl register --name prod --region us-west-2 --from-terraform outputs.json\n"
		"\n"
		"With --yes, a cloud is registered only if no check failed; --skip-verifications registers it\n"
		"without checking anything. Exit codes: 0 registered, 1 a check failed, 3 registered but something could not be\n"
		"determined, 4 not registered, 5 not confirmed.",
	.effect = EFFECT_CHANGES,
	.leaving =
		"Leaving stops the registration. What was changed is undone first, so that the account is as it was.\n"
		"To try again: cloudctl register --name %s",
	.provided = &PROVIDER.adopt,
};
