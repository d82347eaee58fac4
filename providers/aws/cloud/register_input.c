/* SPDX-License-Identifier: Apache-2.0 */
/* What was given into a record, and all mistakes in it: the resources by the table of kinds, the rest here. */
#include "providers/aws/cloud/register_input.h"

#include "base/arena.h"
#include "providers/aws/cloud/cloud_tag.h"
#include "providers/aws/cloud/functional/functional_verify.h"
#include "providers/aws/cloud/kinds.h"
#include "providers/aws/cloud/setup_plan.h"
#include "providers/aws/iam/arn.h"

static bool is_aws(const char *text)
{
	return text_equal(text, "aws");
}

/* STS API, AssumeRole, ExternalId. */
static bool is_external_id(const char *text)
{
	return text_only(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+=,.@:/-", 2,
		1224);
}

/* --- what is wrong with it --- */

/* An option, or a member of a file. */
struct input {
	const char *name; /* "--vpc-id" */
	bool optional;
	bool (*valid)(const char *text);
	const char *valid_form; /* after "is not" */
};

/* What is no kind of resource, on both sides of the kinds. */
static const struct input name_row = {"--name", false, cloud_name_valid,
				  "a name: 1 to 64 of A-Z a-z 0-9 _ . - beginning with a letter or digit"},
			  provider_row = {"--provider", true, is_aws, "supported; cloudctl works with aws"},
			  region_row = {"--region", false, aws_region_valid, "a region, such as us-west-2"},
			  account_row = {"--control-plane-account", false, aws_account_valid,
				  "an account id of 12 digits"},
			  tag_row = {"--cloud-tag", true, cloud_tag_valid, cloud_tag_form},
			  external_id_row = {"external_id", true, is_external_id,
				  "an external id: 2 to 1224 of A-Z a-z 0-9 _ + = , . @ : / -"};

struct mistakes {
	struct arena *arena;
	struct text_list missing, malformed;
};

static void check_values(struct mistakes *mistakes, struct input input, struct text_list values)
{
	struct arena *arena = mistakes->arena;

	if (values.count == 0 && !input.optional)
		text_list_add(arena, &mistakes->missing, input.name);
	if (values.count > RESOURCES_MAX) {
		text_list_add(arena, &mistakes->malformed,
			arena_printf(arena, "%s: %zu are given; a cloud has at most %d", input.name,
				values.count, RESOURCES_MAX));
		return;
	}
	for (size_t i = 0; i < values.count; i++) {
		const struct text_list before = {values.items, i};
		const char *value = values.items[i];

		if (!input.valid(value))
			text_list_add(arena, &mistakes->malformed,
				arena_printf(arena, "%s: '%s' is not %s", input.name, value,
					input.valid_form));
		else if (text_list_has(&before, value))
			text_list_add(arena, &mistakes->malformed,
				arena_printf(arena, "%s: '%s' is given twice", input.name, value));
	}
}

static void check_text(struct mistakes *mistakes, struct input input, const char *value)
{
	check_values(mistakes, input, (struct text_list){&value, value ? 1 : 0});
}

const char *register_input_account(struct arena *arena, enum kind role, const struct cloud *cloud)
{
	struct text_list arns = kind_ids(arena, &kinds[role], aws_cloud(cloud));

	return arns.count > 0 && kinds[role].valid(arns.items[0]) ? arn_account(arena, arns.items[0]) : NULL;
}

static void check_accounts(struct mistakes *mistakes, const struct cloud *cloud)
{
	struct arena *arena = mistakes->arena;
	const char *control_plane = register_input_account(arena, KIND_CONTROL_PLANE_ROLE, cloud);
	const char *node = register_input_account(arena, KIND_NODE_ROLE, cloud);

	if (control_plane && node && !text_equal(control_plane, node))
		text_list_add(arena, &mistakes->malformed,
			arena_printf(arena, "--node-role-arn: the roles are in different accounts, %s and %s",
				control_plane, node));
}

static void check_partition(struct mistakes *mistakes, const struct cloud *cloud)
{
	const char *mistake = cloud->region ? control_plane_account_mistake(mistakes->arena,
						      aws_cloud(cloud)->control_plane_account, cloud->region)
					    : NULL;

	if (mistake)
		text_list_add(mistakes->arena, &mistakes->malformed, mistake);
}

static void check_resources(struct mistakes *mistakes, const struct aws_cloud *section)
{
	struct arena *arena = mistakes->arena;

	for (const struct resource_kind *kind = kinds; kind < kinds + KINDS_COUNT; kind++)
		if (kind->option)
			check_values(mistakes,
				(struct input){arena_printf(arena, "--%s", kind->option),
					kind->optional ||
						(kind == &kinds[KIND_FILE_SYSTEM] && section->setup.no_efs),
					kind->valid, kind->valid_form},
				kind_ids(arena, kind, section));
}

/* What is missing first, in one sentence. */
static void tell_mistakes(const struct mistakes *mistakes, struct text_list *all)
{
	struct arena *arena = mistakes->arena;

	if (mistakes->missing.count > 0)
		text_list_add(arena, all,
			arena_printf(arena, "missing: %s", text_join(arena, &mistakes->missing, ", ")));
	for (size_t i = 0; i < mistakes->malformed.count; i++)
		text_list_add(arena, all, mistakes->malformed.items[i]);
}

void register_input_resources(struct arena *arena, const struct aws_cloud *section, struct text_list *all)
{
	struct mistakes mistakes = {.arena = arena};

	check_resources(&mistakes, section);
	tell_mistakes(&mistakes, all);
}

struct text_list register_input_mistakes(struct arena *arena, const struct cloud *cloud)
{
	const struct aws_cloud *section = aws_cloud(cloud);
	struct mistakes mistakes = {.arena = arena};
	struct text_list all = {0};

	check_text(&mistakes, name_row, cloud->name);
	check_text(&mistakes, provider_row, cloud->provider);
	check_text(&mistakes, region_row, cloud->region);
	check_resources(&mistakes, section);
	check_text(&mistakes, account_row, section->control_plane_account);
	check_text(&mistakes, tag_row, section->cloud_tag);
	check_text(&mistakes, external_id_row, section->external_id);
	if (section->setup.no_efs && section->resources.file_system_id)
		text_list_add(arena, &mistakes.malformed,
			"--no-efs: --efs-id names a file system; leave out one of them");
	check_accounts(&mistakes, cloud);
	check_partition(&mistakes, cloud);
	tell_mistakes(&mistakes, &all);
	return all;
}

/* --- options --- */

#define AT(member) offsetof(struct register_options, member)

static size_t make_kind_options(size_t offset, struct option *rows)
{
	return kind_options(kinds, KINDS_COUNT, offset, rows);
}

const struct option register_option_rows[] = {
	{"name", 'n', OPTION_TEXT, AT(name), "NAME", "name of the cloud"},
	{"provider", 0, OPTION_TEXT, AT(provider), "PROVIDER", "where the resources are; only aws"},
	{"", 0, OPTION_ROWS, AT(given), .make = make_kind_options},
	{"no-efs", 0, OPTION_FLAG, AT(given.setup.no_efs), NULL,
		"the cloud has no EFS file system, and --efs-id is left out"},
	{"private-network", 0, OPTION_FLAG, AT(private_network), NULL,
		"clusters run in private subnets and are reached by private addresses"},
	{"control-plane-account", 0, OPTION_TEXT, AT(given.control_plane_account), "ID",
		"account that the control-plane role trusts; 525325868955"},
	{"cloud-tag", 0, OPTION_TEXT, AT(given.cloud_tag), "KEY",
		"tag of what the control plane makes; anyscale-cloud-id, with another account cloudctl-cloud-id"},
	{"file", 'f', OPTION_TEXT, AT(file), "FILE",
		"a record, as 'get -o yaml' prints it; options override what is in it"},
	{"from-stack", 0, OPTION_TEXT, AT(from_stack), "STACK",
		"resources out of the outputs of a CloudFormation stack of yours, by its name or ARN"},
	{"from-terraform", 0, OPTION_TEXT, AT(from_terraform), "FILE",
		"resources out of the outputs of Terraform: what 'terraform output -json' prints, or a state file"},
	{"skip-verifications", 0, OPTION_FLAG, AT(skip_verifications), NULL,
		"register without checking anything"},
	{"", 0, OPTION_ROWS, AT(functional), .make = functional_option_rows},
	{"yes", 'y', OPTION_FLAG, AT(yes), NULL,
		"agree to every question, except whether to register resources that failed a check"},
	{NULL},
};

/* --- merging --- */

/* An option goes before what the file says, of which a record has one or the other. */
static void merge_file_system(const struct aws_cloud *file, const struct aws_cloud *given,
	struct aws_cloud *section)
{
	bool named = given->resources.file_system_id != NULL;

	section->setup.no_efs = given->setup.no_efs || (file->setup.no_efs && !named);
	if (given->setup.no_efs && !named)
		section->resources.file_system_id = NULL;
}

/* Resources from the file, then from the options; what the file's record found out about its own is left out. */
static void merge_resources(struct arena *arena, const struct aws_cloud *file, const struct aws_cloud *given,
	struct aws_cloud *section)
{
	for (enum kind kind = 0; kind < KINDS_COUNT; kind++) {
		struct text_list ids;

		if (!kinds[kind].option)
			continue;
		kind_copy_ids(&kinds[kind], file, section);
		kind_copy_ids(&kinds[kind], given, section);
		ids = kind_ids(arena, &kinds[kind], section);
		if (kinds[kind].identifier_is_accepted && ids.count > 0)
			kind_set_id(&kinds[kind], section, kind_id_given(arena, kind, ids.items[0]));
	}
}

void register_input_merge(struct arena *arena, const struct register_options *options, const char *region,
	struct cloud *cloud)
{
	const struct cloud file = *cloud;
	const char *provider = options->provider ? options->provider : file.provider;
	const char *account = options->given.control_plane_account, *tag = options->given.cloud_tag;
	struct aws_cloud *section;

	*cloud = (struct cloud){.id = file.id,
		.name = options->name ? options->name : file.name,
		.provider = !provider || text_equal_nocase(provider, "aws") ? "aws" : provider,
		.region = region ? region : file.region,
		.networking = options->private_network ? NETWORKING_PRIVATE : file.networking,
		.deployment = DEPLOYMENT_REGISTERED,
		.state = CLOUD_CREATING};
	if (!account)
		account = aws_cloud(&file)->control_plane_account;
	if (!account)
		account = setup_control_plane_account;
	if (!tag)
		tag = aws_cloud(&file)->cloud_tag;
	section = aws_cloud_edit(arena, cloud);
	*section = (struct aws_cloud){
		.control_plane_account = account,
		.cloud_tag = tag ? tag : cloud_tag_default(account),
		.external_id = aws_cloud(&file)->external_id,
	};
	merge_resources(arena, aws_cloud(&file), &options->given, section);
	merge_file_system(aws_cloud(&file), &options->given, section);
	cloud->account = register_input_account(arena, KIND_CONTROL_PLANE_ROLE, cloud);
}

/* --- a record that is there --- */

static const char *difference(struct arena *arena, json_t *said, const json_t *recorded, const char *path)
{
	const char *key;
	json_t *value;

	json_object_foreach (said, key, value) {
		const json_t *other = json_object_get(recorded, key);
		const char *here = arena_printf(arena, "%s%s%s", path, *path ? "." : "", key);
		const char *found = json_is_object(value) ? difference(arena, value, other, here) : NULL;

		if (found || (!json_is_object(value) && !json_equal(value, (json_t *)other)))
			return found ? found : here;
	}
	return NULL;
}

const char *register_input_difference(struct arena *arena, const struct cloud *said,
	const struct cloud *recorded)
{
	struct cloud made = *said;
	json_t *trees[2];
	const char *found;

	/* What only the registry knows. */
	made.id = recorded->id;
	made.state = recorded->state;
	trees[0] = cloud_to_tree(&made);
	trees[1] = cloud_to_tree(recorded);
	found = difference(arena, trees[0], trees[1], "");
	json_decref(trees[0]);
	json_decref(trees[1]);
	return found;
}
