/* SPDX-License-Identifier: Apache-2.0 */
/* From DescribeVpcEndpoints to what passes. */
#include "providers/aws/cloud/network/s3_endpoint.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/network/route.h"
#include "providers/aws/iam/arn.h"

static bool serves_s3(const json_t *endpoint, const char *type)
{
	return text_equal_nocase(tree_text(endpoint, "vpcEndpointType"), type) &&
		text_ends_with(tree_text(endpoint, "serviceName"), ".s3") &&
		text_equal_nocase(tree_text(endpoint, "state"), "available");
}

const json_t *s3_endpoint_of(const json_t *endpoints, const json_t *route_tables, const char *subnet_id)
{
	const char *table = tree_text(route_table_of(route_tables, subnet_id, NULL), "routeTableId");

	TREE_EACH (endpoint, endpoints, "vpcEndpointSet")
		if (serves_s3(endpoint, "Gateway") && tree_find(endpoint, "routeTableIdSet", NULL, table))
			return endpoint;
	return NULL;
}

const char *s3_endpoint_unseen(const json_t *endpoints, const json_t *route_table)
{
	TREE_EACH (route, route_table, "routeSet") {
		const char *target = route_target(route);

		if (*tree_text(route, "destinationPrefixListId") && text_starts_with(target, "vpce-") &&
			!tree_find(endpoints, "vpcEndpointSet", "vpcEndpointId", target))
			return target;
	}
	return NULL;
}

/* The id of some available endpoint for S3 of the type; NULL: there is none. */
static const char *any_of_type(const json_t *endpoints, const char *type)
{
	TREE_EACH (endpoint, endpoints, "vpcEndpointSet")
		if (serves_s3(endpoint, type))
			return tree_text(endpoint, "vpcEndpointId");
	return NULL;
}

const char *s3_endpoint_any(const json_t *endpoints)
{
	return any_of_type(endpoints, "Gateway");
}

struct s3_ways s3_ways_of(const struct facts *facts)
{
	const json_t *endpoints = facts_tree(facts, FACT_VPC_ENDPOINTS);
	const json_t *tables = facts_tree(facts, FACT_ROUTE_TABLES);
	const struct text_list *subnets = &aws_cloud(facts->cloud)->resources.subnet_ids;
	struct s3_ways ways = {
		.known = endpoints && tables && !any_of_type(endpoints, "Interface"),
		.every = endpoints && tables && subnets->count > 0,
		.items = NEW_ARRAY(facts->arena, const json_t *, subnets->count),
	};

	for (size_t i = 0; i < subnets->count; i++) {
		const json_t *endpoint = s3_endpoint_of(endpoints, tables, subnets->items[i]);
		const char *id = tree_text(endpoint, "vpcEndpointId");

		if (!endpoint) {
			ways.every = false;
			if (s3_endpoint_unseen(endpoints, route_table_of(tables, subnets->items[i], NULL)))
				ways.known = false;
		} else if (!text_list_has(&ways.ids, id)) {
			ways.items[ways.ids.count] = endpoint;
			text_list_add(facts->arena, &ways.ids, id);
		}
	}
	ways.known = ways.known && (ways.every || ways.ids.count == 0);
	return ways;
}

/*
 * An account as a principal of a gateway endpoint is its root user alone ("access is granted only to the AWS account
 * root user, not all users and roles for the account"), so only who names the caller itself, or everyone, speaks of it.
 */
static struct decision decide(const struct iam_policy *policy, const struct iam_request *request)
{
	struct decision allow = {.allowed = TRUTH_NO}, deny = {.allowed = TRUTH_NO};

	for (size_t i = 0; i < policy->count; i++) {
		const struct iam_statement *statement = &policy->statements[i];
		struct decision *strongest = statement->allow ? &allow : &deny;
		struct decision decision = statement_weigh(statement, policy->variables, request);
		enum truth named[NAMINGS];

		statement_names(statement, &request->caller, named);
		decision.allowed = truth_and(decision.allowed,
			truth_or(named[NAMED_SELF], named[NAMED_ROLE]));
		if (decision.allowed > strongest->allowed)
			*strongest = decision;
	}
	if (deny.allowed == TRUTH_YES) {
		deny.allowed = TRUTH_NO;
		return deny;
	}
	return deny.allowed == TRUTH_MAYBE && allow.allowed != TRUTH_NO ? deny : allow;
}

static struct access ask(struct arena *arena, const json_t *endpoint, const struct iam_request *request)
{
	const json_t *document = json_object_get(endpoint, "policyDocument");
	struct access_policy policy = {0};
	struct access access = {
		.decision = {.allowed = TRUTH_YES},
		.layer = ACCESS_ENDPOINT,
		.policy = arena_printf(arena, "the policy of endpoint %s",
			tree_text(endpoint, "vpcEndpointId")),
	};

	if (!document || !*tree_text(document, NULL))
		return access; /* the default policy lets everything through */
	policy = access_policy_read(arena, ACCESS_RESOURCE, access.policy, document);
	access.wrong = policy.wrong;
	if (policy.wrong)
		access.decision.allowed = TRUTH_MAYBE;
	else
		access.decision = decide(&policy.policy, request);
	return access;
}

static void bind(struct arena *arena, const json_t *endpoint, const char *role_arn,
	struct required_answer *answer)
{
	struct iam_request request = {
		.caller = {.account = arn_account(arena, role_arn), .arn = role_arn},
		.context = answer->context,
	};
	struct access access = ask(arena, endpoint, &request);

	if (access.decision.allowed < answer->access.decision.allowed)
		answer->access = access;
}

void s3_ways_bind(struct arena *arena, const struct s3_ways *ways, const char *role_arn,
	struct required_answers *answers)
{
	for (size_t i = 0; i < answers->count; i++)
		for (size_t k = 0; k < ways->ids.count; k++)
			bind(arena, ways->items[k], role_arn, &answers->items[i]);
}

struct image_way s3_ways_for_images(const struct facts *facts, const struct s3_ways *ways)
{
	struct image_way way = {.access = {.decision = {.allowed = TRUTH_YES}}};
	const char *role = aws_cloud(facts->cloud)->resources.node_role_arn, *region = facts->cloud->region;
	struct iam_request request = {
		.caller = {.account = "aws", .arn = "arn:aws:iam::aws:root"},
		.context = {.action = "s3:GetObject",
			.resource = {arena_printf(facts->arena, "arn:%s:s3:::prod-%s-starport-layer-bucket/",
					     arn_partition(facts->arena, role), region ? region : ""),
				true}},
	};

	for (size_t i = 0; i < ways->ids.count; i++) {
		struct access access = ask(facts->arena, ways->items[i], &request);

		if (access.decision.allowed >= way.access.decision.allowed)
			continue;
		way.access = access;
		way.endpoint = ways->ids.items[i];
	}
	return way;
}
