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
	int result = (operation->recorded ? registry_update : registry_create)(operation->registry,
		operation->cloud, err);

	operation->recorded = operation->recorded || result == 0;
	return result;
}

/* Keep the record as it is in the registry, not as it may have been changed in memory since. */
static int keep_before(struct operation *operation, struct error *err)
{
	operation->had_record = operation->recorded;
	if (operation->recorded &&
		registry_load(operation->registry, operation->cloud->name, &operation->before, err) < 0)
		return -1;
	operation->wrote = true;
	return 0;
}

/* The write that follows says in the history how the operation ended. */
static void end_history(const struct operation *operation, enum history_result result, struct cloud *cloud)
{
	const struct run *run = operation->run;

	history_end(run->arena, &cloud->history, operation->steps->kind, result,
		world_now(run->world, run->arena));
}

/* Write down what is about to be done, before it is done. */
static int record_step(struct operation *operation, size_t i, struct error *err)
{
	struct arena *arena = operation->run->arena;
	struct world *world = operation->run->world;
	const struct steps *steps = operation->steps;
	struct cloud_operation *recorded = &operation->cloud->operation;
	bool again = rows_begun(operation) == i + 1;
	struct past_operation now;

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
	now = (struct past_operation){.kind = steps->kind, .started = recorded->started, .by = operation->by};
	history_step(arena, &operation->cloud->history, &now, recorded->step);
	return save(operation, err);
}

/* HISTORY_REFUSED: this run has changed nothing after all; else all rows are undone, those of an earlier run as well. */
static int put_record_back(struct operation *operation, enum history_result result, struct error *err)
{
	struct cloud before = operation->before;
	bool keep = operation->had_record;

	before.revision = operation->cloud->revision;
	before.history = operation->cloud->history;
	if (result != HISTORY_REFUSED && operation->taken_up) {
		before = *operation->cloud;
		before.state = CLOUD_READY;
		before.operation = (struct cloud_operation){0};
		keep = operation->steps->record != STEPS_MAKE_RECORD;
	}
	if (keep) {
		end_history(operation, result, &before);
		*operation->cloud = before;
		return registry_update(operation->registry, operation->cloud, err);
	}
	if (registry_remove(operation->registry, operation->cloud->name, err) < 0)
		return -1;
	operation->recorded = false;
	return 0;
}

/* An operation that changes nothing but the record gets into its history by the only write. */
static void note_in_history(const struct operation *operation, struct cloud *ready)
{
	const struct run *run = operation->run;
	const struct past_operation now = {.kind = operation->steps->kind,
		.started = world_now(run->world, run->arena),
		.by = operation->by};

	history_step(run->arena, &ready->history, &now, NULL);
}

/* The operation stays in the record until the record without it is written. */
static int conclude(struct operation *operation, struct error *err)
{
	struct cloud ready = *operation->cloud;

	if (operation->steps->record == STEPS_REMOVE_RECORD)
		return registry_remove(operation->registry, ready.name, err);
	ready.state = CLOUD_READY;
	ready.operation = (struct cloud_operation){0};
	if (operation->steps->record == STEPS_CHANGE_RECORD && !operation->wrote)
		note_in_history(operation, &ready);
	end_history(operation, HISTORY_DONE, &ready);
	if (registry_update(operation->registry, &ready, err) < 0) {
		operation->cloud->revision =
			ready.revision; /* it may have been written, and not be durable */
		return -1;
	}
	*operation->cloud = ready;
	return 0;
}

/* Say what goes on without us, how to come back to it, and how to undo it. */
static void tell_what_goes_on(const struct operation *operation, const struct step *row, const char *how)
{
	const struct steps *steps = operation->steps;
	const char *name = operation->cloud->name, *undo = "";

	if (steps->record == STEPS_MAKE_RECORD)
		undo = arena_printf(operation->run->arena, ". To undo it: cloudctl delete --name %s", name);
	event_step(operation->run->stream, STEP_NOTE,
		"This %s in %s: %s. To come back to it: cloudctl %s --name %s%s", how, steps->place,
		row->doing, steps->kind, name, undo);
}

/* --- backwards --- */

static bool can_undo(const struct operation *operation, size_t count)
{
	bool any = false;

	for (size_t i = 0; i < count; i++) {
		const struct step *row = &operation->steps->rows[i];

		if (operation->ours[i] && row->no_return)
			return false;
		any = any ||
			(operation->ours[i] && row->undo &&
				(!row->undoable || row->undoable(operation->self)));
	}
	return any;
}

/* A row that cannot be undone stays; what led to it is then not taken away from under it. */
static bool can_undo_all(const struct operation *operation)
{
	for (size_t i = 0; i < operation->steps->count; i++)
		if (operation->ours[i] && !operation->steps->rows[i].undo)
			return false;
	return can_undo(operation, operation->steps->count);
}

static int undo_rows(struct operation *operation, size_t count, enum history_result result, struct error *err)
{
	while (count-- > 0) {
		const struct step *row = &operation->steps->rows[count];

		if (operation->ours[count] && row->undo && row->undo(operation->self, err) < 0)
			return error_wrap(err, "undoing: %s", row->doing);
	}
	return put_record_back(operation, result, err);
}

/* The command ends with what made it fail; that the undoing failed as well is told before. */
static void undo_after_failure(struct operation *operation, size_t count, enum history_result result)
{
	bool keeps = operation->steps->record == STEPS_CHANGE_RECORD; /* the cloud is wanted */
	struct error why = {0};

	if (undo_rows(operation, count, result, &why) == 0)
		return;
	event_step(operation->run->stream, STEP_ERROR,
		"What was started could not be undone (%s). Run cloudctl %s again%s%s", why.frame[0],
		operation->steps->kind, keeps ? "" : ", or: cloudctl delete --name ",
		keeps ? "" : operation->cloud->name);
}

/* Go on with what an earlier run began. */
static int take_up(struct operation *operation, struct error *err)
{
	size_t begun = rows_begun(operation);

	operation->registry = operation->run->registry(operation->run, err);
	operation->ours = NEW_ARRAY(operation->run->arena, bool, operation->steps->count);
	for (size_t i = 0; i < begun; i++)
		operation->ours[i] = operation->steps->rows[i].changes;
	operation->taken_up = begun > 0;
	return operation->registry ? 0 : -1;
}

int steps_undo(struct operation *operation, struct error *err)
{
	return take_up(operation, err) < 0 ? -1
					   : undo_rows(operation, rows_begun(operation), HISTORY_UNDONE, err);
}

/* --- forwards --- */

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
		undo_after_failure(operation, i, HISTORY_UNDONE);
	return code;
}

enum row_end {
	REFUSED,
	UNKNOWN, /* the request may have arrived */
	BEGUN,
	ENDED, /* and failed */
	STUCK, /* the same, and what is there has to be gone on with */
};

/* Rows before this one were done and stay; without its record nobody would know of them. */
static bool needs_record(const struct operation *operation, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (operation->ours[k] && !operation->had_record)
			return true;
	return false;
}

/* A row failed that may have changed something. Always returns -1. */
static int fail(struct operation *operation, size_t i, enum row_end outcome)
{
	const struct step *row = &operation->steps->rows[i];
	bool goes_on = !row->undo && (outcome == UNKNOWN || outcome == BEGUN), nothing_there, stays;
	bool ended = outcome == ENDED || outcome == STUCK;
	struct error why = {0};

	if (!goes_on && outcome != STUCK && can_undo(operation, i + 1)) {
		undo_after_failure(operation, i + 1, ended ? HISTORY_FAILED : HISTORY_UNDONE);
		return -1;
	}
	nothing_there = outcome == REFUSED && !row->no_return && is_nothing_there(operation, row);
	stays = nothing_there && needs_record(operation, i);
	if (row->changes && (ended || stays))
		end_history(operation, ended ? HISTORY_FAILED : HISTORY_REFUSED, operation->cloud);
	if (nothing_there && !stays)
		put_record_back(operation, HISTORY_REFUSED, &why);
	else if (row->changes)
		save(operation, &why);
	if (why.kind != ERROR_NONE)
		event_step(operation->run->stream, STEP_ERROR,
			"The record of cloud '%s' could not be written: %s", operation->cloud->name,
			why.frame[0]);
	if (stays)
		event_step(operation->run->stream, STEP_NOTE,
			"What was done before that stays in %s. To go on: cloudctl %s --name %s",
			operation->steps->place, operation->steps->kind, operation->cloud->name);
	if (!nothing_there && row->changes && !ended)
		tell_what_goes_on(operation, row, outcome == BEGUN ? "goes on" : "may be done, or go on,");
	return -1;
}

static enum row_end end_of_wait(const struct operation *operation, const struct step *row,
	const struct error *err)
{
	if (err->kind != ERROR_FAILED)
		return BEGUN;
	return row->stuck && row->stuck(operation->self) ? STUCK : ENDED;
}

static enum row_end end_of(const struct error *err)
{
	if (err->kind == ERROR_DENIED || err->kind == ERROR_REJECTED)
		return REFUSED;
	return err->kind == ERROR_FAILED ? ENDED : UNKNOWN;
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
		return fail(operation, i, end_of(err));
	return save(operation, err) < 0 ? fail(operation, i, row->wait ? BEGUN : UNKNOWN) : 0;
}

static int run_row(struct operation *operation, size_t i, struct error *err)
{
	const struct step *row = &operation->steps->rows[i];
	enum found found = FOUND_NOTHING;
	int code;

	/* What an earlier run began may be under way: nothing before it is undone. */
	if (row->find && row->find(operation->self, &found, err) < 0) {
		if (!operation->ours[i])
			return stop_before(operation, i, -1);
		tell_what_goes_on(operation, row, "may be done, or go on,");
		return -1;
	}
	if (found == FOUND_DONE)
		return 0;
	if (found == FOUND_NOTHING) {
		code = perform(operation, i, err);
		if (code != 0)
			return code;
	}
	if (row->wait && row->wait(operation->self, err) < 0)
		return row->changes ? fail(operation, i, end_of_wait(operation, row, err))
				    : stop_before(operation, i, -1);
	return 0;
}

int steps_run(struct operation *operation, struct error *err)
{
	const struct steps *steps = operation->steps;

	if (take_up(operation, err) < 0)
		return -1;
	for (size_t i = 0; i < steps->count; i++) {
		int code = run_row(operation, i, err);

		if (code != 0)
			return code;
	}
	if (conclude(operation, err) == 0)
		return 0;
	if (steps->record == STEPS_CHANGE_RECORD && !operation->wrote)
		return -1; /* the record was all that there is to change */
	if (can_undo_all(operation))
		undo_after_failure(operation, steps->count, HISTORY_UNDONE);
	else
		event_step(operation->run->stream, STEP_NOTE,
			"All of it is done in %s, which the record does not say yet. To write it: cloudctl %s --name %s",
			steps->place, steps->kind, operation->cloud->name);
	return -1;
}
