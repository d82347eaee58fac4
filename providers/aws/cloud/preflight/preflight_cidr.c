/* SPDX-License-Identifier: Apache-2.0 */
/* Whether the block of the new VPC is one that other VPCs of the region have too. */
#include "base/arena.h"
#include "base/cidr.h"
#include "base/tree.h"
#include "providers/aws/cloud/preflight/preflight_parts.h"

static const char vpc_cidr_key[] = "vpc_cidr", must_differ_key[] = "must_differ";

json_t *preflight_request(const char *vpc_cidr, bool must_differ, const struct text_list *zones)
{
	return json_pack("{s:s, s:b, s:o}", vpc_cidr_key, vpc_cidr, must_differ_key, must_differ,
		PREFLIGHT_REQUEST_ZONES, tree_array(zones));
}

static void compare(const struct facts *facts, struct finding *finding, const struct cidr *wanted,
	const json_t *vpc, const char *text)
{
	struct cidr block;

	if (cidr_parse(text, &block, NULL) && cidr_overlaps(wanted, &block))
		finding_evidence(facts, finding, "%s of %s", text, tree_text(vpc, "vpcId"));
}

/* Blocks that are being taken away, or failed to come, are no longer in the way. */
static void compare_vpc(const struct facts *facts, struct finding *finding, const struct cidr *wanted,
	const json_t *vpc)
{
	TREE_EACH (association, vpc, "cidrBlockAssociationSet")
		if (text_starts_with(tree_text(association, "cidrBlockState.state"), "associat"))
			compare(facts, finding, wanted, vpc, tree_text(association, "cidrBlock"));
	if (tree_count(tree_get(vpc, "cidrBlockAssociationSet")) == 0)
		compare(facts, finding, wanted, vpc, tree_text(vpc, "cidrBlock"));
}

struct finding check_preflight_cidr_overlap(const struct facts *facts)
{
	const json_t *request = facts_tree(facts, PREFLIGHT_REQUEST);
	const char *text = json_string_value(json_object_get(request, vpc_cidr_key));
	bool must_differ = json_is_true(json_object_get(request, must_differ_key));
	struct finding overlaps = {0};
	struct cidr wanted;

	if (!text || !cidr_parse(text, &wanted, NULL))
		return finding_make(facts, VERDICT_UNKNOWN, "the block of the new VPC is not known");
	TREE_EACH (vpc, facts_tree(facts, PREFLIGHT_VPCS), "vpcSet")
		compare_vpc(facts, &overlaps, &wanted, vpc);
	if (overlaps.evidence.count == 0)
		return finding_make(facts, VERDICT_PASS, "no VPC in the region overlaps %s", text);
	return finding_conclude(facts, overlaps, must_differ ? VERDICT_FAIL : VERDICT_PASS,
		"%s overlaps %s%s", text, text_join(facts->arena, &overlaps.evidence, ", "),
		must_differ ? "" : ", which matters only if the VPCs are going to be connected");
}
