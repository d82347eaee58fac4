/* SPDX-License-Identifier: Apache-2.0 */
/* The check of interface endpoints that take the names of services: whether their security groups let the cloud in. */
#include "providers/aws/cloud/checks/catalogue.h"

#include "base/arena.h"
#include "base/tree.h"
#include "providers/aws/cloud/checks/remedy.h"
#include "providers/aws/cloud/network/interface_endpoint.h"
#include "providers/aws/cloud/network/port_access.h"

static struct text_list groups_of(const struct facts *facts, const json_t *endpoint)
{
	return tree_texts(facts->arena, endpoint, "groupSet", "groupId");
}

/* A stack cannot delete its group while another group's rule names it. */
static void let_in(const struct facts *facts, struct finding *closed, const struct text_list *groups,
	struct text_list *done)
{
	struct text_list blocks = port_access_subnet_blocks(facts);

	if (facts->cloud->deployment == DEPLOYMENT_MANAGED)
		remedy_say(facts, closed,
			"let TCP 443 in to the groups named above from the blocks of the cloud's subnets, %s; a rule that names the stack's group would keep the stack from being deleted",
			text_join(facts->arena, &blocks, ", "));
	else
		remedy_reach(facts, closed, &(struct remedy_port){groups, PORT_HTTPS, .in = true}, done);
}

static enum verdict judge_endpoint(const struct facts *facts, const struct rules *rules,
	const json_t *endpoint, struct finding *closed, struct text_list *done)
{
	const char *id = tree_text(endpoint, "vpcEndpointId"), *service = tree_text(endpoint, "serviceName");
	const struct endpoint_service *kind = interface_endpoint_service(endpoint);
	struct text_list groups = groups_of(facts, endpoint);
	struct port_access access = port_access_in(facts, rules, &groups, PORT_HTTPS);
	const char *unseen = port_access_unseen(facts, FACT_ENDPOINT_GROUPS, &groups);
	struct arena *arena = facts->arena;

	if (access.open == TRUTH_YES || groups.count == 0)
		return VERDICT_PASS;
	finding_resource(facts, closed, id);
	if (unseen) {
		finding_evidence(facts, closed, "%s (%s): AWS does not show its security group %s", id,
			service, unseen);
		return VERDICT_UNKNOWN;
	}
	if (access.open == TRUTH_MAYBE) {
		finding_evidence(facts, closed,
			"%s (%s): only by prefix list %s, whose contents were not read", id, service,
			access.by->peer_name);
		return VERDICT_WARN;
	}
	finding_evidence(facts, closed, "%s (%s): %s does not allow TCP 443 in from the cloud", id, service,
		text_join(arena, &groups, ", "));
	let_in(facts, closed, &groups, done);
	return kind->required ? VERDICT_FAIL : VERDICT_WARN;
}

struct finding check_vpc_interface_endpoints(const struct facts *facts)
{
	const struct index_list needed = FACTS(FACT_SECURITY_GROUPS, FACT_ENDPOINT_GROUPS, FACT_SUBNETS);
	struct rules rules = port_access_rules(facts, FACT_ENDPOINT_GROUPS);
	enum verdict verdict = VERDICT_PASS;
	struct finding closed = {0};
	struct text_list done = {0};
	size_t count = 0;

	TREE_EACH (endpoint, facts_tree(facts, FACT_VPC_ENDPOINTS), "vpcEndpointSet") {
		if (!interface_endpoint_service(endpoint))
			continue;
		if (facts_any_lost(facts, &needed))
			return finding_unknown(facts, &needed);
		count++;
		verdict = verdict_worst(verdict, judge_endpoint(facts, &rules, endpoint, &closed, &done));
	}
	if (verdict == VERDICT_PASS)
		return finding_make(facts, VERDICT_PASS,
			count ? "the cloud is let in by each interface endpoint with private DNS"
			      : "no interface endpoint takes the names of services that the cloud needs");
	if (verdict == VERDICT_UNKNOWN)
		closed.remedy = NULL;
	return finding_conclude(facts, closed, verdict,
		"%zu of %zu interface endpoints with private DNS %s let the cloud in: the names of their services lead to them alone",
		closed.evidence.count, count, verdict == VERDICT_UNKNOWN ? "may not" : "do not");
}
