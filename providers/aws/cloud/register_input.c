/* SPDX-License-Identifier: Apache-2.0 */
/* What was given into a record, and all mistakes in it: the resources by the table of kinds, the rest here. */
#include "providers/aws/cloud/register_input.h"

#include "base/arena.h"
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

/* --- what a user gives --- */

/* An option, or a member of a file, and what was given for it. */
struct input {
	const char *name; /* "--vpc-id" */
	bool optional;
	bool (*valid)(const char *text);
	const char *valid_form; /* after "is not" */
	struct text_list values;
};

/* What is no kind of resource. */
static const struct input input_name = {"--name", .valid = cloud_name_valid,
	.valid_form = "a name: 1 to 64 of A-Z a-z 0-9 _ . - beginning with a letter or digit"};
static const struct input input_provider = {"--provider", .optional = true, .valid = is_aws,
	.valid_form = "supported; cloudctl works with aws"};
static const struct input input_region = {"--region", .valid = aws_region_valid,
	.valid_form = "a region, such as us-west-2"};
static const struct input input_account = {"--control-plane-account", .valid = aws_account_valid,
	.valid_form = "an account id of 12 digits"};
static const struct input input_external_id = {"external_id", .optional = true, .valid = is_external_id,
	.valid_form = "an external id: 2 to 1224 of A-Z a-z 0-9 _ + = , . @ : / -"};

struct inputs {
	struct input items[KINDS_COUNT + 5];
	size_t count;
};

static void add_text(struct arena *arena, struct inputs *inputs, struct input input, const char *value)
{
	if (value)
		text_list_add(arena, &input.values, value);
	inputs->items[inputs->count++] = input;
}

static struct inputs inputs_of(struct arena *arena, const struct cloud *cloud)
{
	const struct aws_cloud *section = aws_cloud(cloud);
	struct inputs inputs = {0};

	add_text(arena, &inputs, input_name, cloud->name);
	add_text(arena, &inputs, input_provider, cloud->provider);
	add_text(arena, &inputs, input_region, cloud->region);
	for (size_t i = 0; i < KINDS_COUNT; i++) {
		const struct resource_kind *kind = &kinds[i];

		if (kind->option)
			inputs.items[inputs.count++] = (struct input){arena_printf(arena, "--%s",
									      kind->option),
				kind->optional, kind->valid, kind->valid_form,
				kind_ids(arena, kind, section)};
	}
	add_text(arena, &inputs, input_account, section->control_plane_account);
	add_text(arena, &inputs, input_external_id, section->external_id);
	return inputs;
}

static void add_missing(struct arena *arena, const struct inputs *inputs, struct text_list *mistakes)
{
	struct text_list missing = {0};

	for (size_t i = 0; i < inputs->count; i++)
		if (!inputs->items[i].optional && inputs->items[i].values.count == 0)
			text_list_add(arena, &missing, inputs->items[i].name);
	if (missing.count > 0)
		text_list_add(arena, mistakes,
			arena_printf(arena, "missing: %s", text_join(arena, &missing, ", ")));
}

static bool seen_before(const struct text_list *values, size_t i)
{
	const struct text_list before = {.items = values->items, .count = i};

	return text_list_has(&before, values->items[i]);
}

static void add_malformed(struct arena *arena, const struct input *input, struct text_list *mistakes)
{
	const struct text_list *values = &input->values;

	for (size_t i = 0; i < values->count; i++) {
		if (!input->valid(values->items[i]))
			text_list_add(arena, mistakes,
				arena_printf(arena, "%s: '%s' is not %s", input->name, values->items[i],
					input->valid_form));
		else if (seen_before(values, i))
			text_list_add(arena, mistakes,
				arena_printf(arena, "%s: '%s' is given twice", input->name,
					values->items[i]));
	}
}

/* The account in a role's ARN; NULL when there is no valid one. */
static const char *account_of(struct arena *arena, enum kind role, const struct cloud *cloud)
{
	struct text_list arns = kind_ids(arena, &kinds[role], aws_cloud(cloud));

	return arns.count > 0 && kinds[role].valid(arns.items[0]) ? arn_account(arena, arns.items[0]) : NULL;
}

static void add_accounts(struct arena *arena, const struct cloud *cloud, struct text_list *mistakes)
{
	const char *control_plane = account_of(arena, KIND_CONTROL_PLANE_ROLE, cloud);
	const char *node = account_of(arena, KIND_NODE_ROLE, cloud);

	if (control_plane && node && !text_equal(control_plane, node))
		text_list_add(arena, mistakes,
			arena_printf(arena, "--node-role-arn: the roles are in different accounts, %s and %s",
				control_plane, node));
}

struct text_list register_input_mistakes(struct arena *arena, const struct cloud *cloud)
{
	const struct inputs inputs = inputs_of(arena, cloud);
	struct text_list mistakes = {0};

	add_missing(arena, &inputs, &mistakes);
	for (size_t i = 0; i < inputs.count; i++)
		add_malformed(arena, &inputs.items[i], &mistakes);
	add_accounts(arena, cloud, &mistakes);
	return mistakes;
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
	{"private-network", 0, OPTION_FLAG, AT(private_network), NULL,
		"clusters run in private subnets and are reached by private addresses"},
	{"control-plane-account", 0, OPTION_TEXT, AT(given.control_plane_account), "ID",
		"account that the control-plane role trusts; 525325868955"},
	{"file", 'f', OPTION_TEXT, AT(file), "FILE",
		"a record, as 'get -o yaml' prints it; options override what is in it"},
	{"skip-verifications", 0, OPTION_FLAG, AT(skip_verifications), NULL,
		"register without checking anything"},
	{"yes", 'y', OPTION_FLAG, AT(yes), NULL,
		"agree to every question, except whether to register resources that failed a check"},
	{NULL},
};

/* --- merging --- */

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
	const char *account = options->given.control_plane_account;
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
	section = aws_cloud_edit(arena, cloud);
	*section = (struct aws_cloud){
		.control_plane_account = account ? account : setup_control_plane_account,
		.external_id = aws_cloud(&file)->external_id,
	};
	merge_resources(arena, aws_cloud(&file), &options->given, section);
	cloud->account = account_of(arena, KIND_CONTROL_PLANE_ROLE, cloud);
}
