/* SPDX-License-Identifier: Apache-2.0 */
/* From options and a file to the cloud that is wanted: loops over the kinds of resources. */
#include "providers/aws/cloud/edit_input.h"

#include "base/arena.h"
#include "base/array.h"
#include "providers/aws/cloud/functional/functional_verify.h"
#include "providers/aws/cloud/kinds.h"
#include "providers/aws/cloud/register_input.h"

/* --- options --- */

#define AT(member) offsetof(struct edit_options, member)

/* The kinds after the VPC: a cloud in another VPC is another cloud. */
static const struct resource_kind *const editable = kinds + KIND_SUBNETS;
enum { EDITABLE = KINDS_COUNT - KIND_SUBNETS };

static size_t make_kind_options(size_t offset, struct option *rows)
{
	return kind_options(editable, EDITABLE, offset, rows);
}

const struct option edit_option_rows[] = {
	{"", 0, OPTION_ROWS, AT(given), .make = make_kind_options},
	{"efs-mount-target-ip", 0, OPTION_TEXT, AT(given.resources.mount_target_ip), "ADDRESS",
		"address of the mount target to use; that in the cloud's first subnet"},
	{.name = "aws-s3-id", .alias_of = "s3-bucket-id"},
	{.name = "aws-efs-id", .alias_of = "efs-id"},
	{.name = "aws-efs-mount-target-ip", .alias_of = "efs-mount-target-ip"},
	{"file", 'f', OPTION_TEXT, AT(file), "FILE",
		"a record, as 'get -o yaml' prints it, with other resources; options override what is in it"},
	{"revert", 0, OPTION_FLAG, AT(revert), NULL, "go back to the resources that the last edit replaced"},
	{"", 0, OPTION_ROWS, AT(functional), .make = functional_option_rows},
	{"plan", 0, OPTION_FLAG, AT(plan), NULL, "say what would be changed, and change nothing"},
	{"yes", 'y', OPTION_FLAG, AT(yes), NULL, "agree to the question"},
	{NULL},
};

static bool any_resource(const struct aws_cloud *given)
{
	struct arena arena = {0};
	bool any = given->resources.mount_target_ip != NULL;

	for (size_t i = 0; i < EDITABLE; i++)
		any = any || kind_ids(&arena, &editable[i], given).count > 0;
	arena_free(&arena);
	return any;
}

int edit_input_asked(const struct edit_options *options, bool *asked, struct error *err)
{
	bool resources = options->file || any_resource(&options->given);

	*asked = resources || options->revert;
	if (resources && options->revert)
		return error_set(err, ERROR_USAGE,
			"--revert goes back to what the last edit replaced; nothing else can be asked for with it");
	return 0;
}

/* --- what is wanted --- */

/* The same ids, in whatever order. */
static bool same_ids(const struct text_list *a, const struct text_list *b)
{
	for (size_t i = 0; i < a->count; i++)
		if (!text_list_has(b, a->items[i]))
			return false;
	return a->count == b->count;
}

/* In place of the section's ids those that are given, unless they are the same. Have they become others? */
static bool replace(struct arena *arena, enum kind kind, const struct aws_cloud *given,
	struct aws_cloud *section)
{
	struct text_list now = kind_ids(arena, &kinds[kind], section);
	struct text_list wanted = kind_ids(arena, &kinds[kind], given);

	if (wanted.count == 0)
		return false;
	if (kinds[kind].form == KIND_TEXT)
		wanted.items[0] = kind_id_given(arena, kind, wanted.items[0]);
	if (same_ids(&now, &wanted))
		return false;
	if (kinds[kind].form == KIND_TEXT)
		kind_set_id(&kinds[kind], section, wanted.items[0]);
	else
		kind_copy_ids(&kinds[kind], given, section);
	return true;
}

/* What was found out about the MemoryDB cluster of before does not hold for another one. */
static void forget_memorydb(struct aws_resources *resources)
{
	if (text_equal(resources->memorydb_cluster, "none"))
		resources->memorydb_cluster = NULL;
	resources->memorydb_arn = resources->memorydb_endpoint = NULL;
}

static void merge(struct arena *arena, const struct aws_cloud *given, const char *address,
	struct aws_cloud *section)
{
	bool elsewhere = false;

	for (enum kind kind = KIND_SUBNETS; kind < KINDS_COUNT; kind++) {
		if (!kinds[kind].option || !replace(arena, kind, given, section))
			continue;
		if (kind == KIND_MEMORYDB)
			forget_memorydb(&section->resources);
		if (kind == KIND_FILE_SYSTEM)
			section->setup.no_efs = false;
		elsewhere = elsewhere || kind == KIND_SUBNETS || kind == KIND_FILE_SYSTEM;
	}
	if (address || elsewhere)
		section->resources.mount_target_ip = address;
}

struct cloud edit_input_apply(struct arena *arena, const struct edit_options *options,
	const struct cloud *file, const struct cloud *cloud)
{
	struct cloud candidate = cloud_copy(arena, cloud);
	struct aws_cloud *section = aws_cloud_edit(arena, &candidate);
	const char *own = section->resources.mount_target_ip;
	const char *address = aws_cloud(file)->resources.mount_target_ip;

	/* A file that was printed before has the address of before. */
	merge(arena, aws_cloud(file), text_equal(address, own) ? NULL : address, section);
	merge(arena, &options->given, options->given.resources.mount_target_ip, section);
	return candidate;
}

int edit_input_revert(struct arena *arena, const struct cloud *cloud, struct cloud *candidate,
	struct error *err)
{
	const struct aws_resources *previous = &aws_cloud(cloud)->previous.resources;
	struct aws_cloud *section;

	if (!previous->vpc_id)
		return error_set(err, ERROR_CONFLICT,
			"there is nothing to go back to: no edit of cloud '%s' is recorded", cloud->name);
	*candidate = cloud_copy(arena, cloud);
	section = aws_cloud_edit(arena, candidate);
	section->resources = *previous;
	section->setup.no_efs = !previous->file_system_id;
	return 0;
}

/* --- mistakes --- */

static void note_other(struct arena *arena, struct text_list *mistakes, const char *member, const char *file,
	const char *cloud)
{
	if (file && !text_equal(file, cloud))
		text_list_add(arena, mistakes,
			arena_printf(arena,
				"--file: its %s is %s, the cloud's is %s, which 'edit' does not change",
				member, file, text_or(cloud, "not recorded")));
}

static void note_account(struct arena *arena, struct text_list *mistakes, enum kind role,
	const struct cloud *candidate)
{
	const char *account = register_input_account(arena, role, candidate);

	if (account && candidate->account && !text_equal(account, candidate->account))
		text_list_add(arena, mistakes,
			arena_printf(arena, "--%s: the role is in account %s, the cloud in %s",
				kinds[role].option, account, candidate->account));
}

struct text_list edit_input_mistakes(struct arena *arena, const struct edit_options *options,
	const struct cloud *file, const struct cloud *cloud, const struct cloud *candidate)
{
	const char *address = options->given.resources.mount_target_ip;
	struct text_list mistakes = {0};

	note_other(arena, &mistakes, "name", file->name, cloud->name);
	note_other(arena, &mistakes, "id", file->id, cloud->id);
	note_other(arena, &mistakes, "region", file->region, cloud->region);
	note_other(arena, &mistakes, "account", file->account, cloud->account);
	note_other(arena, &mistakes, "VPC", aws_cloud(file)->resources.vpc_id,
		aws_cloud(cloud)->resources.vpc_id);
	if (file->networking == NETWORKING_PRIVATE)
		note_other(arena, &mistakes, "networking", cloud_networking_names[file->networking],
			cloud_networking_names[cloud->networking]);
	register_input_resources(arena, aws_cloud(candidate), &mistakes);
	if (address && !kind_address_valid(address))
		text_list_add(arena, &mistakes,
			arena_printf(arena, "--efs-mount-target-ip: '%s' is not %s", address,
				KIND_ADDRESS_FORM));
	note_account(arena, &mistakes, KIND_CONTROL_PLANE_ROLE, candidate);
	note_account(arena, &mistakes, KIND_NODE_ROLE, candidate);
	return mistakes;
}

/* --- the difference --- */

static void add_change(struct edit_changes *changes, const char *what, struct text_list from,
	struct text_list to)
{
	if (!same_ids(&from, &to))
		changes->items[changes->count++] = (struct edit_change){what, from, to};
}

static struct text_list one(struct arena *arena, const char *text)
{
	struct text_list list = {0};

	if (text)
		text_list_add(arena, &list, text);
	return list;
}

struct edit_changes edit_changes(struct arena *arena, const struct cloud *from, const struct cloud *to)
{
	const struct aws_cloud *was = aws_cloud(from), *is = aws_cloud(to);
	struct edit_changes changes = {NEW_ARRAY(arena, struct edit_change, KINDS_COUNT + 1), 0};

	for (enum kind kind = 0; kind < KINDS_COUNT; kind++) {
		if (!kinds[kind].option)
			continue;
		add_change(&changes, kinds[kind].word, kind_ids(arena, &kinds[kind], was),
			kind_ids(arena, &kinds[kind], is));
		if (kind == KIND_FILE_SYSTEM)
			add_change(&changes, "mount target address",
				one(arena, was->resources.mount_target_ip),
				one(arena, is->resources.mount_target_ip));
	}
	return changes;
}
