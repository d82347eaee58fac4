/* SPDX-License-Identifier: Apache-2.0 */
/* The functions of the steps, and their table. */
#include "providers/aws/cloud/edit_steps.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/world.h"
#include "providers/aws/client/aws.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/aws_provider.h"
#include "providers/aws/cloud/cloud_session.h"
#include "providers/aws/cloud/other_clouds.h"
#include "providers/records/registry.h"
#include "providers/run.h"
#include "providers/steps.h"

enum { CHECK_FAILED = 1 }; /* exit code of an edit that ends before it changes anything */

/* The step from which on an edit is finished, not undone. */
#define OLD_ROLE "old-role"

/* --- verification --- */

static struct facts *facts_about(struct edit *edit, const struct cloud *cloud)
{
	struct facts *facts = facts_new(edit->run->arena, cloud_checks.plan, cloud);
	struct error why;

	if (other_clouds_find(facts, edit->registry, &why) < 0)
		edit_role_tell_unread(edit->run, &why);
	return facts;
}

/* The trust policy of another role does not have the external id yet. */
int edit_verify(struct edit *edit, struct event_stream *stream, struct error *err)
{
	struct arena *arena = edit->run->arena;
	struct verify_options options = {0};
	const struct verify_input was = {
		.table = &cloud_checks,
		.source = aws_source(arena, edit->aws),
		.facts = facts_about(edit, &edit->cloud),
		.options = &options,
	};
	struct verify_input is = was;

	if (edit->new_role)
		text_list_add(arena, &options.skip, "iam.control-plane.external-id");
	is.facts = facts_about(edit, &edit->candidate);
	is.stream = stream;
	if (difference_verify(&was, &edit->was, &is, &edit->is, err) < 0)
		return error_wrap(err, "verifying cloud '%s' as it is and as it is to become",
			edit->cloud.name);
	edit->compared = difference_make(arena, &edit->was, &edit->is);
	return 0;
}

/* What was broken before is no reason not to change anything, else nothing broken could be mended. */
void edit_tell_new_failures(const struct edit *edit)
{
	struct run *run = edit->run;
	size_t failures = edit->compared.new_failures;

	for (size_t i = 0; i < edit->compared.count; i++) {
		const struct compared *row = &edit->compared.items[i];

		if (row->change == CHANGE_NEW && row->is == VERDICT_FAIL)
			event_step(run->stream, STEP_ERROR, "%s", compared_line(run->arena, row));
	}
	event_step(run->stream, STEP_ERROR,
		"%zu check%s would fail that do%s not fail now. Repair what %s, or choose other resources.",
		failures, failures == 1 ? "" : "s", failures == 1 ? "es" : "",
		failures == 1 ? "it names" : "they name");
}

static int verify(void *self, struct error *err)
{
	struct edit *edit = self;

	if (edit_verify(edit, edit->run->stream, err) < 0)
		return -1;
	run_judged(edit->run, &edit->is);
	if (edit->compared.new_failures == 0)
		return 0;
	edit_tell_new_failures(edit);
	return CHECK_FAILED;
}

/* --- what the user agrees to --- */

struct edit_consent edit_consent_of(const struct edit *edit)
{
	struct arena *arena = edit->run->arena;

	return (struct edit_consent){
		.before = &edit->cloud,
		.after = &edit->candidate,
		.changes = edit_changes(arena, &edit->cloud, &edit->candidate),
		.compared = &edit->compared,
		.survey = &edit->survey,
		.new_role = edit->new_role,
		.trust_changes = edit->role.grant.changes,
		.withdraw = edit_role_old(edit->run, edit->registry, &edit->candidate),
	};
}

static void tell_use(const struct edit *edit)
{
	for (size_t i = 0; i < edit->survey.count; i++) {
		const struct edit_use *use = &edit->survey.items[i];

		event_step(edit->run->stream, STEP_WARNING, "%s.%s%s", use->text,
			use->command ? " By hand: " : "", text_or(use->command, ""));
	}
}

int edit_look(struct edit *edit, bool lock, struct error *err)
{
	if (edit_survey_take(edit->run, edit->aws, edit->was.facts, &edit->candidate, &edit->survey, err) < 0)
		return -1;
	tell_use(edit);
	if (!edit->new_role)
		return 0;
	return edit_role_plan(&edit->role, edit->run, edit->aws, lock, &edit->candidate, err);
}

static int agree(void *self, struct error *err)
{
	struct edit *edit = self;
	struct run *run = edit->run;
	const struct cloud *cloud = &edit->cloud;
	size_t unknown = edit->compared.new_unknowns;
	struct edit_consent what;
	struct consent lines;

	if (edit_look(edit, true, err) < 0)
		return -1;
	what = edit_consent_of(edit);
	lines = edit_consent_lines(run->arena, &what);
	consent_tell(run, &lines);
	if (unknown > 0)
		event_step(run->stream, STEP_WARNING,
			"%zu check%s could be determined for the cloud as it is, and cannot for what it is to become.",
			unknown, unknown == 1 ? "" : "s");
	return run->confirm(run, edit->options->yes,
		arena_printf(run->arena, "Change cloud '%s' of account %s, region %s?", cloud->name,
			cloud->account, cloud->region),
		err);
}

/* --- the steps --- */

static int find_grant(void *self, enum found *found, struct error *err)
{
	const struct edit *edit = self;

	(void)err;
	*found = edit->role.grant.changes ? FOUND_NOTHING : FOUND_DONE;
	return 0;
}

static int note_undo(void *self, struct error *err)
{
	struct edit *edit = self;

	(void)err;
	edit->cloud.operation.undo = edit_role_undo(&edit->role);
	return 0;
}

static int grant(void *self, struct error *err)
{
	return trust_grant_write(&((struct edit *)self)->role.grant, err);
}

static int wait_for_grant(void *self, struct error *err)
{
	return trust_grant_wait(&((struct edit *)self)->role.grant, err);
}

static int take_grant_back(void *self, struct error *err)
{
	struct edit *edit = self;

	return edit_role_take_back(&edit->role, edit->run, &edit->cloud, err);
}

/* In memory: the next step's record, or the last one, is written with it. */
static int replace_record(void *self, struct error *err)
{
	struct edit *edit = self;
	struct run *run = edit->run;

	(void)err;
	edit->cloud.section = edit->candidate.section;
	cloud_summarize(run->arena, &edit->is, world_now(run->world, run->arena), &edit->cloud);
	return 0;
}

static int find_old_role(void *self, enum found *found, struct error *err)
{
	const struct edit *edit = self;

	(void)err;
	*found = edit_role_old(edit->run, edit->registry, &edit->cloud) ? FOUND_NOTHING : FOUND_DONE;
	return 0;
}

static int withdraw(void *self, struct error *err)
{
	struct edit *edit = self;

	return edit_role_withdraw(&edit->role, edit->run, edit->aws, &edit->cloud, err);
}

static const struct step rows[] = {
	{.id = "verify", .doing = "verifying the resources", .perform = verify},
	{.id = "confirm", .doing = "asking for confirmation", .perform = agree},
	{.id = "trust-policy",
		.doing = "letting the control plane in by the new role",
		.changes = true,
		.find = find_grant,
		.prepare = note_undo,
		.perform = grant,
		.wait = wait_for_grant,
		.undo = take_grant_back},
	{.id = "record", .doing = "changing the record", .perform = replace_record},
	{.id = OLD_ROLE,
		.doing = "taking the external id out of the old role's trust policy",
		.changes = true,
		.no_return = true,
		.find = find_old_role,
		.perform = withdraw},
};

static const struct steps steps = {
	.kind = "edit",
	.record = STEPS_CHANGE_RECORD,
	.rows = rows,
	.count = ARRAY_LENGTH(rows),
	.place = "AWS",
};

/* What is left of an edit whose record is written. */
static const struct steps finishing = {
	.kind = "edit",
	.record = STEPS_CHANGE_RECORD,
	.rows = &rows[ARRAY_LENGTH(rows) - 1],
	.count = 1,
	.place = "AWS",
};

int edit_run(struct edit *edit, struct error *err)
{
	struct operation operation = {
		.run = edit->run,
		.steps = &steps,
		.self = edit,
		.cloud = &edit->cloud,
		.by = edit->caller,
		.recorded = true,
	};

	return steps_run(&operation, err);
}

/* --- an earlier run --- */

bool edit_is_unfinished(const struct cloud *cloud)
{
	return text_equal(cloud->operation.kind, steps.kind);
}

int edit_end_earlier(struct edit *edit, struct error *err)
{
	struct run *run = edit->run;
	bool finish = text_equal(edit->cloud.operation.step, OLD_ROLE);
	struct operation operation = {
		.run = run,
		.steps = finish ? &finishing : &steps,
		.self = edit,
		.cloud = &edit->cloud,
		.by = edit->caller,
		.recorded = true,
	};

	if (!edit_is_unfinished(&edit->cloud))
		return 0;
	event_step(run->stream, STEP_PROGRESS, "An earlier edit of '%s' was not finished; %s it ...",
		edit->cloud.name, finish ? "finishing" : "undoing");
	if ((finish ? steps_run(&operation, err) : steps_undo(&operation, err)) < 0)
		return -1;
	edit_role_close(&edit->role);
	return 0;
}

int edit_end(struct run *run, struct aws *aws, struct cloud *cloud, struct error *err)
{
	struct edit edit = {.run = run, .aws = aws, .cloud = *cloud};
	int result;

	edit.registry = run->registry(run, err);
	result = edit.registry ? edit_end_earlier(&edit, err) : -1;
	edit_role_close(&edit.role);
	*cloud = edit.cloud;
	return result;
}
