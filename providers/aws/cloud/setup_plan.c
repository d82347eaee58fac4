/* SPDX-License-Identifier: Apache-2.0 */
/* The arithmetic and the choices of `setup`. Nothing here talks to anybody. */
#include "providers/aws/cloud/setup_plan.h"

#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/cidr.h"
#include "base/tree.h"
#include "providers/aws/client/endpoint.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/cloud_tag.h"
#include "providers/aws/cloud/functional/functional_verify.h"
#include "providers/aws/cloud/kinds.h"

const char setup_control_plane_account[] = "525325868955";

enum { SUBNET_PREFIX_BITS = 3 }; /* 8 subnets are cut from the VPC; see the template */

static int check_block(const char *option, const char *text, struct cidr *block, struct error *err)
{
	bool exact = true;

	if (!cidr_parse(text, block, &exact) || block->v6 || !strchr(text, '/'))
		return error_set(err, ERROR_USAGE, "%s: '%s' is not an IPv4 block, such as 10.0.0.0/16",
			option, text);
	if (!exact)
		return error_set(err, ERROR_USAGE,
			"%s: in '%s' bits behind the /%u are set; the block is %u.%u.%u.%u/%u", option, text,
			block->bits, block->bytes[0], block->bytes[1], block->bytes[2], block->bytes[3],
			block->bits);
	return 0;
}

/* Blocks that no VPC can have: this host, loopback, link-local, multicast and above. */
static bool is_reserved(const struct cidr *block)
{
	static const char *const reserved[] = {"0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3"};

	struct cidr other;

	for (size_t i = 0; i < ARRAY_LENGTH(reserved); i++)
		if (cidr_parse(reserved[i], &other, NULL) && cidr_overlaps(block, &other))
			return true;
	return false;
}

static int plan_network(struct arena *arena, const struct setup_options *options, struct setup_plan *plan,
	struct error *err)
{
	const char *vpc_cidr = options->vpc_cidr ? options->vpc_cidr : "10.0.0.0/16";
	struct cidr block;

	if (options->network.vpc_id && (options->vpc_cidr || options->check_cidr_overlap))
		return error_set(err, ERROR_USAGE, "%s: with --vpc-id no VPC is made",
			options->vpc_cidr ? "--vpc-cidr" : "--check-cidr-overlap");
	if (check_block("--vpc-cidr", vpc_cidr, &block, err) < 0)
		return -1;
	if (block.bits < VPC_PREFIX_MIN || block.bits > VPC_PREFIX_MAX)
		return error_set(err, ERROR_USAGE,
			"--vpc-cidr: '%s' must be from /%d to /%d; /%d or larger is recommended", vpc_cidr,
			VPC_PREFIX_MIN, VPC_PREFIX_MAX, VPC_PREFIX_RECOMMENDED);
	if (is_reserved(&block))
		return error_set(err, ERROR_USAGE,
			"--vpc-cidr: '%s' is reserved; take a block of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
			vpc_cidr);
	plan->vpc_cidr = vpc_cidr;
	plan->subnet_bits = 32 - SUBNET_PREFIX_BITS - block.bits;
	plan->small = block.bits > VPC_PREFIX_RECOMMENDED;
	plan->networking = options->network.private_network ? NETWORKING_PRIVATE : NETWORKING_DIRECT;
	if (setup_network_plan(arena, &options->network, block.bits, &plan->network, err) < 0)
		return -1;
	plan->network.vpc_cidr = plan->network.vpc_id ? NULL : vpc_cidr;
	return 0;
}

int setup_plan_source(const char *option, const char *text, struct error *err)
{
	struct cidr block;

	return check_block(option, text, &block, err);
}

static int plan_sources(const struct setup_options *options, struct setup_plan *plan, struct error *err)
{
	plan->https_cidr = options->https_cidr ? options->https_cidr : "0.0.0.0/0";
	plan->ssh_cidr = options->ssh_cidr ? options->ssh_cidr : "";
	if (setup_plan_source("--https-cidr", plan->https_cidr, err) < 0)
		return -1;
	return options->ssh_cidr ? setup_plan_source("--ssh-cidr", options->ssh_cidr, err) : 0;
}

/* It may be said in either way, and twice where both say the same. */
static int plan_name(const struct setup_options *options, struct setup_plan *plan, struct error *err)
{
	plan->name = options->name ? options->name : options->argument;
	if (!plan->name)
		return error_set(err, ERROR_USAGE, "setup needs a name for the cloud: NAME or --name NAME");
	if (options->argument && !text_equal(options->argument, plan->name))
		return error_set(err, ERROR_USAGE, "two clouds are named: '%s', and '%s' by --name",
			options->argument, plan->name);
	if (!cloud_name_valid(plan->name))
		return error_set(err, ERROR_USAGE,
			"--name: '%s' is not a name: 1 to 64 of A-Z a-z 0-9 _ . - beginning with a letter or digit",
			plan->name);
	return 0;
}

int setup_plan_options(struct arena *arena, const struct setup_options *options, struct setup_plan *plan,
	struct error *err)
{
	*plan = (struct setup_plan){.memorydb = options->memorydb, .choices = options->choices};
	if (plan_name(options, plan, err) < 0)
		return -1;
	if (options->provider && !text_equal_nocase(options->provider, "aws"))
		return error_set(err, ERROR_USAGE,
			"--provider: '%s' is not supported; cloudctl works with aws", options->provider);
	plan->control_plane_account = arena_strdup(arena,
		options->control_plane_account ? options->control_plane_account
					       : setup_control_plane_account);
	if (!aws_account_valid(plan->control_plane_account))
		return error_set(err, ERROR_USAGE,
			"--control-plane-account: '%s' is not an account id of 12 digits",
			plan->control_plane_account);
	plan->cloud_tag = options->cloud_tag ? options->cloud_tag
					     : cloud_tag_default(plan->control_plane_account);
	if (!cloud_tag_valid(plan->cloud_tag))
		return error_set(err, ERROR_USAGE, "--cloud-tag: '%s' is not %s", plan->cloud_tag,
			cloud_tag_form);
	if (setup_choices_check(arena, &options->choices, err) < 0)
		return -1;
	if (plan_network(arena, options, plan, err) < 0)
		return -1;
	return plan_sources(options, plan, err);
}

int setup_plan_resume(struct arena *arena, const struct setup_options *options, const struct cloud *cloud,
	struct setup_plan *plan, struct error *err)
{
	const struct aws_cloud *section = aws_cloud(cloud);
	struct setup_options asked = *options;

	if (!options->control_plane_account && section->control_plane_account)
		plan->control_plane_account = section->control_plane_account;
	if (!options->cloud_tag)
		plan->cloud_tag = section->cloud_tag ? section->cloud_tag
						     : cloud_tag_default(plan->control_plane_account);
	setup_choices_merge(&plan->choices, &section->setup);
	if (!options->vpc_cidr && !options->network.vpc_id && section->network.vpc_cidr) {
		asked.vpc_cidr = section->network.vpc_cidr;
		if (plan_network(arena, &asked, plan, err) < 0)
			return -1;
	}
	if (options->network.private_network || options->network.vpc_id)
		return 0;
	plan->networking = cloud->networking;
	plan->network = section->network;
	plan->network.vpc_cidr = section->network.vpc_id ? NULL : plan->vpc_cidr;
	return 0;
}

const char *control_plane_account_mistake(struct arena *arena, const char *account, const char *region)
{
	const char *partition = endpoint_partition(region)->name;

	if (text_equal(partition, "aws") || !text_equal(account, setup_control_plane_account))
		return NULL;
	return arena_printf(arena,
		"--control-plane-account is needed in %s: account %s is one of the partition aws and does not exist in %s",
		region, account, partition);
}

int setup_plan_region(struct arena *arena, const json_t *regions, const char *region, struct error *err)
{
	const json_t *found = tree_find(regions, "regionInfo", "regionName", region);
	struct text_list names = {0};
	const char *nearest;

	if (found && text_equal(tree_text(found, "optInStatus"), "not-opted-in"))
		return error_set(err, ERROR_INPUT,
			"the region %s is not enabled for this account; enable it (aws account enable-region --region-name %s) or choose another",
			region, region);
	if (found)
		return 0;
	TREE_EACH (each, regions, "regionInfo")
		text_list_add(arena, &names, tree_text(each, "regionName"));
	nearest = text_nearest(region, &names);
	return error_set(err, ERROR_INPUT,
		nearest ? "there is no region '%s'; did you mean %s?"
			: "there is no region '%s'; there are %s",
		region, nearest ? nearest : text_join(arena, &names, ", "));
}

struct cloud setup_plan_cloud(struct arena *arena, const struct setup_plan *plan, const struct cloud *cloud)
{
	struct cloud planned = cloud_copy(arena, cloud);
	struct aws_cloud *section = aws_cloud_edit(arena, &planned);

	planned.networking = plan->networking;
	section->resources = (struct aws_resources){0};
	section->setup = plan->choices;
	section->network = plan->network;
	section->resources.vpc_id = plan->network.vpc_id;
	section->resources.subnet_ids = plan->network.subnet_ids;
	for (enum kind kind = 0; kind < KINDS_COUNT; kind++)
		if (kinds[kind].form == KIND_TEXT && kinds[kind].default_name &&
			(plan->memorydb || !kinds[kind].optional))
			kind_set_id(&kinds[kind], section, kind_default_id(arena, kind, &planned));
	return planned;
}

json_t *setup_plan_parameters(struct arena *arena, const struct setup_plan *plan, const struct cloud *cloud)
{
	json_t *parameters =
		json_pack("{s:s, s:s*, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}",
			"CloudId", cloud->id, "CloudName", cloud->name, "Networking",
			cloud_networking_names[plan->networking], "ControlPlaneAccount",
			plan->control_plane_account, "ExternalId", aws_cloud(cloud)->external_id, "Zones",
			text_join(arena, &plan->zones, ","), "ZoneCount",
			arena_printf(arena, "%zu", plan->zones.count), "VpcCidr", plan->vpc_cidr,
			"SubnetBits", arena_printf(arena, "%u", plan->subnet_bits), "NatGateways",
			plan->network.nat_gateways ? plan->network.nat_gateways : "none", "HttpsCidr",
			plan->https_cidr, "SshCidr", plan->ssh_cidr, "EnableMemoryDB",
			plan->memorydb ? "true" : "false", "CloudTag", plan->cloud_tag);

	if (plan->network.vpc_id) {
		json_object_set_new(parameters, "VpcId", json_string(plan->network.vpc_id));
		json_object_set_new(parameters, "SubnetIds",
			json_string(text_join(arena, &plan->network.subnet_ids, ",")));
	}
	setup_choices_parameters(arena, &plan->choices, parameters);
	return parameters;
}

/* In any order: the stack has first those of different zones. */
static bool same_subnets(struct arena *arena, const struct text_list *ids, const char *parameter)
{
	struct text_list has = text_split(arena, parameter, ',');

	for (size_t i = 0; i < has.count; i++)
		if (!text_list_has(ids, has.items[i]))
			return false;
	return has.count == ids->count;
}

int setup_plan_matches(struct arena *arena, const struct setup_options *options, const struct cloud *cloud,
	const json_t *stack_parameters, const json_t *stack, struct error *err)
{
	const struct {
		const char *option, *asked, *parameter;
	} rows[] = {
		{"--vpc-cidr", options->vpc_cidr, "VpcCidr"},
		{"--vpc-id", options->network.vpc_id, "VpcId"},
		{"--nat-gateways", options->network.nat_gateways, "NatGateways"},
		{"--https-cidr", options->https_cidr, "HttpsCidr"},
		{"--ssh-cidr", options->ssh_cidr, "SshCidr"},
		{"--control-plane-account", options->control_plane_account, "ControlPlaneAccount"},
		{"--cloud-tag", options->cloud_tag, "CloudTag"},
		{"--enable-head-node-fault-tolerance", options->memorydb ? "true" : NULL, "EnableMemoryDB"},
	};
	struct text_list differences = {0};

	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		const char *has = tree_text(stack_parameters, rows[i].parameter);

		if (rows[i].asked && !text_equal(rows[i].asked, has))
			text_list_add(arena, &differences,
				arena_printf(arena, "%s: asked for '%s', but its stack has %s '%s'",
					rows[i].option, rows[i].asked, rows[i].parameter, has));
	}
	setup_choices_differences(arena, &options->choices, stack_parameters, stack, &differences);
	if (options->network.private_network && cloud->networking != NETWORKING_PRIVATE)
		text_list_add(arena, &differences,
			"--private-network: asked for private subnets, but its stack has public ones");
	if (options->network.subnet_ids.count > 0 &&
		!same_subnets(arena, &options->network.subnet_ids, tree_text(stack_parameters, "SubnetIds")))
		text_list_add(arena, &differences,
			arena_printf(arena, "--subnet-ids: asked for '%s', but its stack has SubnetIds '%s'",
				text_join(arena, &options->network.subnet_ids, ","),
				tree_text(stack_parameters, "SubnetIds")));
	if (differences.count == 0)
		return 0;
	return error_set(err, ERROR_CONFLICT,
		"the record clouds/%s.yaml is of a cloud with other parameters (%s); leave the options out to go on with it, or choose another name",
		cloud->name, text_join(arena, &differences, "; "));
}

int setup_plan_outputs(struct arena *arena, const json_t *outputs, struct cloud *cloud, struct error *err)
{
	struct aws_resources *resources = &aws_cloud_edit(arena, cloud)->resources;
	const char *subnets, *group;
	const bool no_efs = aws_cloud(cloud)->setup.no_efs;
	const bool no_memorydb = !json_object_get(outputs, "MemoryDBClusterName");
	const struct {
		const char *name, **value;
		bool left_out;
	} rows[] = {
		{"VpcId", &resources->vpc_id},
		{"SubnetIds", &subnets},
		{"SecurityGroupId", &group},
		{"BucketName", &resources->bucket},
		{"FileSystemId", &resources->file_system_id, no_efs},
		{"MountTargetIp", &resources->mount_target_ip, no_efs},
		{"ControlPlaneRoleArn", &resources->control_plane_role_arn},
		{"NodeRoleArn", &resources->node_role_arn},
		{"MemoryDBClusterName", &resources->memorydb_cluster, no_memorydb},
		{"MemoryDBClusterArn", &resources->memorydb_arn, no_memorydb},
		{"MemoryDBEndpoint", &resources->memorydb_endpoint, no_memorydb},
	};
	struct text_list missing = {0};

	*resources = (struct aws_resources){0};
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		const char *text = tree_text(outputs, rows[i].name);

		if (rows[i].left_out)
			continue;
		if (!*text)
			text_list_add(arena, &missing, rows[i].name);
		*rows[i].value = arena_strdup(arena, text);
	}
	if (missing.count > 0)
		return error_set(err, ERROR_PROTOCOL, "the stack has no output %s",
			text_join(arena, &missing, ", "));
	resources->subnet_ids = text_split(arena, subnets, ',');
	text_list_add(arena, &resources->security_group_ids, group);
	return 0;
}

#define AT(member) offsetof(struct setup_options, member)

const struct option setup_option_rows[] = {
	{"NAME", 0, OPTION_ARGUMENT, AT(argument), NULL, "name of the new cloud; or --name NAME"},
	{"name", 'n', OPTION_TEXT, AT(name), "NAME", "name of the new cloud"},
	{"provider", 0, OPTION_TEXT, AT(provider), "PROVIDER", "where to create it; only aws"},
	{"enable-head-node-fault-tolerance", 0, OPTION_FLAG, AT(memorydb), NULL,
		"also create a MemoryDB cluster, which takes about 20 minutes"},
	{"vpc-id", 0, OPTION_TEXT, AT(network.vpc_id), "ID",
		"a VPC of yours to put the cloud into, instead of making one; with --subnet-ids"},
	{"subnet-ids", 0, OPTION_LIST, AT(network.subnet_ids), "IDS",
		"subnets of that VPC, two or more, in different zones"},
	{"vpc-cidr", 0, OPTION_TEXT, AT(vpc_cidr), "CIDR", "IPv4 block of the VPC, /16 to /24; 10.0.0.0/16"},
	{"private-network", 0, OPTION_FLAG, AT(network.private_network), NULL,
		"clusters run in private subnets behind NAT gateways and are reached by private addresses"},
	{"nat-gateways", 0, OPTION_TEXT, AT(network.nat_gateways), NULL,
		"with --private-network: one NAT gateway for all subnets, or one in each zone, for three zones at most; one",
		"one|per-zone"},
	{"https-cidr", 0, OPTION_TEXT, AT(https_cidr), "CIDR", "who may reach clusters by HTTPS; 0.0.0.0/0"},
	{"ssh-cidr", 0, OPTION_TEXT, AT(ssh_cidr), "CIDR", "who may reach clusters by SSH; nobody"},
	{"control-plane-account", 0, OPTION_TEXT, AT(control_plane_account), "ID",
		"account that may assume the control-plane role; 525325868955"},
	{"cloud-tag", 0, OPTION_TEXT, AT(cloud_tag), "KEY",
		"tag of what the control plane makes; anyscale-cloud-id, with another account cloudctl-cloud-id"},
	{"", 0, OPTION_ROWS, AT(choices), .make = setup_choices_options},
	{"check-cidr-overlap", 0, OPTION_FLAG, AT(check_cidr_overlap), NULL,
		"create nothing if a VPC of the region has addresses of the new VPC's block"},
	{"skip-preflight", 0, OPTION_FLAG, AT(skip_preflight), NULL,
		"create the cloud without checking the prerequisites first"},
	{"", 0, OPTION_ROWS, AT(functional), .make = functional_option_rows},
	{"plan", 0, OPTION_FLAG, AT(plan), NULL,
		"print what would be created, who is let in and what it costs, and change nothing"},
	{"yes", 'y', OPTION_FLAG, AT(yes), NULL, "agree to every question"},
	{NULL},
};
