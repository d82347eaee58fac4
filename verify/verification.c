/* SPDX-License-Identifier: Apache-2.0 */
/* Choosing checks, judging each as soon as its facts are settled, and saying so. */
#include "verify/verification.h"

#include <string.h>

#include "base/arena.h"
#include "base/world.h"
#include "verify/choice.h"
#include "verify/ignore.h"
#include "verify/plan.h"
#include "verify/source.h"

/* What was reported of a group. */
struct group_progress {
	size_t said; /* findings before this index were reported, as far as they are of the group */
	size_t left; /* findings of the group not reported yet */
};

/* One verification under way. */
struct verify_job {
	struct verify_input input;
	struct arena *arena;
	struct gather *gather; /* NULL: nobody is asked */
	bool *given;           /* facts known before anything was asked */
	/* of each finding, in turn: the facts that must be settled before it is judged */
	bool *needed;
	struct verification *result;
	bool *judged; /* for each finding */
	struct group_progress *progress;
	int64_t began_ms; /* steady clock */
};

static bool *needed_by(const struct verify_job *job, size_t finding)
{
	return job->needed + finding * job->input.table->plan->count;
}

static void note_needed(struct verify_job *job, size_t finding, const struct check *check)
{
	const struct check_table *table = job->input.table;
	bool *needed = needed_by(job, finding);

	check_facts(table, check, needed);
	for (size_t i = 0; !job->input.options->optional && i < table->optional.count; i++)
		needed[table->optional.items[i]] = false;
}

/* The findings of the chosen checks of a group, none of them judged. */
static void choose_checks(struct verify_job *job, const struct check_group *group)
{
	struct verification *result = job->result;

	for (size_t i = 0; i < group->count; i++) {
		const struct check *check = &group->checks[i];

		if (!check_applies(check, job->input.facts->cloud, job->input.options) ||
			!check_is_chosen(check, job->input.options))
			continue;
		note_needed(job, result->count, check);
		result->findings[result->count++] = (struct finding){.check = check, .group = group};
		job->progress[check_group_index(job->input.table, group)].left++;
	}
}

static int job_begin(struct verify_job *job, struct error *err)
{
	const struct check_table *table = job->input.table;
	const struct verify_options *options = job->input.options;
	struct event_stream *stream = job->input.stream;
	struct verification *result = job->result;

	*result = (struct verification){.overall = VERDICT_SKIP, .table = table, .facts = job->input.facts};
	/* A fact's number means another one in another plan. */
	if (job->input.facts->plan != table->plan)
		return error_set(err, ERROR_USAGE, "these facts are not those that the checks read");
	if (check_choice_test(job->arena, table, options, err) < 0)
		return -1;
	result->findings = NEW_ARRAY(job->arena, struct finding, check_count(table));
	result->groups = NEW_ARRAY(job->arena, enum verdict, table->group_count);
	job->judged = NEW_ARRAY(job->arena, bool, check_count(table));
	job->needed = NEW_ARRAY(job->arena, bool, check_count(table) * table->plan->count);
	job->progress = NEW_ARRAY(job->arena, struct group_progress, table->group_count);
	for (size_t i = 0; i < table->group_count; i++) {
		result->groups[i] = VERDICT_SKIP;
		choose_checks(job, table->groups[i]);
	}
	if (stream) {
		job->began_ms = stream->world->steady_ms(stream->world);
		job->input.facts->now_ms = stream->world->wall_ms(stream->world);
	}
	return 0;
}

/* "net-1", or of a group that may have several, "['disk-1', 'disk-2']". NULL: the record does not know. */
static const char *group_subject(const struct verify_job *job, const struct check_group *group,
	struct text_list ids)
{
	const struct check_table *table = job->input.table;
	size_t kinds = 0;
	bool lists = false;

	for (size_t i = 0; i < table->kind_count; i++) {
		const struct resource_kind *kind = &table->kinds[i];

		if (kind->form == KIND_UNRECORDED || !text_equal(kind->group, group->id))
			continue;
		kinds++;
		lists = lists || kind->form == KIND_LIST;
	}
	if (ids.count == 0)
		return NULL;
	return kinds > 1 || lists ? arena_printf(job->arena, "['%s']", text_join(job->arena, &ids, "', '"))
				  : ids.items[0];
}

static void emit_group(const struct verify_job *job, size_t index, enum resource_state state)
{
	const struct check_group *group = job->input.table->groups[index];
	struct event_stream *stream = job->input.stream;
	const struct cloud *cloud = job->input.facts->cloud;
	struct event event = {.kind = EVENT_GROUP};
	struct about_list about;
	struct text_list ids;

	if (!stream)
		return;
	ids = check_subjects(job->arena, job->input.table, group, NULL, cloud);
	about = check_about(job->arena, job->input.table, group, NULL, cloud, &ids);
	event.group = (struct event_group){
		.id = group->id,
		.name = group->name,
		.subject = group_subject(job, group, ids),
		.state = state,
		.verdict = job->result->groups[index],
		.resources = about.items,
		.resource_count = about.count,
	};
	if (state != RESOURCE_WORKING)
		event.group.elapsed_ms = stream->world->steady_ms(stream->world) - job->began_ms;
	event_emit(stream, &event);
}

static void emit_finding(const struct verify_job *job, const struct finding *finding)
{
	const struct check *check = finding->check;
	const struct check_table *table = job->input.table;
	const struct cloud *cloud = job->input.facts->cloud;
	bool wrong = finding->verdict == VERDICT_FAIL || finding->verdict == VERDICT_WARN;
	struct text_list ids = finding->resources;
	struct event event = {.kind = EVENT_FINDING};
	struct about_list about;

	if (!job->input.stream)
		return;
	if (ids.count == 0)
		ids = check_subjects(job->arena, table, finding->group, check, cloud);
	about = check_about(job->arena, table, finding->group, check, cloud, &ids);
	event.finding = (struct event_finding){
		.check = check->id,
		.group = finding->group->id,
		.verdict = finding->verdict,
		.severity = check->severity,
		.holds = check->holds,
		.text = finding->text,
		.why = check->why,
		.requirement = check->requirement,
		.reference = check->reference,
		.action = finding->action,
		.evidence = finding->evidence.items,
		.evidence_count = finding->evidence.count,
		.resources = about.items,
		.resource_count = about.count,
		.ignored = finding->ignored,
		.remedy_kind = finding->remedy_kind,
	};
	if (wrong)
		event.finding.remedy = finding->remedy
			? finding->remedy
			: check_remedy(job->arena, table, check, cloud, &event.finding.remedy_kind);
	event_emit(job->input.stream, &event);
}

/* Report what was judged of a group, in the table's order: a finding waits for those before it. */
static void report_group(struct verify_job *job, const struct check_group *group)
{
	const struct verification *result = job->result;
	size_t index = check_group_index(job->input.table, group);
	struct group_progress *progress = &job->progress[index];

	for (; progress->said < result->count; progress->said++) {
		if (result->findings[progress->said].group != group)
			continue;
		if (!job->judged[progress->said])
			return;
		emit_finding(job, &result->findings[progress->said]);
		if (--progress->left == 0)
			emit_group(job, index,
				result->groups[index] == VERDICT_FAIL ? RESOURCE_FAILED : RESOURCE_DONE);
	}
}

/* From what was judged of the group so far. */
static enum verdict group_verdict(const struct verification *result, const struct check_group *group)
{
	size_t counts[VERDICTS] = {0}, required_skipped = 0;

	for (size_t i = 0; i < result->count; i++) {
		const struct finding *finding = &result->findings[i];

		if (finding->group != group || finding->ignored || !finding->text)
			continue;
		counts[finding->verdict]++;
		required_skipped += finding->verdict == VERDICT_SKIP &&
			finding->check->severity == VERDICT_FAIL;
	}
	return verdict_of_group(counts, required_skipped);
}

static void count(struct verification *result, const struct finding *finding)
{
	if (finding->ignored)
		return;
	result->counts[finding->verdict]++;
	result->overall = verdict_of_group(result->counts, result->counts[VERDICT_SKIP]);
	result->groups[check_group_index(result->table, finding->group)] = group_verdict(result,
		finding->group);
}

static void judge(struct verify_job *job, size_t index)
{
	const struct check_table *table = job->input.table;
	const struct facts *facts = job->input.facts;
	struct finding *finding = &job->result->findings[index];
	const struct check_group *group = finding->group;

	*finding = check_judge(table, finding->check, facts);
	finding->group = group;
	finding->ignored = ignore_reason(job->arena, table, facts->cloud, finding);
	job->judged[index] = true;
	count(job->result, finding);
	report_group(job, group);
}

static bool can_be_judged(const struct verify_job *job, size_t finding)
{
	const bool *needed = needed_by(job, finding);

	for (unsigned i = 0; i < job->input.table->plan->count; i++)
		if (needed[i] && !facts_settled(job->input.facts, i))
			return false;
	return !job->judged[finding];
}

/* Judge what can be judged by now, in the table's order. */
static void judge_settled(struct verify_job *job)
{
	for (size_t i = 0; i < job->result->count; i++)
		if (can_be_judged(job, i))
			judge(job, i);
}

/* What is not asked for is learned although nobody answers. */
static bool anything_learned(const struct verify_job *job)
{
	const struct plan *plan = job->input.table->plan;

	for (unsigned i = 0; i < plan->count; i++)
		if (facts_tree(job->input.facts, i) && plan->rows[i].ask && !job->given[i])
			return true;
	return false;
}

/* After every fact. While nothing is known it may yet turn out that nobody could be asked at all. */
static void judge_known(void *self, const struct facts *facts)
{
	struct verify_job *job = self;

	(void)facts;
	if (anything_learned(job))
		judge_settled(job);
}

/*
 * Not one call went through because the provider does not accept who we are, or cannot be reached: that says nothing
 * about the cloud, and forty findings that say UNKNOWN for the same reason help nobody. -1 with the reason.
 */
static int nothing_asked(const struct verify_job *job, struct error *err)
{
	const struct facts *facts = job->input.facts;
	const struct error *refused = NULL, *unreached = NULL;
	bool reached = false;

	for (unsigned i = 0; i < facts->plan->count; i++) {
		const struct error *error = facts_error(facts, i);

		if (!facts_lost(facts, i))
			continue;
		if (error->kind == ERROR_CREDENTIALS && !refused)
			refused = error;
		else if (error->kind == ERROR_NETWORK && !unreached)
			unreached = error;
		reached = reached || error->kind != ERROR_NETWORK;
	}
	if (anything_learned(job) || (!refused && (reached || !unreached)))
		return 0;
	*err = refused ? *refused : *unreached;
	return -1;
}

static void announce_groups(const struct verify_job *job)
{
	for (size_t i = 0; i < job->input.table->group_count; i++)
		if (job->progress[i].left > 0)
			emit_group(job, i, RESOURCE_WORKING);
}

/* What any finding needs. */
static const bool *wanted_facts(const struct verify_job *job)
{
	size_t count = job->input.table->plan->count;
	bool *wanted = NEW_ARRAY(job->arena, bool, count);

	for (size_t i = 0; i < job->result->count; i++)
		for (size_t fact = 0; fact < count; fact++)
			wanted[fact] = wanted[fact] || needed_by(job, i)[fact];
	return wanted;
}

/* Facts that a check wants and that nobody can be asked for. */
static void lose_unsaved(struct facts *facts, const bool *wanted)
{
	for (unsigned i = 0; i < facts->plan->count; i++) {
		struct error why;

		if (!wanted[i] || facts_settled(facts, i))
			continue;
		error_set(&why, ERROR_INPUT, "the saved facts do not hold '%s'", facts->plan->rows[i].name);
		facts_lose(facts, i, "reading saved facts", &why);
	}
}

struct verify_job *verify_begin(const struct verify_input *input, struct verification *result,
	struct error *err)
{
	static const struct verify_options everything = {0};
	struct facts *facts = input->facts;
	struct verify_job *job = NEW(facts->arena, struct verify_job);

	*job = (struct verify_job){.input = *input, .arena = facts->arena, .result = result};
	if (!job->input.options)
		job->input.options = &everything;
	if (job_begin(job, err) < 0)
		return NULL;
	job->given = NEW_ARRAY(job->arena, bool, facts->plan->count);
	for (unsigned i = 0; i < facts->plan->count; i++)
		job->given[i] = facts_tree(facts, i) != NULL;
	if (!input->source)
		lose_unsaved(facts, wanted_facts(job));
	announce_groups(job);
	judge_settled(job);
	if (input->source)
		job->gather = gather_begin(input->source, facts, wanted_facts(job), judge_known, job,
			&result->figures);
	return job;
}

/* Why the answers are about something else, once that is known. */
static const char *known_elsewhere(const struct verify_job *job)
{
	const struct check_table *table = job->input.table;

	for (size_t i = 0; i < table->identity.count; i++)
		if (!facts_settled(job->input.facts, table->identity.items[i]))
			return NULL;
	return table->elsewhere ? table->elsewhere(job->input.facts) : NULL;
}

/* Everything is asked at once, so that who asks costs no time of its own; from elsewhere no other answer is waited for. */
bool verify_advance(struct verify_job *job)
{
	const char *elsewhere;
	struct error why;

	if (!job->gather || !gather_advance(job->gather))
		return false;
	elsewhere = known_elsewhere(job);
	if (!elsewhere)
		return true;
	error_set(&why, ERROR_CREDENTIALS, "%s", elsewhere);
	gather_stop(job->gather, &why);
	return false;
}

int verify_end(struct verify_job *job, bool interrupted, struct error *err)
{
	const struct check_table *table = job->input.table;
	struct verification *result = job->result;
	int status = 0;

	if (job->gather)
		status = interrupted ? gather_give_up(job->gather, err) : nothing_asked(job, err);
	if (job->gather && (status == 0 || err->kind == ERROR_INTERRUPTED))
		judge_settled(job);
	result->caller = table->caller ? table->caller(result->facts) : NULL;
	result->elsewhere = table->elsewhere ? table->elsewhere(result->facts) : NULL;
	return status;
}

int verify_run(const struct verify_input *input, struct verification *result, struct error *err)
{
	struct verify_job *job = verify_begin(input, result, err);
	bool interrupted = false;

	if (!job)
		return -1;
	while (!interrupted && verify_advance(job))
		interrupted = !input->source->step(input->source, GATHER_TURN_MS);
	return verify_end(job, interrupted, err);
}

void verify_merge(struct verification *whole, const struct verification *part)
{
	memset(whole->counts, 0, sizeof(whole->counts));
	whole->overall = VERDICT_SKIP;
	for (size_t i = 0; i < whole->table->group_count; i++)
		whole->groups[i] = VERDICT_SKIP;
	for (size_t i = 0; i < whole->count; i++)
		for (size_t j = 0; j < part->count; j++)
			if (part->findings[j].check == whole->findings[i].check)
				whole->findings[i] = part->findings[j];
	for (size_t i = 0; i < whole->count; i++)
		count(whole, &whole->findings[i]);
}
