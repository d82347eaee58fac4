/* SPDX-License-Identifier: Apache-2.0 */
/* `policy`: what a command needs as an IAM policy, or what of it the caller is missing. */
#include "base/arena.h"
#include "base/array.h"
#include "base/tree.h"
#include "providers/aws/client/aws.h"
#include "providers/aws/client/endpoint.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/aws_provider.h"
#include "providers/aws/cloud/cloud_session.h"
#include "providers/aws/cloud/permissions/command_needs.h"
#include "providers/aws/cloud/ray/ray_policy.h"
#include "providers/records/cloud.h"
#include "providers/run.h"

static int check_command(struct arena *arena, const char *command, struct error *err)
{
	struct text_list names = text_split(arena, POLICY_COMMANDS "|" RAY_POLICIES, '|');
	const char *all = text_join(arena, &names, ", ");
	const char *near = command ? text_nearest(command, &names) : NULL;

	if (!command)
		return error_set(err, ERROR_USAGE, "policy: for which command? One of %s", all);
	if (text_list_has(&names, command))
		return 0;
	return error_set(err, ERROR_USAGE,
		near ? "policy: no policy for '%s'; did you mean '%s'?"
		     : "policy: no policy for '%s'; choose one of %s",
		command, near ? near : all);
}

/* Of "arn:aws:cloudformation:us-west-2:123456789012:stack/NAME/ID" the NAME. */
static const char *stack_name(struct arena *arena, const char *name_or_arn)
{
	struct text_list parts;

	if (!name_or_arn || !text_starts_with(name_or_arn, "arn:"))
		return name_or_arn;
	parts = text_split(arena, name_or_arn, '/');
	return parts.count > 1 ? parts.items[1] : name_or_arn;
}

/* AWS CloudFormation API Reference, CreateStack, "StackName". */
static bool is_stack_name(const char *text)
{
	return text_only(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-", 1, 128);
}

static int check_options(struct run *run, const struct policy_options *options, struct error *err)
{
	const char *region = run->region, *key = options->key_arn, *mistake;

	if (check_command(run->arena, options->command, err) < 0 ||
		setup_choices_check(run->arena, &options->choices, err) < 0)
		return -1;
	if (options->account && !aws_account_valid(options->account))
		return error_set(err, ERROR_USAGE, "--account: '%s' is not 12 digits", options->account);
	if (region && !endpoint_region_valid(region))
		return error_set(err, ERROR_USAGE,
			"--region: '%s' is not the name of a region, such as us-west-2", region);
	mistake = region ? setup_choices_mistake(run->arena, &options->choices, region) : NULL;
	if (mistake)
		return error_set(err, ERROR_USAGE, "%s", mistake);
	if (options->cluster && !ray_policy_is(options->command))
		return error_set(err, ERROR_USAGE, "--cluster is for " RAY_POLICIES);
	if (options->cluster && !ray_cluster_name_valid(options->cluster))
		return error_set(err, ERROR_USAGE, "--cluster: '%s' is not 1 to 63 of A-Z a-z 0-9 and _.-",
			options->cluster);
	if (options->check && ray_policy_is(options->command))
		return error_set(err, ERROR_USAGE,
			"--check asks what you are missing; '%s' is the policy of a role", options->command);
	if (options->check && options->part)
		return error_set(err, ERROR_USAGE, "--part cannot be used with --check");
	if (options->vpc_id && !kinds[KIND_VPC].valid(options->vpc_id))
		return error_set(err, ERROR_USAGE, "--vpc-id: '%s' is not %s", options->vpc_id,
			kinds[KIND_VPC].valid_form);
	if (options->from_stack && !is_stack_name(stack_name(run->arena, options->from_stack)))
		return error_set(err, ERROR_USAGE,
			"--from-stack: '%s' is neither the name of a stack nor its ARN", options->from_stack);
	if (key && !text_glob("arn:*:kms:*:*:key/*", key, false))
		return error_set(err, ERROR_USAGE,
			"--kms-key-arn: '%s' is not the ARN of a key, such as arn:aws:kms:us-west-2:123456789012:key/…",
			key);
	return 0;
}

/* Only a cloud that is named: without one the policy is for any, not for the default cloud. */
static int find_cloud(struct run *run, const struct policy_options *options, struct cloud *cloud,
	struct command_subject *subject, struct error *err)
{
	const struct cloud_selector *selector = &options->selector;

	if (!selector->positional && !selector->name && !selector->id)
		return 0;
	if (run->find_cloud(run, selector, cloud, err) < 0)
		return -1;
	if (options->account && cloud->account && !text_equal(options->account, cloud->account))
		return error_set(err, ERROR_USAGE, "--account: cloud '%s' is in account %s", cloud->name,
			cloud->account);
	subject->cloud = cloud;
	subject->region = cloud->region;
	subject->account = cloud->account;
	return 0;
}

/* --- the policy --- */

/* A policy that is too long for a managed one can be had in parts, or attached to a role as an inline policy. */
static int put_policy(struct run *run, const json_t *policy, const char *number, struct error *err)
{
	const json_t *parts = tree_defer(run->arena, needs_policy_parts(policy));
	size_t count = json_array_size(parts);
	uint64_t part = 0;

	if (number && !text_number(number, 1, count, &part))
		return error_set(err, ERROR_USAGE, "--part: must be 1 to %zu, the parts of this policy",
			count);
	run->result.document = number ? json_array_get(parts, part - 1) : policy;
	if (!number && count > 1)
		text_list_add(run->arena, &run->result.notes,
			arena_printf(run->arena,
				"%zu characters: more than a managed policy may have (%d); print it as %zu policies with --part 1 to --part %zu",
				needs_policy_size(policy), NEEDS_POLICY_MAX, count, count));
	return 0;
}

/* Values unknown until AWS is asked become "*". */
static int make_policy(struct run *run, struct command_subject *subject, const char *part, struct error *err)
{
	struct command_needs command;

	subject->partition = subject->region ? endpoint_partition(subject->region)->name : "aws";
	if (!subject->region)
		subject->region = "*";
	if (!subject->account)
		subject->account = "*";
	if (command_needs_make(run->arena, subject, &command, err) < 0)
		return -1;
	return put_policy(run,
		tree_defer(run->arena, needs_policy(run->arena, &command.needs, &command.scope)), part, err);
}

/* --- what the caller is missing --- */

static json_t *check_tree(const struct command_check *check, const char *command)
{
	json_t *lacking = json_array();

	for (size_t i = 0; i < check->missing.count; i++) {
		const struct missing_permission *one = &check->missing.items[i];

		json_array_append_new(lacking,
			json_pack("{s:s, s:s, s:s}", "action", one->action, "resource", one->resource, "why",
				one->why));
	}
	return json_pack("{s:s, s:s, s:s*, s:i, s:o, s:s*}", "command", command, "caller", check->caller.arn,
		"principal", check->caller.principal, "needed", (int)check->command.needs.count, "lacking",
		lacking, "undetermined", check->undetermined);
}

static struct run_table check_table(struct arena *arena, const struct missing_permissions *missing)
{
	static const char *const headings[] = {"LACKING", "RESOURCE", "WHY"};
	const char **cells = NEW_ARRAY(arena, const char *, missing->count *ARRAY_LENGTH(headings)),
		   **cell = cells;

	for (size_t i = 0; i < missing->count; i++) {
		*cell++ = missing->items[i].action;
		*cell++ = missing->items[i].resource;
		*cell++ = missing->items[i].why;
	}
	return (struct run_table){headings, cells, ARRAY_LENGTH(headings), missing->count};
}

static const char *check_lines(struct arena *arena, const struct command_check *check, const char *command)
{
	if (check->undetermined)
		return arena_printf(arena, "Not determined: %s\n", check->undetermined);
	if (check->missing.count > 0)
		return NULL;
	return arena_printf(arena, "%s may do all that 'cloudctl %s' needs: %zu actions%s.\n",
		check->caller.arn, command, check->command.needs.count,
		check->caller.root ? ", as the root user" : "");
}

/* Exit code: 0 nothing is missing, 1 something is, 3 nothing is known to be missing but IAM did not say everything. */
static int check_policy(struct run *run, const struct command_subject *subject, struct error *err)
{
	struct aws *aws = cloud_session(run, subject->region, false, err);
	struct command_check check;
	size_t counts[VERDICTS] = {0};

	if (!aws || aws_need_region(aws, err) < 0 || command_check(aws, run->arena, subject, &check, err) < 0)
		return -1;
	run->result.document = tree_defer(run->arena, check_tree(&check, subject->command));
	run->result.table = check_table(run->arena, &check.missing);
	run->result.lines = check_lines(run->arena, &check, subject->command);
	if (check.undetermined)
		counts[VERDICT_UNKNOWN]++;
	for (size_t i = 0; i < check.missing.count; i++)
		counts[check.missing.items[i].uncertain ? VERDICT_UNKNOWN : VERDICT_FAIL]++;
	return verdict_exit_code(counts, false);
}

/* Of a cloud's network and bucket, so there is no such policy for any cloud. */
static int put_ray_policy(struct run *run, const struct policy_options *options, struct error *err)
{
	const struct aws_resources *resources;
	struct cloud cloud;

	if (run->find_cloud(run, &options->selector, &cloud, err) < 0)
		return -1;
	resources = &aws_cloud(&cloud)->resources;
	if (!cloud.account || !cloud.region || !resources->vpc_id || !resources->bucket)
		return error_set(err, ERROR_USAGE, "cloud '%s' is not ready: its record names no %s",
			cloud.name, resources->vpc_id ? "bucket" : "VPC");
	return put_policy(run, ray_policy(run->arena, &cloud, options->command, options->cluster),
		options->part, err);
}

int cloud_policy(struct run *run, const void *data, struct error *err)
{
	const struct policy_options *options = data;
	struct command_subject subject = {
		.command = options->command,
		.deployment = options->deployment,
		.memorydb = options->memorydb,
		.private_network = options->private_network,
		.vpc_id = options->vpc_id,
		.simulate = options->simulate,
		.continues = options->continues,
		.clean = options->clean,
		.functional = options->functional,
		.from_stack = stack_name(run->arena, options->from_stack),
		.with_bucket = options->with_bucket,
		.keep_file_system = options->keep_file_system,
		.choices = options->choices,
		.key_arn = options->key_arn,
		.region = run->region,
		.account = options->account,
	};
	struct cloud cloud;

	if (check_options(run, options, err) < 0)
		return -1;
	if (ray_policy_is(options->command))
		return put_ray_policy(run, options, err);
	if (find_cloud(run, options, &cloud, &subject, err) < 0)
		return -1;
	return options->check ? check_policy(run, &subject, err)
			      : make_policy(run, &subject, options->part, err);
}

#define AT(member) offsetof(struct policy_options, member)

const struct option policy_option_rows[] = {
	{"COMMAND", 0, OPTION_ARGUMENT, AT(command), NULL,
		"the command: " POLICY_COMMANDS "; or a role of Ray: " RAY_POLICIES},
	{"CLOUD", 0, OPTION_ARGUMENT, AT(selector.positional), NULL,
		"name or id of the cloud that the policy is for (default: any cloud)"},
	{"name", 'n', OPTION_TEXT, AT(selector.name), "NAME", "name of the cloud"},
	{"cloud-id", 0, OPTION_TEXT, AT(selector.id), "ID", "id of the cloud (cld_...)"},
	{"id", .alias_of = "cloud-id"},
	{"account", 0, OPTION_TEXT, AT(account), "ID", "account that the policy is for (default: any)"},
	{"deployment", 0, OPTION_TEXT, AT(deployment), NULL,
		"only for clouds that setup created, or only for those that register took over (default: both)",
		"managed|registered"},
	{"enable-head-node-fault-tolerance", 0, OPTION_FLAG, AT(memorydb), NULL,
		"also for clouds with MemoryDB"},
	{"private-network", 0, OPTION_FLAG, AT(private_network), NULL, "also for clouds in private subnets"},
	{"vpc-id", 0, OPTION_TEXT, AT(vpc_id), "ID", "for setup --vpc-id, in this VPC"},
	{"from-stack", 0, OPTION_TEXT, AT(from_stack), "STACK",
		"also for register --from-stack, of this stack, by its name or ARN"},
	{"kms-key-arn", 0, OPTION_TEXT, AT(key_arn), "ARN",
		"also to read the policy of the bucket's KMS key"},
	{"", 0, OPTION_ROWS, AT(choices), .make = setup_choices_options},
	{"cluster", 0, OPTION_TEXT, AT(cluster), "NAME",
		"for ray-launcher, ray-head and ray-worker: only this cluster (default: any of the cloud)"},
	{"simulate", 0, OPTION_FLAG, AT(simulate), NULL, "also for verify --simulate"},
	{"continue", 0, OPTION_FLAG, AT(continues), NULL, "also for update --continue"},
	{"functional", 0, OPTION_OPTIONAL, AT(functional), NULL,
		"also for --functional-verify and verify --sweep, what the caller needs; or what the control-plane role needs for it, and nothing else",
		"caller|control-plane"},
	{"clean", 0, OPTION_FLAG, AT(clean), NULL, "also for delete --clean"},
	{"with-bucket", 0, OPTION_FLAG, AT(with_bucket), NULL, "also for delete --with-bucket"},
	{"keep-file-system", 0, OPTION_FLAG, AT(keep_file_system), NULL,
		"also for delete --keep-file-system"},
	{"part", 0, OPTION_TEXT, AT(part), "NUMBER",
		"only this part of a policy that is too long for one managed policy"},
	{"check", 0, OPTION_FLAG, AT(check), NULL,
		"ask IAM which of the permissions you are missing, instead of printing them"},
	{NULL},
};
