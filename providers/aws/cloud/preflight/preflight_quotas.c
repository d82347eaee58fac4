/* SPDX-License-Identifier: Apache-2.0 */
/* Quotas with their headroom: what the account may have, what it has, and what one setup adds. */
#include "base/arena.h"
#include "base/array.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/preflight/preflight_parts.h"
#include "providers/aws/cloud/quotas.h"
#include "providers/aws/cloud/resource_types.h"

#include <inttypes.h>
#include <string.h>

/* --- how much is in use --- */

/* A gateway endpoint that is being deleted, or was, is still listed for a while; nothing else has such a state. */
static int64_t count_listed(const struct facts *facts, const struct quota *quota, int64_t *unclear)
{
	int64_t count = 0;

	(void)unclear;
	TREE_EACH (thing, facts_tree(facts, quota->fact), quota->list)
		count += !text_starts_with(tree_text(thing, "state"), "delet");
	return count;
}

/*
 * The families A, C, D, H, I, M, R, T and Z share one quota; the letters before the generation distinguish them from those
 * with quotas of their own: "inf2.xlarge", "hpc7a.96xlarge", "mac2.metal" (Amazon EC2 User Guide, "On-Demand Instance
 * quotas").
 */
static bool is_standard(struct arena *arena, const char *type)
{
	const char *family = arena_strndup(arena, type, strspn(type, "abcdefghijklmnopqrstuvwxyz"));

	return text_is_among(family, "a c d h i im is m r t z");
}

/* Spot instances, capacity blocks and dedicated hosts have quotas of their own. */
static bool is_on_demand(const json_t *instance)
{
	return !*tree_text(instance, "instanceLifecycle") &&
		!text_equal(tree_text(instance, "placement.tenancy"), "host");
}

static int64_t count_vcpus(const struct facts *facts, const struct quota *quota, int64_t *unclear)
{
	enum { MOST = 4096 };
	int64_t count = 0, cores, threads;

	TREE_EACH (reservation, facts_tree(facts, quota->fact), quota->list)
		TREE_EACH (instance, reservation, "instancesSet") {
			if (!is_on_demand(instance) ||
				!is_standard(facts->arena, tree_text(instance, "instanceType")))
				continue;
			if (tree_number(instance, "cpuOptions.coreCount", 1, MOST, &cores) &&
				tree_number(instance, "cpuOptions.threadsPerCore", 1, MOST, &threads))
				count += cores * threads;
			else
				*unclear += 1;
		}
	return count;
}

/* How many NAT gateways the cloud is going to have. */
static int64_t nat_gateways_of(const struct facts *facts)
{
	struct text_list zones = preflight_zones(facts);

	return (int64_t)setup_network_nat_gateways(&aws_cloud(facts->cloud)->network, zones.count);
}

static int64_t count_in_zone(const struct facts *facts, const struct quota *quota, const char *zone)
{
	int64_t count = 0;

	TREE_EACH (gateway, facts_tree(facts, quota->fact), quota->list) {
		const json_t *subnet = tree_find(facts_tree(facts, PREFLIGHT_SUBNETS), "subnetSet",
			"subnetId", tree_text(gateway, "subnetId"));

		count += text_equal(tree_text(subnet, "availabilityZone"), zone);
	}
	return count;
}

/* In that zone of the new NAT gateways which has most. */
static int64_t count_in_zones(const struct facts *facts, const struct quota *quota, int64_t *unclear)
{
	struct text_list zones = preflight_zones(facts);
	int64_t most = 0;

	(void)unclear;
	for (size_t i = 0; i < zones.count && i < (size_t)nat_gateways_of(facts); i++) {
		int64_t count = count_in_zone(facts, quota, zones.items[i]);

		most = count > most ? count : most;
	}
	return most;
}

/* --- judging --- */

enum { VPCS, INTERNET_GATEWAYS, SECURITY_GROUPS, GATEWAY_ENDPOINTS, ADDRESSES, NAT_GATEWAYS, VCPUS };

/* A VPC comes with a security group of its own. Internet gateways: the quota of VPCs raises theirs (VPC User Guide). */
const struct quota quotas[QUOTAS] = {
	[VPCS] = {"vpc", QUOTA_VPCS, NULL, "VPCs", .needed = 1, .part = PART_NETWORK,
		.shortfall = VERDICT_FAIL, PREFLIGHT_VPCS, "vpcSet", count_listed},
	[INTERNET_GATEWAYS] = {"vpc", QUOTA_INTERNET_GATEWAYS, QUOTA_VPCS, "internet gateways", .needed = 1,
		.part = PART_NETWORK, .shortfall = VERDICT_FAIL, PREFLIGHT_INTERNET_GATEWAYS,
		"internetGatewaySet", count_listed},
	[SECURITY_GROUPS] = {"vpc", QUOTA_SECURITY_GROUPS, NULL, "security groups", .needed = 1,
		.needed_with_vpc = 1, .part = PART_BASE, .shortfall = VERDICT_FAIL, PREFLIGHT_SECURITY_GROUPS,
		"securityGroupInfo", count_listed},
	[GATEWAY_ENDPOINTS] = {"vpc", QUOTA_GATEWAY_ENDPOINTS, NULL, "gateway endpoints", .needed = 1,
		.part = PART_NETWORK, .shortfall = VERDICT_FAIL, PREFLIGHT_GATEWAY_ENDPOINTS,
		"vpcEndpointSet", count_listed},
	[ADDRESSES] = {"ec2", QUOTA_ADDRESSES, NULL, "elastic IP addresses", .for_each_nat_gateway = true,
		.part = PART_NAT, .shortfall = VERDICT_FAIL, PREFLIGHT_ADDRESSES, "addressesSet",
		count_listed},
	[NAT_GATEWAYS] = {"vpc", QUOTA_NAT_GATEWAYS, NULL, "NAT gateways in one zone", .needed = 1,
		.part = PART_NAT, .shortfall = VERDICT_FAIL, PREFLIGHT_NAT_GATEWAYS, "natGatewaySet",
		count_in_zones},
	/* One node of the size that is usual, m5.xlarge. */
	[VCPUS] = {"ec2", QUOTA_VCPUS, NULL, "vCPUs of standard on-demand instances", .needed = 4,
		.part = PART_BASE, .shortfall = VERDICT_WARN, PREFLIGHT_INSTANCES, "reservationSet",
		count_vcpus},
};

/* The quota's reply: the value applied to the account, else AWS's default; NULL when there is neither. */
static const json_t *quota_of(const struct facts *facts, const struct quota *quota)
{
	const json_t *applied = json_object_get(facts_tree(facts, PREFLIGHT_QUOTAS), quota->code);

	if (json_is_object(applied))
		return tree_get(applied, "Quota");
	return tree_get(json_object_get(facts_tree(facts, PREFLIGHT_DEFAULT_QUOTAS), quota->code), "Quota");
}

enum { LIMIT_MAX = 1000000000 }; /* larger ones are no number to raise by one */

/* What to ask for. Where another quota is raised, that must become larger than it is. */
static int64_t wanted_limit(const struct facts *facts, const struct quota *quota, int64_t wanted)
{
	double limit;

	for (size_t i = 0; quota->raise && i < QUOTAS; i++)
		if (text_equal(quotas[i].code, quota->raise) &&
			tree_real(quota_of(facts, &quotas[i]), "Value", &limit) && limit >= (double)wanted &&
			limit < LIMIT_MAX)
			return (int64_t)limit + 1;
	return wanted;
}

static struct finding check_quota(const struct facts *facts, const struct quota *quota)
{
	const json_t *reply = quota_of(facts, quota);
	const char *why = tree_text(reply, "ErrorReason.ErrorMessage");
	int64_t unclear = 0, in_use = quota->in_use(facts, quota, &unclear);
	bool makes_vpc = stack_parts(facts->cloud) & PART_NETWORK;
	int64_t needed = quota->for_each_nat_gateway
		? nat_gateways_of(facts)
		: quota->needed + (makes_vpc ? quota->needed_with_vpc : 0);
	struct finding finding;
	double limit;
	bool enough;

	if (!tree_real(reply, "Value", &limit))
		return finding_make(facts, VERDICT_UNKNOWN, "AWS does not report the quota for %s%s%s",
			quota->things, *why ? ": " : "", why);
	enough = limit - (double)in_use - (double)needed >= 0;
	finding = finding_make(facts, enough ? VERDICT_PASS : quota->shortfall,
		"%s: limit %.0f, in use %" PRId64 ", needed %" PRId64, quota->things, limit, in_use, needed);
	finding.remedy_kind = REMEDY_DO;
	if (!enough)
		finding.remedy = arena_printf(facts->arena,
			"aws service-quotas request-service-quota-increase --service-code %s --quota-code %s --desired-value %" PRId64
			" --region %s",
			quota->service, quota->raise ? quota->raise : quota->code,
			wanted_limit(facts, quota, in_use + needed), facts->cloud->region);
	if (unclear > 0)
		finding_evidence(facts, &finding,
			"%" PRId64 " instances are not counted: AWS does not report their vCPUs", unclear);
	return finding;
}

#define QUOTA_CHECK(things, quota) \
	struct finding check_preflight_##things(const struct facts *facts) \
	{ \
		return check_quota(facts, &quotas[quota]); \
	}
QUOTA_CHECK(vpcs, VPCS)
QUOTA_CHECK(internet_gateways, INTERNET_GATEWAYS)
QUOTA_CHECK(security_groups, SECURITY_GROUPS)
QUOTA_CHECK(gateway_endpoints, GATEWAY_ENDPOINTS)
QUOTA_CHECK(addresses, ADDRESSES)
QUOTA_CHECK(nat_gateways, NAT_GATEWAYS)
QUOTA_CHECK(vcpus, VCPUS)
