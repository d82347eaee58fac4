/* SPDX-License-Identifier: Apache-2.0 */
/* The preflight: blocks and names, then what is asked, and how often. */
#include "base/test.h"

#include <string.h>

#include "providers/aws/client/operation.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/aws_provider.h"
#include "providers/aws/cloud/preflight/preflight_facts_test.h"

/* --- blocks and names --- */

#define VPC(id, block, state) \
	"{\"vpcId\":\"" id "\",\"cidrBlockAssociationSet\":[{\"cidrBlock\":\"" block \
	"\",\"cidrBlockState\":{\"state\":\"" state "\"}}]}"

static void compares_blocks(void **state)
{
	static const struct {
		const char *wanted;
		bool must_differ;
		const char *vpcs;
		enum verdict verdict;
		const char *text;
		size_t evidence;
	} rows[] = {
		{"10.0.0.0/16", true, "", VERDICT_PASS, "no VPC in the region overlaps 10.0.0.0/16", 0},
		{"10.0.0.0/16", true, VPC("vpc-1", "172.31.0.0/16", "associated"), VERDICT_PASS, "no VPC", 0},
		{"10.0.0.0/16", true, VPC("vpc-1", "10.0.0.0/16", "associated"), VERDICT_FAIL,
			"10.0.0.0/16 overlaps 10.0.0.0/16 of vpc-1", 1},
		{"10.0.0.0/16", false, VPC("vpc-1", "10.0.0.0/16", "associated"), VERDICT_PASS,
			"overlaps 10.0.0.0/16 of vpc-1, which matters only if", 1},
		{"10.0.4.0/24", true,
			VPC("vpc-1", "10.0.0.0/8", "associating") "," VPC("vpc-2", "10.0.4.128/25",
				"associated"),
			VERDICT_FAIL, "overlaps 10.0.0.0/8 of vpc-1, 10.0.4.128/25 of vpc-2", 2},
		{"10.0.0.0/16", true, VPC("vpc-1", "10.0.0.0/16", "disassociated"), VERDICT_PASS, "no VPC",
			0},
		{"10.0.0.0/16", true, "{\"vpcId\":\"vpc-1\",\"cidrBlock\":\"10.0.1.0/24\"}", VERDICT_FAIL,
			"10.0.1.0/24 of vpc-1", 1},
		{"10.0.0.0/16", true, VPC("vpc-1", "nonsense", "associated"), VERDICT_PASS, "no VPC", 0},
		{"nonsense", true, "", VERDICT_UNKNOWN, "not known", 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct fixture fixture;
		struct finding finding;

		fixture_open(&fixture);
		fixture_request(&fixture, rows[i].wanted, rows[i].must_differ);
		fixture_learn(&fixture, PREFLIGHT_VPCS,
			arena_printf(&fixture.arena, "{\"vpcSet\":[%s]}", rows[i].vpcs));
		finding = fixture_judge(&fixture, "preflight.cidr-overlap");
		assert_finding(&finding, rows[i].verdict, rows[i].text);
		assert_int_equal(finding.evidence.count, rows[i].evidence);
		arena_free(&fixture.arena);
	}
}

static void names_what_is_taken(void **state)
{
	static const struct {
		const char *id;
		enum preflight_fact fact;
		const char *tree;
		enum verdict verdict;
		const char *text, *remedy; /* NULL: the row's */
	} rows[] = {
		{"preflight.names.bucket", PREFLIGHT_BUCKET, "null", VERDICT_PASS,
			"there is no bucket cloudctl-data-cld-x", NULL},
		{"preflight.names.bucket", PREFLIGHT_BUCKET, "{\"BucketRegion\":\"us-west-2\"}", VERDICT_FAIL,
			"the bucket cloudctl-data-cld-x already exists", NULL},
		{"preflight.names.bucket", PREFLIGHT_BUCKET, "{}", VERDICT_FAIL,
			"it belongs to another account", "cloudctl delete --name demo"},
		{"preflight.names.roles", PREFLIGHT_BUCKET, "null", VERDICT_PASS, "none of them exists",
			NULL},
		{"preflight.names.roles", PREFLIGHT_NODE_ROLE, "{\"Role\":{}}", VERDICT_FAIL,
			"role node already exists", "aws iam delete-role --role-name node"},
		{"preflight.names.roles", PREFLIGHT_CONTROL_PLANE_ROLE, "{\"Role\":{}}", VERDICT_FAIL,
			"role control already exists", "aws iam delete-role --role-name control"},
		{"preflight.names.instance-profile", PREFLIGHT_BUCKET, "null", VERDICT_PASS,
			"there is no instance profile node", NULL},
		{"preflight.names.instance-profile", PREFLIGHT_INSTANCE_PROFILE, "{}", VERDICT_FAIL,
			"instance profile node already exists",
			"aws iam delete-instance-profile --instance-profile-name node"},
		{"preflight.names.memorydb", PREFLIGHT_BUCKET, "null", VERDICT_PASS, "none", NULL},
		{"preflight.names.memorydb", PREFLIGHT_MEMORYDB_SUBNET_GROUP, "{}", VERDICT_FAIL,
			"subnet group cld-x already exists",
			"aws memorydb delete-subnet-group --region us-west-2 --subnet-group-name cld-x"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct fixture fixture;
		struct finding finding;

		fixture_open(&fixture);
		for (enum preflight_fact fact = PREFLIGHT_BUCKET; fact < PREFLIGHT_FACT_COUNT; fact++)
			facts_learn(fixture.facts, fact, NULL);
		fixture_learn(&fixture, rows[i].fact, rows[i].tree);
		finding = fixture_judge(&fixture, rows[i].id);
		assert_finding(&finding, rows[i].verdict, rows[i].text);
		assert_true((finding.remedy == NULL) == (rows[i].remedy == NULL));
		if (finding.remedy)
			assert_true(text_starts_with(finding.remedy, rows[i].remedy));
		arena_free(&fixture.arena);
	}
}

static void names_several_at_once(void **state)
{
	struct fixture fixture;
	struct finding finding;

	(void)state;
	fixture_open(&fixture);
	for (enum preflight_fact fact = PREFLIGHT_CONTROL_PLANE_ROLE; fact < PREFLIGHT_FACT_COUNT; fact++)
		fixture_learn(&fixture, fact, "{}");
	finding = fixture_judge(&fixture, "preflight.names.roles");
	assert_finding(&finding, VERDICT_FAIL, "role control, role node already exist");
	assert_string_equal(finding.remedy,
		"aws iam delete-role --role-name control && aws iam delete-role --role-name node");
	finding = fixture_judge(&fixture, "preflight.names.memorydb");
	assert_finding(&finding, VERDICT_FAIL,
		"cluster cld-x, subnet group cld-x, parameter group cld-x already exist");
	arena_free(&fixture.arena);
}

/* --- gathering --- */

static void answer(struct fixture *fixture, const struct aws_operation *operation, const char *reply)
{
	fake_reply(&fixture->fake, operation, NULL, fixture_read(fixture, reply));
}

#define KEY "arn:aws:kms:us-west-2:123456789012:key/k"

static void answer_all(struct fixture *fixture)
{
	answer(fixture, &ec2_DescribeAvailabilityZones,
		"{\"availabilityZoneInfo\":[{\"zoneName\":\"a\",\"zoneId\":\"usw2-az1\",\"zoneState\":"
		"\"available\"},{\"zoneName\":\"b\",\"zoneId\":\"usw2-az2\",\"zoneState\":\"available\"}]}");
	answer(fixture, &ec2_DescribeVpcEndpointServices,
		"{\"serviceDetailSet\":[{\"serviceName\":\"com.amazonaws.us-west-2.elasticfilesystem\",\"availabilityZoneSet\":[\"a\",\"b\"]}]}");
	answer(fixture, &ec2_DescribeVpcBlockPublicAccessOptions, "{\"vpcBlockPublicAccessOptions\":{}}");
	answer(fixture, &ec2_DescribeVpcs, "{\"vpcSet\":[{\"vpcId\":\"vpc-1\"}]}");
	answer(fixture, &ec2_DescribeInternetGateways, "{}");
	answer(fixture, &ec2_DescribeSecurityGroups, "{}");
	answer(fixture, &ec2_DescribeVpcEndpoints, "{}");
	answer(fixture, &ec2_DescribeInstances, "{}");
	answer(fixture, &ec2_DescribeAddresses, "{}");
	answer(fixture, &ec2_DescribeNatGateways, "{}");
	answer(fixture, &ec2_DescribeSubnets, "{}");
	answer(fixture, &kms_DescribeKey,
		"{\"KeyMetadata\":{\"Arn\":\"" KEY
		"\",\"KeyState\":\"Enabled\",\"KeySpec\":\"SYMMETRIC_DEFAULT\"}}");
	answer(fixture, &kms_GetKeyPolicy,
		"{\"Policy\":{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"*\"},\"Action\":\"kms:*\",\"Resource\":\"*\"}]}}");
	answer(fixture, &iam_SimulatePrincipalPolicy, MAY("allowed", "allowed"));
	answer(fixture, &servicequotas_GetServiceQuota, "{\"Quota\":{\"Value\":5}}");
	fake_error(&fixture->fake, &s3_HeadBucket, NULL, ERROR_NOT_FOUND, "404", "no");
	fake_error(&fixture->fake, &iam_GetRole, NULL, ERROR_NOT_FOUND, "NoSuchEntity", "no");
	fake_error(&fixture->fake, &iam_GetInstanceProfile, NULL, ERROR_NOT_FOUND, "NoSuchEntity", "no");
	fake_error(&fixture->fake, &memorydb_DescribeClusters, NULL, ERROR_NOT_FOUND, "ClusterNotFoundFault",
		"no");
	fake_error(&fixture->fake, &memorydb_DescribeSubnetGroups, NULL, ERROR_NOT_FOUND,
		"SubnetGroupNotFoundFault", "no");
	fake_error(&fixture->fake, &memorydb_DescribeParameterGroups, NULL, ERROR_NOT_FOUND,
		"ParameterGroupNotFoundFault", "no");
}

static int run(struct fixture *fixture, const char *skip)
{
	struct verify_options options = {.skip = text_split(&fixture->arena, skip, ',')};
	const struct verify_input input = {
		.table = &preflight_table,
		.source = &fixture->fake.source,
		.facts = fixture->facts,
		.options = &options,
	};

	return verify_run(&input, &fixture->result, &fixture->err);
}

static const struct finding *find(const struct fixture *fixture, const char *id)
{
	for (size_t i = 0; i < fixture->result.count; i++)
		if (text_equal(fixture->result.findings[i].check->id, id))
			return &fixture->result.findings[i];
	return NULL;
}

/* A direct cloud needs both ways, a private one only what goes out. */
static void judges_blocked_public_access(void **state)
{
	static const struct {
		const char *mode;
		enum cloud_networking networking;
		enum verdict verdict;
	} rows[] = {
		{"off", NETWORKING_DIRECT, VERDICT_PASS},
		{"", NETWORKING_DIRECT, VERDICT_PASS},
		{"block-ingress", NETWORKING_DIRECT, VERDICT_FAIL},
		{"block-bidirectional", NETWORKING_DIRECT, VERDICT_FAIL},
		{"block-ingress", NETWORKING_PRIVATE, VERDICT_PASS},
		{"block-bidirectional", NETWORKING_PRIVATE, VERDICT_FAIL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct fixture fixture;
		struct finding finding;

		fixture_open(&fixture);
		fixture.cloud.networking = rows[i].networking;
		fixture_give(&fixture, PREFLIGHT_PUBLIC_ACCESS,
			json_pack("{s:{s:s}}", "vpcBlockPublicAccessOptions", "internetGatewayBlockMode",
				rows[i].mode));
		finding = fixture_judge(&fixture, "preflight.public-access");
		assert_finding(&finding, rows[i].verdict, rows[i].mode);
		arena_free(&fixture.arena);
	}
}

/*
 * One round of calls, each once; private subnets need NAT gateways: three questions and two quotas more; a key: two
 * questions.
 */
static void asks_everything_at_once(void **state)
{
	static const struct {
		enum cloud_networking networking;
		const char *key;
		size_t without, calls; /* checks that do not apply */
	} rows[] = {{NETWORKING_DIRECT, NULL, 3, 21}, {NETWORKING_PRIVATE, NULL, 1, 26},
		{NETWORKING_PRIVATE, KEY, 0, 28}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct fixture fixture;

		fixture_open(&fixture);
		fixture.cloud.networking = rows[i].networking;
		aws_cloud_edit(&fixture.arena, &fixture.cloud)->setup.kms_key = rows[i].key;
		answer_all(&fixture);
		assert_int_equal(run(&fixture, ""), 0);
		assert_int_equal(fixture.result.count, check_count(&preflight_table) - rows[i].without);
		assert_int_equal(fixture.result.counts[VERDICT_PASS], fixture.result.count);
		assert_int_equal(fixture.result.figures.longest_chain, 1);
		assert_int_equal(fixture.fake.at_first_step, fixture.fake.count);
		assert_int_equal(fixture.fake.count, rows[i].calls);
		assert_true(fake_all_differ(&fixture.fake));
		arena_free(&fixture.arena);
	}
}

/* A new cloud's names are not asked for, and MemoryDB's only where there is to be one. */
static void asks_for_names_where_they_can_be_taken(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_open(&fixture);
	answer_all(&fixture);
	assert_int_equal(run(&fixture, preflight_names_glob), 0);
	assert_int_equal(fixture.fake.count, 14);
	assert_int_equal(fake_count(&fixture.fake, &iam_GetRole), 0);
	assert_null(find(&fixture, "preflight.names.roles"));
	arena_free(&fixture.arena);

	fixture_open(&fixture);
	answer_all(&fixture);
	aws_cloud_edit(&fixture.arena, &fixture.cloud)->resources.memorydb_cluster = NULL;
	assert_int_equal(run(&fixture, ""), 0);
	assert_int_equal(fake_count(&fixture.fake, &memorydb_DescribeClusters), 0);
	assert_null(find(&fixture, "preflight.names.memorydb"));
	arena_free(&fixture.arena);
}

/* A bucket that S3 does not let us see is there. */
static void takes_403_for_a_bucket(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_open(&fixture);
	fake_error(&fixture.fake, &s3_HeadBucket, NULL, ERROR_DENIED, "403", "forbidden");
	answer_all(&fixture);
	assert_int_equal(run(&fixture, ""), 0);
	assert_finding(find(&fixture, "preflight.names.bucket"), VERDICT_FAIL,
		"it belongs to another account");
	assert_int_equal(fixture.result.counts[VERDICT_FAIL], 1);
	arena_free(&fixture.arena);
}

/* Only quotas without a value of their own are asked for again. */
static void asks_for_defaults(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_open(&fixture);
	fake_error(&fixture.fake, &servicequotas_GetServiceQuota, "L-E79EC296", ERROR_NOT_FOUND,
		"NoSuchResourceException", "no");
	answer(&fixture, &servicequotas_GetAWSDefaultServiceQuota, "{\"Quota\":{\"Value\":1}}");
	answer_all(&fixture);
	assert_int_equal(run(&fixture, ""), 0);
	assert_int_equal(fake_count(&fixture.fake, &servicequotas_GetAWSDefaultServiceQuota), 1);
	assert_int_equal(fixture.result.figures.longest_chain, 2);
	assert_finding(find(&fixture, "preflight.security-group-quota"), VERDICT_FAIL, "limit 1");
	assert_finding(find(&fixture, "preflight.vpc-quota"), VERDICT_PASS, "limit 5");
	arena_free(&fixture.arena);
}

/* Each operation denied in turn: what depends on it is UNKNOWN and names the action, and nothing fails. */
static void says_what_is_denied(void **state)
{
	static const struct {
		const struct aws_operation *operation;
		const char *ids;
	} rows[] = {
		{&ec2_DescribeAvailabilityZones, "preflight.zones"},
		{&ec2_DescribeVpcEndpointServices, "preflight.zones"},
		{&ec2_DescribeVpcBlockPublicAccessOptions, "preflight.public-access"},
		{&ec2_DescribeVpcs, "preflight.vpc-quota,preflight.cidr-overlap"},
		{&ec2_DescribeInternetGateways, "preflight.internet-gateway-quota"},
		{&ec2_DescribeSecurityGroups, "preflight.security-group-quota"},
		{&ec2_DescribeVpcEndpoints, "preflight.gateway-endpoint-quota"},
		{&ec2_DescribeInstances, "preflight.vcpu-quota"},
		{&servicequotas_GetServiceQuota,
			"preflight.vpc-quota,preflight.internet-gateway-quota,preflight.security-group-quota,preflight.gateway-endpoint-quota,preflight.vcpu-quota"},
		{&iam_SimulatePrincipalPolicy, "preflight.permissions"},
		{&iam_GetRole, "preflight.names.roles"},
		{&iam_GetInstanceProfile, "preflight.names.instance-profile"},
		{&memorydb_DescribeClusters, "preflight.names.memorydb"},
		{&memorydb_DescribeSubnetGroups, "preflight.names.memorydb"},
		{&memorydb_DescribeParameterGroups, "preflight.names.memorydb"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct fixture fixture;
		struct text_list ids;

		fixture_open(&fixture);
		fake_error(&fixture.fake, rows[i].operation, NULL, ERROR_DENIED, "AccessDenied", "no");
		answer_all(&fixture);
		ids = text_split(&fixture.arena, rows[i].ids, ',');
		assert_int_equal(run(&fixture, ""), 0);
		assert_int_equal(fixture.result.overall, VERDICT_UNKNOWN);
		assert_int_equal(fixture.result.counts[VERDICT_UNKNOWN], ids.count);
		for (size_t k = 0; k < ids.count; k++) {
			assert_int_equal(find(&fixture, ids.items[k])->verdict, VERDICT_UNKNOWN);
			assert_string_equal(find(&fixture, ids.items[k])->action, rows[i].operation->actions);
		}
		arena_free(&fixture.arena);
	}
}

/* --- the table --- */

static void rows_are_complete(void **state)
{
	const bool given[PREFLIGHT_FACT_COUNT] =
		{[PREFLIGHT_REQUEST] = true, [PREFLIGHT_IDENTITY] = true, [PREFLIGHT_PERMISSIONS] = true};
	struct fixture fixture;

	(void)state;
	fixture_open(&fixture);
	aws_cloud_edit(&fixture.arena, &fixture.cloud)->setup.kms_key = KEY;
	for (size_t i = 0; i < check_count(&preflight_table); i++) {
		const struct check *check = check_at(&preflight_table, i);
		bool facts[PREFLIGHT_FACT_COUNT] = {false};

		assert_true(text_starts_with(check->id, "preflight."));
		assert_ptr_equal(check_find(&preflight_table, check->id, NULL), check);
		assert_null(check_find(&cloud_checks, check->id, NULL));
		assert_int_equal(check->about.count, 0); /* kinds exist by facts of another plan */
		assert_true(*check->holds && *check->why && *check->remedy && *check->reference);
		fixture.cloud.networking = NETWORKING_PRIVATE;
		assert_true(check_applies(check, &fixture.cloud, NULL));
		check_facts(&preflight_table, check, facts);
		for (unsigned fact = 0; fact < PREFLIGHT_FACT_COUNT; fact++)
			if (facts[fact] && !given[fact])
				assert_non_null(preflight_table.plan->rows[fact].ask);
	}
	assert_null(check_find(&preflight_table, "vpc.exists", NULL));
	arena_free(&fixture.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compares_blocks),
		cmocka_unit_test(names_what_is_taken),
		cmocka_unit_test(names_several_at_once),
		cmocka_unit_test(judges_blocked_public_access),
		cmocka_unit_test(asks_everything_at_once),
		cmocka_unit_test(asks_for_names_where_they_can_be_taken),
		cmocka_unit_test(takes_403_for_a_bucket),
		cmocka_unit_test(asks_for_defaults),
		cmocka_unit_test(says_what_is_denied),
		cmocka_unit_test(rows_are_complete),
	};

	return cmocka_run_group_tests_name("preflight", tests, NULL, NULL);
}
