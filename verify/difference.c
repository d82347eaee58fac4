/* SPDX-License-Identifier: Apache-2.0 */
/* Running two verifications on one loop, and judging the difference. */
#include "verify/difference.h"

#include "base/arena.h"
#include "verify/shared_source.h"
#include "verify/source.h"

/* --- verifying both --- */

/* Both run to their end; that one could not be begun or not ask anybody is the error of both. */
static int run_both(struct source *source, struct verify_job *jobs[2], struct error *err)
{
	bool interrupted = false, under_way = true;
	struct error other = {0};
	int status;

	while (!interrupted && under_way) {
		under_way = verify_advance(jobs[0]);
		under_way = verify_advance(jobs[1]) || under_way;
		if (under_way)
			interrupted = !source->step(source, GATHER_TURN_MS);
	}
	status = verify_end(jobs[0], interrupted, err);
	if (verify_end(jobs[1], interrupted, status < 0 ? &other : err) < 0)
		status = -1;
	return status;
}

int difference_verify(const struct verify_input *before, struct verification *was,
	const struct verify_input *after, struct verification *is, struct error *err)
{
	struct verify_input inputs[] = {*before, *after};
	struct verify_job *jobs[2];

	inputs[0].source = inputs[1].source = shared_source(before->facts->arena, before->source);
	jobs[0] = verify_begin(&inputs[0], was, err);
	jobs[1] = jobs[0] ? verify_begin(&inputs[1], is, err) : NULL;
	return jobs[1] ? run_both(inputs[0].source, jobs, err) : -1;
}

/* --- judging --- */

static const struct finding *find(const struct verification *result, const struct check *check)
{
	for (size_t i = 0; i < result->count; i++)
		if (result->findings[i].check == check)
			return &result->findings[i];
	return NULL;
}

static enum verdict counted(const struct finding *finding)
{
	return finding && !finding->ignored ? finding->verdict : VERDICT_PASS;
}

/* From what is right to what is worst. What was skipped is as little known as what could not be asked. */
static int badness(enum verdict verdict)
{
	static const int order[VERDICTS] = {[VERDICT_PASS] = 0,
		[VERDICT_WARN] = 1,
		[VERDICT_UNKNOWN] = 2,
		[VERDICT_SKIP] = 2,
		[VERDICT_FAIL] = 3};

	return order[verdict];
}

/* Of a check that fails in both: does something fail only now? */
static bool fails_for_more(struct arena *arena, const struct verification *was, const struct finding *before,
	const struct finding *after)
{
	struct text_list there;

	if (before->resources.count == 0)
		return false;
	if (after->resources.count > before->resources.count)
		return true;
	there = check_subjects(arena, was->table, before->group, before->check, was->facts->cloud);
	for (size_t i = 0; i < after->resources.count; i++) {
		const char *id = after->resources.items[i];

		if (text_list_has(&there, id) && !text_list_has(&before->resources, id))
			return true;
	}
	return false;
}

static enum change judge(struct arena *arena, const struct verification *was, const struct compared *row)
{
	int before = badness(row->was), now = badness(row->is);

	/* A failure of which nobody knows whether it is still there is not mended. */
	if (row->was == VERDICT_FAIL && now == badness(VERDICT_UNKNOWN))
		return CHANGE_NEW;
	if (now != before)
		return now > before ? CHANGE_NEW : CHANGE_MENDED;
	if (row->is == VERDICT_FAIL && fails_for_more(arena, was, row->before, row->after))
		return CHANGE_NEW;
	return CHANGE_NONE;
}

struct difference difference_make(struct arena *arena, const struct verification *before,
	const struct verification *after)
{
	const struct check_table *table = after->table;
	struct difference made = {.items = NEW_ARRAY(arena, struct compared, check_count(table))};

	for (size_t i = 0; i < check_count(table); i++) {
		const struct check *check = check_at(table, i);
		struct compared row = {.before = find(before, check), .after = find(after, check)};

		row.was = counted(row.before);
		row.is = counted(row.after);
		if (row.was == VERDICT_PASS && row.is == VERDICT_PASS)
			continue;
		row.change = judge(arena, before, &row);
		made.new_failures += row.change == CHANGE_NEW && row.is == VERDICT_FAIL;
		made.new_unknowns += row.change == CHANGE_NEW && badness(row.is) == badness(VERDICT_UNKNOWN);
		made.items[made.count++] = row;
	}
	return made;
}

/* --- telling --- */

static const char *word(const struct finding *finding, enum verdict counted)
{
	return finding ? verdict_name(counted) : "not checked";
}

const char *compared_line(struct arena *arena, const struct compared *row)
{
	const struct finding *shown = row->is == VERDICT_PASS ? row->before : row->after;

	if (row->change == CHANGE_NONE)
		return arena_printf(arena, "%s: %s: %s", shown->check->id, verdict_name(row->is),
			shown->text);
	return arena_printf(arena, "%s: %s before, %s with the change: %s", shown->check->id,
		word(row->before, row->was), word(row->after, row->is), shown->text);
}
