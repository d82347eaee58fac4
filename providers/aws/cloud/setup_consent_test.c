/* SPDX-License-Identifier: Apache-2.0 */
/* What is agreed to: every resource of the template, who is let in, what is open, what it costs; links and owners. */
#include "base/test.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/console.h"
#include "providers/aws/cloud/prices.h"
#include "providers/aws/cloud/register_consent.h"
#include "providers/aws/cloud/resource_types.h"
#include "providers/aws/cloud/setup_consent.h"

struct fixture {
	struct arena arena;
	struct setup_plan plan;
	struct cloud cloud;
	json_t *identity;
	struct setup_consent what;
};

static void open_fixture(struct fixture *f, bool memorydb)
{
	const struct cloud record = {.name = "prod",
		.id = "cld_x",
		.region = "us-west-2",
		.account = "123456789012",
		AWS_CLOUD(.stack_name = "cld-x", .external_id = "cld_x")};

	*f = (struct fixture){.plan = {.name = "prod",
				      .vpc_cidr = "10.0.0.0/16",
				      .https_cidr = "0.0.0.0/0",
				      .ssh_cidr = "",
				      .control_plane_account = "525325868955",
				      .memorydb = memorydb}};
	text_list_add(&f->arena, &f->plan.zones, "us-west-2a");
	text_list_add(&f->arena, &f->plan.zones, "us-west-2b");
	f->cloud = setup_plan_cloud(&f->arena, &f->plan, &record);
	f->identity = json_pack("{s:s}", "Arn", "arn:aws:iam::123456789012:user/u");
	tree_defer(&f->arena, f->identity);
	f->what = (struct setup_consent){.plan = &f->plan, .cloud = &f->cloud, .identity = f->identity};
}

/* The lines as one text, "topic|text". */
static const char *text_of(struct arena *arena, struct consent lines)
{
	struct text_list list = {0};

	for (size_t i = 0; i < lines.count; i++)
		text_list_add(arena, &list,
			arena_printf(arena, "%s|%s", lines.lines[i].topic, lines.lines[i].text));
	return text_join(arena, &list, "\n");
}

static void assert_says(const char *text, const char *words, bool there)
{
	if ((strstr(text, words) != NULL) != there)
		fail_msg("'%s' is %s in:\n%s", words, there ? "not" : "there", text);
}

static void says_what_a_review_asks_for(void **state)
{
	static const char *const always[] = {
		"Account|123456789012, with the credentials of arn:aws:iam::123456789012:user/u",
		"Region|us-west-2, in the zones us-west-2a, us-west-2b",
		"AWS account 525325868955 (Anyscale) may assume the role cloudctl-control-plane-cld_x with the external id cld_x",
		"Opens|TCP 443 of every node to 0.0.0.0/0, that is everyone",
		"Opens|TCP 22 of every node to nobody",
		"AWS Backup of EFS, daily, kept for 35 days: about $0.050 a GB and month",
		"about $0.20 an hour",
		"as of 2026-02",
		"Creates|- Subnet 2: public, in us-west-2b",
		"Creates|- S3 bucket: cloudctl-data-cld-x",
		"Creates|- Node role: cld_x-cluster_node_role",
	};

	(void)state;
	for (int memorydb = 0; memorydb < 2; memorydb++) {
		struct fixture f;
		const char *text;

		open_fixture(&f, memorydb);
		text = text_of(&f.arena, setup_consent_lines(&f.arena, &f.what));
		for (size_t i = 0; i < ARRAY_LENGTH(always); i++)
			assert_says(text, always[i], true);
		assert_says(text, "Costs|while no cluster runs: about $70 a month", memorydb);
		assert_says(text, "Costs|- what is written to MemoryDB: about $0.20 a GB", memorydb);
		assert_says(text, "Creates|- MemoryDB cluster: cld-x, two db.t4g.small nodes", memorydb);
		assert_says(text, memorydb ? "Takes|about 19 minutes" : "Takes|about 3 minutes", true);
		arena_free(&f.arena);
	}
}

static void says_what_was_chosen(void **state)
{
	struct fixture f;
	const char *text;

	(void)state;
	open_fixture(&f, false);
	f.plan.https_cidr = "10.0.0.0/8";
	f.plan.ssh_cidr = "192.0.2.0/24";
	f.plan.small = true;
	f.plan.control_plane_account = "123456789012";
	f.plan.choices.permissions_boundary = "arn:aws:iam::123456789012:policy/edge";
	text_list_add(&f.arena, &f.plan.choices.tags, "team=ray");
	text_list_add(&f.arena, &f.what.aliases, "our-account");
	text = text_of(&f.arena, setup_consent_lines(&f.arena, &f.what));
	assert_says(text, "123456789012 (our-account), with", true);
	assert_says(text, "AWS account 123456789012 (this account)", true);
	assert_says(text, "TCP 443 of every node to 10.0.0.0/8 (", true);
	assert_says(text, "TCP 22 of every node to 192.0.2.0/24", true);
	assert_says(text, "smaller than recommended", true);
	assert_says(text, "With|--tag team=ray", true);
	assert_says(text, "With|--permissions-boundary arn:aws:iam::123456789012:policy/edge", true);
	f.what.aliases.count = 0;
	f.what.needs = "iam:ListAccountAliases";
	text = text_of(&f.arena, setup_consent_lines(&f.arena, &f.what));
	assert_says(text, "needs iam:ListAccountAliases", true);
	arena_free(&f.arena);
}

/* Private subnets: what they need, and what it costs, one gateway or one for each zone. */
static void says_what_private_subnets_bring(void **state)
{
	static const struct {
		const char *gateways, *idle, *last;
	} rows[] = {
		{"one", "about $36 a month", "NAT gateway 1: in us-west-2a"},
		{"per-zone", "about $73 a month", "NAT gateway 2: in us-west-2b"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct fixture f;
		const char *text;

		open_fixture(&f, false);
		f.plan.networking = f.cloud.networking = NETWORKING_PRIVATE;
		f.plan.network.nat_gateways = rows[i].gateways;
		text = text_of(&f.arena, setup_consent_lines(&f.arena, &f.what));
		assert_says(text, rows[i].idle, true);
		assert_says(text, rows[i].last, true);
		assert_says(text, "NAT gateway 2", i == 1);
		assert_says(text, "Creates|- Subnet 1: private, in us-west-2a", true);
		assert_says(text, "Opens|nodes have private addresses alone", true);
		assert_says(text, "what passes through a NAT gateway: about $0.045 a GB", true);
		assert_says(text, "public IPv4 address of a node", false);
		arena_free(&f.arena);
	}
}

/* Neither what it would cost nor what of it would be left. */
static void says_nothing_of_a_file_system_that_is_left_out(void **state)
{
	struct fixture f;
	const char *text;

	(void)state;
	open_fixture(&f, false);
	f.plan.choices.no_efs = true;
	f.cloud = setup_plan_cloud(&f.arena, &f.plan, &f.cloud);
	text = text_of(&f.arena, setup_consent_lines(&f.arena, &f.what));
	assert_says(text, "Costs|the bucket outlives the cloud, and costs until it is deleted", true);
	assert_says(text, "EFS", false);
	assert_says(text, "ackup", false);
	arena_free(&f.arena);
}

/* A VPC that is there is named, and is not created. */
static void says_which_vpc_is_used(void **state)
{
	struct fixture f;
	const char *text;

	(void)state;
	open_fixture(&f, false);
	f.plan.network.vpc_id = "vpc-0a1b2c3d";
	text_list_add(&f.arena, &f.plan.network.subnet_ids, "subnet-0a1b2c3d");
	f.cloud = setup_plan_cloud(&f.arena, &f.plan, &f.cloud);
	aws_cloud_edit(&f.arena, &f.cloud)->network = f.plan.network;
	text = text_of(&f.arena, setup_consent_lines(&f.arena, &f.what));
	assert_says(text, "Uses|your VPC vpc-0a1b2c3d, which stays as it is, and its subnets subnet-0a1b2c3d",
		true);
	assert_says(text, "Creates|- VPC", false);
	assert_says(text, "nodes have public addresses", false);
	arena_free(&f.arena);
}

/* Each resource of the template once, and as many as there are zones where it is one for each. */
static void every_resource_has_a_line(void **state)
{
	struct fixture f;
	size_t expected = 0;

	(void)state;
	open_fixture(&f, true);
	for (size_t i = 0; i < resource_type_count; i++)
		for (size_t k = 0; k < RESOURCE_TYPE_NAMES && resource_types[i].resources[k].logical_id; k++)
			if (resource_types[i].resources[k].part & stack_parts(&f.cloud))
				expected += strchr(resource_types[i].resources[k].logical_id, '#') ? 2 : 1;
	assert_int_equal(tree_count(tree_get(setup_consent_document(&f.arena, &f.what), "resources")),
		expected);
	arena_free(&f.arena);
}

/* What all prices are said to be as of is the oldest month of them; of MemoryDB alone there is none. */
static void every_price_has_its_page_and_month(void **state)
{
	const char *oldest = "9999-99";

	(void)state;
	assert_true(price_count > 4);
	for (size_t i = 0; i < price_count; i++) {
		assert_true(prices[i].dollars > 0 && prices[i].count > 0 && prices[i].part);
		assert_true(text_starts_with(prices[i].source, "https://aws.amazon.com/"));
		assert_true(text_ends_with(prices[i].source, "/"));
		assert_int_equal(prices[i].as_of == NULL, prices[i].part == PART_MEMORYDB);
		if (prices[i].as_of && strcmp(prices[i].as_of, oldest) < 0)
			oldest = prices[i].as_of;
	}
	assert_string_equal(oldest, PRICES_AS_OF);
}

static void register_says_what_it_changes(void **state)
{
	const struct cloud cloud = {.name = "mine",
		.id = "cld_y",
		.region = "eu-west-1",
		.account = "123456789012",
		AWS_CLOUD(.control_plane_account = "525325868955", .external_id = "cld_y",
			.resources = {.vpc_id = "vpc-1",
				.control_plane_role_arn = "arn:aws:iam::123456789012:role/p/control"})};
	struct arena arena = {0};
	const char *text = text_of(&arena, register_consent_lines(&arena, &cloud, true));

	(void)state;
	assert_says(text, "Changes|the trust policy of the role control: the external id cld_y is added",
		true);
	assert_says(text, "Lets in|the control plane: AWS account 525325868955 (Anyscale)", true);
	assert_says(text, "Records|vpc: vpc-1", true);
	assert_says(text, "Costs|nothing", true);
	text = text_of(&arena, register_consent_lines(&arena, &cloud, false));
	assert_says(text, "Changes|nothing in AWS", true);
	arena_free(&arena);
}

static void links_are_of_their_partition(void **state)
{
	static const char *const rows[][2] = {
		{"us-west-2",
			"https://us-west-2.console.aws.amazon.com/cloudformation/home?region=us-west-2#/stacks/stackinfo?stackId=arn%3Aaws%3Ax%2F1"},
		{"cn-north-1",
			"https://cn-north-1.console.amazonaws.cn/cloudformation/home?region=cn-north-1#/stacks/stackinfo?stackId=arn%3Aaws%3Ax%2F1"},
		{"us-gov-west-1",
			"https://us-gov-west-1.console.amazonaws-us-gov.com/cloudformation/home?region=us-gov-west-1#/stacks/stackinfo?stackId=arn%3Aaws%3Ax%2F1"},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		assert_string_equal(console_stack(&arena, rows[i][0], "arn:aws:x/1"), rows[i][1]);
	assert_string_equal(console_empty_bucket(&arena, "us-west-2", "b-1"),
		"https://us-west-2.console.aws.amazon.com/s3/bucket/b-1/empty?region=us-west-2");
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_what_a_review_asks_for),
		cmocka_unit_test(says_what_was_chosen),
		cmocka_unit_test(says_what_private_subnets_bring),
		cmocka_unit_test(says_nothing_of_a_file_system_that_is_left_out),
		cmocka_unit_test(says_which_vpc_is_used),
		cmocka_unit_test(every_resource_has_a_line),
		cmocka_unit_test(every_price_has_its_page_and_month),
		cmocka_unit_test(register_says_what_it_changes),
		cmocka_unit_test(links_are_of_their_partition),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
