/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `import`: records of clouds that are there already. A managed cloud's is made from its stack; one of another machine is
 * taken from a file. Nothing is changed in AWS, and no record is replaced.
 */
#include "base/arena.h"
#include "base/array.h"
#include "base/tree.h"
#include "base/world.h"
#include "providers/aws/client/aws.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/aws_provider.h"
#include "providers/aws/cloud/caller.h"
#include "providers/aws/cloud/cloud_identity.h"
#include "providers/aws/cloud/cloud_session.h"
#include "providers/aws/cloud/next_steps.h"
#include "providers/aws/cloud/record_file.h"
#include "providers/aws/cloud/stack.h"
#include "providers/aws/cloud/stack_cloud.h"
#include "providers/aws/iam/arn.h"
#include "providers/records/registry.h"
#include "providers/run.h"

struct import {
	struct run *run;
	const struct import_options *options;
	const struct registry *registry;
	struct aws *aws;
	const char *by; /* ARN of the caller */
};

enum { NOT_ALL_IMPORTED = 4 };

/* --- options --- */

static int check_options(const struct import_options *options, struct error *err)
{
	int ways = (options->stack != NULL) + (options->file != NULL) + options->all;

	if (ways != 1)
		return error_set(err, ERROR_USAGE,
			"import: give one of --stack, --all and --file: from which stack, from all, or from which file");
	if (options->name && options->all)
		return error_set(err, ERROR_USAGE, "--name: with --all each cloud has its own name");
	if (options->name && !cloud_name_valid(options->name))
		return error_set(err, ERROR_USAGE,
			"--name: '%s' is not a name: 1 to 64 of A-Z a-z 0-9 _ . - beginning with a letter or digit",
			options->name);
	if (text_starts_with(options->stack ? options->stack : "", "arn:") &&
		!text_glob("arn:*:cloudformation:?*:????????????:stack/?*", options->stack, false))
		return error_set(err, ERROR_USAGE, "--stack: '%s' is not the ARN of a stack", options->stack);
	return 0;
}

/* A session in the region that the cloud is known to be in, or with NULL in the one that is configured. */
static int open_session(struct import *import, const char *region, struct error *err)
{
	struct run *run = import->run;

	if (run->region && region && !text_equal(run->region, region))
		return error_set(err, ERROR_USAGE, "--region: the cloud is in %s, not in %s", region,
			run->region);
	import->aws = cloud_session(run, region, false, err);
	return import->aws ? aws_need_region(import->aws, err) : -1;
}

/* --- the record --- */

static void note_in_history(const struct import *import, struct cloud *cloud)
{
	const struct run *run = import->run;
	const struct past_operation now = {.kind = "import",
		.started = world_now(run->world, run->arena),
		.by = import->by};

	history_step(run->arena, &cloud->history, &now, "record");
	history_end(run->arena, &cloud->history, now.kind, HISTORY_DONE, now.started);
}

/* The name under which a cloud is in the registry; NULL: it is not there, or, with *err set, nobody knows. */
static const char *name_here(const struct import *import, const char *id, struct error *err)
{
	struct cloud other;

	if (registry_load_id(import->registry, id, &other, err) == 0)
		return other.name;
	if (err->kind == ERROR_NOT_FOUND)
		error_clear(err);
	return NULL;
}

static int write_record(const struct import *import, struct cloud *cloud, struct error *err)
{
	_cleanup_unlock_ struct registry_lock *lock = registry_lock(import->registry, cloud->name, 0, err);
	const char *here;

	if (!lock)
		return -1;
	here = name_here(import, cloud->id, err);
	if (here)
		return error_set(err, ERROR_CONFLICT,
			"the cloud %s is recorded already, as '%s'; nothing was changed", cloud->id, here);
	if (err->kind != ERROR_NONE)
		return -1;
	note_in_history(import, cloud);
	if (registry_create(import->registry, cloud, err) == 0)
		return 0;
	if (err->kind == ERROR_CONFLICT)
		error_wrap(err, "choose another name with --name");
	return -1;
}

static int record_cloud(const struct import *import, struct cloud *cloud, struct error *err)
{
	struct run *run = import->run;
	const char *kind;

	if (import->options->name)
		cloud->name = import->options->name;
	run->begin(run, cloud);
	if (write_record(import, cloud, err) < 0)
		return -1;
	kind = cloud->operation.kind;
	event_step(run->stream, STEP_NOTE, "Cloud '%s' (%s) is imported: %s, %s, in %s, account %s.",
		cloud->name, cloud->id, cloud_deployment_names[cloud->deployment],
		cloud_state_names[cloud->state], cloud->region, cloud->account);
	if (kind)
		event_step(run->stream, STEP_NOTE,
			"Its %s has not ended. To go on with it: cloudctl %s --name %s", kind, kind,
			cloud->name);
	else
		event_step(run->stream, STEP_NOTE, "To verify it: cloudctl verify %s", cloud->name);
	run->result.cloud = cloud;
	return 0;
}

/* --- from a stack --- */

static int read_stack(const struct import *import, const char *name_or_arn, struct cloud *cloud,
	struct error *err)
{
	struct arena *arena = import->run->arena;
	struct stack stack;

	if (stack_describe(import->aws, arena, name_or_arn, &stack, err) < 0)
		return -1;
	if (stack.phase == STACK_ABSENT || stack.phase == STACK_DELETED)
		return error_set(err, ERROR_NOT_FOUND, "there is no stack %s in %s", name_or_arn,
			aws_region(import->aws));
	return stack_cloud_read(arena, &stack, cloud, err);
}

/* "prod" of a stack's ARN, "…:stack/prod/…"; the text itself when it is a name. */
static const char *stack_name(struct arena *arena, const char *stack)
{
	struct text_list parts = text_split(arena, stack, '/');

	return parts.count > 1 ? parts.items[1] : stack;
}

static int import_stack(struct import *import, struct error *err)
{
	struct arena *arena = import->run->arena;
	const char *stack = import->options->stack, *region, *account = arn_account(arena, stack);
	struct cloud *cloud = NEW(arena, struct cloud);
	size_t length;

	region = arn_find(stack, ARN_REGION, &length);
	if (open_session(import, region ? arena_strndup(arena, region, length) : NULL, err) < 0)
		return -1;
	*cloud = (struct cloud){.name = text_or(import->options->name, stack_name(arena, stack)),
		.account = *account ? account : NULL};
	import->by = caller_of(import->aws, arena, cloud, err);
	if (!import->by || read_stack(import, stack, cloud, err) < 0)
		return -1;
	return record_cloud(import, cloud, err);
}

/* --- from a file --- */

/* The stack that the record is of is there; one that setup has not finished need not be. */
static int find_stack(const struct import *import, const struct cloud *cloud, struct error *err)
{
	struct stack stack;

	if (cloud->deployment != DEPLOYMENT_MANAGED)
		return 0;
	if (cloud_find_stack(import->aws, import->run->arena, cloud, &stack, err) < 0)
		return -1;
	if (cloud->state == CLOUD_READY && (stack.phase == STACK_ABSENT || stack.phase == STACK_DELETED))
		return error_set(err, ERROR_CONFLICT,
			"there is no stack %s in %s, so the cloud of this record does not exist any more; nothing was recorded",
			aws_cloud(cloud)->stack_name, cloud->region);
	return 0;
}

static int import_file(struct import *import, struct error *err)
{
	struct arena *arena = import->run->arena;
	const char *file = import->options->file;
	struct cloud *cloud = NEW(arena, struct cloud);

	if (record_file_read(arena, file, cloud, err) < 0)
		return -1;
	if (!cloud->name)
		cloud->name = import->options->name;
	if (cloud_complete(cloud, err) < 0)
		return error_wrap(err, "reading %s", file);
	if (cloud_identity_check_in(arena, cloud, file, err) < 0 ||
		open_session(import, cloud->region, err) < 0)
		return -1;
	import->by = caller_of(import->aws, arena, cloud, err);
	if (!import->by || find_stack(import, cloud, err) < 0)
		return -1;
	return record_cloud(import, cloud, err);
}

/* --- all of an account and a region --- */

struct import_listing {
	struct import *import;
	const char **cells;
	size_t rows, failed;
	json_t *document;
};

static const char *const headings[] = {"NAME", "ID", "STATE", "RESULT"};

static void add_row(struct import_listing *all, const struct cloud *cloud, const char *result,
	const char *why)
{
	struct arena *arena = all->import->run->arena;
	const char **cells = all->cells + all->rows++ * ARRAY_LENGTH(headings);

	cells[0] = cloud->name;
	cells[1] = cloud->id;
	cells[2] = cloud->id ? cloud_state_names[cloud->state] : NULL;
	cells[3] = why ? arena_printf(arena, "%s: %s", result, why) : result;
	json_array_append_new(all->document,
		json_pack("{s:s*, s:s*, s:s*, s:s, s:s*}", "name", cells[0], "id", cells[1], "state",
			cells[2], "result", result, "why", why));
}

static int import_one(struct import_listing *all, const json_t *summary, struct error *err)
{
	const struct import *import = all->import;
	struct arena *arena = import->run->arena;
	struct cloud cloud = {0};
	const char *here;

	if (read_stack(import, tree_text(summary, "StackId"), &cloud, err) == 0) {
		here = name_here(import, cloud.id, err);
		if (here) {
			cloud.name = here;
			add_row(all, &cloud, "recorded already", NULL);
			return 0;
		}
		if (err->kind == ERROR_NONE && write_record(import, &cloud, err) == 0) {
			add_row(all, &cloud, "imported", NULL);
			return 0;
		}
	}
	if (err->kind == ERROR_INTERRUPTED || err->kind == ERROR_CREDENTIALS)
		return -1;
	if (!cloud.name)
		cloud.name = tree_text(summary, "StackName");
	add_row(all, &cloud, "not imported", error_text(arena, err));
	all->failed++;
	error_clear(err);
	return 0;
}

static bool is_of_cloud(const json_t *summary)
{
	return stack_cloud_named(tree_text(summary, "StackName")) &&
		!text_equal(tree_text(summary, "StackStatus"), "DELETE_COMPLETE");
}

static int list_results(struct import_listing *all)
{
	struct run *run = all->import->run;

	run->result.document = all->document;
	run->result.table = (struct run_table){headings, all->cells, ARRAY_LENGTH(headings), all->rows};
	if (all->rows > 0)
		return all->failed > 0 ? NOT_ALL_IMPORTED : 0;
	run->result.lines = "";
	event_step(run->stream, STEP_NOTE, "There is no stack of a cloud in %s, asked as %s.",
		aws_region(all->import->aws), all->import->by);
	return 0;
}

static int import_all(struct import *import, struct error *err)
{
	struct run *run = import->run;
	struct import_listing all = {.import = import, .document = tree_defer(run->arena, json_array())};
	const struct cloud any = {.name = "all"};
	const json_t *reply;

	if (open_session(import, NULL, err) < 0)
		return -1;
	import->by = caller_of(import->aws, run->arena, &any, err);
	reply = import->by ? aws_call(import->aws, run->arena, &cloudformation_ListStacks, NULL, err) : NULL;
	if (!reply)
		return error_wrap(err, "looking for stacks of clouds");
	run->begin(run, &any);
	all.cells = NEW_ARRAY(run->arena, const char *,
		(json_array_size(json_object_get(reply, "StackSummaries")) + 1) * ARRAY_LENGTH(headings));
	TREE_EACH (summary, reply, "StackSummaries")
		if (is_of_cloud(summary) && import_one(&all, summary, err) < 0)
			return -1;
	return list_results(&all);
}

/* --- the command --- */

int cloud_import(struct run *run, const void *data, struct error *err)
{
	const struct import_options *options = data;
	struct import import = {.run = run, .options = options};
	int code;

	if (check_options(options, err) < 0)
		return -1;
	run->result.alone = true;
	import.registry = run->registry(run, err);
	if (!import.registry)
		return -1;
	code = options->all     ? import_all(&import, err)
		: options->file ? import_file(&import, err)
				: import_stack(&import, err);
	if (code < 0)
		next_steps_denied("import", err);
	return code;
}

#define AT(member) offsetof(struct import_options, member)

const struct option import_option_rows[] = {
	{"stack", 0, OPTION_TEXT, AT(stack), "STACK",
		"name or ARN of the CloudFormation stack of a cloud that setup made"},
	{"all", 0, OPTION_FLAG, AT(all), NULL,
		"every cloud that setup made in the account and region of the credentials"},
	{"file", 'f', OPTION_TEXT, AT(file), "FILE",
		"a record of another machine, as 'get -o yaml' prints it"},
	{"name", 'n', OPTION_TEXT, AT(name), "NAME", "name of the record; the one that the cloud had"},
	{NULL},
};
