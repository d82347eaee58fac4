/* SPDX-License-Identifier: Apache-2.0 */
/* What is asked about the VPC, its subnets and security groups. */
#include "providers/aws/cloud/plan_parts.h"

#include "base/array.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/network/default_route.h"
#include "providers/aws/cloud/network/interface_endpoint.h"
#include "providers/aws/cloud/network/public_access.h"
#include "providers/aws/cloud/network/security_group.h"
#include "providers/aws/cloud/quotas.h"
#include "providers/records/cloud.h"

void ask_vpc_id(const struct facts *facts, struct ask *ask)
{
	ask_filter(ask, "vpc-id", &aws_cloud(facts->cloud)->resources.vpc_id, 1);
}

void ask_vpc_attribute(const struct facts *facts, struct ask *ask)
{
	static const char *const attributes[] = {
		[VPC_DNS_SUPPORT] = "enableDnsSupport",
		[VPC_DNS_HOSTNAMES] = "enableDnsHostnames",
	};
	const char *vpc_id = aws_cloud(facts->cloud)->resources.vpc_id;

	if (vpc_id)
		ask_add(ask, NULL,
			json_pack("{s:s,s:s}", "VpcId", vpc_id, "Attribute", attributes[ask->row->which]));
}

/* "default" stands for no options at all. */
void ask_dhcp_options(const struct facts *facts, struct ask *ask)
{
	const char *id = tree_text(facts_tree(facts, FACT_VPC), "vpcSet.0.dhcpOptionsId");

	if (*id && !text_equal(id, "default"))
		ask_filter(ask, "dhcp-options-id", &id, 1);
}

void ask_subnets(const struct facts *facts, struct ask *ask)
{
	const struct text_list *ids = &aws_cloud(facts->cloud)->resources.subnet_ids;

	ask_filter(ask, "subnet-id", ids->items, ids->count);
}

void ask_groups(const struct facts *facts, struct ask *ask)
{
	const struct text_list *ids = &aws_cloud(facts->cloud)->resources.security_group_ids;

	ask_filter(ask, "group-id", ids->items, ids->count);
}

/* Only those of a private cloud's default routes: in a direct cloud a default route through one fails anyway. */
void ask_nat_gateways(const struct facts *facts, struct ask *ask)
{
	const struct cloud *cloud = facts->cloud;
	struct text_list ids = {0};

	for (size_t i = 0; i < aws_cloud(cloud)->resources.subnet_ids.count; i++) {
		const char *id = default_route_nat_gateway(facts->arena, facts_tree(facts, FACT_ROUTE_TABLES),
			aws_cloud(cloud)->resources.subnet_ids.items[i]);

		if (id && cloud->networking == NETWORKING_PRIVATE && !text_list_has(&ids, id))
			text_list_add(facts->arena, &ids, id);
	}
	ask_filter(ask, "nat-gateway-id", ids.items, ids.count);
}

/* All of the account's, for they name resources of any VPC; only where something is blocked that the cloud needs. */
void ask_exclusions(const struct facts *facts, struct ask *ask)
{
	if (public_access_is_limited(facts))
		ask_add(ask, NULL, NULL);
}

/* What an interface endpoint that takes the place of a service's public names is guarded by. */
void ask_endpoint_groups(const struct facts *facts, struct ask *ask)
{
	struct text_list others = {0};

	TREE_EACH (endpoint, facts_tree(facts, FACT_VPC_ENDPOINTS), "vpcEndpointSet")
		if (interface_endpoint_service(endpoint))
			TREE_EACH (group, endpoint, "groupSet")
				add_other_group(facts, &others, tree_text(group, "groupId"));
	ask_filter(ask, "group-id", others.items, others.count);
}

/* Only groups of other VPCs need to be associated with the cloud's. */
void ask_associations(const struct facts *facts, struct ask *ask)
{
	const char *vpc_id = aws_cloud(facts->cloud)->resources.vpc_id;
	struct text_list ids = {0};

	TREE_EACH (group, facts_tree(facts, FACT_SECURITY_GROUPS), "securityGroupInfo")
		if (!text_equal(tree_text(group, "vpcId"), vpc_id))
			text_list_add(facts->arena, &ids, tree_text(group, "groupId"));
	ask_filter(ask, "group-id", ids.items, ids.count);
}

/* As many as every account may give an interface need no question. */
void ask_group_quota(const struct facts *facts, struct ask *ask)
{
	struct text_list ids = text_list_distinct(facts->arena,
		&aws_cloud(facts->cloud)->resources.security_group_ids);

	if (ids.count > GROUPS_BY_DEFAULT)
		ask_add(ask, NULL,
			json_pack("{s:s,s:s}", "ServiceCode", "vpc", "QuotaCode",
				QUOTA_GROUPS_OF_AN_INTERFACE));
}

/* Those that let HTTPS through: users come in by them, and instances go out. */
void ask_prefix_lists(const struct facts *facts, struct ask *ask)
{
	static const enum direction directions[] = {DIRECTION_IN, DIRECTION_OUT};
	struct text_list ids = {0};

	for (size_t i = 0; i < ARRAY_LENGTH(directions); i++) {
		struct rules rules = security_group_rules(facts->arena,
			facts_tree(facts, FACT_SECURITY_GROUPS), directions[i]);

		for (size_t k = 0; k < rules.count; k++)
			if (rules.items[k].peer == PEER_PREFIX_LIST &&
				rule_lets_tcp(&rules.items[k], PORT_HTTPS))
				text_list_add_once(facts->arena, &ids, rules.items[k].peer_name);
	}
	for (size_t i = 0; i < ids.count; i++)
		ask_add(ask, ids.items[i], json_pack("{s:s}", "PrefixListId", ids.items[i]));
}
