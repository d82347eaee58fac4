/* SPDX-License-Identifier: Apache-2.0 */
/* Security-group rules, routes and network ACLs as tables of inputs. */
#include <string.h>

#include "base/arena.h"
#include "base/test.h"
#include "base/tree.h"
#include "providers/aws/cloud/network/network_acl.h"
#include "providers/aws/cloud/network/route.h"
#include "providers/aws/cloud/network/security_group.h"

static struct arena arena;

static int close_arena(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

/* JSON with ' for ", kept by the arena. */
static const json_t *parse(const char *text)
{
	char *copy = arena_strdup(&arena, text);
	json_t *tree;

	for (char *c = copy; *c; c++)
		*c = *c == '\'' ? '"' : *c;
	tree = json_loads(copy, 0, NULL);
	if (!tree)
		fail_msg("not JSON: %s", copy);
	return tree_defer(&arena, tree);
}

static void rules_say_what_they_let_through(void **state)
{
	static const struct {
		const char *permission;
		bool https, ssh, all, open;
		const char *text;
	} rows[] = {
		{"{'ipProtocol':'tcp','fromPort':'443','toPort':'443','ipRanges':[{'cidrIp':'0.0.0.0/0'}]}",
			true, false, false, true, "sg-1: tcp 443 from 0.0.0.0/0"},
		{"{'ipProtocol':'6','fromPort':'0','toPort':'1024','ipRanges':{'cidrIp':'10.0.0.0/8'}}", true,
			true, false, false, "sg-1: 6 0-1024 from 10.0.0.0/8"},
		{"{'ipProtocol':'-1','ipv6Ranges':[{'cidrIpv6':'::/0'}]}", true, true, true, true,
			"sg-1: all traffic from ::/0"},
		{"{'ipProtocol':'-1','groups':[{'groupId':'sg-2','userId':'1'}]}", true, true, true, false,
			"sg-1: all traffic from sg-2"},
		{"{'ipProtocol':'udp','fromPort':'443','toPort':'443','prefixListIds':[{'prefixListId':'pl-1'}]}",
			false, false, false, false, "sg-1: udp 443 from pl-1"},
		{"{'ipProtocol':'icmp','fromPort':'-1','toPort':'-1','ipRanges':[{'cidrIp':'0.0.0.0/1'}]}",
			false, false, false, true, "sg-1: icmp from 0.0.0.0/1"},
		{"{'ipProtocol':'tcp','fromPort':'-1','toPort':'-1','ipRanges':[{'cidrIp':'10.0.0.0/7'}]}",
			true, true, false, false, "sg-1: tcp 0-65535 from 10.0.0.0/7"},
		{"{'ipProtocol':'tcp','fromPort':22,'toPort':22,'ipv6Ranges':[{'cidrIpv6':'2000::/3'}]}",
			false, true, false, true, "sg-1: tcp 22 from 2000::/3"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		const char *groups = arena_printf(&arena,
			"{'securityGroupInfo':[{'groupId':'sg-1','ipPermissions':[%s],'ipPermissionsEgress':''}]}",
			rows[i].permission);
		struct rules rules = security_group_rules(&arena, parse(groups), DIRECTION_IN);

		assert_int_equal(rules.count, 1);
		assert_int_equal(rule_lets_tcp(&rules.items[0], 443), rows[i].https);
		assert_int_equal(rule_lets_tcp(&rules.items[0], 22), rows[i].ssh);
		assert_int_equal(rule_is_all_traffic(&rules.items[0]), rows[i].all);
		assert_int_equal(rule_is_open(&rules, &rules.items[0]), rows[i].open);
		assert_string_equal(rule_text(&arena, &rules.items[0]), rows[i].text);
		assert_int_equal(security_group_rules(&arena, parse(groups), DIRECTION_OUT).count, 0);
	}
}

static void rules_of_many_groups_are_told_apart(void **state)
{
	const json_t *groups = parse(
		"{'securityGroupInfo':[{'groupId':'sg-1','ipPermissionsEgress':[{'ipProtocol':'-1','ipRanges':[{'cidrIp':'10.0.0.0/8'},{'cidrIp':'bad'},{'cidrIp':'11.0.0.0/8'}]}]},"
		"{'groupId':'sg-2','ipPermissionsEgress':[{'ipProtocol':'-1','groups':[{'groupId':'sg-1'}]}]}]}");
	struct rules rules = security_group_rules(&arena, groups, DIRECTION_OUT);
	struct text_list ids = {0};

	(void)state;
	assert_int_equal(rules.count, 3);
	text_list_add(&arena, &ids, "sg-2");
	assert_int_equal(security_group_rules_of(&arena, &rules, &ids).count, 1);
	assert_string_equal(rule_text(&arena, &rules.items[2]), "sg-2: all traffic to sg-1");
	assert_int_equal(security_group_rules(&arena, json_null(), DIRECTION_IN).count, 0);
	assert_int_equal(security_group_rules(&arena, NULL, DIRECTION_IN).count, 0);
}

#define TCP(from, to, peers) "{'ipProtocol':'tcp','fromPort':'" from "','toPort':'" to "'," peers "}"
#define FROM(block) "'ipRanges':{'cidrIp':'" block "'}"

/* Half of the world and more, by rules of which each lets through what the one lets through that is asked about. */
static void rules_are_open_together(void **state)
{
	static const struct {
		const char *permissions, *open; /* by rule: '1' open */
	} rows[] = {
		{TCP("22", "22", FROM("0.0.0.0/0")) "," TCP("22", "22", FROM("10.0.0.0/16")), "10"},
		{TCP("22", "22", FROM("0.0.0.0/0")) "," TCP("22", "22", "'groups':{'groupId':'sg-2'}"), "10"},
		{TCP("22", "22", FROM("0.0.0.0/2")) "," TCP("22", "22", FROM("64.0.0.0/2")), "11"},
		{TCP("22", "22", FROM("0.0.0.0/2")) "," TCP("22", "22", FROM("0.0.0.0/2")), "00"},
		{TCP("22", "22", FROM("0.0.0.0/2")) "," TCP("22", "22", FROM("64.0.0.0/3")), "00"},
		{TCP("22", "22", FROM("0.0.0.0/2")) "," TCP("20", "25", FROM("64.0.0.0/2")), "10"},
		{TCP("22", "22", FROM("0.0.0.0/2")) "," TCP("23", "25", FROM("64.0.0.0/2")), "00"},
		{TCP("22", "22", FROM("0.0.0.0/2")) ",{'ipProtocol':'-1'," FROM("64.0.0.0/2") "}", "10"},
		{TCP("22", "22", FROM("0.0.0.0/2")) ",{'ipProtocol':'udp','fromPort':'22','toPort':'22'," FROM(
			 "64.0.0.0/2") "}",
			"00"},
		{TCP("22", "22", "'ipv6Ranges':{'cidrIpv6':'2000::/3'}") "," TCP("22", "22",
			 "'ipv6Ranges':{'cidrIpv6':'2000::/4'}"),
			"10"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		const char *groups = arena_printf(&arena,
			"{'securityGroupInfo':[{'groupId':'sg-1','ipPermissions':[%s]}]}",
			rows[i].permissions);
		struct rules rules = security_group_rules(&arena, parse(groups), DIRECTION_IN);

		assert_int_equal(rules.count, strlen(rows[i].open));
		for (size_t k = 0; k < rules.count; k++)
			if (rule_is_open(&rules, &rules.items[k]) != (rows[i].open[k] == '1'))
				fail_msg("row %zu, rule %zu", i, k);
	}
}

static void blocks_are_counted_to_the_last_address(void **state)
{
	static const struct {
		const char *blocks;
		uint64_t reach; /* of 192.0.2.0/24 */
	} rows[] = {
		{"[{'cidrIp':'192.0.2.0/25'},{'cidrIp':'192.0.2.128/25'}]", 256},
		{"[{'cidrIp':'192.0.2.128/25'},{'cidrIp':'192.0.2.0/24'}]", 256},
		{"[{'cidrIp':'192.0.2.7/32'},{'cidrIp':'192.0.2.7/32'},{'cidrIp':'192.0.2.255/32'}]", 2},
		{"[{'cidrIp':'192.0.3.0/24'}]", 0},
	};
	struct cidr block;

	(void)state;
	assert_true(cidr_parse("192.0.2.0/24", &block, NULL));
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		const json_t *groups = parse(arena_printf(&arena,
			"{'securityGroupInfo':[{'groupId':'sg-1','ipPermissions':[{'ipProtocol':'-1','ipRanges':%s}]}]}",
			rows[i].blocks));
		struct rules rules = security_group_rules(&arena, groups, DIRECTION_IN);

		assert_int_equal(rules_reach(&arena, &rules, &block, 443), rows[i].reach);
	}
}

/* Port 0 is one of TCP; -1 asks for all traffic. */
static void port_0_is_a_port(void **state)
{
	static const struct {
		const char *permission;
		int port;
		uint64_t reach; /* of 192.0.2.0/24 */
	} rows[] = {
		{"'ipProtocol':'tcp','fromPort':'0','toPort':'0'", 0, 256},
		{"'ipProtocol':'tcp','fromPort':'0','toPort':'0'", 1, 0},
		{"'ipProtocol':'tcp','fromPort':'0','toPort':'65535'", -1, 0},
		{"'ipProtocol':'-1'", -1, 256},
	};
	struct cidr block;

	(void)state;
	assert_true(cidr_parse("192.0.2.0/24", &block, NULL));
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct rules rules = security_group_rules(&arena,
			parse(arena_printf(&arena,
				"{'securityGroupInfo':[{'groupId':'sg-1','ipPermissions':[{%s,'ipRanges':{'cidrIp':'192.0.2.0/24'}}]}]}",
				rows[i].permission)),
			DIRECTION_IN);

		assert_int_equal(rules_reach(&arena, &rules, &block, rows[i].port), rows[i].reach);
		assert_ptr_equal(rules_reaching(&rules, &block, rows[i].port),
			rows[i].reach ? &rules.items[0] : NULL);
	}
}

static void subnets_fall_back_to_the_main_table(void **state)
{
	const json_t *tables = parse(
		"{'routeTableSet':[{'routeTableId':'rtb-1','associationSet':[{'subnetId':'s-1','main':'false','associationState':{'state':'associated'}},{'subnetId':'s-3',"
		"'associationState':{'state':'failed'}}]},{'routeTableId':'rtb-2','associationSet':{'main':'true'}}]}");
	bool is_explicit;

	(void)state;
	assert_string_equal(tree_text(route_table_of(tables, "s-1", &is_explicit), "routeTableId"), "rtb-1");
	assert_true(is_explicit);
	assert_string_equal(tree_text(route_table_of(tables, "s-2", &is_explicit), "routeTableId"), "rtb-2");
	assert_false(is_explicit);
	assert_string_equal(tree_text(route_table_of(tables, "s-3", NULL), "routeTableId"), "rtb-2");
	assert_null(route_table_of(parse("{'routeTableSet':''}"), "s-1", NULL));
	assert_null(route_table_of(json_null(), "s-1", NULL));
}

#define ROUTE(block, target) "{'destinationCidrBlock':'" block "','gatewayId':'" target "','state':'active'}"

static void the_default_route_may_be_in_parts(void **state)
{
	static const struct {
		const char *routes, *target;
		bool active, internet;
	} rows[] = {
		{"[{'destinationCidrBlock':'0.0.0.0/0','gatewayId':'igw-1','state':'active'}]", "igw-1", true,
			true},
		{"[{'destinationCidrBlock':'0.0.0.0/0','gatewayId':'igw-0','state':'blackhole'},{'destinationCidrBlock':'0.0.0.0/0','natGatewayId':'nat-1','state':'active'}]",
			"nat-1", true, false},
		{"[{'destinationCidrBlock':'0.0.0.0/0','transitGatewayId':'tgw-1','state':'blackhole'}]",
			"tgw-1", false, false},
		{"[{'destinationCidrBlock':'10.0.0.0/8','gatewayId':'local','state':'active'},{'destinationCidrBlock':'0.0.0.0/0','gatewayId':'vgw-1','state':'active'}]",
			"vgw-1", true, false},
		{"{'destinationCidrBlock':'0.0.0.0/0','networkInterfaceId':'eni-1','instanceId':'i-1','state':'active'}",
			"eni-1", true, false},
		{"[" ROUTE("0.0.0.0/0", "igw-1") "," ROUTE("10.0.0.0/8", "tgw-1") "]", "igw-1", true, true},
		{"[" ROUTE("10.0.0.0/16", "local") "," ROUTE("0.0.0.0/1", "igw-1") "," ROUTE("128.0.0.0/1",
			 "igw-1") "]",
			"igw-1", true, true},
		{"[" ROUTE("0.0.0.0/0", "igw-1") "," ROUTE("0.0.0.0/1", "vgw-1") "," ROUTE("128.0.0.0/1",
			 "vgw-1") "]",
			"vgw-1", true, false},
		{"[" ROUTE("0.0.0.0/0", "igw-1") "," ROUTE("0.0.0.0/2", "vgw-1") "," ROUTE("0.0.0.0/1",
			 "igw-1") "]",
			"igw-1", true, true},
		{"[" ROUTE("0.0.0.0/1", "igw-1") "]", "", false, false},
		{"[" ROUTE("10.0.0.0/16", "local") "," ROUTE("10.0.0.0/8", "tgw-1") "]", "", false, false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		const json_t *table = parse(arena_printf(&arena, "{'routeSet':%s}", rows[i].routes));
		const json_t *route = route_default(&arena, table);

		assert_string_equal(route_target(route), rows[i].target);
		assert_int_equal(route_is_active(route), rows[i].active);
		assert_int_equal(route_is_internet_gateway(route), rows[i].internet);
	}
	assert_null(route_default(&arena,
		parse("{'routeSet':[{'destinationIpv6CidrBlock':'::/0','gatewayId':'igw-1'}]}")));
}

/* Routes to so many addresses from 10.0.0.0 on, and behind them the default route. */
static const json_t *table_of_many(int narrow)
{
	json_t *table = json_pack("{s:[]}", "routeSet"), *routes = json_object_get(table, "routeSet");

	for (int i = 0; i <= narrow; i++)
		json_array_append_new(routes,
			json_pack("{s:s,s:s,s:s}", "destinationCidrBlock",
				i == narrow ? "0.0.0.0/0"
					    : arena_printf(&arena, "10.0.%d.%d/32", i / 256, i % 256),
				"gatewayId", i == narrow ? "igw-1" : "local", "state", "active"));
	return tree_defer(&arena, table);
}

static void as_many_routes_are_read_as_a_table_may_hold(void **state)
{
	(void)state;
	assert_string_equal(route_target(route_default(&arena, table_of_many(1023))), "igw-1");
	assert_null(route_default(&arena, table_of_many(1024)));
}

static void the_first_of_the_widest_routes_stands_for_all(void **state)
{
	const json_t *table = parse("{'routeSet':[" ROUTE("10.0.0.0/8", "igw-1") "," ROUTE("0.0.0.0/1",
		"igw-1") "," ROUTE("128.0.0.0/1", "igw-1") "]}");

	(void)state;
	assert_string_equal(tree_text(route_default(&arena, table), "destinationCidrBlock"), "0.0.0.0/1");
}

#define ENTRY(number, action, protocol, block) \
	"{'ruleNumber':'" number "','ruleAction':'" action "','protocol':'" protocol \
	"','egress':'true','cidrBlock':'" block "'}"
#define PORTS(number, action, from, to, block) \
	"{'ruleNumber':'" number "','ruleAction':'" action \
	"','protocol':'6','egress':'true','cidrBlock':'" block "','portRange':{'from':'" from "','to':'" to \
	"'}}"

static void acl_entries_decide_in_order(void **state)
{
	static const struct {
		const char *entries, *block;
		int from, to;
		uint64_t addresses;
		const char *refuser; /* rule number; NULL: no rule */
	} rows[] = {
		{ENTRY("100", "allow", "-1", "0.0.0.0/0"), "0.0.0.0/0", 443, 443, 1ull << 32, NULL},
		{"", "10.0.0.0/24", 443, 443, 0, NULL},
		{ENTRY("100", "allow", "17", "0.0.0.0/0"), "10.0.0.0/24", 443, 443, 0, NULL},
		{ENTRY("200", "deny", "-1", "0.0.0.0/0") "," ENTRY("100", "allow", "6", "0.0.0.0/0"),
			"10.0.0.0/24", 0, 65535, 256, NULL},
		{ENTRY("100", "deny", "-1", "0.0.0.0/0") "," ENTRY("200", "allow", "6", "0.0.0.0/0"),
			"10.0.0.0/24", 443, 443, 0, "100"},
		{PORTS("100", "allow", "0", "1000", "0.0.0.0/0") "," PORTS("110", "allow", "1001", "65535",
			 "0.0.0.0/0"),
			"10.0.0.0/24", 0, 65535, 256, NULL},
		{PORTS("100", "allow", "0", "1000", "0.0.0.0/0") "," PORTS("110", "allow", "1002", "65535",
			 "0.0.0.0/0"),
			"10.0.0.0/24", 0, 65535, 0, NULL},
		{PORTS("90", "deny", "2049", "2049", "10.0.0.0/25") "," ENTRY("100", "allow", "-1",
			 "0.0.0.0/0"),
			"10.0.0.0/24", 0, 65535, 128, "90"},
		{PORTS("90", "deny", "2049", "2049", "10.0.0.0/25") "," ENTRY("100", "allow", "-1",
			 "0.0.0.0/0"),
			"10.0.0.0/24", 443, 443, 256, NULL},
		{ENTRY("100", "allow", "-1", "0.0.0.0/1") "," ENTRY("101", "allow", "-1", "128.0.0.0/1"),
			"0.0.0.0/0", 443, 443, 1ull << 32, NULL},
		{ENTRY("90", "deny", "-1", "192.0.2.1/32") "," ENTRY("100", "allow", "-1", "0.0.0.0/0"),
			"0.0.0.0/0", 443, 443, (1ull << 32) - 1, "90"},
		{ENTRY("90", "deny", "17", "0.0.0.0/0") "," ENTRY("100", "allow", "-1", "0.0.0.0/0"),
			"10.0.0.0/24", 0, 0, 256, NULL},
		{PORTS("90", "deny", "0", "0", "10.0.0.0/25") "," ENTRY("100", "allow", "-1", "0.0.0.0/0"),
			"10.0.0.0/24", 0, 0, 128, "90"},
		{PORTS("90", "deny", "0", "0", "10.0.0.0/25") "," ENTRY("100", "allow", "-1", "0.0.0.0/0"),
			"10.0.0.0/24", 1, 1, 256, NULL},
		{ENTRY("100", "allow", "-1", "10.0.0.0/16") "," ENTRY("32767", "deny", "-1", "0.0.0.0/0"),
			"0.0.0.0/0", 443, 443, 1ull << 16, "32767"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		const json_t *acl = parse(arena_printf(&arena, "{'entrySet':[%s]}", rows[i].entries));
		struct acl_question question = {.egress = true, .from = rows[i].from, .to = rows[i].to};
		struct acl_answer answer;

		assert_true(cidr_parse(rows[i].block, &question.block, NULL));
		answer = network_acl_ask(acl, &question);
		if (answer.addresses != rows[i].addresses)
			fail_msg("row %zu: %llu addresses", i, (unsigned long long)answer.addresses);
		assert_string_equal(tree_text(answer.refuser, "ruleNumber"),
			rows[i].refuser ? rows[i].refuser : "");
		question.egress = false;
		assert_int_equal(network_acl_ask(acl, &question).addresses, 0);
	}
}

/* So many rules that say nothing of the block, and behind them one that lets everything through. */
static const json_t *acl_of_many(int others)
{
	json_t *acl = json_pack("{s:[]}", "entrySet"), *entries = json_object_get(acl, "entrySet");

	for (int i = 0; i <= others; i++)
		json_array_append_new(entries,
			json_pack("{s:i,s:s,s:s,s:s,s:s}", "ruleNumber", i + 1, "ruleAction", "allow",
				"protocol", "-1", "egress", "true", "cidrBlock",
				i == others ? "0.0.0.0/0" : "192.0.2.0/24"));
	return tree_defer(&arena, acl);
}

static void as_many_acl_entries_are_read_as_there_can_be(void **state)
{
	struct acl_question question = {.egress = true, .from = 443, .to = 443};

	(void)state;
	assert_true(cidr_parse("10.0.0.0/24", &question.block, NULL));
	assert_int_equal(network_acl_ask(acl_of_many(63), &question).addresses, 256);
	assert_int_equal(network_acl_ask(acl_of_many(64), &question).addresses, 0);
}

/* A port is refused where less than half of the block passes. */
static void refused_ports_are_counted(void **state)
{
	static const struct {
		const char *denied;
		int refused;
	} rows[] = {
		{PORTS("90", "deny", "2000", "2009", "10.0.0.0/24"), 10},
		{PORTS("90", "deny", "2000", "2009", "10.0.0.0/25"), 0},
		{PORTS("90", "deny", "2000", "2009", "10.0.0.0/25") "," PORTS("91", "deny", "2005", "2005",
			 "10.0.0.128/32"),
			1},
		{PORTS("90", "deny", "2000", "2009", "10.0.0.0/26") "," PORTS("91", "deny", "2000", "2009",
			 "10.0.0.64/27"),
			0},
		{PORTS("90", "deny", "0", "999", "10.0.0.0/24") "," PORTS("91", "deny", "3000", "9999",
			 "10.0.0.0/24"),
			1},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		const json_t *acl = parse(arena_printf(&arena,
			"{'entrySet':[%s," ENTRY("100", "allow", "-1", "0.0.0.0/0") "]}", rows[i].denied));
		struct acl_question question = {.egress = true, .from = 999, .to = 2999};

		assert_true(cidr_parse("10.0.0.0/24", &question.block, NULL));
		assert_int_equal(network_acl_refused_ports(acl, &question), rows[i].refused);
	}
}

static void a_subnet_has_the_acl_that_names_it(void **state)
{
	const json_t *acls = parse(
		"{'networkAclSet':[{'networkAclId':'acl-1','associationSet':''},{'networkAclId':'acl-2','associationSet':[{'subnetId':'s-1'}]}]}");

	(void)state;
	assert_string_equal(tree_text(network_acl_of(acls, "s-1"), "networkAclId"), "acl-2");
	assert_null(network_acl_of(acls, "s-2"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_say_what_they_let_through),
		cmocka_unit_test(rules_of_many_groups_are_told_apart),
		cmocka_unit_test(rules_are_open_together),
		cmocka_unit_test(blocks_are_counted_to_the_last_address),
		cmocka_unit_test(port_0_is_a_port),
		cmocka_unit_test(subnets_fall_back_to_the_main_table),
		cmocka_unit_test(the_default_route_may_be_in_parts),
		cmocka_unit_test(as_many_routes_are_read_as_a_table_may_hold),
		cmocka_unit_test(the_first_of_the_widest_routes_stands_for_all),
		cmocka_unit_test(acl_entries_decide_in_order),
		cmocka_unit_test(as_many_acl_entries_are_read_as_there_can_be),
		cmocka_unit_test(refused_ports_are_counted),
		cmocka_unit_test(a_subnet_has_the_acl_that_names_it),
	};

	return cmocka_run_group_tests_name("reachability", tests, NULL, close_arena);
}
