/* SPDX-License-Identifier: Apache-2.0 */
/* What is asked about the VPC, its subnets and security groups. */
#include "providers/aws/cloud/plan_parts.h"

#include "base/array.h"
#include "base/text.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/network/default_route.h"
#include "providers/aws/cloud/network/security_group.h"
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
