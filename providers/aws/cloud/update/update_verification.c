/* SPDX-License-Identifier: Apache-2.0 */
/* Two verifications of the same cloud, with an update between them. */
#include "providers/aws/cloud/update/update_verification.h"

#include "base/arena.h"
#include "base/array.h"
#include "providers/aws/cloud/aws_provider.h"
#include "providers/aws/cloud/cloud_session.h"
#include "providers/aws/cloud/update/update_steps.h"
#include "providers/records/registry.h"
#include "providers/run.h"
#include "verify/difference.h"

/* --- before --- */

int update_verify_before(struct update *update, struct error *err)
{
	struct run *run = update->run;
	struct verification *result = NEW(run->arena, struct verification);
	const struct verify_input input = {
		.table = &cloud_checks,
		.source = aws_source(run->arena, update->aws),
		.facts = facts_new(run->arena, cloud_checks.plan, &update->cloud),
	};

	if (verify_run(&input, result, err) < 0)
		return error_wrap(err, "verifying cloud '%s' as it is", update->cloud.name);
	update->before = result;
	return 0;
}

static bool is_shown(const struct finding *finding)
{
	return !finding->ignored && (finding->verdict == VERDICT_FAIL || finding->verdict == VERDICT_UNKNOWN);
}

void update_verification_add(struct consent *lines, const struct verification *verified)
{
	static const char topic[] = "Verified";

	if (!verified)
		return;
	consent_add(lines, topic, "%s before the update", verdict_name(verified->overall));
	for (size_t i = 0; i < verified->count; i++) {
		const struct finding *finding = &verified->findings[i];

		if (is_shown(finding))
			consent_add(lines, topic, "    %s: %s: %s", finding->check->id,
				verdict_name(finding->verdict), finding->text);
	}
}

json_t *update_verification_document(const struct verification *verified)
{
	json_t *list;

	if (!verified)
		return NULL;
	list = json_array();
	for (size_t i = 0; i < verified->count; i++) {
		const struct finding *finding = &verified->findings[i];

		if (!finding->ignored && finding->verdict != VERDICT_PASS)
			json_array_append_new(list,
				json_pack("{s:s, s:s, s:s}", "check", finding->check->id, "verdict",
					verdict_name(finding->verdict), "text", finding->text));
	}
	return json_pack("{s:s, s:o}", "verdict", verdict_name(verified->overall), "findings", list);
}

/* --- after --- */

static void tell_difference(const struct update *update, const struct verification *after)
{
	static const struct {
		enum change change;
		enum step_level level;
		const char *word;
	} order[] = {
		{CHANGE_MENDED, STEP_NOTE, "Mended"},
		{CHANGE_NEW, STEP_WARNING, "New"},
		{CHANGE_NONE, STEP_NOTE, "As before"},
	};
	struct arena *arena = update->run->arena;
	const struct difference made = difference_make(arena, update->before, after);

	for (size_t k = 0; k < ARRAY_LENGTH(order); k++)
		for (size_t i = 0; i < made.count; i++)
			if (made.items[i].change == order[k].change)
				event_step(update->run->stream, order[k].level, "%s: %s", order[k].word,
					compared_line(arena, &made.items[i]));
}

/* An update that an earlier run began: what it found is not known, but for the verdict that is in the record. */
static void tell_verdicts(const struct update *update, const struct cloud_verification *recorded,
	const struct verification *after)
{
	if (!recorded->at || recorded->verdict == after->overall)
		return;
	event_step(update->run->stream, after->overall == VERDICT_FAIL ? STEP_WARNING : STEP_NOTE,
		"Before the update, at %s, it was %s; now it is %s. To see why: cloudctl verify %s",
		recorded->at, verdict_name(recorded->verdict), verdict_name(after->overall),
		update->cloud.name);
}

int update_verify_after(struct update *update, struct error *err)
{
	struct run *run = update->run;
	struct cloud *cloud = &update->cloud;
	const struct cloud_verification recorded = cloud->verification;
	struct verification result = {.overall = VERDICT_SKIP};
	const struct verify_input what = {.table = &cloud_checks,
		.source = aws_source(run->arena, update->aws)};

	if (run_verify(run, &what, cloud, &result, err) < 0 ||
		registry_update(run->registry(run, err), cloud, err) < 0)
		return -1;
	event_step(run->stream, STEP_NOTE, "Cloud '%s' (%s) is %s in %s, account %s.", cloud->name, cloud->id,
		update->options->continues ? "again what it was before the update" : "updated", cloud->region,
		cloud->account);
	if (update->before)
		tell_difference(update, &result);
	else
		tell_verdicts(update, &recorded, &result);
	run->result.cloud = cloud;
	return verdict_exit_code(result.counts, false);
}
