/* SPDX-License-Identifier: Apache-2.0 */
/* Quotas: how much is in use, and what is left of them. */
#include "base/test.h"

#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/preflight/preflight_facts_test.h"

#define LIMIT(code, value) "{\"" code "\":{\"Quota\":{\"Value\":" value "}}}"
#define INCREASE(code, value) \
	"aws service-quotas request-service-quota-increase --service-code vpc --quota-code " code \
	" --desired-value " value " --region us-west-2"

/* limit − in use − needed: nothing left is enough, less than nothing is not. */
static void judges_headroom(void **state)
{
	static const struct {
		const char *id;
		enum preflight_fact fact;
		const char *in_use, *quotas;
		enum verdict verdict;
		const char *text, *remedy;
	} rows[] = {
		{"preflight.vpc-quota", PREFLIGHT_VPCS, "{\"vpcSet\":[{},{},{}]}", LIMIT("L-F678F1CE", "5"),
			VERDICT_PASS, "VPCs: limit 5, in use 3, needed 1", NULL},
		{"preflight.vpc-quota", PREFLIGHT_VPCS, "{\"vpcSet\":[{},{},{},{}]}",
			LIMIT("L-F678F1CE", "5.0"), VERDICT_PASS, "limit 5, in use 4, needed 1", NULL},
		{"preflight.vpc-quota", PREFLIGHT_VPCS, "{\"vpcSet\":[{},{},{},{},{}]}",
			LIMIT("L-F678F1CE", "5"), VERDICT_FAIL, "limit 5, in use 5, needed 1",
			INCREASE("L-F678F1CE", "6")},
		{"preflight.vpc-quota", PREFLIGHT_VPCS, "{}", LIMIT("L-F678F1CE", "0"), VERDICT_FAIL,
			"limit 0, in use 0, needed 1", INCREASE("L-F678F1CE", "1")},
		{"preflight.internet-gateway-quota", PREFLIGHT_INTERNET_GATEWAYS,
			"{\"internetGatewaySet\":[{}]}", LIMIT("L-A4707A72", "2"), VERDICT_PASS,
			"internet gateways: limit 2, in use 1, needed 1", NULL},
		{"preflight.internet-gateway-quota", PREFLIGHT_INTERNET_GATEWAYS,
			"{\"internetGatewaySet\":[{},{}]}", LIMIT("L-A4707A72", "2"), VERDICT_FAIL,
			"limit 2, in use 2, needed 1", INCREASE("L-F678F1CE", "3")},
		/* the quota that raises it is larger already */
		{"preflight.internet-gateway-quota", PREFLIGHT_INTERNET_GATEWAYS,
			"{\"internetGatewaySet\":[{},{}]}",
			"{\"L-A4707A72\":{\"Quota\":{\"Value\":2}},\"L-F678F1CE\":{\"Quota\":{\"Value\":9}}}",
			VERDICT_FAIL, "limit 2", INCREASE("L-F678F1CE", "10")},
		{"preflight.internet-gateway-quota", PREFLIGHT_INTERNET_GATEWAYS,
			"{\"internetGatewaySet\":[{},{}]}",
			"{\"L-A4707A72\":{\"Quota\":{\"Value\":2}},\"L-F678F1CE\":{\"Quota\":{\"Value\":1e300}}}",
			VERDICT_FAIL, "limit 2", INCREASE("L-F678F1CE", "3")},
		{"preflight.security-group-quota", PREFLIGHT_SECURITY_GROUPS, "{\"securityGroupInfo\":[{}]}",
			LIMIT("L-E79EC296", "3"), VERDICT_PASS,
			"security groups: limit 3, in use 1, needed 2", NULL},
		{"preflight.security-group-quota", PREFLIGHT_SECURITY_GROUPS,
			"{\"securityGroupInfo\":[{},{}]}", LIMIT("L-E79EC296", "3"), VERDICT_FAIL,
			"limit 3, in use 2, needed 2", INCREASE("L-E79EC296", "4")},
		{"preflight.gateway-endpoint-quota", PREFLIGHT_GATEWAY_ENDPOINTS,
			"{\"vpcEndpointSet\":[{\"state\":\"available\"},{\"state\":\"deleting\"},{\"state\":\"deleted\"}]}",
			LIMIT("L-1B52E74A", "2"), VERDICT_PASS,
			"gateway endpoints: limit 2, in use 1, needed 1", NULL},
		{"preflight.gateway-endpoint-quota", PREFLIGHT_GATEWAY_ENDPOINTS,
			"{\"vpcEndpointSet\":[{\"state\":\"available\"},{\"state\":\"pending\"}]}",
			LIMIT("L-1B52E74A", "2"), VERDICT_FAIL, "limit 2, in use 2, needed 1",
			INCREASE("L-1B52E74A", "3")},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct fixture fixture;
		struct finding finding;

		fixture_open(&fixture);
		fixture_learn(&fixture, rows[i].fact, rows[i].in_use);
		fixture_learn(&fixture, PREFLIGHT_QUOTAS, rows[i].quotas);
		fixture_learn(&fixture, PREFLIGHT_DEFAULT_QUOTAS, "null");
		finding = fixture_judge(&fixture, rows[i].id);
		assert_finding(&finding, rows[i].verdict, rows[i].text);
		assert_true(text_equal(finding.remedy, rows[i].remedy));
		arena_free(&fixture.arena);
	}
}

#define INSTANCE(type, cores, threads) \
	"{\"instanceType\":\"" type "\",\"cpuOptions\":{\"coreCount\":\"" cores \
	"\",\"threadsPerCore\":\"" threads "\"}"

/* Which instances take of the quota, and how much. */
static void counts_vcpus(void **state)
{
	static const struct {
		const char *instances;
		enum verdict verdict; /* of a limit of 16 */
		const char *text;
		size_t evidence;
	} rows[] = {
		{"", VERDICT_PASS, "limit 16, in use 0, needed 4", 0},
		{INSTANCE("m5.xlarge", "2", "2") "}," INSTANCE("c7g.2xlarge", "8", "1") "}", VERDICT_PASS,
			"in use 12", 0},
		{INSTANCE("m5.xlarge", "2", "2") "}," INSTANCE("t3.micro", "1",
			 "1") "}," INSTANCE("r5.2xlarge", "4", "2") "}",
			VERDICT_WARN, "limit 16, in use 13, needed 4", 0},
		/* the families that share it, and those with quotas of their own */
		{INSTANCE("a1.x", "1", "1") "}," INSTANCE("d3.x", "1", "1") "}," INSTANCE("h1.x", "1",
			 "1") "}," INSTANCE("i3.x", "1", "1") "}," INSTANCE("im4gn.x", "1",
			 "1") "}," INSTANCE("is4gen.x", "1", "1") "}," INSTANCE("z1d.x", "1", "1") "}",
			VERDICT_PASS, "in use 7", 0},
		{INSTANCE("p4d.24xlarge", "48", "2") "}," INSTANCE("inf2.x", "9",
			 "9") "}," INSTANCE("hpc7a.x", "96", "1") "}," INSTANCE("mac2.metal", "12",
			 "1") "}," INSTANCE("dl1.x", "9", "9") "}," INSTANCE("g5.x", "9",
			 "9") "}," INSTANCE("u-6tb1.metal", "9", "9") "}",
			VERDICT_PASS, "in use 0", 0},
		{INSTANCE("m5.x", "8", "2") ",\"instanceLifecycle\":\"spot\"}," INSTANCE("m5.x", "8",
			 "2") ",\"placement\":{\"tenancy\":\"host\"}}," INSTANCE("m5.x", "1",
			 "2") ",\"placement\":{\"tenancy\":\"default\"}}",
			VERDICT_PASS, "in use 2", 0},
		{"{\"instanceType\":\"m5.x\"}," INSTANCE("m5.x", "many", "2") "}," INSTANCE("m5.x", "-1",
			 "2") "}",
			VERDICT_PASS, "in use 0", 1},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct fixture fixture;
		struct finding finding;

		fixture_open(&fixture);
		fixture_learn(&fixture, PREFLIGHT_INSTANCES,
			arena_printf(&fixture.arena, "{\"reservationSet\":[{\"instancesSet\":[%s]},{}]}",
				rows[i].instances));
		fixture_learn(&fixture, PREFLIGHT_QUOTAS, LIMIT("L-1216C47A", "16"));
		fixture_learn(&fixture, PREFLIGHT_DEFAULT_QUOTAS, "null");
		finding = fixture_judge(&fixture, "preflight.vcpu-quota");
		assert_finding(&finding, rows[i].verdict, rows[i].text);
		assert_int_equal(finding.evidence.count, rows[i].evidence);
		arena_free(&fixture.arena);
	}
}

/* No value applied: the default. Neither, or no number: not known, and never taken for enough. */
static void takes_the_default(void **state)
{
	static const struct {
		const char *applied, *defaults;
		enum verdict verdict;
		const char *text;
	} rows[] = {
		{"{\"L-F678F1CE\":null}", LIMIT("L-F678F1CE", "5"), VERDICT_PASS, "limit 5"},
		{LIMIT("L-F678F1CE", "1"), LIMIT("L-F678F1CE", "5"), VERDICT_FAIL, "limit 1"},
		{"{\"L-F678F1CE\":null}", "{\"L-F678F1CE\":null}", VERDICT_UNKNOWN, "the quota for VPCs"},
		{"{\"L-F678F1CE\":null}", "null", VERDICT_UNKNOWN, "the quota for VPCs"},
		{"{\"L-F678F1CE\":{\"Quota\":{\"ErrorReason\":{\"ErrorMessage\":\"throttled\"}}}}", "null",
			VERDICT_UNKNOWN, "the quota for VPCs: throttled"},
		{LIMIT("L-F678F1CE", "\"lots\""), "null", VERDICT_UNKNOWN, "does not report"},
		{LIMIT("L-F678F1CE", "{}"), "null", VERDICT_UNKNOWN, "does not report"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct fixture fixture;
		struct finding finding;

		fixture_open(&fixture);
		fixture_learn(&fixture, PREFLIGHT_VPCS, "{\"vpcSet\":[{}]}");
		fixture_learn(&fixture, PREFLIGHT_QUOTAS, rows[i].applied);
		fixture_learn(&fixture, PREFLIGHT_DEFAULT_QUOTAS, rows[i].defaults);
		finding = fixture_judge(&fixture, "preflight.vpc-quota");
		assert_finding(&finding, rows[i].verdict, rows[i].text);
		arena_free(&fixture.arena);
	}
}

#define ZONES \
	"{\"availabilityZoneInfo\":[{\"zoneName\":\"a\",\"zoneState\":\"available\"},{\"zoneName\":\"b\",\"zoneState\":\"available\"}," \
	"{\"zoneName\":\"c\",\"zoneState\":\"available\"},{\"zoneName\":\"d\",\"zoneState\":\"available\"}]}"
#define SUBNETS \
	"{\"subnetSet\":[{\"subnetId\":\"s-a\",\"availabilityZone\":\"a\"},{\"subnetId\":\"s-c\",\"availabilityZone\":\"c\"}]}"
#define LIMITS(addresses, gateways) \
	"{\"L-0263D0A3\":{\"Quota\":{\"Value\":" addresses \
	"}},\"L-FE5A380F\":{\"Quota\":{\"Value\":" gateways "}}}"

/* An address for each gateway; of gateways, the fullest zone decides among those that get one. */
static void counts_nat_gateways_by_zone(void **state)
{
	static const struct {
		const char *nat_gateways, *limits, *addresses, *gateways, *id;
		enum verdict verdict;
		const char *text;
	} rows[] = {
		{"one", LIMITS("3", "9"), "{\"addressesSet\":[{},{}]}", "{}", "preflight.address-quota",
			VERDICT_PASS, "limit 3, in use 2, needed 1"},
		{"one", LIMITS("2", "9"), "{\"addressesSet\":[{},{}]}", "{}", "preflight.address-quota",
			VERDICT_FAIL, "limit 2, in use 2, needed 1"},
		{"per-zone", LIMITS("4", "9"), "{\"addressesSet\":[{},{}]}", "{}", "preflight.address-quota",
			VERDICT_FAIL, "limit 4, in use 2, needed 3"},
		{"one", LIMITS("9", "1"), "{}", "{\"natGatewaySet\":[{\"subnetId\":\"s-c\"}]}",
			"preflight.nat-gateway-quota", VERDICT_PASS, "limit 1, in use 0, needed 1"},
		{"per-zone", LIMITS("9", "1"), "{}", "{\"natGatewaySet\":[{\"subnetId\":\"s-c\"}]}",
			"preflight.nat-gateway-quota", VERDICT_FAIL, "limit 1, in use 1, needed 1"},
		{"per-zone", LIMITS("9", "3"), "{}",
			"{\"natGatewaySet\":[{\"subnetId\":\"s-c\"},{\"subnetId\":\"s-a\"},{\"subnetId\":\"s-c\"},{\"subnetId\":\"?\"}]}",
			"preflight.nat-gateway-quota", VERDICT_PASS, "limit 3, in use 2, needed 1"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct fixture fixture;
		struct finding finding;

		fixture_open(&fixture);
		fixture.cloud.networking = NETWORKING_PRIVATE;
		*aws_cloud_edit(&fixture.arena, &fixture.cloud) = (struct aws_cloud){
			.network = {.nat_gateways = rows[i].nat_gateways}};
		fixture_learn(&fixture, PREFLIGHT_ZONES, ZONES);
		fixture_learn(&fixture, PREFLIGHT_SUBNETS, SUBNETS);
		fixture_learn(&fixture, PREFLIGHT_ADDRESSES, rows[i].addresses);
		fixture_learn(&fixture, PREFLIGHT_NAT_GATEWAYS, rows[i].gateways);
		fixture_learn(&fixture, PREFLIGHT_QUOTAS, rows[i].limits);
		fixture_learn(&fixture, PREFLIGHT_DEFAULT_QUOTAS, "{}");
		finding = fixture_judge(&fixture, rows[i].id);
		assert_finding(&finding, rows[i].verdict, rows[i].text);
		arena_free(&fixture.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_headroom),
		cmocka_unit_test(counts_vcpus),
		cmocka_unit_test(takes_the_default),
		cmocka_unit_test(counts_nat_gateways_by_zone),
	};

	return cmocka_run_group_tests_name("preflight quotas", tests, NULL, NULL);
}
