/* SPDX-License-Identifier: Apache-2.0 */
/* Networks of managed clouds: options that go together and those that do not, and how many of their parts there are. */
#include "providers/aws/cloud/setup_network.h"

#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/member.h"
#include "base/test.h"
#include "base/text.h"

#define VPC "vpc-0a1b2c3d4e5f67890"
#define SUBNET_A "subnet-0a1b2c3d4e5f67890"
#define SUBNET_B "subnet-0a1b2c3d4e5f67891"

/* A list of one or two, as long as its block. */
#define LIST(...) \
	{ \
		(const char *[]){__VA_ARGS__}, sizeof((const char *[]){__VA_ARGS__}) / sizeof(const char *) \
	}

static void private_subnets_have_a_nat_gateway(void **state)
{
	static const struct {
		struct network_options options;
		unsigned bits;
		const char *nat_gateways;
	} rows[] = {
		{{0}, 16, NULL},
		{{.private_network = true}, 24, "one"},
		{{.private_network = true, .nat_gateways = "one"}, 24, "one"},
		{{.private_network = true, .nat_gateways = "per-zone"}, 23, "per-zone"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct setup_network network = {.nat_gateways = "of before"};
		struct arena arena = {0};
		struct error err = {0};

		assert_int_equal(setup_network_plan(&arena, &rows[i].options, rows[i].bits, &network, &err),
			0);
		assert_true(text_equal(network.nat_gateways, rows[i].nat_gateways) ||
			(!network.nat_gateways && !rows[i].nat_gateways));
		arena_free(&arena);
	}
}

static void names_the_wrong_option(void **state)
{
	const struct {
		struct network_options options;
		unsigned bits;
		const char *says;
	} rows[] = {
		{{.nat_gateways = "one"}, 16, "--private-network"},
		{{.private_network = true, .nat_gateways = "per-zone"}, 24, "/23 or larger"},
		{{.vpc_id = VPC}, 16, "go together"},
		{{.subnet_ids = LIST(SUBNET_A, SUBNET_B)}, 16, "go together"},
		{{.vpc_id = "vpc-x", .subnet_ids = LIST(SUBNET_A, SUBNET_B)}, 16, "--vpc-id: 'vpc-x' is not"},
		{{.vpc_id = VPC, .subnet_ids = LIST(SUBNET_A, VPC)}, 16, "--subnet-ids: '" VPC "' is not"},
		{{.vpc_id = VPC, .subnet_ids = LIST(SUBNET_A, SUBNET_A)}, 16, "given twice"},
		{{.vpc_id = VPC, .subnet_ids = LIST(SUBNET_A)}, 16, "2 to 100"},
		{{.private_network = true,
			 .nat_gateways = "one",
			 .vpc_id = VPC,
			 .subnet_ids = LIST(SUBNET_A, SUBNET_B)},
			16, "--nat-gateways: with --vpc-id"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct setup_network network;
		struct arena arena = {0};
		struct error err = {0};

		assert_int_equal(setup_network_plan(&arena, &rows[i].options, rows[i].bits, &network, &err),
			-1);
		assert_int_equal(err.kind, ERROR_USAGE);
		assert_non_null(strstr(err.frame[0], rows[i].says));
		arena_free(&arena);
	}
}

static void counts_zones_and_nat_gateways(void **state)
{
	static const struct {
		const char *nat_gateways;
		size_t zones, used, gateways;
	} rows[] = {
		{NULL, 6, 6, 0},
		{"one", 6, 6, 1},
		{"one", 2, 2, 1},
		{"per-zone", 2, 2, 2},
		{"per-zone", 3, 3, 3},
		{"per-zone", 6, 3, 3},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		const struct setup_network network = {.nat_gateways = rows[i].nat_gateways};

		assert_int_equal(setup_network_zones(&network, rows[i].zones), rows[i].used);
		assert_int_equal(setup_network_nat_gateways(&network, rows[i].zones), rows[i].gateways);
	}
}

/* The user's own: nothing of them is made, private or not. */
static void a_network_that_is_there_is_kept(void **state)
{
	struct network_options options = {.vpc_id = VPC, .subnet_ids = LIST(SUBNET_A, SUBNET_B)};
	struct setup_network network;
	struct arena arena = {0};
	struct error err = {0};

	(void)state;
	for (int i = 0; i < 2; i++) {
		options.private_network = i;
		assert_int_equal(setup_network_plan(&arena, &options, 16, &network, &err), 0);
		assert_string_equal(network.vpc_id, VPC);
		assert_int_equal(network.subnet_ids.count, 2);
		assert_null(network.nat_gateways);
	}
	arena_free(&arena);
}

/* Records are edited by hand. */
static void a_recorded_block_is_one_that_setup_takes(void **state)
{
	static const struct {
		const char *block;
		bool valid;
	} rows[] = {
		{"10.1.0.0/16", true},
		{"192.168.0.0/24", true},
		{"10.0.0.0/15", false},
		{"10.0.0.0/25", false},
		{"10.0.0.7/16", false},
		{"10.0.0.0", false},
		{"fd00::/16", false},
		{"a", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct setup_network network = {0};
		const struct member_part part = {&setup_network_table, &network};
		struct arena arena = {0};
		struct error err = {0};
		json_t *tree = json_pack("{s:s}", "vpc_cidr", rows[i].block);

		assert_int_equal(member_read(&arena, tree, &part, 1, &err), rows[i].valid ? 0 : -1);
		if (rows[i].valid)
			assert_string_equal(network.vpc_cidr, rows[i].block);
		else
			assert_non_null(strstr(err.frame[0], "vpc_cidr: must be an IPv4 block"));
		json_decref(tree);
		arena_free(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_recorded_block_is_one_that_setup_takes),
		cmocka_unit_test(private_subnets_have_a_nat_gateway),
		cmocka_unit_test(names_the_wrong_option),
		cmocka_unit_test(a_network_that_is_there_is_kept),
		cmocka_unit_test(counts_zones_and_nat_gateways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
