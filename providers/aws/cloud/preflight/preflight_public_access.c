/* SPDX-License-Identifier: Apache-2.0 */
/*
 * VPC Block Public Access: an account's setting for a region, which holds for a VPC from the moment it is made (Amazon
 * VPC User Guide, "Block public access to VPCs and subnets"). An exclusion names a VPC, so none can be there before.
 */
#include "providers/aws/cloud/preflight/preflight_parts.h"

#include "base/text.h"
#include "base/tree.h"
#include "providers/records/cloud.h"

/* Ingress: what a NAT gateway sends still goes out, which is enough for a private cloud. */
struct finding check_preflight_public_access(const struct facts *facts)
{
	const char *mode = tree_text(facts_tree(facts, PREFLIGHT_PUBLIC_ACCESS),
		"vpcBlockPublicAccessOptions.internetGatewayBlockMode");
	bool direct = facts->cloud->networking == NETWORKING_DIRECT;

	if (text_equal(mode, "block-bidirectional"))
		return finding_make(facts, VERDICT_FAIL,
			"VPC Block Public Access (%s) stops all internet traffic of new VPCs", mode);
	if (text_equal(mode, "block-ingress") && direct)
		return finding_make(facts, VERDICT_FAIL,
			"VPC Block Public Access (%s) lets nobody in from the internet to new VPCs", mode);
	return finding_make(facts, VERDICT_PASS, "VPC Block Public Access is %s", *mode ? mode : "off");
}
