/* SPDX-License-Identifier: Apache-2.0 */
/* Choosing checks, judging each as soon as its facts are settled, and saying so. */
#include "verify/verification.h"

#include "base/arena.h"
#include "base/world.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/permissions/simulation.h"
#include "verify/ignore.h"
#include "verify/plan.h"
#include "verify/source.h"

/* One verification under way. */
struct verify_job {
	struct check_table table;
	struct gather *gather; /* NULL: the facts are saved ones */
	fact_set given;        /* known before anything was asked */
	fact_set left_out;     /* facts that this run does not ask for, and its checks do not wait for */
	struct arena *arena;
	struct event_stream *stream; /* or NULL */
	struct verification *result;
	bool *judged;        /* for each finding */
	size_t said[GROUPS]; /* findings before this index were reported, as far as they are of the group */
	size_t left[GROUPS]; /* findings of a group not reported yet */
	int64_t began_ms;    /* steady clock */
};

/* The id that a mistaken glob may have meant: a near one, or the group's glob when it is a group's name. */
static const char *suggestion(const struct verify_job *job, const char *glob)
{
	const char *prefix = arena_printf(job->arena, "%s.", glob);
	struct text_list ids = {0};

	for (size_t i = 0; i < job->table.count; i++) {
		const char *id = job->table.checks[i].id;

		if (text_starts_with(id, prefix))
			return arena_printf(job->arena, "%s*", prefix);
		text_list_add(job->arena, &ids, id);
	}
	return text_nearest(glob, &ids);
}

static int refuse_glob(const struct verify_job *job, const char *glob, struct error *err)
{
	const char *near = suggestion(job, glob);

	if (near)
		return error_set(err, ERROR_USAGE, "no check matches '%s'; did you mean '%s'?", glob, near);
	return error_set(err, ERROR_USAGE, "no check matches '%s'; 'cloudctl checks' lists them", glob);
}

static bool matches_any(const struct text_list *globs, const char *id)
{
	for (size_t i = 0; i < globs->count; i++)
		if (text_glob(globs->items[i], id, false))
			return true;
	return false;
}

/* Every glob must match some check of the catalogue, whether or not that one applies to this cloud. */
static int test_globs(const struct verify_job *job, const struct text_list *globs, struct error *err)
{
	for (size_t i = 0; i < globs->count; i++) {
		bool found = false;

		for (size_t k = 0; k < job->table.count; k++)
			found = found || text_glob(globs->items[i], job->table.checks[k].id, false);
		if (!found)
			return refuse_glob(job, globs->items[i], err);
	}
	return 0;
}

static bool applies(const struct check *check, const struct cloud *cloud,
	const struct verify_options *options)
{
	return check_applies(check, cloud) || (check->applies == APPLIES_FUNCTIONAL && options->functional);
}

static bool is_chosen(const struct check *check, const struct verify_options *options)
{
	if (matches_any(&options->skip, check->id))
		return false;
	return options->only.count == 0 || matches_any(&options->only, check->id);
}

/* A run of nothing would pass whatever is broken. */
static int refuse_nothing(const struct verify_job *job, const struct verify_options *options,
	struct error *err)
{
	for (size_t i = 0; i < job->table.count; i++)
		if (is_chosen(&job->table.checks[i], options))
			return 0;
	return error_set(err, ERROR_USAGE,
		"no check is left to run: everything that is chosen is skipped as well");
}

/* Begin a run: the findings of the chosen checks, none of them judged. */
static int job_begin(struct verify_job *job, const struct cloud *cloud, const struct verify_options *options,
	struct error *err)
{
	static const struct verify_options everything = {0};
	const struct check_table *table = &job->table;
	struct verification *result = job->result;

	if (!options)
		options = &everything;
	*result = (struct verification){.overall = VERDICT_SKIP};
	for (size_t i = 0; i < GROUPS; i++)
		result->groups[i] = VERDICT_SKIP;
	if (test_globs(job, &options->only, err) < 0 || test_globs(job, &options->skip, err) < 0 ||
		refuse_nothing(job, options, err) < 0)
		return -1;
	if (table->checks == checks && !options->simulate)
		job->left_out = SIMULATIONS;
	result->findings = NEW_ARRAY(job->arena, struct finding, table->count);
	job->judged = NEW_ARRAY(job->arena, bool, table->count);
	for (size_t i = 0; i < table->count; i++) {
		const struct check *check = &table->checks[i];

		if (!applies(check, cloud, options) || !is_chosen(check, options))
			continue;
		result->findings[result->count++].check = check;
		job->left[check->group]++;
	}
	if (job->stream)
		job->began_ms = job->stream->world->steady_ms(job->stream->world);
	return 0;
}

static const char *quoted_list(struct arena *arena, const struct text_list *items)
{
	return items->count ? arena_printf(arena, "['%s']", text_join(arena, items, "', '")) : NULL;
}

static const char *quoted_roles(struct arena *arena, const struct aws_resources *resources)
{
	const char *arns[] = {resources->control_plane_role_arn, resources->node_role_arn};
	struct text_list roles = {0};

	for (size_t i = 0; i < 2; i++)
		if (arns[i])
			text_list_add(arena, &roles, arns[i]);
	return quoted_list(arena, &roles);
}

/* What a group is about, as text: "vpc-1", "['subnet-1', 'subnet-2']". NULL when the record does not know. */
static const char *group_subject(struct arena *arena, const struct cloud *cloud, enum group group)
{
	const struct aws_resources *resources = &aws_cloud(cloud)->resources;

	switch (group) {
	case GROUP_ACCOUNT: return cloud->account;
	case GROUP_VPC: return resources->vpc_id;
	case GROUP_SUBNETS: return quoted_list(arena, &resources->subnet_ids);
	case GROUP_IAM: return quoted_roles(arena, resources);
	case GROUP_SECURITY_GROUPS: return quoted_list(arena, &resources->security_group_ids);
	case GROUP_S3: return resources->bucket;
	case GROUP_EFS: return resources->file_system_id;
	case GROUP_MEMORYDB: return resources->memorydb_cluster;
	case GROUP_STACK: return aws_cloud(cloud)->stack_arn;
	case GROUP_QUOTAS: return cloud->region;
	case GROUP_PREFLIGHT:
	case GROUPS: break;
	}
	return NULL;
}

static void emit_group(const struct verify_job *job, enum group group, enum resource_state state)
{
	const struct facts *facts = &job->result->facts;
	struct event event = {
		.kind = EVENT_GROUP,
		.group =
			{
				.id = group_id(group),
				.name = group_name(group),
				.state = state,
				.verdict = job->result->groups[group],
			},
	};

	if (!job->stream)
		return;
	event.group.subject = group_subject(job->arena, facts->cloud, group);
	if (state != RESOURCE_WORKING)
		event.group.elapsed_ms = job->stream->world->steady_ms(job->stream->world) - job->began_ms;
	event_emit(job->stream, &event);
}

static void emit_finding(const struct verify_job *job, const struct finding *finding)
{
	const struct check *check = finding->check;
	bool wrong = finding->verdict == VERDICT_FAIL || finding->verdict == VERDICT_WARN;
	struct event event = {
		.kind = EVENT_FINDING,
		.finding =
			{
				.check = check->id,
				.group = group_id(check->group),
				.verdict = finding->verdict,
				.severity = check->severity,
				.holds = check->holds,
				.text = finding->text,
				.why = check->why,
				.reference = check->reference,
				.action = finding->action,
				.evidence = finding->evidence.items,
				.evidence_count = finding->evidence.count,
				.ignored = finding->ignored,
			},
	};

	if (!job->stream)
		return;
	if (wrong)
		event.finding.remedy = finding->remedy
			? finding->remedy
			: check_remedy(job->arena, check, job->result->facts.cloud);
	event_emit(job->stream, &event);
}

/* Report what was judged of a group, in catalogue order: a finding waits for those that stand before it. */
static void report_group(struct verify_job *job, enum group group)
{
	const struct verification *result = job->result;

	for (size_t *at = &job->said[group]; *at < result->count; (*at)++) {
		if (result->findings[*at].check->group != group)
			continue;
		if (!job->judged[*at])
			return;
		emit_finding(job, &result->findings[*at]);
		if (--job->left[group] == 0)
			emit_group(job, group,
				result->groups[group] == VERDICT_FAIL ? RESOURCE_FAILED : RESOURCE_DONE);
	}
}

static void count(struct verification *result, const struct finding *finding)
{
	enum group group = finding->check->group;

	result->counts[finding->verdict]++;
	result->overall = verdict_worst(result->overall, finding->verdict);
	result->groups[group] = verdict_worst(result->groups[group], finding->verdict);
}

static void judge(struct verify_job *job, size_t index)
{
	struct verification *result = job->result;
	struct finding *finding = &result->findings[index];
	enum group group = finding->check->group;

	*finding = check_judge(finding->check, &result->facts);
	finding->ignored = ignore_reason(job->arena, result->facts.cloud, finding);
	job->judged[index] = true;
	if (!finding->ignored)
		count(result, finding);
	report_group(job, group);
}

/* What must be settled before a finding is judged. */
static fact_set facts_of(const struct verify_job *job, size_t index)
{
	return check_facts(job->result->findings[index].check) & ~job->left_out;
}

/* Judge what can be judged by now, in catalogue order. */
static void judge_settled(void *self, const struct facts *facts)
{
	struct verify_job *job = self;
	fact_set settled = facts->known | facts->lost;

	for (size_t i = 0; i < job->result->count; i++)
		if (!job->judged[i] && (facts_of(job, i) & ~settled) == 0)
			judge(job, i);
}

/* After every fact. While nothing is known it may yet turn out that AWS could not be asked at all. */
static void judge_known(void *self, const struct facts *facts)
{
	const struct verify_job *job = self;

	if (facts->known & ~job->given)
		judge_settled(self, facts);
}

/*
 * Not one call went through because AWS does not accept who we are, or cannot be reached: that says nothing about the
 * cloud, and forty findings that say UNKNOWN for the same reason help nobody. -1 with the reason.
 */
static int nothing_asked(const struct facts *facts, fact_set given, struct error *err)
{
	const struct error *refused = NULL, *unreached = NULL;
	bool reached = false;

	for (size_t i = 0; i < FACTS; i++) {
		const struct fact_value *value = &facts->value[i];

		if (value->state != FACT_LOST)
			continue;
		if (value->error->kind == ERROR_CREDENTIALS && !refused)
			refused = value->error;
		else if (value->error->kind == ERROR_NETWORK && !unreached)
			unreached = value->error;
		reached = reached || value->error->kind != ERROR_NETWORK;
	}
	if ((facts->known & ~given) || (!refused && (reached || !unreached)))
		return 0;
	*err = refused ? *refused : *unreached;
	return -1;
}

static void announce_groups(const struct verify_job *job)
{
	for (size_t i = 0; i < GROUPS; i++)
		if (job->left[i] > 0)
			emit_group(job, (enum group)i, RESOURCE_WORKING);
}

static fact_set wanted_facts(const struct verify_job *job)
{
	fact_set wanted = 0;

	for (size_t i = 0; i < job->result->count; i++)
		wanted |= facts_of(job, i);
	return wanted;
}

static struct verify_job *table_begin(struct source *source, const struct check_table *table,
	const struct facts *known, const struct verify_options *options, struct event_stream *stream,
	struct verification *result, struct error *err)
{
	struct verify_job *job = NEW(known->arena, struct verify_job);

	*job = (struct verify_job){.table = *table,
		.given = known->known,
		.arena = known->arena,
		.stream = stream,
		.result = result};
	if (job_begin(job, known->cloud, options, err) < 0)
		return NULL;
	result->facts = *known;
	announce_groups(job);
	judge_settled(job, &result->facts);
	job->gather = gather_begin(source, table->plan, &result->facts, wanted_facts(job), judge_known, job,
		&result->figures);
	return job;
}

static int table_end(struct verify_job *job, bool interrupted, struct error *err)
{
	struct facts *facts = &job->result->facts;
	int status = interrupted ? gather_give_up(job->gather, err) : nothing_asked(facts, job->given, err);

	if (status == 0 || err->kind == ERROR_INTERRUPTED)
		judge_settled(job, facts);
	return status;
}

/* Turn the loop until the job is done. True when the user interrupted. */
static bool turn(struct source *source, struct verify_job *job)
{
	while (verify_advance(job))
		if (!source->step(source, GATHER_TURN_MS))
			return true;
	return false;
}

int verify_table(struct source *source, const struct check_table *table, const struct facts *known,
	const struct verify_options *options, struct event_stream *stream, struct verification *result,
	struct error *err)
{
	struct verify_job *job = table_begin(source, table, known, options, stream, result, err);

	return job ? table_end(job, turn(source, job), err) : -1;
}

static struct check_table catalogue(void)
{
	return (struct check_table){checks, check_count, &verify_plan};
}

struct verify_job *verify_begin(struct source *source, struct arena *arena, const struct cloud *cloud,
	const struct verify_options *options, struct event_stream *stream, struct verification *result,
	struct error *err)
{
	const struct check_table table = catalogue();
	const struct facts nothing = {.arena = arena, .cloud = cloud};
	struct verify_job *job = table_begin(source, &table, &nothing, options, stream, result, err);

	if (!job)
		error_wrap(err, "verifying cloud '%s'", cloud->name);
	return job;
}

bool verify_advance(struct verify_job *job)
{
	return gather_advance(job->gather);
}

int verify_end(struct verify_job *job, bool interrupted, struct error *err)
{
	if (table_end(job, interrupted, err) < 0)
		return error_wrap(err, "verifying cloud '%s'", job->result->facts.cloud->name);
	return 0;
}

int verify_run(struct source *source, struct arena *arena, const struct cloud *cloud,
	const struct verify_options *options, struct event_stream *stream, struct verification *result,
	struct error *err)
{
	struct verify_job *job = verify_begin(source, arena, cloud, options, stream, result, err);

	return job ? verify_end(job, turn(source, job), err) : -1;
}

/* Facts that a check wants and the document does not hold. */
static void lose_unsaved(struct facts *facts, fact_set wanted)
{
	for (size_t i = 0; i < FACTS; i++) {
		struct error why;

		if (!(wanted & ((fact_set)1 << i)) || facts->value[i].state != FACT_PENDING)
			continue;
		error_set(&why, ERROR_INPUT, "the saved facts do not hold '%s'", fact_name((enum fact)i));
		facts_lose(facts, (enum fact)i, "reading saved facts", &why);
	}
}

int verify_facts(struct arena *arena, const struct facts *facts, const struct verify_options *options,
	struct event_stream *stream, struct verification *result, struct error *err)
{
	struct verify_job job = {.table = catalogue(), .arena = arena, .stream = stream, .result = result};

	if (job_begin(&job, facts->cloud, options, err) < 0)
		return -1;
	result->facts = *facts;
	result->facts.arena = arena;
	lose_unsaved(&result->facts, wanted_facts(&job));
	announce_groups(&job);
	judge_settled(&job, &result->facts);
	return 0;
}

void verify_record(struct arena *arena, const struct verification *result, const char *at,
	struct cloud *cloud)
{
	cloud->verification.at = arena_strdup(arena, at);
	cloud->verification.verdict = result->overall;
	for (size_t i = 0; i < VERDICTS; i++)
		cloud->verification.counts[i] = result->counts[i];
}
