/* SPDX-License-Identifier: Apache-2.0 */
/* Lines and document say the same, out of the same tables. */
#include "providers/aws/cloud/setup_consent.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/text.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/kinds.h"
#include "providers/aws/cloud/prices.h"
#include "providers/aws/cloud/ray/ray_policy.h"
#include "providers/aws/cloud/resource_types.h"
#include "providers/aws/cloud/stack_log.h"
#include "providers/aws/iam/arn.h"

enum { MINUTE_MS = 60000 };

static const char schema[] = "cloudctl.plan/1";

/* --- resources --- */

/* What is said beside a resource's name. Words in braces are the template's parameters, and {zone}. */
static const struct {
	const char *logical_id, *detail;
} details[] = {
	{"Vpc", "{VpcCidr}"},
	{"Subnet#", "{reach}, in {zone}"},
	{"NatSubnet#", "public, in {zone}"},
	{"NatGateway#", "in {zone}"},
	{"MountTarget#", "in {zone}"},
	{"FileSystem", "encrypted, with daily backups"},
	{"MemoryDBCluster", "{MemoryDBName}, two db.t4g.small nodes"},
};

/* The parameters, the zone and names, for kind_fill_in(). */
static const char *fill_in(struct arena *arena, const struct setup_consent *what, const char *detail,
	size_t zone)
{
	const struct kind_value values[] = {
		{"VpcCidr", what->plan->vpc_cidr},
		{"reach", what->cloud->networking == NETWORKING_PRIVATE ? "private" : "public"},
		{"zone", zone < what->plan->zones.count ? what->plan->zones.items[zone] : ""},
		{"MemoryDBName", text_or(aws_cloud(what->cloud)->resources.memorydb_cluster, "")},
		{NULL},
	};

	return kind_fill_in(arena, detail, values);
}

/* A detail of the table; else the name that setup gives to things of its kind. NULL: neither. */
static const char *detail_of(struct arena *arena, const struct setup_consent *what,
	const struct resource_type_name *row, size_t zone)
{
	const char *id;

	for (size_t i = 0; i < ARRAY_LENGTH(details); i++)
		if (text_equal(details[i].logical_id, row->logical_id))
			return fill_in(arena, what, details[i].detail, zone);
	if (!kinds[row->kind].default_name)
		return NULL;
	id = kind_default_id(arena, row->kind, what->cloud);
	return kinds[row->kind].ids_are_identifiers ? arn_name(id) : id;
}

static void add_resource(struct arena *arena, const struct setup_consent *what,
	const struct resource_type *type, const struct resource_type_name *row, json_t *list)
{
	size_t zones = what->plan->zones.count;
	size_t gateways = setup_network_nat_gateways(&what->plan->network, zones);

	for (size_t zone = 0; zone < resource_name_count(row, zones, gateways); zone++) {
		const char *logical_id = resource_name_logical_id(arena, row, zone + 1);

		json_array_append_new(list,
			json_pack("{s:s, s:s, s:s, s:s*}", "logical_id", logical_id, "type", type->type,
				"name", stack_resource_name(arena, logical_id), "detail",
				detail_of(arena, what, row, zone)));
	}
}

static json_t *resources_of(struct arena *arena, const struct setup_consent *what)
{
	unsigned parts = stack_parts(what->cloud);
	json_t *list = json_array();

	for (size_t i = 0; i < resource_type_count; i++)
		for (size_t k = 0; k < RESOURCE_TYPE_NAMES && resource_types[i].resources[k].logical_id; k++)
			if (resource_types[i].resources[k].part & parts)
				add_resource(arena, what, &resource_types[i], &resource_types[i].resources[k],
					list);
	return list;
}

/* Each level waits for the slowest of the one before. */
static int minutes_of(unsigned parts)
{
	int slowest[RESOURCE_TYPE_LEVELS] = {0}, sum = 0;

	for (size_t i = 0; i < resource_type_count; i++) {
		const struct resource_type *type = &resource_types[i];

		if ((resource_type_parts(type) & parts) && type->create_ms > slowest[type->level])
			slowest[type->level] = type->create_ms;
	}
	for (size_t level = 0; level < RESOURCE_TYPE_LEVELS; level++)
		sum += slowest[level];
	return (sum + MINUTE_MS - 1) / MINUTE_MS;
}

/* --- who is let in, what is open, what it costs --- */

static const char *const ray_nodes[] = {"head", "worker"};

static json_t *grants_of(struct arena *arena, const struct setup_consent *what)
{
	const char *control_plane = kind_default_id(arena, KIND_CONTROL_PLANE_ROLE, what->cloud);
	const char *account = what->plan->control_plane_account;
	const struct setup_choices *choices = &what->plan->choices;
	json_t *list = json_pack("[{s:s, s:s, s:s*, s:s, s:s}, {s:s, s:s}]", "to", "account", "account",
		account, "owner", account_owner(account, what->cloud->account), "role",
		arn_name(control_plane), "external_id", aws_cloud(what->cloud)->external_id, "to",
		"instances", "role", arn_name(kind_default_id(arena, KIND_NODE_ROLE, what->cloud)));

	if (choices->launcher_principals.count > 0)
		json_array_append_new(list,
			json_pack("{s:s, s:o, s:b, s:s}", "to", "launchers", "principals",
				tree_array(&choices->launcher_principals), "mfa", (int)choices->launcher_mfa,
				"role", ray_role_name(arena, what->cloud, "launcher")));
	for (size_t i = 0; choices->with_ray && i < ARRAY_LENGTH(ray_nodes); i++)
		json_array_append_new(list,
			json_pack("{s:s, s:s}", "to", "instances", "role",
				ray_role_name(arena, what->cloud, ray_nodes[i])));
	return list;
}

static json_t *openings_of(const struct setup_plan *plan)
{
	json_t *list = json_pack("[{s:s, s:i, s:s}]", "protocol", "tcp", "port", 443, "from",
		plan->https_cidr);

	if (*plan->ssh_cidr)
		json_array_append_new(list,
			json_pack("{s:s, s:i, s:s}", "protocol", "tcp", "port", 22, "from", plan->ssh_cidr));
	return list;
}

/* Of what there is one for each NAT gateway; of all else the row says how many. */
static unsigned count_of(const struct setup_consent *what, const struct price *price)
{
	size_t gateways = setup_network_nat_gateways(&what->plan->network, what->plan->zones.count);

	return price->count * (price->part == PART_NAT && price->unit == PRICE_HOUR ? (unsigned)gateways : 1);
}

/* A node of private subnets has no address of its own. */
static bool is_paid(const struct setup_consent *what, const struct price *price)
{
	bool private = what->cloud->networking == NETWORKING_PRIVATE;

	return (price->part & stack_parts(what->cloud)) && !(private && price->of_public_node);
}

static double sum_of(const struct setup_consent *what, enum price_unit unit)
{
	double sum = 0;

	for (size_t i = 0; i < price_count; i++)
		if (is_paid(what, &prices[i]) && prices[i].unit == unit)
			sum += prices[i].dollars * count_of(what, &prices[i]);
	return sum;
}

static json_t *costs_of(const struct setup_consent *what)
{
	json_t *items = json_array();

	for (size_t i = 0; i < price_count; i++)
		if (is_paid(what, &prices[i]))
			json_array_append_new(items,
				json_pack("{s:s, s:s, s:i, s:f, s:s, s:s*}", "item", prices[i].item, "unit",
					price_unit_names[prices[i].unit], "count",
					(int)count_of(what, &prices[i]), "price", prices[i].dollars, "source",
					prices[i].source, "as_of", prices[i].as_of));
	return json_pack("{s:s, s:s, s:s, s:f, s:f, s:o}", "currency", "USD", "region", PRICES_REGION,
		"as_of", PRICES_AS_OF, "idle_per_month", sum_of(what, PRICE_HOUR) * HOURS_A_MONTH,
		"per_node_hour", sum_of(what, PRICE_NODE_HOUR), "items", items);
}

/* --- the document --- */

const json_t *setup_consent_document(struct arena *arena, const struct setup_consent *what)
{
	const struct cloud *cloud = what->cloud;
	unsigned parts = stack_parts(cloud);
	json_t *none = json_array(), *document;

	document = json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:o, s:s, s:s, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:i, s:O}",
		"schema", schema, "command", "setup", "action", "create", "cloud", cloud->name, "account",
		cloud->account, "account_aliases", tree_array(&what->aliases), "caller",
		tree_text(what->identity, "Arn"), "region", cloud->region, "zones",
		tree_array(&what->plan->zones), "stack", aws_cloud(cloud)->stack_name, "resources",
		resources_of(arena, what), "options", setup_choices_document(&what->plan->choices), "grants",
		grants_of(arena, what), "open", openings_of(what->plan), "costs", costs_of(what), "minutes",
		minutes_of(parts), "prerequisites", what->prerequisites ? what->prerequisites : none);
	json_decref(none);
	return tree_defer(arena, document);
}

const json_t *setup_consent_existing(struct arena *arena, const struct cloud *cloud, bool ready)
{
	return tree_defer(arena,
		json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:[]}", "schema", schema, "command", "setup",
			"action", ready ? "none" : "continue", "cloud", cloud->name, "account",
			cloud->account, "region", cloud->region, "resources"));
}

/* --- the lines --- */

static void add_place(struct consent *lines, const struct setup_consent *what)
{
	const struct cloud *cloud = what->cloud;
	const char *aliases = text_join(lines->arena, &what->aliases, ", ");

	if (what->needs)
		aliases = arena_printf(lines->arena, "to see its alias needs %s", what->needs);
	consent_add(lines, "Account", "%s%s%s%s, with the credentials of %s", cloud->account,
		*aliases ? " (" : "", aliases, *aliases ? ")" : "", tree_text(what->identity, "Arn"));
	consent_add(lines, "Region", "%s, in the zones %s", cloud->region,
		text_join(lines->arena, &what->plan->zones, ", "));
	if (what->plan->network.vpc_id)
		consent_add(lines, "Uses", "your VPC %s, which stays as it is, and its subnets %s",
			what->plan->network.vpc_id,
			text_join(lines->arena, &what->plan->network.subnet_ids, ", "));
}

static void add_ray_grants(struct consent *lines, const struct setup_consent *what)
{
	const struct setup_choices *choices = &what->plan->choices;
	const struct cloud *cloud = what->cloud;

	if (choices->launcher_principals.count > 0)
		consent_add(lines, "Lets in",
			"launchers of Ray clusters: %s may assume the role %s%s, which starts instances at your cost",
			text_join(lines->arena, &choices->launcher_principals, ", "),
			ray_role_name(lines->arena, cloud, "launcher"),
			choices->launcher_mfa ? " with multi-factor authentication" : "");
	if (choices->with_ray)
		consent_add(lines, "Lets in",
			"EC2 instances of Ray clusters have the roles %s, which starts workers, and %s",
			ray_role_name(lines->arena, cloud, "head"),
			ray_role_name(lines->arena, cloud, "worker"));
}

static void add_grants(struct consent *lines, const struct setup_consent *what)
{
	const char *own = what->cloud->account, *account = what->plan->control_plane_account;

	consent_add(lines, "Lets in",
		"the control plane: AWS account %s may assume the role %s with the external id %s (another account: --control-plane-account)",
		account_with_owner(lines->arena, account, own),
		arn_name(kind_default_id(lines->arena, KIND_CONTROL_PLANE_ROLE, what->cloud)),
		aws_cloud(what->cloud)->external_id);
	if (what->plan->cloud_tag)
		consent_add(lines, "Lets in", "it may change only what carries the tag %s of this cloud",
			what->plan->cloud_tag);
	consent_add(lines, "Lets in", "EC2 instances of the cloud have the role %s",
		arn_name(kind_default_id(lines->arena, KIND_NODE_ROLE, what->cloud)));
	add_ray_grants(lines, what);
}

static void add_openings(struct consent *lines, const struct setup_plan *plan)
{
	const char *everyone = text_equal(plan->https_cidr, "0.0.0.0/0") ? ", that is everyone" : "";

	consent_add(lines, "Opens", "TCP 443 of every node to %s%s (--https-cidr)", plan->https_cidr,
		everyone);
	consent_add(lines, "Opens", "TCP 22 of every node to %s (--ssh-cidr)",
		*plan->ssh_cidr ? plan->ssh_cidr : "nobody");
	if (plan->network.vpc_id)
		consent_add(lines, "Opens",
			"whether nodes are reached from outside, and what they reach, is for your VPC to say");
	else if (plan->networking == NETWORKING_PRIVATE)
		consent_add(lines, "Opens",
			"nodes have private addresses alone, and may send to everywhere through NAT gateways");
	else
		consent_add(lines, "Opens", "nodes have public addresses, and may send to everywhere");
	if (plan->small)
		consent_add(lines, "Opens",
			"the VPC is smaller than recommended (/20): large clusters will not fit");
}

/* "$0.30", "$0.023": what is small is not rounded away. */
static const char *dollars(struct arena *arena, double amount)
{
	return arena_printf(arena, amount < 0.1 ? "$%.3f" : "$%.2f", amount);
}

static void add_choices(struct consent *lines, const struct setup_choices *choices)
{
	const json_t *all = tree_defer(lines->arena, setup_choices_document(choices));
	const char *option;
	json_t *values;

	json_object_foreach ((json_t *)all, option, values) {
		struct text_list texts = tree_texts(lines->arena, values, NULL, NULL);

		consent_add(lines, "With", "--%s %s", option, text_join(lines->arena, &texts, ", "));
	}
}

static void add_prices(struct consent *lines, const struct setup_consent *what, enum price_unit unit,
	const char *per)
{
	for (size_t i = 0; i < price_count; i++)
		if (is_paid(what, &prices[i]) && prices[i].unit == unit) {
			unsigned count = count_of(what, &prices[i]);

			consent_add(lines, "Costs", "- %s: about %s %s",
				count > 1
					? arena_printf(lines->arena, "%s, %u of them", prices[i].item, count)
					: prices[i].item,
				dollars(lines->arena, prices[i].dollars * count), per);
		}
}

static void add_costs(struct consent *lines, const struct setup_consent *what)
{
	double idle = sum_of(what, PRICE_HOUR);

	if (idle > 0) {
		consent_add(lines, "Costs", "while no cluster runs: about $%.0f a month, and what is stored",
			idle * HOURS_A_MONTH);
		add_prices(lines, what, PRICE_HOUR, "an hour");
	} else {
		consent_add(lines, "Costs", "while no cluster runs: only what is stored");
	}
	add_prices(lines, what, PRICE_GB_MONTH, "a GB and month");
	consent_add(lines, "Costs", "for each node while it runs: about %s an hour",
		dollars(lines->arena, sum_of(what, PRICE_NODE_HOUR)));
	add_prices(lines, what, PRICE_NODE_HOUR, "an hour");
	add_prices(lines, what, PRICE_GB, "a GB");
	consent_add(lines, "Costs",
		"list prices of " PRICES_REGION " as of " PRICES_AS_OF
		"; other regions differ: https://aws.amazon.com/pricing/");
	consent_add(lines, "Costs", "%s",
		stack_parts(what->cloud) & PART_EFS
			? "the bucket and the backups outlive the cloud, and cost until they are deleted"
			: "the bucket outlives the cloud, and costs until it is deleted");
}

struct consent setup_consent_lines(struct arena *arena, const struct setup_consent *what)
{
	struct consent lines = consent_new(arena,
		arena_printf(arena, "setup is going to create cloud '%s':", what->cloud->name));
	json_t *resources = resources_of(arena, what);

	add_place(&lines, what);
	add_choices(&lines, &what->plan->choices);
	add_grants(&lines, what);
	add_openings(&lines, what->plan);
	add_costs(&lines, what);
	consent_add(&lines, "Takes", "about %d minutes", minutes_of(stack_parts(what->cloud)));
	consent_add(&lines, "Creates",
		"the CloudFormation stack %s with %zu resources:", aws_cloud(what->cloud)->stack_name,
		json_array_size(resources));
	TREE_EACH (resource, resources, NULL) {
		const char *detail = tree_text(resource, "detail");

		consent_add(&lines, "Creates", "- %s%s%s", tree_text(resource, "name"), *detail ? ": " : "",
			detail);
	}
	json_decref(resources);
	return lines;
}
