/* SPDX-License-Identifier: Apache-2.0 */
/* `cloudctl delete`; the provider carries it out. */
#include "cmd/built_in.h"
#include "cmd/command.h"

const struct command command_delete = {
	.name = "delete",
	.arguments = "[CLOUD]",
	.summary = "remove a cloud",
	.description =
		"A managed cloud: deletes its CloudFormation stack with all resources but the S3 bucket, which it\n"
		"names at the end. A registered one: takes the external id that register added out of the\n"
		"control-plane role's trust policy, forgets the record, and touches nothing else.\n"
		"\n"
		"  cloudctl delete prod\n"
		"\n"
		"Exit codes: 0 deleted, 4 not, or not everything; 5 not confirmed. It can be run again.",
	.needs = NEEDS_CLOUD,
	.effect = EFFECT_REMOVES,
	.leaving = "The deletion goes on in AWS without this program; nothing stops by leaving.\n"
		   "To come back to it: cloudctl delete --name %s",
	.provided = &PROVIDER.remove,
};
