/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `register`: take over the customer's own resources. One thing is changed in the account: the external id is added to the
 * control-plane role's trust policy, after everything was verified and the user agreed.
 *
 * Options may differ from those of a run that was killed, so that run is not gone on with: what it did is undone first.
 */
#include "base/arena.h"
#include "base/array.h"
#include "base/world.h"
#include "providers/aws/client/aws.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/aws_provider.h"
#include "providers/aws/cloud/caller.h"
#include "providers/aws/cloud/cloud_identity.h"
#include "providers/aws/cloud/cloud_session.h"
#include "providers/aws/cloud/functional/functional_verify.h"
#include "providers/aws/cloud/next_steps.h"
#include "providers/aws/cloud/register_consent.h"
#include "providers/aws/cloud/register_input.h"
#include "providers/aws/cloud/register_source.h"
#include "providers/aws/cloud/resource_details.h"
#include "providers/aws/cloud/role_trust.h"
#include "providers/aws/cloud/trust_grant.h"
#include "providers/records/registry.h"
#include "providers/run.h"
#include "providers/steps.h"
#include "verify/verification.h"

enum { CHECK_FAILED = 1 };

struct registration {
	struct run *run;
	const struct register_options *options;
	struct aws *aws;
	struct cloud cloud;
	const char *caller; /* ARN */
	struct trust_grant trust;
	struct verification verification;
};

static const char *role_of(const struct registration *registration)
{
	return aws_cloud(&registration->cloud)->resources.control_plane_role_arn;
}

/* --- what the user said --- */

static int read_input(struct registration *registration, struct error *err)
{
	struct run *run = registration->run;
	const struct register_options *options = registration->options;
	struct cloud *cloud = &registration->cloud;

	if (register_source_read(run, options, &registration->aws, cloud, err) < 0)
		return -1;
	register_input_merge(run->arena, options, run->region, cloud);
	if (cloud->region)
		return 0;
	/* the region of the environment or the profile */
	registration->aws = cloud_session(run, NULL, false, err);
	if (!registration->aws)
		return -1;
	cloud->region = aws_region(registration->aws);
	return 0;
}

static int check_input(struct registration *registration, struct error *err)
{
	struct run *run = registration->run;
	struct text_list mistakes = register_input_mistakes(run->arena, &registration->cloud);

	return run_mistakes(run, &mistakes, err);
}

/* A file may bring the id of a cloud whose record was lost. The id of one that is here belongs to that one. */
static int choose_id(struct registration *registration, const struct registry *registry, struct error *err)
{
	struct run *run = registration->run;
	struct cloud *cloud = &registration->cloud, other;
	struct aws_cloud *section = aws_cloud_edit(run->arena, cloud);

	if (cloud->id && registry_load_id(registry, cloud->id, &other, err) == 0) {
		if (text_equal(section->external_id, cloud->id))
			section->external_id = NULL;
		cloud->id = NULL;
	} else if (cloud->id && err->kind != ERROR_NOT_FOUND) {
		return -1;
	}
	error_clear(err);
	if (!cloud->id)
		cloud->id = world_token(run->world, run->arena, "cld_");
	if (!section->external_id)
		section->external_id = cloud->id;
	return 0;
}

/* --- the steps --- */

/*
 * Checks failed and there is nobody to decide: 0, or CHECK_FAILED. --yes agrees to what is right only; to register what
 * failed, say so at the question or with --skip-verifications.
 */
static int refuse_failed(const struct registration *registration)
{
	struct run *run = registration->run;
	size_t failed = registration->verification.counts[VERDICT_FAIL];

	if (failed == 0 || (run->has_terminal && !registration->options->yes))
		return 0;
	event_step(run->stream, STEP_ERROR,
		"%zu checks failed, so cloud '%s' was not registered. Repair what they name, or answer the question on a terminal without --yes, or give --skip-verifications.",
		failed, registration->cloud.name);
	return CHECK_FAILED;
}

/* Everything but the external id, which is not there yet. */
static int verify(void *self, struct error *err)
{
	struct registration *registration = self;
	struct run *run = registration->run;
	struct verify_options options = {0};
	const struct verify_input what = {
		.table = &cloud_checks,
		.source = aws_source(run->arena, registration->aws),
		.options = &options,
	};

	if (registration->options->skip_verifications)
		return 0;
	text_list_add(run->arena, &options.skip, "iam.control-plane.external-id");
	if (run_verify(run, &what, &registration->cloud, &registration->verification, err) < 0)
		return -1;
	return refuse_failed(registration);
}

static int agree(struct registration *registration, struct error *err)
{
	struct run *run = registration->run;
	const struct cloud *cloud = &registration->cloud;
	size_t failed = registration->verification.counts[VERDICT_FAIL];
	struct consent lines = register_consent_lines(run->arena, cloud, registration->trust.changes);

	consent_tell(run, &lines);
	if (failed > 0)
		return run->confirm(run, false,
			arena_printf(run->arena, "%zu checks failed. Register cloud '%s' anyway?", failed,
				cloud->name),
			err);
	return run->confirm(run, registration->options->yes,
		arena_printf(run->arena, "Register cloud '%s' of account %s, region %s?", cloud->name,
			cloud->account, cloud->region),
		err);
}

static int prepare_trust(void *self, struct error *err)
{
	struct registration *registration = self;
	struct cloud *cloud = &registration->cloud;

	registration->trust.run = registration->run;
	registration->trust.aws = registration->aws;
	registration->trust.cloud = cloud;
	if (trust_grant_plan(&registration->trust, err) < 0 || agree(registration, err) < 0)
		return -1;
	aws_cloud_edit(registration->run->arena, cloud)->external_id_added = registration->trust.changes;
	if (registration->trust.changes)
		cloud->operation.undo = trust_grant_undo(&registration->trust);
	return 0;
}

static int change_trust(void *self, struct error *err)
{
	struct registration *registration = self;

	return trust_grant_write(&registration->trust, err);
}

static int wait_for_trust(void *self, struct error *err)
{
	struct registration *registration = self;

	return trust_grant_wait(&registration->trust, err);
}

static int restore_trust(void *self, struct error *err)
{
	struct registration *registration = self;
	struct run *run = registration->run;
	struct aws *aws = cloud_session(run, registration->cloud.region, true, err);
	bool changed;

	if (!aws || role_trust_lock(run, aws, role_of(registration), &registration->trust.lock, err) < 0 ||
		role_trust_restore(run, aws, &registration->cloud, &changed, err) < 0)
		return -1;
	if (changed)
		event_step(run->stream, STEP_NOTE, "The trust policy of %s is as it was.",
			role_of(registration));
	return 0;
}

static const struct step rows[] = {
	{.id = "verify", .doing = "verifying the resources", .perform = verify},
	{.id = "trust-policy",
		.doing = "changing the trust policy",
		.changes = true,
		.prepare = prepare_trust,
		.perform = change_trust,
		.wait = wait_for_trust,
		.undo = restore_trust},
};

static const struct steps steps = {
	.kind = "register",
	.record = STEPS_MAKE_RECORD,
	.rows = rows,
	.count = ARRAY_LENGTH(rows),
	.place = "AWS",
};

/* --- an earlier run --- */

/*
 * The cloud is registered: by an earlier run that was killed at its end, or by a pipeline that runs again. What was said is
 * so already, or is for another command.
 */
static int find_it_ready(struct registration *registration, const struct cloud *cloud, struct error *err)
{
	struct run *run = registration->run;
	const char *other = register_input_difference(run->arena, &registration->cloud, cloud);

	if (other)
		return error_set(err, ERROR_CONFLICT,
			"there is a cloud '%s' already, registered with another %s; choose another name, or change it: cloudctl edit %s",
			cloud->name, other, cloud->name);
	if (cloud_identity_check(run->arena, cloud, err) < 0 ||
		caller_check(registration->aws, run->arena, cloud, err) < 0)
		return -1;
	registration->cloud = *cloud;
	if (!registration->options->functional.what)
		functional_note_left_over(run, cloud);
	event_step(run->stream, STEP_NOTE,
		"Cloud '%s' (%s) is registered already with these resources; nothing was changed. To verify it: cloudctl verify %s",
		cloud->name, cloud->id, cloud->name);
	run->result.cloud = &registration->cloud;
	return functional_verify_again(run, registration->aws, &registration->options->functional,
		registration->options->yes, &registration->cloud, err);
}

/* What an unfinished registration did is undone; the new one has its id. */
static int undo_earlier_run(struct registration *registration, struct registration *earlier,
	struct error *err)
{
	struct run *run = registration->run;
	struct cloud *cloud = &earlier->cloud;
	struct operation undoing = {.run = run,
		.steps = &steps,
		.self = earlier,
		.cloud = cloud,
		.recorded = true};

	event_step(run->stream, STEP_PROGRESS,
		"An earlier registration of '%s' was not finished; undoing it and starting again ...",
		cloud->name);
	if (cloud_identity_check(run->arena, cloud, err) < 0 ||
		caller_check(registration->aws, run->arena, cloud, err) < 0 || steps_undo(&undoing, err) < 0)
		return -1;
	registry_unlock(&earlier->trust.lock);
	registration->cloud.id = cloud->id;
	aws_cloud_edit(run->arena, &registration->cloud)->external_id = aws_cloud(cloud)->external_id;
	return 0;
}

/* --- the command --- */

static int prepare(struct registration *registration, const struct registry *registry, struct error *err)
{
	struct run *run = registration->run;
	bool must = registration->options->skip_verifications;
	struct cloud *cloud = &registration->cloud;

	if (choose_id(registration, registry, err) < 0)
		return -1;
	registration->caller = caller_of(registration->aws, run->arena, cloud, err);
	if (!registration->caller)
		return -1;
	return resource_details_find(registration->aws, run->arena, run->stream, must, cloud, err);
}

static int register_new(struct registration *registration, const struct registry *registry, struct error *err)
{
	struct run *run = registration->run;
	const struct cloud *cloud = &registration->cloud;
	struct operation operation = {.run = run,
		.steps = &steps,
		.self = registration,
		.cloud = &registration->cloud};
	int code = prepare(registration, registry, err);

	operation.by = registration->caller;
	if (code == 0)
		code = steps_run(&operation, err);
	if (code != 0)
		return code;
	event_step(run->stream, STEP_NOTE, "Cloud '%s' (%s) is registered in %s, account %s.", cloud->name,
		cloud->id, cloud->region, cloud->account);
	code = functional_verify_made(run, &registration->options->functional, registration->options->yes,
		&registration->cloud, verdict_exit_code(run->result.counts, false), err);
	if (code < 0)
		return -1;
	next_steps_tell(run, cloud);
	run->result.cloud = cloud;
	return code;
}

static int register_cloud(struct registration *registration, const struct registry *registry,
	struct error *err)
{
	struct registration earlier = {.run = registration->run, .aws = registration->aws};
	const struct cloud *cloud = &earlier.cloud;
	bool found;

	if (registry_find(registry, registration->cloud.name, &earlier.cloud, &found, err) < 0)
		return -1;
	if (found && cloud->deployment == DEPLOYMENT_REGISTERED && cloud->state == CLOUD_READY)
		return find_it_ready(registration, cloud, err);
	if (found && (cloud->state != CLOUD_CREATING || cloud->deployment != DEPLOYMENT_REGISTERED))
		return error_set(err, ERROR_CONFLICT,
			"there is a cloud '%s' already (%s, %s); choose another name", cloud->name,
			cloud_deployment_names[cloud->deployment], cloud_state_names[cloud->state]);
	if (found && undo_earlier_run(registration, &earlier, err) < 0)
		return -1;
	return register_new(registration, registry, err);
}

static int checked_and_locked(struct registration *registration, struct error *err)
{
	struct run *run = registration->run;
	struct registry *registry;
	_cleanup_unlock_ struct registry_lock *lock = NULL;

	if (check_input(registration, err) < 0)
		return -1;
	if (!registration->aws)
		registration->aws = cloud_session(run, registration->cloud.region, false, err);
	registry = registration->aws ? run->registry(run, err) : NULL;
	if (!registry)
		return -1;
	lock = registry_lock(registry, registration->cloud.name, 0, err);
	return lock ? register_cloud(registration, registry, err) : -1;
}

int cloud_register(struct run *run, const void *options, struct error *err)
{
	struct registration *registration = NEW(run->arena, struct registration);
	const struct cloud *cloud = &registration->cloud;
	int code;

	registration->run = run;
	registration->options = options;
	if (functional_options_check(&registration->options->functional, false, err) < 0 ||
		read_input(registration, err) < 0)
		return -1;
	run->begin(run, cloud);
	code = checked_and_locked(registration, err);
	registry_unlock(&registration->trust.lock);
	if (code < 0)
		next_steps_denied("register", err);
	return code < 0 && cloud->name ? error_wrap(err, "registering cloud '%s'", cloud->name) : code;
}
