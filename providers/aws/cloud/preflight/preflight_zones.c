/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which zones a cloud can be in.
 *
 * EFS: a Regional file system may have a mount target in each zone (EFS User Guide, "Managing mount targets"), but
 * CreateMountTarget knows UnsupportedAvailabilityZone and no operation lists those. The zones in which the service has
 * an endpoint (ec2:DescribeVpcEndpointServices) are the nearest that AWS tells.
 *
 * MemoryDB: the zones are documented by id (MemoryDB Developer Guide, "Subnets and subnet groups") and no
 * operation tells them. Regions that the page does not list go by the endpoint's zones, like EFS. A service without an
 * endpoint in the region has none to go by, which says nothing of the service: in China MemoryDB has no endpoint. Regions
 * whose CloudFormation does not know MemoryDB's types are listed as of a day; one that gets an endpoint later has it.
 */
#include "base/array.h"
#include "providers/aws/cloud/preflight/preflight_parts.h"

#include "base/arena.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/resource_types.h"

static const struct {
	const char *region, *zone_ids;
} memorydb_zones[] = {
	{"us-east-1", "use1-az1 use1-az2 use1-az4 use1-az5 use1-az6"},
	{"us-east-2", "use2-az1 use2-az2 use2-az3"},
	{"us-west-1", "usw1-az1 usw1-az2 usw1-az3"},
	{"us-west-2", "usw2-az1 usw2-az2 usw2-az3 usw2-az4"},
	{"ca-central-1", "cac1-az1 cac1-az2 cac1-az4"},
	{"ap-east-1", "ape1-az1 ape1-az2 ape1-az3"},
	{"ap-south-1", "aps1-az1 aps1-az2 aps1-az3"},
	{"ap-northeast-1", "apne1-az1 apne1-az2 apne1-az4"},
	{"ap-northeast-2", "apne2-az1 apne2-az2 apne2-az3"},
	{"ap-southeast-1", "apse1-az1 apse1-az2 apse1-az3"},
	{"ap-southeast-2", "apse2-az1 apse2-az2 apse2-az3"},
	{"eu-central-1", "euc1-az1 euc1-az2 euc1-az3"},
	{"eu-west-1", "euw1-az1 euw1-az2 euw1-az3"},
	{"eu-west-2", "euw2-az1 euw2-az2 euw2-az3"},
	{"eu-west-3", "euw3-az1 euw3-az2 euw3-az3"},
	{"eu-north-1", "eun1-az1 eun1-az2 eun1-az3"},
	{"eu-south-1", "eus1-az1 eus1-az2 eus1-az3"},
	{"sa-east-1", "sae1-az1 sae1-az2 sae1-az3"},
};

/* Regions that have MemoryDB (AWS General Reference, "Amazon MemoryDB endpoints and quotas") in zones that are not documented. */
static const char memorydb_somewhere[] = "eu-south-2 cn-north-1 cn-northwest-1 us-gov-east-1 us-gov-west-1";

/* Regions without its resource types (AWS CloudFormation resource specifications by region). */
static const char memorydb_nowhere[] =
	"af-south-1 ap-east-2 ap-northeast-3 ap-south-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-west-1 eu-central-2 il-central-1 me-central-1 mx-central-1";
#define MEMORYDB_AS_OF "2026-11"

enum { ZONES_MIN = 2 };

const char *zones_endpoint_service(const struct facts *facts, const char *service)
{
	return arena_printf(facts->arena, "com.amazonaws.%s.%s", facts->cloud->region, service);
}

/* The documented zones of MemoryDB in the region; NULL: the page does not list it. */
static const char *documented_zones(const char *region)
{
	for (size_t i = 0; i < ARRAY_LENGTH(memorydb_zones); i++)
		if (text_equal(memorydb_zones[i].region, region))
			return memorydb_zones[i].zone_ids;
	return NULL;
}

/* The endpoint service's entry; NULL: not known, or it has no endpoint here. */
static const json_t *endpoint_of(const struct facts *facts, const char *service)
{
	return tree_find(facts_tree(facts, PREFLIGHT_ENDPOINT_SERVICES), "serviceDetailSet", "serviceName",
		zones_endpoint_service(facts, service));
}

/* False only when it is known that the service is not in the zone. */
static bool offers(const struct facts *facts, const json_t *zone, const char *service)
{
	const char *documented = text_equal(service, ZONES_MEMORYDB) ? documented_zones(facts->cloud->region)
								     : NULL;
	const char *zone_id = tree_text(zone, "zoneId");
	const json_t *endpoint = endpoint_of(facts, service);

	if (documented && *zone_id)
		return text_is_among(zone_id, documented);
	return !endpoint || tree_find(endpoint, "availabilityZoneSet", NULL, tree_text(zone, "zoneName"));
}

/* What the cloud needs and the zone is known not to have: "EFS", "MemoryDB", "EFS and MemoryDB"; NULL: nothing. */
static const char *missing_in(const struct facts *facts, const json_t *zone)
{
	unsigned parts = stack_parts(facts->cloud);
	bool efs = !(parts & PART_EFS) || offers(facts, zone, ZONES_EFS);
	bool memorydb = !(parts & PART_MEMORYDB) || offers(facts, zone, ZONES_MEMORYDB);

	return efs ? (memorydb ? NULL : "MemoryDB") : (memorydb ? "EFS" : "EFS and MemoryDB");
}

static bool is_usable(const json_t *zone)
{
	const char *type = tree_text(zone, "zoneType");

	return text_equal(tree_text(zone, "zoneState"), "available") && *tree_text(zone, "zoneName") &&
		(!*type || text_equal(type, "availability-zone")) &&
		!text_equal(tree_text(zone, "optInStatus"), "not-opted-in");
}

static struct text_list requested_zones(const struct facts *facts)
{
	return tree_texts(facts->arena, facts_tree(facts, PREFLIGHT_REQUEST), PREFLIGHT_REQUEST_ZONES, NULL);
}

struct text_list preflight_zones(const struct facts *facts)
{
	struct text_list chosen = requested_zones(facts);

	if (chosen.count > 0)
		return chosen;
	TREE_EACH (zone, facts_tree(facts, PREFLIGHT_ZONES), "availabilityZoneInfo")
		if (is_usable(zone) && !missing_in(facts, zone))
			text_list_add(facts->arena, &chosen, tree_text(zone, "zoneName"));
	text_list_sort(&chosen);
	if (chosen.count > PREFLIGHT_ZONES_MAX)
		chosen.count = PREFLIGHT_ZONES_MAX;
	chosen.count = setup_network_zones(&aws_cloud(facts->cloud)->network, chosen.count);
	return chosen;
}

/* A line of evidence for each zone that is left out, and for each service whose zones AWS does not report. */
static void add_notes(const struct facts *facts, struct finding *finding)
{
	TREE_EACH (zone, facts_tree(facts, PREFLIGHT_ZONES), "availabilityZoneInfo") {
		const char *missing = is_usable(zone) ? missing_in(facts, zone) : NULL;

		if (missing)
			finding_evidence(facts, finding, "%s (%s) has no %s", tree_text(zone, "zoneName"),
				tree_text(zone, "zoneId"), missing);
	}
	if (!facts_has(facts, PREFLIGHT_ENDPOINT_SERVICES))
		return;
	if (stack_parts(facts->cloud) & PART_EFS && !endpoint_of(facts, ZONES_EFS))
		finding_evidence(facts, finding, "AWS does not report which zones have EFS");
	if (aws_cloud(facts->cloud)->resources.memorydb_cluster && !documented_zones(facts->cloud->region) &&
		!endpoint_of(facts, ZONES_MEMORYDB))
		finding_evidence(facts, finding, "AWS does not report which zones have MemoryDB");
}

/* The user's subnets are where they are: each of their zones must have all. */
static struct finding judge_requested(const struct facts *facts, const struct text_list *zones)
{
	struct finding wrong = {0};

	for (size_t i = 0; i < zones->count; i++) {
		const json_t *zone = tree_find(facts_tree(facts, PREFLIGHT_ZONES), "availabilityZoneInfo",
			"zoneName", zones->items[i]);
		bool usable = zone && is_usable(zone), efs = stack_parts(facts->cloud) & PART_EFS;
		const char *missing = usable ? missing_in(facts, zone) : efs ? "EFS" : NULL;

		if (!usable && !efs)
			finding_evidence(facts, &wrong, "%s is not an availability zone that is available",
				zones->items[i]);
		if (missing)
			finding_evidence(facts, &wrong, "%s has no %s", zones->items[i], missing);
	}
	if (wrong.evidence.count == 0)
		return finding_make(facts, VERDICT_PASS, "the zones of the subnets offer all that is needed");
	wrong.remedy = "choose subnets in other zones with --subnet-ids";
	wrong.remedy_kind = REMEDY_DO;
	return finding_conclude(facts, wrong, VERDICT_FAIL, "zones of the subnets cannot be used: %s",
		text_join(facts->arena, &wrong.evidence, "; "));
}

/* Is it to be made in a region of which nothing tells whether it has MemoryDB? */
static bool needs_memorydb(const struct facts *facts)
{
	const char *region = facts->cloud->region;

	return aws_cloud(facts->cloud)->resources.memorydb_cluster && !documented_zones(region) &&
		!endpoint_of(facts, ZONES_MEMORYDB) && !text_is_among(region, memorydb_somewhere);
}

struct finding check_preflight_zones(const struct facts *facts)
{
	const struct text_list requested = requested_zones(facts), chosen = preflight_zones(facts);
	struct finding notes = {0}, finding;
	const char *because = ""; /* "; us-east-1e (use1-az3) has no EFS", and so on */

	if (requested.count > 0)
		return judge_requested(facts, &requested);
	add_notes(facts, &notes);
	if (notes.evidence.count > 0)
		because = arena_printf(facts->arena, "; %s", text_join(facts->arena, &notes.evidence, "; "));
	if (chosen.count < ZONES_MIN)
		return finding_conclude(facts, notes, VERDICT_FAIL,
			"a cloud needs %d availability zones, and %s has only %zu that can be used%s",
			ZONES_MIN, facts->cloud->region, chosen.count, because);
	if (facts_lost(facts, PREFLIGHT_ENDPOINT_SERVICES)) {
		finding = finding_lost(facts, PREFLIGHT_ENDPOINT_SERVICES);
		finding.evidence = notes.evidence;
		return finding;
	}
	if (needs_memorydb(facts) && text_is_among(facts->cloud->region, memorydb_nowhere)) {
		finding = finding_conclude(facts, notes, VERDICT_FAIL, "%s has no MemoryDB (as of %s)",
			facts->cloud->region, MEMORYDB_AS_OF);
		finding.remedy =
			"choose another region with --region, or leave --enable-head-node-fault-tolerance out";
		finding.remedy_kind = REMEDY_DO;
		return finding;
	}
	if (needs_memorydb(facts))
		return finding_conclude(facts, notes, VERDICT_UNKNOWN,
			"nothing tells whether %s has MemoryDB; without it the stack is refused",
			facts->cloud->region);
	return finding_conclude(facts, notes, VERDICT_PASS, "the subnets go to %s%s",
		text_join(facts->arena, &chosen, ", "), because);
}
