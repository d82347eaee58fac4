/* SPDX-License-Identifier: Apache-2.0 */
/* `cloudctl update`; the provider carries it out. */
#include "cmd/built_in.h"
#include "cmd/command.h"

const struct command command_update = {
	.name = "update",
	.arguments = "[CLOUD]",
	.summary = "change a cloud that setup made: its template, its options",
	.description =
		"Brings the stack of a managed cloud to this program's template, and changes the options that\n"
		"are named; all others stay as they are. First it asks CloudFormation what that changes, and\n"
		"shows it resource by resource, policies statement by statement. What would lose data is\n"
		"refused, unless --allow-loss names the resource. If a run ended early, run the command again.\n"
		"\n"
		"  cloudctl update prod --plan\n"
		"  cloudctl update prod --ssh-cidr 203.0.113.0/24\n"
		"\n"
		"Exit codes: 0 updated and verified, or up to date already, 1 updated but a check failed,\n"
		"3 updated but something could not be determined, 4 not updated, 5 not confirmed. With --plan:\n"
		"0 nothing to do, 1 something to do, 4 it would be refused.",
	.needs = NEEDS_CLOUD,
	.effect = EFFECT_CHANGES,
	.leaving = "Once it was agreed to, the update goes on in AWS; leaving does not stop it.\n"
		   "To come back to it: cloudctl update --name %s",
	.provided = &PROVIDER.update,
};
