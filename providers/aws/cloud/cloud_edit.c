/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `edit`: other resources for a registered cloud. The cloud as it is and as it is to become are verified together; then its
 * record is replaced in one write. Where the control-plane role is another one, the external id goes into its trust policy
 * before, and out of the old role's after.
 *
 * Options may differ from those of a run that was killed, so that run is not gone on with: it is undone, or finished when the
 * record has the new resources already.
 */
#include "base/arena.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/aws_provider.h"
#include "providers/aws/cloud/caller.h"
#include "providers/aws/cloud/cloud_identity.h"
#include "providers/aws/cloud/cloud_session.h"
#include "providers/aws/cloud/edit_steps.h"
#include "providers/aws/cloud/functional/functional_verify.h"
#include "providers/aws/cloud/next_steps.h"
#include "providers/aws/cloud/record_file.h"
#include "providers/aws/cloud/resource_details.h"
#include "providers/records/registry.h"
#include "providers/run.h"

/* Exit code of an edit that is done but for something. */
enum { NOT_ALL = 3 };

/* --- what is asked for --- */

static int refuse_mistakes(const struct edit *edit, const struct cloud *file, struct error *err)
{
	struct run *run = edit->run;
	struct text_list mistakes = edit_input_mistakes(run->arena, edit->options, file, &edit->cloud,
		&edit->candidate);

	return run_mistakes(run, &mistakes, err);
}

static int make_candidate(struct edit *edit, struct error *err)
{
	struct run *run = edit->run;
	const struct edit_options *options = edit->options;
	const struct aws_cloud *was = aws_cloud(&edit->cloud);
	struct cloud file = {0};
	struct aws_cloud *section;

	if (options->file && record_file_read(run->arena, options->file, &file, err) < 0)
		return -1;
	if (options->revert) {
		if (edit_input_revert(run->arena, &edit->cloud, &edit->candidate, err) < 0)
			return -1;
	} else {
		edit->candidate = edit_input_apply(run->arena, options, &file, &edit->cloud);
		if (refuse_mistakes(edit, &file, err) < 0)
			return -1;
	}
	section = aws_cloud_edit(run->arena, &edit->candidate);
	edit->new_role = !text_equal(section->resources.control_plane_role_arn,
		was->resources.control_plane_role_arn);
	/* A role that is gone back to may have kept the external id. */
	if (edit->new_role)
		section->external_id_added = was->previous.external_id_added &&
			text_equal(section->resources.control_plane_role_arn,
				was->previous.resources.control_plane_role_arn);
	section->previous = (struct aws_previous){
		.resources = was->resources,
		.external_id_added = edit->new_role && was->external_id_added,
	};
	return 0;
}

/* Whose resources are the user's, and that nothing else is under way with. */
static int refuse_cloud(const struct edit *edit, struct error *err)
{
	const struct cloud *cloud = &edit->cloud;

	if (cloud->deployment != DEPLOYMENT_REGISTERED)
		return error_set(err, ERROR_USAGE,
			"cloud '%s' is managed: its resources belong to its CloudFormation stack %s; to change that: cloudctl update %s",
			cloud->name, text_or(aws_cloud(cloud)->stack_name, ""), cloud->name);
	if (cloud->state != CLOUD_READY)
		return error_set(err, ERROR_CONFLICT,
			"cloud '%s' is %s; finish that first: cloudctl %s --name %s", cloud->name,
			cloud_state_names[cloud->state], text_or(cloud->operation.kind, "delete"),
			cloud->name);
	if (edit_is_unfinished(cloud) && edit->options->plan)
		return error_set(err, ERROR_CONFLICT,
			"an earlier edit of cloud '%s' was not finished; finish that first: cloudctl edit --name %s",
			cloud->name, cloud->name);
	return cloud_identity_check(edit->run->arena, cloud, err);
}

/* --- the command --- */

static int find_nothing_to_change(struct edit *edit, struct error *err)
{
	struct run *run = edit->run;
	struct cloud *cloud = &edit->cloud;

	if (edit->options->plan) {
		run->result.document = tree_defer(run->arena, edit_consent_nothing(cloud));
		run->result.lines = arena_printf(run->arena,
			"Cloud '%s' has these resources already: nothing to change.\n", cloud->name);
		return PLAN_NOTHING;
	}
	event_step(run->stream, STEP_NOTE, "Cloud '%s' has these resources already: nothing to change.",
		cloud->name);
	run->result.cloud = cloud;
	return functional_verify_again(run, edit->aws, &edit->options->functional, edit->options->yes, cloud,
		err);
}

/* Is there anything that nobody knows of the cloud as it is to become, but that it was skipped as before? */
static bool is_unknown(const struct edit *edit)
{
	return edit->is.counts[VERDICT_UNKNOWN] + edit->compared.new_unknowns > 0;
}

/* --plan: as far as the question. Nothing is written, neither in AWS nor here; a lock is a file. */
static int show_plan(struct edit *edit, struct error *err)
{
	struct run *run = edit->run;
	struct edit_consent what;
	struct consent lines;

	if (edit_verify(edit, NULL, err) < 0 || edit_look(edit, false, err) < 0)
		return -1;
	what = edit_consent_of(edit);
	lines = edit_consent_lines(run->arena, &what);
	run->result.plan = consent_keep(&lines);
	run->result.document = tree_defer(run->arena, edit_consent_document(&what));
	if (edit->compared.new_failures > 0) {
		edit_tell_new_failures(edit);
		return PLAN_REFUSED;
	}
	return is_unknown(edit) || edit->survey.unknown > 0 ? PLAN_UNKNOWN : PLAN_SOMETHING;
}

static int change(struct edit *edit, struct error *err)
{
	struct run *run = edit->run;
	struct cloud *cloud = &edit->cloud;
	int code = edit_run(edit, err);

	if (code != 0)
		return code;
	event_step(run->stream, STEP_NOTE,
		"Cloud '%s' (%s) is changed. To go back: cloudctl edit %s --revert", cloud->name, cloud->id,
		cloud->name);
	code = functional_verify_made(run, &edit->options->functional, edit->options->yes, cloud,
		edit->role.left || is_unknown(edit) ? NOT_ALL : 0, err);
	if (code < 0)
		return -1;
	next_steps_tell(run, cloud);
	run->result.cloud = cloud;
	return code;
}

static int check_caller(struct edit *edit, struct error *err)
{
	edit->caller = caller_of(edit->aws, edit->run->arena, &edit->cloud, err);
	return edit->caller ? 0 : -1;
}

static int edit_cloud(struct edit *edit, struct error *err)
{
	struct run *run = edit->run;
	bool asked;

	if (functional_options_check(&edit->options->functional, edit->options->plan, err) < 0 ||
		edit_input_asked(edit->options, &asked, err) < 0 || refuse_cloud(edit, err) < 0)
		return -1;
	if (edit_is_unfinished(&edit->cloud)) {
		if (check_caller(edit, err) < 0 || edit_end_earlier(edit, err) < 0)
			return -1;
		if (!asked || edit->role.left)
			return edit->role.left ? NOT_ALL : 0;
	}
	if (!asked)
		return error_set(err, ERROR_USAGE,
			"nothing is asked for; say what to change, for example --s3-bucket-id BUCKET, or --revert");
	if (make_candidate(edit, err) < 0)
		return -1;
	if (edit_changes(run->arena, &edit->cloud, &edit->candidate).count == 0)
		return find_nothing_to_change(edit, err);
	if (check_caller(edit, err) < 0 ||
		resource_details_find(edit->aws, run->arena, run->stream, true, &edit->candidate, err) < 0)
		return -1;
	return edit->options->plan ? show_plan(edit, err) : change(edit, err);
}

int cloud_edit(struct run *run, const void *options, struct error *err)
{
	struct edit *edit = NEW(run->arena, struct edit);
	_cleanup_unlock_ struct registry_lock *lock = NULL;
	int code;

	edit->run = run;
	edit->options = options;
	run->result.alone = edit->options->plan;
	if (run_load_cloud(run, edit->options->plan, &lock, &edit->cloud, err) < 0)
		return -1;
	edit->registry = run->registry(run, err);
	edit->aws = cloud_session(run, edit->cloud.region, false, err);
	if (!edit->aws)
		return -1;
	run->begin(run, &edit->cloud);
	code = edit_cloud(edit, err);
	edit_role_close(&edit->role);
	if (code < 0)
		next_steps_denied("edit", err);
	return code < 0 ? error_wrap(err, "editing cloud '%s'", edit->cloud.name) : code;
}
