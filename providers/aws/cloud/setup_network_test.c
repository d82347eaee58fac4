/* SPDX-License-Identifier: Apache-2.0 */
/* Networks of managed clouds: options that go together and those that do not, and how many of their parts there are. */
#include "providers/aws/cloud/setup_network.h"

#include <string.h>

#include "base/array.h"
#include "base/test.h"
#include "base/text.h"

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
		struct error err = {0};

		assert_int_equal(setup_network_plan(&rows[i].options, rows[i].bits, &network, &err), 0);
		assert_true(text_equal(network.nat_gateways, rows[i].nat_gateways) ||
			(!network.nat_gateways && !rows[i].nat_gateways));
	}
}

static void names_the_wrong_option(void **state)
{
	static const struct {
		struct network_options options;
		unsigned bits;
		const char *says;
	} rows[] = {
		{{.nat_gateways = "one"}, 16, "--private-network"},
		{{.private_network = true, .nat_gateways = "per-zone"}, 24, "/23 or larger"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct setup_network network;
		struct error err = {0};

		assert_int_equal(setup_network_plan(&rows[i].options, rows[i].bits, &network, &err), -1);
		assert_int_equal(err.kind, ERROR_USAGE);
		assert_non_null(strstr(err.frame[0], rows[i].says));
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(private_subnets_have_a_nat_gateway),
		cmocka_unit_test(names_the_wrong_option),
		cmocka_unit_test(counts_zones_and_nat_gateways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
