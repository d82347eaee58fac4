/* SPDX-License-Identifier: Apache-2.0 */
/* Each operation denied in turn: exactly the checks that depend on it are UNKNOWN, and name what to grant. */
#include <string.h>

#include "base/arena.h"
#include "base/test.h"
#include "providers/aws/client/operation.h"
#include "providers/aws/cloud/checks/facts_test.h"

struct fixture {
	struct arena arena;
	struct facts *facts;
	struct cloud cloud;
	struct fake_source fake;
	struct verification result;
	struct error err;
};

static void fixture_open(struct fixture *fixture, const char *kind)
{
	json_t *document;

	*fixture = (struct fixture){0};
	document = facts_test_cloud(&fixture->arena, kind);
	fixture->facts = facts_test_load(&fixture->arena, document, &fixture->cloud);
	facts_test_fake(&fixture->arena, fixture->facts, &fixture->fake);
}

static const struct finding *find(const struct fixture *fixture, const char *id)
{
	for (size_t i = 0; i < fixture->result.count; i++)
		if (strcmp(fixture->result.findings[i].check->id, id) == 0)
			return &fixture->result.findings[i];
	fail_msg("%s is not judged", id);
	return NULL;
}

#define CONTROL_PLANE_MAY \
	"iam.control-plane.clusters iam.control-plane.pass-role iam.control-plane.services " \
	"iam.control-plane.spot iam.control-plane.tag iam.control-plane.reach s3.access.control-plane"
#define NODE_MAY "iam.node.ecr s3.access.node"

/* An operation, and the checks of a cloud of the kind that need its answer. */
static const struct row {
	const struct aws_operation *operation;
	const char *unknown;
	const char *kind; /* NULL: managed, with MemoryDB */
} rows[] = {
	{&ec2_GetEbsEncryptionByDefault, "account.ebs-key"},
	{&ec2_GetEbsDefaultKmsKeyId, "account.ebs-key"},
	{&ec2_DescribeRouteTables, "vpc.s3-endpoint subnets.route"},
	{&ec2_DescribeVpcAttribute, "vpc.dns"},
	{&ec2_DescribeNetworkAcls, "subnets.network-acl"},
	{&ec2_DescribeVpcEndpoints, "vpc.s3-endpoint vpc.interface-endpoints"},
	{&ec2_DescribeDhcpOptions, "vpc.dns"},
	{&servicequotas_GetServiceQuota, "quotas.vcpu quotas.spot-vcpu"},
	{&ec2_DescribeNetworkInterfaces, "efs.security-group"},
	{&ec2_DescribeVpcs, "account.region vpc.exists vpc.cidr-size vpc.dns vpc.tenancy vpc.docker-block"},
	{&ec2_DescribeSubnets,
		"vpc.s3-endpoint subnets.exist subnets.vpc subnets.cidr-size subnets.free-addresses subnets.zones subnets.public-zones subnets.route "
		"subnets.public-ip subnets.network-acl efs.mount-targets efs.security-group memorydb.security-group"},
	{&ec2_DescribeSecurityGroups,
		"security-groups.exist security-groups.vpc security-groups.https security-groups.ssh security-groups.self-in security-groups.self-out security-groups.egress "
		"security-groups.open-ports efs.security-group memorydb.security-group"},
	{&iam_GetRole,
		"account.ebs-key iam.control-plane.exists iam.control-plane.trust iam.control-plane.external-id iam.node.exists iam.node.trust " CONTROL_PLANE_MAY
		" " NODE_MAY},
	{&iam_ListRolePolicies, "account.ebs-key " CONTROL_PLANE_MAY " " NODE_MAY},
	{&iam_GetRolePolicy, "account.ebs-key " CONTROL_PLANE_MAY " " NODE_MAY},
	{&iam_ListAttachedRolePolicies, "account.ebs-key " CONTROL_PLANE_MAY " " NODE_MAY},
	{&memorydb_DescribeClusters,
		"memorydb.exists memorydb.vpc memorydb.subnets memorydb.security-group memorydb.tls memorydb.replicas memorydb.shards memorydb.users memorydb.maxmemory-policy"},
	{&iam_ListInstanceProfilesForRole, "iam.node.instance-profile"},
	{&s3_GetBucketPolicy, "s3.access.control-plane s3.access.node"},
	{&s3_GetBucketEncryption, "s3.exists s3.region s3.kms"},
	{&s3_GetBucketCors, "s3.cors"},
	{&s3_GetPublicAccessBlock, "s3.public-access"},
	{&s3_GetBucketVersioning, "s3.versioning"},
	{&s3_GetBucketLifecycleConfiguration, "s3.lifecycle"},
	{&efs_DescribeFileSystems, "efs.exists efs.key efs.backup"},
	{&efs_DescribeMountTargets, "efs.mount-targets efs.security-group efs.mount-target-ip"},
	{&efs_DescribeFileSystemPolicy, "efs.policy"},
	{&memorydb_DescribeSubnetGroups, "memorydb.vpc memorydb.subnets"},
	{&memorydb_DescribeParameters, "memorydb.maxmemory-policy"},
	{&cloudformation_DescribeStacks, "stack.status"},
	{&ec2_DescribeNatGateways, "subnets.route", "private"},
	{&ec2_GetManagedPrefixListEntries, "security-groups.https", "groups"},
	{&efs_DescribeBackupPolicy, "efs.backup", "private"},
	{&iam_GetPolicy, CONTROL_PLANE_MAY " " NODE_MAY, "attached"},
	{&iam_GetPolicyVersion, CONTROL_PLANE_MAY " " NODE_MAY, "attached"},
	{&iam_GetRole,
		"iam.control-plane.exists iam.control-plane.trust iam.control-plane.external-id iam.node.exists iam.node.trust s3.kms " CONTROL_PLANE_MAY
		" " NODE_MAY,
		"kms"},
	{&iam_GetRolePolicy, "s3.kms " CONTROL_PLANE_MAY " " NODE_MAY, "kms"},
	{&s3_GetBucketEncryption, "s3.exists s3.region s3.kms", "kms"},
	{&kms_DescribeKey, "account.ebs-key efs.key"},
	{&kms_GetKeyPolicy, "account.ebs-key"},
	{&kms_DescribeKey, "efs.key s3.kms", "kms"},
	{&kms_GetKeyPolicy, "s3.kms", "kms"},
};

/* Exactly the named checks say so and name the action; all others stand. */
static void a_denied_call_makes_exactly_its_checks_unknown(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct fixture fixture;
		struct text_list unknown;

		fixture_open(&fixture, rows[i].kind ? rows[i].kind : "memorydb");
		unknown = text_split(&fixture.arena, rows[i].unknown, ' ');
		fake_error(&fixture.fake, rows[i].operation, NULL, ERROR_DENIED, "AccessDenied",
			"not allowed");
		assert_int_equal(facts_test_run(&fixture.arena, &fixture.fake, &fixture.cloud, NULL, NULL,
					 &fixture.result, &fixture.err),
			0);
		assert_true(fake_count(&fixture.fake, rows[i].operation) > 0);
		for (size_t k = 0; k < unknown.count; k++) {
			const struct finding *finding = find(&fixture, unknown.items[k]);

			if (finding->verdict != VERDICT_UNKNOWN ||
				!text_equal(finding->action, rows[i].operation->actions))
				fail_msg("%s denied: %s: %s", rows[i].operation->id, unknown.items[k],
					finding->text);
			assert_non_null(strstr(finding->text, "AccessDenied"));
		}
		assert_int_equal(fixture.result.counts[VERDICT_UNKNOWN], unknown.count);
		assert_int_equal(fixture.result.counts[VERDICT_PASS], fixture.result.count - unknown.count);
		assert_int_equal(fixture.result.overall, VERDICT_UNKNOWN);
		arena_free(&fixture.arena);
	}
}

/* Whatever some good cloud makes verify ask is in the table, except who calls, which cannot be denied. */
static void the_table_holds_every_call_of_the_good_clouds(void **state)
{
	static const char *const kinds[] = {"memorydb", "private", "groups", "attached", "kms"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++) {
		struct fixture fixture;

		fixture_open(&fixture, kinds[i]);
		assert_int_equal(facts_test_run(&fixture.arena, &fixture.fake, &fixture.cloud, NULL, NULL,
					 &fixture.result, &fixture.err),
			0);
		for (size_t k = 0; k < fixture.fake.count; k++) {
			const struct aws_operation *operation = fake_operation(&fixture.fake, k);
			bool found = operation == &sts_GetCallerIdentity;

			for (size_t n = 0; n < ARRAY_LENGTH(rows); n++)
				found = found || rows[n].operation == operation;
			if (!found)
				fail_msg("nothing is said about %s", operation->id);
		}
		arena_free(&fixture.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_denied_call_makes_exactly_its_checks_unknown),
		cmocka_unit_test(the_table_holds_every_call_of_the_good_clouds),
	};

	return cmocka_run_group_tests_name("denied", tests, NULL, NULL);
}
