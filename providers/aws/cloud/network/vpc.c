/* SPDX-License-Identifier: Apache-2.0 */
/* Reading DescribeVpcs replies. */
#include "providers/aws/cloud/network/vpc.h"

#include "base/tree.h"

/* A reply without associations still names the block that the VPC was created with. */
struct text_list vpc_ipv4_blocks(struct arena *arena, const json_t *vpc)
{
	struct text_list blocks = {0};

	TREE_EACH (association, vpc, "cidrBlockAssociationSet")
		if (text_equal(tree_text(association, "cidrBlockState.state"), "associated"))
			text_list_add(arena, &blocks, tree_text(association, "cidrBlock"));
	if (tree_count(tree_get(vpc, "cidrBlockAssociationSet")) == 0 && *tree_text(vpc, "cidrBlock"))
		text_list_add(arena, &blocks, tree_text(vpc, "cidrBlock"));
	return blocks;
}

struct text_list vpc_ipv6_blocks(struct arena *arena, const json_t *vpc)
{
	struct text_list blocks = {0};

	TREE_EACH (association, vpc, "ipv6CidrBlockAssociationSet")
		if (text_equal(tree_text(association, "ipv6CidrBlockState.state"), "associated"))
			text_list_add(arena, &blocks, tree_text(association, "ipv6CidrBlock"));
	return blocks;
}
