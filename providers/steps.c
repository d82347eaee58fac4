/* SPDX-License-Identifier: Apache-2.0 */
/* Running a table of steps forwards, and backwards. */
#include "providers/steps.h"

#include <string.h>

#include "base/arena.h"
#include "base/event.h"
#include "base/text.h"
#include "base/world.h"
#include "providers/records/registry.h"
#include "providers/run.h"

/* --- the record --- */

/* The rows that the record's operation has begun, when it is one of this table. */
static size_t rows_begun(const struct operation *operation)
{
	const struct steps *steps = operation->steps;
	const struct cloud_operation *recorded = &operation->cloud->operation;

	for (size_t i = 0; text_equal(recorded->kind, steps->kind) && i < steps->count; i++)
		if (text_equal(recorded->step, steps->rows[i].id))
			return i + 1;
	return 0;
}

static int save(struct operation *operation, struct error *err)
{
	struct registry *registry = operation->run->registry(operation->run, err);
	int result = -1;

	if (registry)
		result = operation->recorded ? registry_update(registry, operation->cloud, err)
					     : registry_create(registry, operation->cloud, err);
	operation->recorded = operation->recorded || result == 0;
	return result;
}

/* Keep the record as it is in the registry, not as it may have been changed in memory since. */
static int keep_before(struct operation *operation, struct error *err)
{
	struct registry *registry = operation->run->registry(operation->run, err);

	if (!registry)
		return -1;
	operation->had_record = operation->recorded;
	if (operation->recorded &&
		registry_load(registry, operation->cloud->name, &operation->before, err) < 0)
		return -1;
	operation->wrote = true;
	return 0;
}

/* Write down what is about to be done, before it is done. */
static int record_step(struct operation *operation, size_t i, struct error *err)
{
	struct arena *arena = operation->run->arena;
	struct world *world = operation->run->world;
	const struct steps *steps = operation->steps;
	struct cloud_operation *recorded = &operation->cloud->operation;
	bool again = rows_begun(operation) == i + 1;

	if (!operation->wrote && keep_before(operation, err) < 0)
		return -1;
	if (steps->record == STEPS_MAKE_RECORD)
		operation->cloud->state = CLOUD_CREATING;
	if (steps->record == STEPS_REMOVE_RECORD)
		operation->cloud->state = CLOUD_DELETING;
	*recorded = (struct cloud_operation){
		.kind = steps->kind,
		.token = again && recorded->token
			? recorded->token
			: world_token(world, arena, arena_printf(arena, "%s-", steps->kind)),
		.step = steps->rows[i].id,
		.undo = recorded->undo,
		.started = world_now(world, arena),
	};
	return save(operation, err);
}

/* The record that is to be there when this run has changed nothing after all. False: none is. */
static bool record_of_before(const struct operation *operation, struct cloud *before)
{
	*before = operation->before;
	before->revision = operation->cloud->revision;
	return operation->had_record;
}

/* The record that is to be there when all rows are undone, those of an earlier run as well. False: none is. */
static bool record_of_undone(const struct operation *operation, struct cloud *before)
{
	if (!operation->taken_up)
		return record_of_before(operation, before);
	*before = *operation->cloud;
	before->state = CLOUD_READY;
	before->operation = (struct cloud_operation){0};
	return operation->steps->record != STEPS_MAKE_RECORD;
}

/* before NULL: no record. */
static int put_record_back(struct operation *operation, const struct cloud *before, struct error *err)
{
	struct registry *registry = operation->run->registry(operation->run, err);

	if (!registry)
		return -1;
	if (before) {
		*operation->cloud = *before;
		return registry_update(registry, operation->cloud, err);
	}
	if (registry_remove(registry, operation->cloud->name, err) < 0)
		return -1;
	operation->recorded = false;
	return 0;
}

/* The operation stays in the record until the record without it is written. */
static int conclude(struct operation *operation, struct error *err)
{
	struct registry *registry = operation->run->registry(operation->run, err);
	struct cloud ready = *operation->cloud;

	if (!registry)
		return -1;
	if (operation->steps->record == STEPS_REMOVE_RECORD)
		return registry_remove(registry, ready.name, err);
	ready.state = CLOUD_READY;
	ready.operation = (struct cloud_operation){0};
	if (registry_update(registry, &ready, err) < 0)
		return -1;
	*operation->cloud = ready;
	return 0;
}

/* --- backwards --- */

static bool can_undo(const struct operation *operation, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (operation->ours[i] && operation->steps->rows[i].undo)
			return true;
	return false;
}

static int undo_rows(struct operation *operation, size_t count, struct error *err)
{
	struct cloud before;

	while (count-- > 0) {
		const struct step *row = &operation->steps->rows[count];

		if (operation->ours[count] && row->undo && row->undo(operation->self, err) < 0)
			return error_wrap(err, "undoing: %s", row->doing);
	}
	return put_record_back(operation, record_of_undone(operation, &before) ? &before : NULL, err);
}

/* The command ends with what made it fail; that the undoing failed as well is told before. */
static void undo_after_failure(struct operation *operation, size_t count)
{
	struct error why = {0};

	if (undo_rows(operation, count, &why) == 0)
		return;
	event_step(operation->run->stream, STEP_ERROR,
		"What was started could not be undone (%s). Run cloudctl %s again, or: cloudctl delete --name %s",
		why.frame[0], operation->steps->kind, operation->cloud->name);
}

/* Returns the number of rows that an earlier run began. */
static size_t take_up(struct operation *operation)
{
	size_t begun = rows_begun(operation);

	operation->ours = NEW_ARRAY(operation->run->arena, bool, operation->steps->count);
	for (size_t i = 0; i < begun; i++)
		operation->ours[i] = operation->steps->rows[i].changes;
	operation->taken_up = begun > 0;
	return begun;
}

int steps_undo(struct operation *operation, struct error *err)
{
	return undo_rows(operation, take_up(operation), err);
}

/* --- forwards --- */

static void told_not_saved(struct operation *operation, const struct error *why)
{
	event_step(operation->run->stream, STEP_ERROR, "The record of cloud '%s' could not be written: %s",
		operation->cloud->name, why->frame[0]);
}

static bool is_refusal(const struct error *err)
{
	return err->kind == ERROR_DENIED || err->kind == ERROR_REJECTED;
}

/* The row's request was refused; is it sure that nothing of it is there? */
static bool is_nothing_there(struct operation *operation, const struct step *row)
{
	enum found found = FOUND_NOTHING;
	struct error ignored;

	return !row->find || (row->find(operation->self, &found, &ignored) == 0 && found == FOUND_NOTHING);
}

/* A row ended before it changed anything, with a code or an error. Always returns code. */
static int stop_before(struct operation *operation, size_t i, int code)
{
	if (can_undo(operation, i))
		undo_after_failure(operation, i);
	return code;
}

/* A row failed that may have changed something. Always returns -1. */
static int fail(struct operation *operation, size_t i, bool refused, const struct error *err)
{
	const struct steps *steps = operation->steps;
	const struct step *row = &steps->rows[i];
	bool goes_on = !refused && !row->undo && err->kind != ERROR_FAILED;
	struct error why = {0};
	struct cloud before;

	if (!goes_on && can_undo(operation, i + 1)) {
		undo_after_failure(operation, i + 1);
		return -1;
	}
	if (refused && is_nothing_there(operation, row)) {
		if (put_record_back(operation, record_of_before(operation, &before) ? &before : NULL, &why) <
			0)
			told_not_saved(operation, &why);
		return -1;
	}
	if (row->changes && save(operation, &why) < 0)
		told_not_saved(operation, &why);
	if (row->changes && err->kind != ERROR_FAILED && steps->left)
		steps->left(operation->self);
	return -1;
}

static int perform(struct operation *operation, size_t i, struct error *err)
{
	const struct step *row = &operation->steps->rows[i];
	int code = row->prepare ? row->prepare(operation->self, err) : 0;

	if (code == 0 && row->changes)
		code = record_step(operation, i, err);
	if (code != 0)
		return stop_before(operation, i, code);
	operation->ours[i] = row->changes;
	code = row->perform ? row->perform(operation->self, err) : 0;
	if (!row->changes)
		return code == 0 ? 0 : stop_before(operation, i, code);
	if (code < 0)
		return fail(operation, i, is_refusal(err), err);
	return save(operation, err) < 0 ? fail(operation, i, false, err) : 0;
}

static int run_row(struct operation *operation, size_t i, struct error *err)
{
	const struct step *row = &operation->steps->rows[i];
	enum found found = FOUND_NOTHING;
	int code;

	/* What an earlier run began may be under way: nothing before it is undone. */
	if (row->find && row->find(operation->self, &found, err) < 0)
		return operation->ours[i] ? -1 : stop_before(operation, i, -1);
	if (found == FOUND_DONE)
		return 0;
	if (found == FOUND_NOTHING) {
		code = perform(operation, i, err);
		if (code != 0)
			return code;
	}
	if (row->wait && row->wait(operation->self, err) < 0)
		return row->changes ? fail(operation, i, false, err) : stop_before(operation, i, -1);
	return 0;
}

int steps_run(struct operation *operation, struct error *err)
{
	const struct steps *steps = operation->steps;

	take_up(operation);
	for (size_t i = 0; i < steps->count; i++) {
		int code = run_row(operation, i, err);

		if (code != 0)
			return code;
	}
	if (conclude(operation, err) == 0)
		return 0;
	if (can_undo(operation, steps->count))
		undo_after_failure(operation, steps->count);
	return -1;
}
