/* SPDX-License-Identifier: Apache-2.0 */
/* `cloudctl policy COMMAND`: the smallest IAM policy for a command, or which of its permissions the caller is missing. */
#include "base/arena.h"
#include "base/array.h"
#include "base/str.h"
#include "cmd/context.h"
#include "cmd/provide.h"
#include "providers/aws/client/aws.h"
#include "providers/aws/client/endpoint.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/cloud_session.h"
#include "providers/aws/cloud/permissions/command_needs.h"
#include "ui/output.h"

enum { TEXT_MAX = 4 << 10 };

struct policy_options {
	const char *command;
	struct cloud_selector selector;
	bool check, memorydb, private_network, simulate;
	const char *account, *deployment, *key_arn, *part;
};

static int check_command(struct arena *arena, const char *command, struct error *err)
{
	struct text_list names = text_split(arena, POLICY_COMMANDS, '|');
	const char *all = text_join(arena, &names, ", ");
	const char *near = command ? text_nearest(command, &names) : NULL;

	if (!command)
		return error_set(err, ERROR_USAGE, "policy: for which command? One of %s", all);
	if (text_list_has(&names, command))
		return 0;
	if (near)
		return error_set(err, ERROR_USAGE, "policy: no policy for '%s'; did you mean '%s'?", command,
			near);
	return error_set(err, ERROR_USAGE, "policy: no policy for '%s'; choose one of %s", command, all);
}

static int check_options(struct context *context, const struct policy_options *options, struct error *err)
{
	const char *region = context->global.region, *key = options->key_arn;

	if (check_command(context->arena, options->command, err) < 0)
		return -1;
	if (options->account && !aws_account_valid(options->account))
		return error_set(err, ERROR_USAGE, "--account: '%s' is not 12 digits", options->account);
	if (region && !endpoint_region_valid(region))
		return error_set(err, ERROR_USAGE,
			"--region: '%s' is not the name of a region, such as us-west-2", region);
	if (options->check && options->part)
		return error_set(err, ERROR_USAGE, "--part cannot be used with --check");
	if (key && !text_glob("arn:*:kms:*:*:key/*", key, false))
		return error_set(err, ERROR_USAGE,
			"--kms-key-arn: '%s' is not the ARN of a key, such as arn:aws:kms:us-west-2:123456789012:key/…",
			key);
	return 0;
}

/* Only a cloud that is named: without one the policy is for any, not for the default cloud. */
static int find_cloud(struct context *context, const struct policy_options *options, struct cloud *cloud,
	struct command_subject *subject, struct error *err)
{
	const struct cloud_selector *selector = &options->selector;

	if (!selector_names(selector))
		return 0;
	if (context_cloud(context, selector, cloud, err) < 0)
		return -1;
	if (options->account && cloud->account && !text_equal(options->account, cloud->account))
		return error_set(err, ERROR_USAGE, "--account: cloud '%s' is in account %s", cloud->name,
			cloud->account);
	subject->cloud = cloud;
	subject->region = cloud->region;
	subject->account = cloud->account;
	return 0;
}

static int find_subject(struct context *context, const struct policy_options *options, struct cloud *cloud,
	struct command_subject *subject, struct error *err)
{
	*subject = (struct command_subject){
		.command = options->command,
		.deployment = options->deployment,
		.memorydb = options->memorydb,
		.private_network = options->private_network,
		.simulate = options->simulate,
		.key_arn = options->key_arn,
		.region = context->global.region,
		.account = options->account,
	};
	return find_cloud(context, options, cloud, subject, err);
}

/* A policy that is too long for a managed one can be printed in parts, or attached to a role as an inline policy. */
static void say_size(struct context *context, const json_t *policy, size_t parts)
{
	if (parts > 1)
		fprintf(context->messages,
			"cloudctl: %zu characters: more than a managed policy may have (%d); print it as %zu policies with --part 1 to --part %zu\n",
			needs_policy_size(policy), NEEDS_POLICY_MAX, parts, parts);
}

static int print_part(struct context *context, const json_t *policy, const char *number, struct error *err)
{
	enum output_format format = text_equal(context->global.output, "yaml") ? OUTPUT_YAML : OUTPUT_JSON;
	json_t *parts = needs_policy_parts(policy);
	size_t count = json_array_size(parts);
	uint64_t part = 0;
	int printed;

	if (number && !text_number(number, 1, count, &part))
		printed = error_set(err, ERROR_USAGE, "--part: must be 1 to %zu, the parts of this policy",
			count);
	else
		printed = output_tree(context->results, number ? json_array_get(parts, part - 1) : policy,
			format, err);
	if (!number)
		say_size(context, policy, count);
	json_decref(parts);
	return printed;
}

/* Values unknown until AWS is asked become "*". */
static int print_policy(struct context *context, struct command_subject *subject, const char *part,
	struct error *err)
{
	struct command_needs policy;
	json_t *document;
	int printed;

	subject->partition = subject->region ? endpoint_partition(subject->region)->name : "aws";
	if (!subject->region)
		subject->region = "*";
	if (!subject->account)
		subject->account = "*";
	if (command_needs_make(context->arena, subject, &policy, err) < 0)
		return -1;
	if (policy.later)
		fprintf(context->messages, "cloudctl: %s\n", policy.later);
	document = needs_policy(context->arena, &policy.needs, &policy.scope);
	printed = print_part(context, document, part, err);
	json_decref(document);
	return printed;
}

/* --- --check --- */

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

static int print_missing(struct context *context, const struct missing_permissions *missing,
	struct error *err)
{
	static const char *const headings[] = {"LACKING", "RESOURCE", "WHY"};
	enum { COLUMNS = ARRAY_LENGTH(headings) };
	const char **cells = NEW_ARRAY(context->arena, const char *, missing->count *COLUMNS);

	for (size_t i = 0; i < missing->count; i++) {
		cells[i * COLUMNS] = missing->items[i].action;
		cells[i * COLUMNS + 1] = missing->items[i].resource;
		cells[i * COLUMNS + 2] = missing->items[i].why;
	}
	return output_table(context->results, headings, COLUMNS, cells, missing->count, err);
}

static int print_check_text(struct context *context, const struct command_check *check, const char *command,
	struct error *err)
{
	struct str line = {.arena = context->arena, .max = TEXT_MAX};

	if (check->missing.count > 0 && print_missing(context, &check->missing, err) < 0)
		return -1;
	if (check->undetermined)
		str_printf(&line, "Not determined: %s\n", check->undetermined);
	else if (check->missing.count == 0)
		str_printf(&line, "%s may do all that 'cloudctl %s' needs: %zu actions%s.\n",
			check->caller.arn, command, check->command.needs.count,
			check->caller.root ? ", as the root user" : "");
	return output_write(context->results, str_text(&line), line.length, err);
}

static int print_check(struct context *context, const struct command_check *check, const char *command,
	struct error *err)
{
	enum output_format format = OUTPUT_TEXT;
	json_t *tree;
	int printed;

	output_format_parse(context->global.output, &format);
	if (format == OUTPUT_TEXT)
		return print_check_text(context, check, command, err);
	tree = check_tree(check, command);
	printed = output_tree(context->results, tree, format, err);
	json_decref(tree);
	return printed;
}

/* Exit code: 0 nothing is missing, 1 something is, 3 nothing is known to be missing but IAM did not say everything. */
static int check_policy(struct context *context, const struct command_subject *subject, struct error *err)
{
	struct aws *aws = cloud_session(context_run(context), subject->region, false, err);
	struct command_check check;
	size_t counts[VERDICTS] = {0};

	if (!aws || aws_need_region(aws, err) < 0 ||
		command_check(aws, context->arena, subject, &check, err) < 0 ||
		print_check(context, &check, subject->command, err) < 0)
		return -1;
	if (check.undetermined)
		counts[VERDICT_UNKNOWN]++;
	for (size_t i = 0; i < check.missing.count; i++)
		counts[check.missing.items[i].uncertain ? VERDICT_UNKNOWN : VERDICT_FAIL]++;
	return verdict_exit_code(counts, false);
}

static int policy_run(struct context *context, const void *data, struct error *err)
{
	const struct policy_options *options = data;
	struct command_subject subject;
	struct cloud cloud;

	if (check_options(context, options, err) < 0 ||
		find_subject(context, options, &cloud, &subject, err) < 0)
		return -1;
	return options->check ? check_policy(context, &subject, err)
			      : print_policy(context, &subject, options->part, err);
}

#define AT(member) offsetof(struct policy_options, member)

static const struct option policy_rows[] = {
	{"COMMAND", 0, OPTION_ARGUMENT, AT(command), NULL, "the command: " POLICY_COMMANDS},
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
	{"kms-key-arn", 0, OPTION_TEXT, AT(key_arn), "ARN",
		"also to read the policy of the bucket's KMS key"},
	{"simulate", 0, OPTION_FLAG, AT(simulate), NULL, "also for verify --simulate"},
	{"part", 0, OPTION_TEXT, AT(part), "NUMBER",
		"only this part of a policy that is too long for one managed policy"},
	{"check", 0, OPTION_FLAG, AT(check), NULL,
		"ask IAM which of the permissions you are missing, instead of printing them"},
	{NULL},
};

const struct command command_policy = {
	.name = "policy",
	.arguments = "COMMAND [CLOUD]",
	.summary = "print the smallest IAM policy for a command, or the permissions that you are missing",
	.description =
		"Prints the permissions that COMMAND needs, as an IAM policy in JSON (with -o yaml, in YAML), ready\n"
		"to attach, without contacting AWS. A cloud, --region and --account limit it to these. What\n"
		"CloudFormation does with your permissions is allowed only through CloudFormation. 'policy' as\n"
		"COMMAND prints what --check itself needs. There are no commands 'edit' and 'update' yet; their\n"
		"policies are a preview.\n"
		"\n"
		"  cloudctl policy setup --region us-west-2 --account 123456789012 > setup.json\n"
		"  cloudctl policy verify prod\n"
		"  cloudctl policy setup --check\n"
		"\n"
		"Exit codes of --check: 0 nothing is missing, 1 something is missing, 3 something could not be\n"
		"determined.",
	.options = policy_rows,
	.options_size = sizeof(struct policy_options),
	.run = policy_run,
};
