/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `delete`: remove a cloud. A managed cloud's stack is deleted and followed by its events; of a registered one only the
 * external id that `register` added is taken out again. Works on records in any state.
 */
#include "base/arena.h"
#include "base/array.h"
#include "providers/aws/client/aws.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/aws_provider.h"
#include "providers/aws/cloud/caller.h"
#include "providers/aws/cloud/cloud_identity.h"
#include "providers/aws/cloud/cloud_plan.h"
#include "providers/aws/cloud/cloud_session.h"
#include "providers/aws/cloud/delete/delete_plan.h"
#include "providers/aws/cloud/delete/delete_steps.h"
#include "providers/aws/cloud/delete/keep_file_system.h"
#include "providers/aws/cloud/delete/orphans.h"
#include "providers/aws/cloud/edit_steps.h"
#include "providers/aws/cloud/next_steps.h"
#include "providers/aws/cloud/other_clouds.h"
#include "providers/aws/cloud/role_trust.h"
#include "providers/aws/cloud/stack.h"
#include "providers/aws/iam/arn.h"
#include "providers/records/registry.h"
#include "providers/run.h"
#include "providers/steps.h"
#include "verify/facts.h"

/* --- a registered cloud --- */

/*
 * Other clouds that the control plane could no longer reach without the external id that goes. -1 with *err set: not all
 * records could be read.
 */
static int find_sharers(const struct deletion *deletion, struct text_list *names, struct error *err)
{
	const struct aws_cloud *section = aws_cloud(&deletion->cloud);
	struct run *run = deletion->run;
	struct facts *facts = facts_new(run->arena, &cloud_plan, &deletion->cloud);
	struct registry *registry;
	int result;

	if (!section->external_id_added)
		return 0;
	registry = run->registry(run, err);
	if (!registry)
		return -1;
	result = other_clouds_find(facts, registry, err);
	if (result < 0)
		error_advise(err,
			"Nothing was deleted, because another cloud may need the external id in the trust policy. To take it out all the same: --force");
	*names = other_clouds_names(facts, section->external_id);
	return result;
}

static struct blockers as_blockers(const struct deletion *deletion, const struct text_list *sharers)
{
	struct arena *arena = deletion->run->arena;
	const struct text_list names = *sharers;
	struct blockers blockers = {NEW_ARRAY(arena, struct blocker, names.count + 1), names.count};

	for (size_t i = 0; i < names.count; i++) {
		struct blocker *blocker = &blockers.items[i];

		*blocker = (struct blocker){.kind = "cloud", .id = names.items[i]};
		blocker->command = arena_printf(arena, "cloudctl delete --name %s", names.items[i]);
		text_list_add(arena, &blocker->holds,
			arena_printf(arena, "the external id in the trust policy of %s",
				arn_name(aws_cloud(&deletion->cloud)->resources.control_plane_role_arn)));
	}
	return blockers;
}

/* Without its external id another cloud's control plane is locked out. */
static int refuse_shared(struct deletion *deletion, struct error *err)
{
	struct run *run = deletion->run;
	struct text_list sharers = {0};
	bool force = deletion->options->force, known = find_sharers(deletion, &sharers, err) == 0;
	const struct blockers blockers = as_blockers(deletion, &sharers);

	if (!known && force)
		event_step(run->stream, STEP_WARNING, "Another cloud may need the external id: %s",
			error_text(run->arena, err));
	for (size_t i = 0; i < blockers.count; i++)
		event_step(run->stream, force ? STEP_WARNING : STEP_ERROR, "In the way: %s",
			blocker_text(run->arena, &blockers.items[i]));
	if (force || (known && blockers.count == 0)) {
		error_clear(err);
		return 0;
	}
	if (blockers.count == 0)
		return -1;
	return error_set(err, ERROR_FAILED,
		"nothing was deleted: cloud '%s' has the same control-plane role and external id, and its control plane would be locked out; delete it first, or give it another role: cloudctl edit --name %s --control-plane-role-arn ARN; to take the external id out all the same: --force",
		blockers.items[0].id, blockers.items[0].id);
}

/* Once more under the lock of the role: a cloud may have been registered with it while the question was open. */
static int refuse_shared_now(struct deletion *deletion, struct error *err)
{
	if (deletion->options->force || refuse_shared(deletion, err) == 0)
		return 0;
	err->kind = ERROR_REJECTED; /* nothing was asked of AWS */
	return -1;
}

static int find_external_id(void *self, enum found *found, struct error *err)
{
	const struct deletion *deletion = self;

	(void)err;
	*found = aws_cloud(&deletion->cloud)->external_id_added ? FOUND_NOTHING : FOUND_DONE;
	return 0;
}

static int withdraw_external_id(void *self, struct error *err)
{
	struct deletion *deletion = self;
	struct run *run = deletion->run;
	const struct cloud *cloud = &deletion->cloud;
	const char *role = aws_cloud(cloud)->resources.control_plane_role_arn;
	_cleanup_unlock_ struct registry_lock *lock = NULL;
	bool changed;

	if (role_trust_lock(run, deletion->aws, role, &lock, err) < 0 ||
		refuse_shared_now(deletion, err) < 0 ||
		role_trust_restore(run, deletion->aws, cloud, &changed, err) < 0)
		return -1;
	if (changed)
		event_step(run->stream, STEP_PROGRESS,
			"The external id was removed from the trust policy of the role %s.",
			arn_name(aws_cloud(cloud)->resources.control_plane_role_arn));
	return 0;
}

static const struct step registered_rows[] = {
	{.id = "confirm", .doing = "asking for confirmation", .perform = delete_agree},
	{.id = "trust-policy",
		.doing = "taking the external id out of the trust policy",
		.changes = true,
		.find = find_external_id,
		.perform = withdraw_external_id},
};

static const struct steps registered_steps = {
	.kind = "delete",
	.record = STEPS_REMOVE_RECORD,
	.rows = registered_rows,
	.count = ARRAY_LENGTH(registered_rows),
	.place = "AWS",
};

/* --- the command --- */

/* --plan: as far as the question. Nothing is written, neither in AWS nor here. */
static int show_plan(struct deletion *deletion, struct error *err)
{
	struct run *run = deletion->run;
	struct text_list sharers = {0};
	struct consent lines;

	if (deletion->cloud.deployment == DEPLOYMENT_MANAGED) {
		if (cloud_find_stack(deletion->aws, run->arena, &deletion->cloud, &deletion->stack, err) <
				0 ||
			delete_look(deletion, err) < 0 || orphans_check(deletion, err) < 0 ||
			keep_look(deletion, err) < 0)
			return -1;
	}
	if (deletion->cloud.deployment == DEPLOYMENT_REGISTERED && find_sharers(deletion, &sharers, err) < 0)
		return -1;
	if (deletion->cloud.deployment == DEPLOYMENT_REGISTERED)
		deletion->plan.blockers = as_blockers(deletion, &sharers);
	lines = delete_plan_lines(run->arena, &deletion->plan);
	run->result.plan = consent_keep(&lines);
	run->result.lines = delete_plan_commands(run->arena, &deletion->plan);
	run->result.document = delete_plan_document(run->arena, &deletion->plan);
	if (blockers_stopping(&deletion->plan.blockers, deletion->plan.cleans) > 0)
		return PLAN_REFUSED;
	return deletion->plan.unseen.count > 0 ? PLAN_UNKNOWN : PLAN_SOMETHING;
}

static int delete_cloud(struct deletion *deletion, struct error *err)
{
	struct run *run = deletion->run;
	struct cloud *cloud = &deletion->cloud;
	bool managed = cloud->deployment == DEPLOYMENT_MANAGED;
	struct operation operation = {
		.run = run,
		.steps = managed ? &delete_managed_steps : &registered_steps,
		.self = deletion,
		.cloud = cloud,
		.recorded = true,
	};
	int code = cloud_identity_check(run->arena, cloud, err);

	if (code == 0 && (managed || aws_cloud(cloud)->external_id_added || edit_is_unfinished(cloud))) {
		operation.by = caller_of(deletion->aws, run->arena, cloud, err);
		code = operation.by ? 0 : -1;
	}
	deletion->plan.cloud = cloud;
	if (code == 0 && deletion->options->plan)
		return show_plan(deletion, err);
	if (code == 0 && !managed)
		code = refuse_shared(deletion, err);
	if (code == 0)
		code = edit_end(run, deletion->aws, cloud, err);
	if (code == 0)
		code = steps_run(&operation, err);
	if (code == 0)
		event_step(run->stream, STEP_NOTE, "Cloud '%s' is deleted.", cloud->name);
	return code;
}

/* " --clean --with-bucket": those given that need more permissions; `policy delete` has the same. */
static const char *more_options(struct arena *arena, const struct delete_options *options)
{
	return arena_printf(arena, "%s%s%s", options->clean ? " --clean" : "",
		options->with_bucket ? " --with-bucket" : "",
		options->keep_file_system ? " --keep-file-system" : "");
}

static int check_options(const struct deletion *deletion, struct error *err)
{
	const struct delete_options *options = deletion->options;
	const char *given = options->retain.count > 0 ? "--retain" : "--force-stack";

	if (*more_options(deletion->run->arena, options) && deletion->cloud.deployment != DEPLOYMENT_MANAGED)
		return error_set(err, ERROR_USAGE,
			"%s: cloud '%s' is registered, and what is in it is yours to remove",
			more_options(deletion->run->arena, options) + 1, deletion->cloud.name);
	if (options->keep_file_system && aws_cloud(&deletion->cloud)->setup.no_efs)
		return error_set(err, ERROR_USAGE, "--keep-file-system: cloud '%s' has no file system",
			deletion->cloud.name);
	if (options->retain.count == 0 && !options->force_stack)
		return 0;
	if (options->retain.count > 0 && options->force_stack)
		return error_set(err, ERROR_USAGE,
			"--retain and --force-stack exclude each other: the one leaves what it names, the other whatever cannot be deleted");
	if (deletion->cloud.deployment != DEPLOYMENT_MANAGED)
		return error_set(err, ERROR_USAGE,
			"%s is for a managed cloud; '%s' is registered and has no stack", given,
			deletion->cloud.name);
	return 0;
}

int cloud_delete(struct run *run, const void *options, struct error *err)
{
	struct deletion *deletion = NEW(run->arena, struct deletion);
	struct cloud *cloud = &deletion->cloud;
	_cleanup_unlock_ struct registry_lock *lock = NULL;
	int code;

	deletion->run = run;
	deletion->options = options;
	if (deletion->options->yes && !run->named)
		return error_set(err, ERROR_USAGE,
			"with --yes nobody is asked which cloud to delete, so it has to be named: cloudctl delete --name %s --yes",
			run->cloud);
	run->result.alone = deletion->options->plan;
	if (run_load_cloud(run, deletion->options->plan, &lock, cloud, err) < 0)
		return -1;
	if (check_options(deletion, err) < 0)
		return -1;
	deletion->aws = cloud_session(run, cloud->region, false, err);
	if (!deletion->aws)
		return -1;
	run->begin(run, cloud);
	code = delete_cloud(deletion, err);
	if (code >= 0)
		return code;
	next_steps_denied(arena_printf(run->arena, "delete%s", more_options(run->arena, deletion->options)),
		err);
	return error_wrap(err, "deleting cloud '%s'", cloud->name);
}

const struct option delete_option_rows[] = {
	{"plan", 0, OPTION_FLAG, offsetof(struct delete_options, plan), NULL,
		"say what would be deleted and what is in the way, and delete nothing"},
	{"clean", 0, OPTION_FLAG, offsetof(struct delete_options, clean), NULL,
		"take away before what has the cloud's tag: instances, load balancers and other things that the control plane made"},
	{"with-bucket", 0, OPTION_FLAG, offsetof(struct delete_options, with_bucket), NULL,
		"delete the S3 bucket as well, with all objects and their old versions"},
	{"keep-file-system", 0, OPTION_FLAG, offsetof(struct delete_options, keep_file_system), NULL,
		"leave the EFS file system with its data in the account; its mount targets go"},
	{"force", 0, OPTION_FLAG, offsetof(struct delete_options, force), NULL,
		"delete although something is in the way, or was not to be seen"},
	{"retain", 0, OPTION_LIST, offsetof(struct delete_options, retain), "LOGICALID",
		"leave this resource in the account: one that could not be deleted; may be repeated"},
	{"force-stack", 0, OPTION_FLAG, offsetof(struct delete_options, force_stack), NULL,
		"delete a stack that could not be deleted, whatever of it stays in the account"},
	{"yes", 'y', OPTION_FLAG, offsetof(struct delete_options, yes), NULL, "agree to the question"},
	{NULL},
};
