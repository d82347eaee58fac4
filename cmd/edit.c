/* SPDX-License-Identifier: Apache-2.0 */
/* `cloudctl edit`; the provider carries it out. */
#include "cmd/built_in.h"
#include "cmd/command.h"

const struct command command_edit = {
	.name = "edit",
	.arguments = "[CLOUD]",
	.summary = "give a registered cloud other resources",
	.description =
		"Replaces bucket, file system, mount target, MemoryDB cluster, subnets, security groups or roles in\n"
		"the record of a registered cloud. The cloud is verified first, as it is and as it is to become: what\n"
		"was broken before does not stop it, what would be broken does. A new control-plane role gets the\n"
		"cloud's external id into its trust policy, and the old one loses it. Nothing is deleted or copied.\n"
		"\n"
		"  cloudctl edit prod --s3-bucket-id BUCKET --plan\n"
		"  cloudctl edit prod --efs-id fs-... --functional-verify workspace\n"
		"  cloudctl edit prod --memorydb-cluster-id none\n"
		"  cloudctl edit prod --revert\n"
		"\n"
		"Exit codes: 0 changed, or nothing to change, 1 a check would fail that does not now: nothing is\n"
		"changed, 3 changed, but something could not be determined or is left to do, 4 not changed, 5 not\n"
		"confirmed. With --plan: 0 nothing to do, 1 something to do, 3 not everything could be determined,\n"
		"4 it would be refused.",
	.needs = NEEDS_CLOUD,
	.effect = EFFECT_CHANGES,
	.leaving =
		"Leaving stops the edit. What was changed is undone first, or the record says what is left to do.\n"
		"To come back to it: cloudctl edit --name %s",
	.provided = &PROVIDER.edit,
};
