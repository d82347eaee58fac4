/* SPDX-License-Identifier: Apache-2.0 */
/* `cloudctl export FORMAT`; the provider carries it out. */
#include "cmd/built_in.h"
#include "cmd/command.h"

const struct command command_export = {
	.name = "export",
	.arguments = "ray [CLOUD]",
	.summary = "print a file for another tool: a cluster file for ray up",
	.description =
		"Prints a cluster file with which Ray's own launcher starts a cluster in the cloud: every node type\n"
		"with the cloud's subnets and security groups, the roles of 'setup --with-ray', an image of the\n"
		"region, your SSH key, encrypted volumes, and a token that everybody needs who talks to the cluster.\n"
		"Images and instance types are looked up with your credentials; nothing is made.\n"
		"\n"
		"  cloudctl export ray prod > prod-cluster.yaml\n"
		"  cloudctl export ray prod --node-type cpu=m5.4xlarge:0:10 --node-type gpu=g5.xlarge:0:4:spot\n"
		"  ray up prod-cluster.yaml",
	.provided = &PROVIDER.export,
};
