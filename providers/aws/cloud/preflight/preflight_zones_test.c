/* SPDX-License-Identifier: Apache-2.0 */
/* Zones: which are there, and what they offer. */
#include "base/test.h"

#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/preflight/preflight_facts_test.h"

/* "name id state type opt-in", …; "-" for a member that is not there. */
static void learn_zones(struct fixture *fixture, const char *rows)
{
	static const char *const members[] = {"zoneName", "zoneId", "zoneState", "zoneType", "optInStatus"};
	struct text_list zones = text_split(&fixture->arena, rows, ',');
	json_t *reply = json_pack("{s:[]}", "availabilityZoneInfo");

	for (size_t i = 0; i < zones.count; i++) {
		struct text_list words = text_split(&fixture->arena, zones.items[i], ' ');
		json_t *zone = json_object();

		for (size_t k = 0; k < words.count; k++)
			if (!text_equal(words.items[k], "-"))
				json_object_set_new(zone, members[k], json_string(words.items[k]));
		json_array_append_new(json_object_get(reply, "availabilityZoneInfo"), zone);
	}
	tree_defer(&fixture->arena, reply);
	facts_learn(fixture->facts, PREFLIGHT_ZONES, reply);
}

#define THREE "a usw2-az1 available,b usw2-az2 available,c usw2-az3 available"

/* Which zones are usable at all. */
static void leaves_out_what_is_no_zone(void **state)
{
	static const struct {
		const char *zones, *chosen;
		enum verdict verdict;
	} rows[] = {
		{"b - available availability-zone,a - available availability-zone", "a,b", VERDICT_PASS},
		{"c - available availability-zone opted-in,a - available,b - available - opt-in-not-required",
			"a,b,c", VERDICT_PASS},
		{"h - available,g - available,f - available,e - available,d - available,c - available,b - available,a - available",
			"a,b,c,d,e,f", VERDICT_PASS},
		{"a - available availability-zone,b - impaired availability-zone", "a", VERDICT_FAIL},
		{"a - available,l - available local-zone opted-in,w - available wavelength-zone", "a",
			VERDICT_FAIL},
		{"a - available,b - available - not-opted-in,- - available", "a", VERDICT_FAIL},
		{"", "", VERDICT_FAIL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct fixture fixture;
		struct text_list zones;

		fixture_open(&fixture);
		learn_zones(&fixture, rows[i].zones);
		fixture_learn(&fixture, PREFLIGHT_ENDPOINT_SERVICES, "{}");
		zones = preflight_zones(fixture.facts);
		assert_string_equal(text_join(&fixture.arena, &zones, ","), rows[i].chosen);
		assert_int_equal(fixture_judge(&fixture, "preflight.zones").verdict, rows[i].verdict);
		arena_free(&fixture.arena);
	}
}

#define ENDPOINT(region, service, zones) \
	"{\"serviceName\":\"com.amazonaws." region "." service "\",\"availabilityZoneSet\":[" zones "]}"
#define ENDPOINTS(list) "{\"serviceDetailSet\":[" list "]}"

/* Which of them offer what the cloud needs. */
static void leaves_out_zones_without_a_service(void **state)
{
	static const struct {
		const char *region, *zones, *endpoints;
		bool memorydb;
		enum verdict verdict;
		const char *text;
	} rows[] = {
		{"us-west-2", THREE,
			ENDPOINTS(ENDPOINT("us-west-2", "elasticfilesystem", "\"a\",\"b\",\"c\"")), true,
			VERDICT_PASS, "the subnets go to a, b, c"},
		{"us-west-2", THREE, ENDPOINTS(ENDPOINT("us-west-2", "elasticfilesystem", "\"c\",\"a\"")),
			false, VERDICT_PASS, "the subnets go to a, c; b (usw2-az2) has no EFS"},
		{"us-west-2", THREE, ENDPOINTS(ENDPOINT("us-west-2", "elasticfilesystem", "\"c\"")), false,
			VERDICT_FAIL,
			"a cloud needs 2 availability zones, and us-west-2 has only 1 that can be used; a (usw2-az1) has no EFS; b (usw2-az2) has no EFS"},
		/* one element is no list in XML */
		{"us-west-2", THREE,
			"{\"serviceDetailSet\":{\"serviceName\":\"com.amazonaws.us-west-2.elasticfilesystem\",\"availabilityZoneSet\":\"b\"}}",
			false, VERDICT_FAIL, "c (usw2-az3) has no EFS"},
		{"us-west-2", THREE, "{}", false, VERDICT_PASS,
			"a, b, c; AWS does not report which zones have EFS"},
		/* MemoryDB by what is documented, whatever its endpoint says */
		{"us-east-1", "a use1-az1 available,b use1-az2 available,e use1-az3 available",
			ENDPOINTS(ENDPOINT("us-east-1", "elasticfilesystem",
				"\"a\",\"b\",\"e\"") "," ENDPOINT("us-east-1", "memory-db", "\"e\"")),
			true, VERDICT_PASS, "the subnets go to a, b; e (use1-az3) has no MemoryDB"},
		{"us-east-1", "a use1-az1 available,b use1-az2 available,e use1-az3 available",
			ENDPOINTS(ENDPOINT("us-east-1", "elasticfilesystem", "\"a\",\"b\"")), true,
			VERDICT_PASS, "e (use1-az3) has no EFS and MemoryDB"},
		{"us-east-1", "a use1-az1 available,b use1-az2 available,e use1-az3 available",
			ENDPOINTS(ENDPOINT("us-east-1", "elasticfilesystem", "\"a\",\"b\",\"e\"")), false,
			VERDICT_PASS, "the subnets go to a, b, e"},
		/* regions that are not documented: by the endpoint, or not at all */
		{"xx-new-1", "a xx-az1 available,b xx-az2 available,c xx-az3 available",
			ENDPOINTS(ENDPOINT("xx-new-1", "elasticfilesystem",
				"\"a\",\"b\",\"c\"") "," ENDPOINT("xx-new-1", "memory-db", "\"a\",\"c\"")),
			true, VERDICT_PASS, "the subnets go to a, c; b (xx-az2) has no MemoryDB"},
		{"xx-new-1", "a xx-az1 available,b xx-az2 available",
			ENDPOINTS(ENDPOINT("xx-new-1", "elasticfilesystem", "\"a\",\"b\"")), true,
			VERDICT_UNKNOWN, "nothing tells whether xx-new-1 has MemoryDB"},
		{"xx-new-1", "a xx-az1 available,b xx-az2 available",
			ENDPOINTS(ENDPOINT("xx-new-1", "elasticfilesystem", "\"a\",\"b\"")), false,
			VERDICT_PASS, "the subnets go to a, b"},
		/* it is there, but nothing tells where */
		{"cn-north-1", "a cnn1-az1 available,b cnn1-az2 available",
			ENDPOINTS(ENDPOINT("cn-north-1", "elasticfilesystem", "\"a\",\"b\"")), true,
			VERDICT_PASS,
			"the subnets go to a, b; AWS does not report which zones have MemoryDB"},
		/* a region without it, and the same when it has got an endpoint */
		{"ap-northeast-3", "a apne3-az1 available,b apne3-az2 available",
			ENDPOINTS(ENDPOINT("ap-northeast-3", "elasticfilesystem", "\"a\",\"b\"")), true,
			VERDICT_FAIL, "ap-northeast-3 has no MemoryDB (as of 2026-11)"},
		{"ap-northeast-3", "a apne3-az1 available,b apne3-az2 available",
			ENDPOINTS(ENDPOINT("ap-northeast-3", "elasticfilesystem", "\"a\",\"b\"")), false,
			VERDICT_PASS, "the subnets go to a, b"},
		{"ap-northeast-3", "a apne3-az1 available,b apne3-az2 available",
			ENDPOINTS(ENDPOINT("ap-northeast-3", "elasticfilesystem",
				"\"a\",\"b\"") "," ENDPOINT("ap-northeast-3", "memory-db", "\"a\",\"b\"")),
			true, VERDICT_PASS, "the subnets go to a, b"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct fixture fixture;
		struct finding finding;

		fixture_open(&fixture);
		fixture.cloud.region = rows[i].region;
		aws_cloud_edit(&fixture.arena, &fixture.cloud)->resources.memorydb_cluster = rows[i].memorydb
			? "cld-x"
			: NULL;
		learn_zones(&fixture, rows[i].zones);
		fixture_learn(&fixture, PREFLIGHT_ENDPOINT_SERVICES, rows[i].endpoints);
		finding = fixture_judge(&fixture, "preflight.zones");
		assert_finding(&finding, rows[i].verdict, rows[i].text);
		arena_free(&fixture.arena);
	}
}

static void zones_that_are_not_known(void **state)
{
	struct fixture fixture;
	struct finding finding;

	(void)state;
	fixture_open(&fixture);
	learn_zones(&fixture, THREE);
	fixture_lose(&fixture, PREFLIGHT_ENDPOINT_SERVICES, "ec2:DescribeVpcEndpointServices");
	finding = fixture_judge(&fixture, "preflight.zones");
	assert_finding(&finding, VERDICT_UNKNOWN, "asking");
	assert_string_equal(finding.action, "ec2:DescribeVpcEndpointServices");
	assert_int_equal(preflight_zones(fixture.facts).count, 3);
	learn_zones(&fixture, "a usw2-az1 available"); /* too few whatever they offer */
	finding = fixture_judge(&fixture, "preflight.zones");
	assert_finding(&finding, VERDICT_FAIL, "has only 1");
	fixture_lose(&fixture, PREFLIGHT_ZONES, "ec2:DescribeAvailabilityZones");
	finding = fixture_judge(&fixture, "preflight.zones");
	assert_finding(&finding, VERDICT_UNKNOWN, "asking");
	assert_int_equal(preflight_zones(fixture.facts).count, 0);
	arena_free(&fixture.arena);
}

/* Zones without EFS can be used, and which have it is not asked. */
static void without_efs_every_available_zone_will_do(void **state)
{
	struct fixture fixture;
	struct finding finding;
	struct text_list zones;

	(void)state;
	fixture_open(&fixture);
	aws_cloud_edit(&fixture.arena, &fixture.cloud)->resources.memorydb_cluster = NULL;
	aws_cloud_edit(&fixture.arena, &fixture.cloud)->setup.no_efs = true;
	fixture_learn(&fixture, PREFLIGHT_ZONES,
		"{\"availabilityZoneInfo\":[{\"zoneName\":\"a\",\"zoneState\":\"available\"},{\"zoneName\":\"c\",\"zoneState\":\"available\"}]}");
	fixture_learn(&fixture, PREFLIGHT_ENDPOINT_SERVICES,
		"{\"serviceDetailSet\":[{\"serviceName\":\"com.amazonaws.us-west-2.elasticfilesystem\",\"availabilityZoneSet\":[\"a\"]}]}");
	finding = fixture_judge(&fixture, "preflight.zones");
	assert_finding(&finding, VERDICT_PASS, "the subnets go to a, c");
	assert_int_equal(finding.evidence.count, 0);
	zones = text_split(&fixture.arena, "a,us-west-2-lax-1a", ',');
	fixture_give(&fixture, PREFLIGHT_REQUEST, preflight_request("10.0.0.0/16", false, &zones));
	finding = fixture_judge(&fixture, "preflight.zones");
	assert_finding(&finding, VERDICT_FAIL,
		"us-west-2-lax-1a is not an availability zone that is available");
	arena_free(&fixture.arena);
}

/* The user's own subnets are where they are: a zone that lacks something is an obstacle, not left out. */
static void judges_the_zones_of_subnets(void **state)
{
	static const struct {
		const char *zones;
		enum verdict verdict;
		const char *text;
	} rows[] = {
		{"a,b", VERDICT_PASS, "offer all that is needed"},
		{"a,c", VERDICT_FAIL, "cannot be used: c has no EFS"},
		{"a,us-west-2-lax-1a", VERDICT_FAIL, "us-west-2-lax-1a has no EFS"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct fixture fixture;
		struct text_list zones, chosen;
		struct finding finding;

		fixture_open(&fixture);
		aws_cloud_edit(&fixture.arena, &fixture.cloud)->resources.memorydb_cluster = NULL;
		zones = text_split(&fixture.arena, rows[i].zones, ',');
		fixture_give(&fixture, PREFLIGHT_REQUEST, preflight_request("10.0.0.0/16", false, &zones));
		fixture_learn(&fixture, PREFLIGHT_ZONES,
			"{\"availabilityZoneInfo\":[{\"zoneName\":\"a\",\"zoneState\":\"available\"},{\"zoneName\":\"b\",\"zoneState\":\"available\"},{\"zoneName\":\"c\",\"zoneState\":\"available\"}]}");
		fixture_learn(&fixture, PREFLIGHT_ENDPOINT_SERVICES,
			"{\"serviceDetailSet\":[{\"serviceName\":\"com.amazonaws.us-west-2.elasticfilesystem\",\"availabilityZoneSet\":[\"a\",\"b\"]}]}");
		finding = fixture_judge(&fixture, "preflight.zones");
		assert_finding(&finding, rows[i].verdict, rows[i].text);
		chosen = preflight_zones(fixture.facts);
		assert_string_equal(text_join(&fixture.arena, &chosen, ","), rows[i].zones);
		arena_free(&fixture.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(leaves_out_what_is_no_zone),
		cmocka_unit_test(leaves_out_zones_without_a_service),
		cmocka_unit_test(zones_that_are_not_known),
		cmocka_unit_test(without_efs_every_available_zone_will_do),
		cmocka_unit_test(judges_the_zones_of_subnets),
	};

	return cmocka_run_group_tests_name("preflight zones", tests, NULL, NULL);
}
