/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `cloudctl register`: take over the customer's own resources. One thing is changed in the account: the external id is
 * added to the control-plane role's trust policy, after everything was verified and the user agreed.
 *
 * The record is written before that, with the policy as it was; so whatever ends a run early, the account is as it was
 * or the next `register` or `delete` makes it so: an unfinished registration is taken back, then begun anew.
 */
#include <stdlib.h>

#include "base/file.h"
#include "base/tree.h"
#include "base/world.h"
#include "base/yaml.h"
#include "cmd/command.h"
#include "cmd/print_record.h"
#include "cmd/provide.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/caller.h"
#include "providers/aws/cloud/cloud_session.h"
#include "providers/aws/cloud/register_input.h"
#include "providers/aws/cloud/register_resolve.h"
#include "providers/aws/cloud/role_trust.h"
#include "providers/aws/iam/arn.h"
#include "providers/aws/iam/trust_edit.h"
#include "verify/verification.h"

enum { CHECK_FAILED = 1, READ_BACK_TRIES = 5, READ_BACK_WAIT_MS = 1000 };

struct registration {
	struct context *context;
	const struct register_options *options;
	struct aws *aws;
	struct cloud cloud;
	const json_t *trust_before;
	json_t *trust_after;
	bool trust_changes;
	struct verification verification;
};

/* --- what the user said --- */

static int read_file(struct context *context, const char *path, struct cloud *cloud, struct error *err)
{
	char *text;
	size_t length;
	json_t *tree;
	int result;

	if (file_read(context->arena, path, YAML_SIZE_MAX, &text, &length, err) < 0)
		return error_wrap(err, "reading the cloud to register");
	tree = yaml_parse(text, length, err);
	if (!tree)
		return error_wrap(err, "reading %s", path);
	result = cloud_from_tree(context->arena, cloud_schemas, tree, cloud, err);
	json_decref(tree);
	return result < 0 ? error_wrap(err, "reading %s", path) : 0;
}

/* A file may bring the id of a cloud whose record was lost. The id of one that is here belongs to that one. */
static int choose_id(struct registration *registration, struct error *err)
{
	struct context *context = registration->context;
	struct cloud *cloud = &registration->cloud, other;
	struct aws_cloud *section = aws_cloud_edit(context->arena, cloud);

	if (cloud->id && registry_load_id(&context->registry, cloud->id, &other, err) == 0) {
		if (text_equal(section->external_id, cloud->id))
			section->external_id = NULL;
		cloud->id = NULL;
	} else if (cloud->id && err->kind != ERROR_NOT_FOUND) {
		return -1;
	}
	error_clear(err);
	if (!cloud->id)
		cloud->id = world_token(context->world, context->arena, "cld_");
	if (!section->external_id)
		section->external_id = cloud->id;
	return 0;
}

static int read_input(struct registration *registration, struct error *err)
{
	struct context *context = registration->context;
	const struct register_options *options = registration->options;
	struct cloud *cloud = &registration->cloud;

	if (options->file && read_file(context, options->file, cloud, err) < 0)
		return -1;
	register_input_merge(context->arena, options, context->global.region, cloud);
	if (cloud->region)
		return 0;
	registration->aws = context_aws(context, NULL,
		err); /* the region of the environment or the profile */
	if (!registration->aws)
		return -1;
	cloud->region = aws_region(registration->aws);
	return 0;
}

/* All mistakes, a line each; the error counts them. A single one is the error itself. */
static int check_input(struct registration *registration, struct error *err)
{
	struct context *context = registration->context;
	struct text_list mistakes = register_input_mistakes(context->arena, &registration->cloud);

	if (mistakes.count == 0)
		return 0;
	if (mistakes.count == 1)
		return error_set(err, ERROR_USAGE, "%s", mistakes.items[0]);
	for (size_t i = 0; i < mistakes.count; i++)
		event_step(&context->stream, STEP_ERROR, "%s", mistakes.items[i]);
	return error_set(err, ERROR_USAGE, "%zu mistakes, see above; AWS was not asked anything",
		mistakes.count);
}

/* --- an earlier run --- */

/* The account as it was before, and no record. Signals do not stop it: who interrupts wants nothing left behind. */
static int take_back(struct context *context, const struct cloud *cloud, struct error *err)
{
	struct aws *aws = cloud_session(context_run(context), cloud->region, true, err);
	bool changed;

	if (!aws || role_trust_restore(aws, context->arena, cloud, &changed, err) < 0)
		return error_wrap(err, "taking back the registration of cloud '%s'", cloud->name);
	if (changed)
		event_step(&context->stream, STEP_NOTE, "The trust policy of %s is as it was.",
			aws_cloud(cloud)->resources.control_plane_role_arn);
	return registry_remove(&context->registry, cloud->name, err);
}

static int settle_earlier_run(struct registration *registration, struct error *err)
{
	struct context *context = registration->context;
	struct cloud earlier;

	if (registry_load(&context->registry, registration->cloud.name, &earlier, err) < 0) {
		if (err->kind != ERROR_NOT_FOUND)
			return -1;
		error_clear(err);
		return 0;
	}
	if (earlier.state != CLOUD_CREATING || earlier.deployment != DEPLOYMENT_REGISTERED)
		return error_set(err, ERROR_CONFLICT,
			"there is a cloud '%s' already (%s, %s); choose another name", earlier.name,
			cloud_deployment_name(earlier.deployment), cloud_state_name(earlier.state));
	event_step(&context->stream, STEP_PROGRESS,
		"An earlier registration of '%s' was not finished; beginning anew ...", earlier.name);
	if (caller_check(registration->aws, context->arena, &earlier, err) < 0 ||
		take_back(context, &earlier, err) < 0)
		return -1;
	registration->cloud.id = earlier.id;
	aws_cloud_edit(context->arena, &registration->cloud)->external_id = aws_cloud(&earlier)->external_id;
	return 0;
}

/* --- checking and agreeing --- */

/* Everything but the external id, which is not there yet. */
static int verify(struct registration *registration, struct error *err)
{
	struct verify_options options = {0};

	text_list_add(registration->context->arena, &options.skip, "iam.control-plane.external-id");
	return context_verify(registration->context, registration->aws, &registration->cloud, &options,
		&registration->verification, err);
}

/* What the trust policy has to become; nothing is changed. */
static int plan_trust(struct registration *registration, struct error *err)
{
	struct arena *arena = registration->context->arena;
	const struct cloud *cloud = &registration->cloud;
	const char *role_arn = aws_cloud(cloud)->resources.control_plane_role_arn;

	registration->trust_before = role_trust_read(registration->aws, arena, role_arn, err);
	if (!registration->trust_before)
		return -1;
	registration->trust_after = trust_add_external_id(registration->trust_before,
		aws_cloud(cloud)->control_plane_account, aws_cloud(cloud)->external_id,
		&registration->trust_changes, err);
	if (!registration->trust_after)
		return error_wrap(err, "adding the external id to the trust policy of the role %s",
			arn_name(role_arn));
	tree_defer(arena, registration->trust_after);
	return 0;
}

/*
 * Checks failed and there is nobody to decide: 0, or CHECK_FAILED. --yes agrees to what is right only; to register what
 * failed, say so at the question or with --skip-verifications.
 */
static int refuse_failed(struct registration *registration)
{
	struct context *context = registration->context;
	size_t failed = registration->verification.counts[VERDICT_FAIL];

	if (failed == 0 || (context->answers && !registration->options->yes))
		return 0;
	event_step(&context->stream, STEP_ERROR,
		"%zu checks failed, so cloud '%s' was not registered. Repair what they name; or answer the question on a terminal, without --yes; or give --skip-verifications.",
		failed, registration->cloud.name);
	return CHECK_FAILED;
}

static int agree(struct registration *registration, struct error *err)
{
	struct context *context = registration->context;
	const struct cloud *cloud = &registration->cloud;
	size_t failed = registration->verification.counts[VERDICT_FAIL];

	if (registration->trust_changes)
		event_step(&context->stream, STEP_NOTE,
			"The external id %s will be added to the trust policy of the role %s.",
			aws_cloud(cloud)->external_id,
			arn_name(aws_cloud(cloud)->resources.control_plane_role_arn));
	if (failed > 0)
		return context_confirm(context, false,
			arena_printf(context->arena, "%zu checks failed. Register cloud '%s' all the same?",
				failed, cloud->name),
			err);
	return context_confirm(context, registration->options->yes,
		arena_printf(context->arena, "Register cloud '%s'?", cloud->name), err);
}

/* --- doing it --- */

/* IAM may show the old policy for a while; that it never shows ours is worth a warning and no more. */
static int read_back(struct registration *registration, struct error *err)
{
	struct context *context = registration->context;
	const char *role_arn = aws_cloud(&registration->cloud)->resources.control_plane_role_arn;

	for (int i = 0; i < READ_BACK_TRIES; i++) {
		const json_t *now = role_trust_read(registration->aws, context->arena, role_arn, err);

		if (!now)
			return -1;
		if (trust_equal(now, registration->trust_after))
			return 0;
		if (aws_sleep(registration->aws, READ_BACK_WAIT_MS, err) < 0)
			return -1;
	}
	event_step(&context->stream, STEP_WARNING,
		"The role %s does not show the external id yet; look again in a minute: cloudctl verify %s",
		arn_name(role_arn), registration->cloud.name);
	return 0;
}

static int record_intention(struct registration *registration, struct error *err)
{
	struct context *context = registration->context;
	struct cloud *cloud = &registration->cloud;
	char *undo = json_dumps(registration->trust_before, JSON_COMPACT);

	aws_cloud_edit(context->arena, cloud)->external_id_added = registration->trust_changes;
	cloud->operation = (struct cloud_operation){.kind = "register",
		.step = "trust-policy",
		.undo = registration->trust_changes ? arena_strdup(context->arena, undo) : NULL,
		.started = context_now(context)};
	free(undo);
	return registry_create(&context->registry, cloud, err);
}

static int change_trust(struct registration *registration, struct error *err)
{
	const char *role_arn = aws_cloud(&registration->cloud)->resources.control_plane_role_arn;

	if (!registration->trust_changes)
		return 0;
	if (role_trust_replace(registration->aws, registration->context->arena, role_arn,
		    registration->trust_before, registration->trust_after, err) < 0)
		return -1;
	return read_back(registration, err);
}

/* The cloud keeps its undo information until the record that no longer has it is written. */
static int record_success(struct registration *registration, struct error *err)
{
	struct cloud ready = registration->cloud;

	ready.state = CLOUD_READY;
	ready.operation = (struct cloud_operation){0};
	if (registry_update(&registration->context->registry, &ready, err) < 0)
		return -1;
	registration->cloud = ready;
	return 0;
}

static int carry_out(struct registration *registration, struct error *err)
{
	struct context *context = registration->context;
	const char *name = registration->cloud.name;
	struct error undoing;

	if (record_intention(registration, err) < 0)
		return -1;
	if (change_trust(registration, err) == 0 && record_success(registration, err) == 0) {
		event_step(&context->stream, STEP_NOTE, "Cloud '%s' (%s) is registered in %s, account %s.",
			name, registration->cloud.id, registration->cloud.region,
			registration->cloud.account);
		return 0;
	}
	if (take_back(context, &registration->cloud, &undoing) < 0)
		event_step(&context->stream, STEP_ERROR,
			"What was begun could not be taken back (%s). Run cloudctl register again, or: cloudctl delete --name %s",
			undoing.frame[0], name);
	return -1;
}

static int prepare(struct registration *registration, struct error *err)
{
	struct context *context = registration->context;
	struct cloud *cloud = &registration->cloud;
	bool verifies = !registration->options->skip_verifications;

	if (settle_earlier_run(registration, err) < 0 || choose_id(registration, err) < 0 ||
		caller_check(registration->aws, context->arena, cloud, err) < 0)
		return -1;
	return register_resolve(registration->aws, context->arena, &context->stream, !verifies, cloud, err);
}

static int register_cloud(struct registration *registration, struct error *err)
{
	bool verifies = !registration->options->skip_verifications;
	int code = prepare(registration, err);

	if (code == 0 && verifies)
		code = verify(registration, err);
	if (code == 0)
		code = refuse_failed(registration);
	if (code == 0)
		code = plan_trust(registration, err);
	if (code == 0)
		code = agree(registration, err);
	if (code == 0)
		code = carry_out(registration, err);
	return code == 0 && verifies ? verdict_exit_code(registration->verification.counts, false) : code;
}

/* --- the command --- */

static int checked_and_locked(struct registration *registration, int *lock, struct error *err)
{
	struct context *context = registration->context;
	const struct cloud *cloud = &registration->cloud;

	if (check_input(registration, err) < 0)
		return -1;
	if (!registration->aws)
		registration->aws = context_aws(context, cloud->region, err);
	if (!registration->aws)
		return -1;
	*lock = registry_lock(&context->registry, cloud->name, 0, err);
	return *lock < 0 ? -1 : register_cloud(registration, err);
}

static int register_run(struct context *context, const void *data, struct error *err)
{
	struct registration registration = {.context = context,
		.options = data,
		.verification = {.overall = VERDICT_SKIP}};
	_cleanup_close_ int lock = -1;
	int code;

	if (read_input(&registration, err) < 0)
		return -1;
	context_begin(context, &command_register, &registration.cloud);
	code = checked_and_locked(&registration, &lock, err);
	if (code >= 0 && registration.cloud.state == CLOUD_READY &&
		print_record(context, &registration.cloud, err) < 0)
		code = -1;
	if (code < 0 && registration.cloud.name)
		error_wrap(err, "registering cloud '%s'", registration.cloud.name);
	return context_end(context, code, registration.verification.overall, registration.verification.counts,
		err);
}

#define AT(member) offsetof(struct register_options, member)

static const struct option register_rows[] = {
	{"name", 'n', OPTION_TEXT, AT(name), "NAME", "name of the cloud"},
	{"provider", 0, OPTION_TEXT, AT(provider), "PROVIDER", "whose resources they are; only aws"},
	{"vpc-id", 0, OPTION_TEXT, AT(vpc_id), "ID", "the VPC"},
	{"subnet-ids", 0, OPTION_LIST, AT(subnet_ids), "IDS", "its subnets, two or more, in different zones"},
	{"security-group-ids", 0, OPTION_LIST, AT(security_group_ids), "IDS",
		"security groups of the clusters"},
	{"efs-id", 0, OPTION_TEXT, AT(efs_id), "ID", "the EFS file system"},
	{"control-plane-role-arn", 0, OPTION_TEXT, AT(control_plane_role_arn), "ARN",
		"role that the control plane assumes to launch clusters"},
	{"anyscale-iam-role-id", 0, OPTION_TEXT, AT(control_plane_role_arn), "ARN", "the same", NULL,
		"control-plane-role-arn"},
	{"node-role-arn", 0, OPTION_TEXT, AT(node_role_arn), "ARN", "role of the clusters' instances"},
	{"instance-iam-role-id", 0, OPTION_TEXT, AT(node_role_arn), "ARN", "the same", NULL, "node-role-arn"},
	{"s3-bucket-id", 0, OPTION_TEXT, AT(s3_bucket_id), "BUCKET", "the S3 bucket, by name or ARN"},
	{"memorydb-cluster-id", 0, OPTION_TEXT, AT(memorydb_cluster_id), "NAME",
		"MemoryDB cluster for head node fault tolerance"},
	{"private-network", 0, OPTION_FLAG, AT(private_network), NULL,
		"clusters are in private subnets and reached by private addresses"},
	{"control-plane-account", 0, OPTION_TEXT, AT(control_plane_account), "ID",
		"account that the control-plane role trusts; 525325868955"},
	{"file", 'f', OPTION_TEXT, AT(file), "FILE",
		"a record, as 'get -o yaml' prints it; options go before it"},
	{"skip-verifications", 0, OPTION_FLAG, AT(skip_verifications), NULL,
		"register without checking anything"},
	{"yes", 'y', OPTION_FLAG, AT(yes), NULL,
		"agree to every question, but to none about checks that failed"},
	{NULL},
};

const struct command command_register = {
	.name = "register",
	.summary = "take over resources that you made yourself",
	.description =
		"Verifies your own VPC, subnets, security groups, roles, bucket and file system, then adds the\n"
		"cloud's external id to the control-plane role's trust policy and records the cloud. Changes\n"
		"nothing else; a failure, a 'no' or Ctrl-C leaves the account as it was.\n"
		"\n"
		"  cloudctl register --name prod --region us-west-2 --vpc-id vpc-... --subnet-ids subnet-...,subnet-... \\\n"
		"    --efs-id fs-... --security-group-ids sg-... --s3-bucket-id BUCKET \\\n"
		"    --control-plane-role-arn arn:... --node-role-arn arn:...\n"
		"  cloudctl register -f cloud.yaml\n"
		"\n"
		"With --yes a cloud is registered only when no check failed; --skip-verifications registers it\n"
		"unseen. Exit codes: 0 registered, 1 a check failed, 3 registered but something could not be\n"
		"determined, 4 not registered, 5 not confirmed.",
	.options = register_rows,
	.options_size = sizeof(struct register_options),
	.effect = EFFECT_CHANGES,
	.leaving =
		"Leaving stops the registration. What was changed is taken back first, so that the account is as it was.\n"
		"To try again: cloudctl register --name %s",
	.run = register_run,
};
