/* SPDX-License-Identifier: Apache-2.0 */
/* From blockPublicAccessStates and exclusions to what passes. */
#include "providers/aws/cloud/network/public_access.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/records/cloud.h"

static const char both_ways[] = "block-bidirectional", inwards[] = "block-ingress";

static const char *vpc_mode(const struct facts *facts)
{
	return tree_text(facts_tree(facts, FACT_VPC),
		"vpcSet.0.blockPublicAccessStates.internetGatewayBlockMode");
}

/* A subnet that is not the cloud's (a NAT gateway's) is not described; its VPC is. */
static const char *mode_of(const struct facts *facts, const char *subnet_id)
{
	const json_t *subnet = tree_find(facts_tree(facts, FACT_SUBNETS), "subnetSet", "subnetId", subnet_id);
	const char *mode = tree_text(subnet, "blockPublicAccessStates.internetGatewayBlockMode");

	return *mode ? mode : vpc_mode(facts);
}

static bool is_in_force(const json_t *exclusion)
{
	const char *state = tree_text(exclusion, "state");

	return text_equal(state, "create-complete") || text_starts_with(state, "update-");
}

/* The widest exclusion of the subnet or its VPC, or NULL. */
static const json_t *exclusion_of(const struct facts *facts, const char *subnet_id)
{
	const char *subnet = arena_printf(facts->arena, ":subnet/%s", subnet_id);
	const char *vpc = arena_printf(facts->arena, ":vpc/%s", aws_cloud(facts->cloud)->resources.vpc_id);
	const json_t *found = NULL;

	TREE_EACH (exclusion, facts_tree(facts, FACT_PUBLIC_ACCESS_EXCLUSIONS),
		"vpcBlockPublicAccessExclusionSet") {
		const char *arn = tree_text(exclusion, "resourceArn");

		if (!is_in_force(exclusion) || (!text_ends_with(arn, subnet) && !text_ends_with(arn, vpc)))
			continue;
		if (!found ||
			text_equal(tree_text(exclusion, "internetGatewayExclusionMode"),
				"allow-bidirectional"))
			found = exclusion;
	}
	return found;
}

struct public_access public_access_of(const struct facts *facts, const char *subnet_id)
{
	const char *mode = mode_of(facts, subnet_id);
	struct public_access access = {
		.in = !text_equal(mode, both_ways) && !text_equal(mode, inwards),
		.out = !text_equal(mode, both_ways),
		.mode = mode,
	};

	if (access.in)
		return access;
	access.exclusion = exclusion_of(facts, subnet_id);
	if (access.exclusion)
		access.out = true;
	if (text_equal(tree_text(access.exclusion, "internetGatewayExclusionMode"), "allow-bidirectional"))
		access.in = true;
	return access;
}

bool public_access_is_limited(const struct facts *facts)
{
	const struct text_list *ids = &aws_cloud(facts->cloud)->resources.subnet_ids;
	bool direct = facts->cloud->networking == NETWORKING_DIRECT;

	if (!direct)
		return text_equal(vpc_mode(facts), both_ways);
	for (size_t i = 0; i < ids->count; i++)
		if (text_starts_with(mode_of(facts, ids->items[i]), "block-"))
			return true;
	return false;
}
