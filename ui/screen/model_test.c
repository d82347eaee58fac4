/* SPDX-License-Identifier: Apache-2.0 */
/* Events and keys in, state out: what is chosen, open, changed, and how long it still takes. */
#include <stdio.h>
#include <string.h>

#include "base/test.h"
#include "ui/screen/screen_feed.h"

static const char *chosen(const struct model *model)
{
	if (!model->item)
		return model->group ? model->group->id : "";
	return model->item->is_finding ? model->item->finding.check : model->item->resource.id;
}

static const struct press {
	const char *events, *keys, *chosen;
	enum model_request request;
	enum model_mode mode;
} presses[] = {
	{"verify-passed", "", "account", REQUEST_NONE, MODE_LIST},
	{"verify-passed", "j", "vpc", REQUEST_NONE, MODE_LIST},
	{"verify-passed", "jk^", "account", REQUEST_NONE, MODE_LIST},
	{"verify-passed", " j", "account.identity", REQUEST_NONE, MODE_LIST},
	{"verify-passed", "\njh", "account", REQUEST_NONE, MODE_LIST},
	{"verify-passed", "ll", "account.identity", REQUEST_NONE, MODE_LIST},
	{"verify-passed", "\n\nj", "vpc", REQUEST_NONE, MODE_LIST},
	{"verify-passed", "G", "cloudformation stack", REQUEST_NONE, MODE_LIST},
	{"verify-passed", "Gg", "account", REQUEST_NONE, MODE_LIST},
	{"verify-passed", "n", "account", REQUEST_NONE, MODE_LIST},
	{"verify-passed", "q", "account", REQUEST_QUIT, MODE_LIST},
	{"verify-passed", "\003", "account", REQUEST_QUIT, MODE_LIST},
	{"verify-passed", "r", "account", REQUEST_AGAIN, MODE_LIST},
	{"verify-passed", "?", "account", REQUEST_NONE, MODE_HELP},
	{"verify-passed", "??", "account", REQUEST_NONE, MODE_LIST},
	{"verify-passed", "/", "account", REQUEST_NONE, MODE_SEARCH},
	{"verify-passed", "/vpc.dns\n", "vpc", REQUEST_NONE, MODE_LIST},
	{"verify-passed", "/q\033q", "subnets", REQUEST_QUIT, MODE_LIST},
	{"verify-passed", "c", "account", REQUEST_NONE, MODE_LIST},
	{"verify-failed", "c", "security-groups.https", REQUEST_COPY, MODE_LIST},
	{"verify-failed", "\n", "security-groups.https", REQUEST_NONE, MODE_DETAIL},
	{"verify-failed", "\nq", "security-groups.https", REQUEST_NONE, MODE_LIST},
	{"verify-failed", "\nc", "security-groups.https", REQUEST_COPY, MODE_DETAIL},
	{"verify-failed", "<<j", "s3", REQUEST_NONE, MODE_LIST},
	{"setup-failed", "r", "MountTarget2", REQUEST_NONE, MODE_LIST},
	{"question", "y", "vpc", REQUEST_YES, MODE_LIST},
	{"question", "n", "vpc", REQUEST_NO, MODE_LIST},
	{"question", "\003", "vpc", REQUEST_INTERRUPT, MODE_LIST},
	{"question", "ll", "vpc.dns", REQUEST_NONE, MODE_LIST},
	{"question", "?", "vpc", REQUEST_NONE, MODE_HELP},
	{"question", "?x", "vpc", REQUEST_NONE, MODE_LIST},
	{"question", "p", "vpc", REQUEST_NONE, MODE_LIST},
	{"question-word", "prod\n", "vpc", REQUEST_YES, MODE_LIST},
	{"question-word", "pri\bod\n", "vpc", REQUEST_YES, MODE_LIST},
	{"question-word", "Prod\n", "vpc", REQUEST_NO, MODE_LIST},
	{"question-word", "prod \n", "vpc", REQUEST_NO, MODE_LIST},
	{"question-word", "pro\n", "vpc", REQUEST_NO, MODE_LIST},
	{"question-word", "\n", "vpc", REQUEST_NO, MODE_LIST},
	{"question-word", "y", "vpc", REQUEST_NONE, MODE_LIST},
	{"question-word", "y\n", "vpc", REQUEST_NO, MODE_LIST},
	{"question-word", "q", "vpc", REQUEST_NONE, MODE_LIST},
	{"question-word", "\b\bprod\n", "vpc", REQUEST_YES, MODE_LIST},
	{"question-word", "prod\033", "vpc", REQUEST_NO, MODE_LIST},
	{"question-word", "pr\003", "vpc", REQUEST_INTERRUPT, MODE_LIST},
	{"question-word", "?", "vpc", REQUEST_NONE, MODE_HELP},
	{"question-word", "pr?xod\n", "vpc", REQUEST_NO, MODE_LIST},
	{"question-word", "?xprod\n", "vpc", REQUEST_YES, MODE_LIST},
	{"question-word", "pr!od\n", "vpc", REQUEST_YES, MODE_LIST},
	{"setup-plan", "", "preflight", REQUEST_NONE, MODE_PLAN},
	{"setup-plan", "y", "preflight", REQUEST_YES, MODE_PLAN},
	{"setup-plan", "}jn", "preflight", REQUEST_NO, MODE_PLAN},
	{"setup-plan", "q", "preflight", REQUEST_NO, MODE_PLAN},
	{"setup-plan", "\003", "preflight", REQUEST_INTERRUPT, MODE_PLAN},
	{"setup-plan", "?", "preflight", REQUEST_NONE, MODE_HELP},
	{"setup-plan", "?y", "preflight", REQUEST_YES, MODE_HELP},
	{"setup-plan", "?x", "preflight", REQUEST_NONE, MODE_PLAN},
	{"setup-plan", "\033", "preflight", REQUEST_NONE, MODE_LIST},
	{"setup-plan", "\nll", "preflight.permissions", REQUEST_NONE, MODE_LIST},
	{"setup-plan", "\033p", "preflight", REQUEST_NONE, MODE_PLAN},
};

static void keys_move_and_ask(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(presses); i++) {
		struct model model;
		enum model_request request;

		model_open(&model);
		screen_feed(&model, presses[i].events, 0);
		request = screen_press(&model, presses[i].keys);
		if (request != presses[i].request || model.mode != presses[i].mode ||
			strcmp(chosen(&model), presses[i].chosen) != 0)
			fail_msg("%s, keys '%s': request %d, mode %d, chosen %s", presses[i].events,
				presses[i].keys, (int)request, (int)model.mode, chosen(&model));
		model_close(&model);
	}
}

static void leaving_a_run_is_said_first_where_something_goes_on(void **state)
{
	struct model model;

	(void)state;
	model_open(&model);
	screen_feed(&model, "setup", 60);
	assert_int_equal(screen_press(&model, "\003"), REQUEST_NONE);
	assert_int_equal(model.mode, MODE_LEAVE);
	assert_int_equal(screen_press(&model, "x"), REQUEST_NONE);
	assert_int_equal(model.mode, MODE_LIST);
	assert_int_equal(screen_press(&model, "\003\003"), REQUEST_INTERRUPT);
	model_close(&model);
	model_open(&model);
	screen_feed(&model, "verify-passed", 30);
	assert_int_equal(screen_press(&model, "q"), REQUEST_INTERRUPT);
	assert_int_equal(screen_press(&model, "\003"), REQUEST_INTERRUPT);
	screen_feed(&model, "verify-passed", 0);
	screen_feed(&model, "verify-passed", 30); /* another round: what is known is not thrown away */
	assert_int_equal(screen_press(&model, "q"), REQUEST_QUIT);
	assert_int_equal(screen_press(&model, "\003"), REQUEST_INTERRUPT);
	model_close(&model);
}

static void a_round_keeps_the_choice_and_knows_what_changed(void **state)
{
	struct model model;

	(void)state;
	model_open(&model);
	screen_feed(&model, "verify-passed", 0);
	screen_press(&model, "jj\nj");
	for (int round = 0; round < 3; round++) {
		const char *before = arena_strdup(model.arena, chosen(&model));
		char kept[64];

		snprintf(kept, sizeof(kept), "%s", before);
		screen_feed(&model, "verify-failed", 0);
		assert_string_equal(chosen(&model), kept);
		assert_int_equal(model.changed > 0, round == 0);
		screen_feed(&model, "verify-failed", 1);
		assert_int_equal(model.changed, 0);
		assert_false(model.ended);
	}
	model_close(&model);
}

/* One group, whose findings are the checks named; it ends with this exit code. */
static void round_of(struct model *model, const char *const *checks, enum verdict verdict, int code)
{
	static const struct event run = {.kind = EVENT_RUN,
		.run = {.command = "verify", .provider = "AWS", .effect = EFFECT_NONE, .judges = true}};
	struct event group = {.kind = EVENT_GROUP, .group = {.id = "g", .state = RESOURCE_WORKING}};
	struct event end = {.kind = EVENT_END, .end = {.exit_code = code, .judged = code < 2}};

	model_event(model, &run);
	model_event(model, &group);
	for (; *checks; checks++) {
		struct event finding = {.kind = EVENT_FINDING,
			.finding = {.check = *checks, .group = "g", .verdict = verdict}};

		model_event(model, &finding);
	}
	group.group.state = RESOURCE_DONE;
	model_event(model, &group);
	model_event(model, &end);
}

static void what_a_group_does_not_decide_again_goes(void **state)
{
	static const char *const both[] = {"g.a", "g.b", NULL}, *const second[] = {"g.b", NULL};
	struct model model;

	(void)state;
	model_open(&model);
	round_of(&model, both, VERDICT_PASS, 0);
	assert_int_equal(model.items, 2);
	round_of(&model, second, VERDICT_PASS, 0);
	assert_int_equal(model.items, 1);
	assert_string_equal(model.groups->items->finding.check, "g.b");
	model_close(&model);
}

/* AWS out of reach for a round: the one after it is compared with the last that was judged. */
/* While the group is at work too: what a required check would have said is not known. */
static void a_group_with_a_required_check_skipped_has_not_passed(void **state)
{
	static const struct {
		const char *check;
		enum verdict verdict, severity, group;
	} rows[] = {
		{"g.a", VERDICT_PASS, VERDICT_FAIL, VERDICT_PASS},
		{"g.b", VERDICT_SKIP, VERDICT_WARN, VERDICT_PASS},
		{"g.c", VERDICT_SKIP, VERDICT_FAIL, VERDICT_SKIP},
		{"g.d", VERDICT_WARN, VERDICT_WARN, VERDICT_SKIP},
		{"g.e", VERDICT_FAIL, VERDICT_FAIL, VERDICT_FAIL},
	};
	struct model model;

	(void)state;
	model_open(&model);
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct event finding = {.kind = EVENT_FINDING,
			.finding = {.check = rows[i].check,
				.group = "g",
				.verdict = rows[i].verdict,
				.severity = rows[i].severity}};

		model_event(&model, &finding);
		assert_int_equal(model.groups->verdict, rows[i].group);
	}
	model_close(&model);
}

static void a_round_that_is_not_judged_loses_nothing(void **state)
{
	static const char *const checks[] = {"g.a", NULL}, *const none[] = {NULL};
	struct model model;

	(void)state;
	model_open(&model);
	round_of(&model, checks, VERDICT_PASS, 0);
	round_of(&model, none, VERDICT_PASS, 4);
	assert_int_equal(model.items, 1);
	assert_int_equal(model.changed, 0);
	round_of(&model, checks, VERDICT_FAIL, 1);
	assert_int_equal(model.changed, 1);
	assert_string_equal(model.change, "g.a: PASS, now FAIL");
	round_of(&model, checks, VERDICT_FAIL, 1);
	assert_int_equal(model.changed, 0);
	assert_string_equal(model.change, "g.a: PASS, now FAIL"); /* still worth knowing */
	model_close(&model);
}

static void what_changed_is_open(void **state)
{
	static const char *const checks[] = {"g.a", NULL};
	struct model model;

	(void)state;
	model_open(&model);
	round_of(&model, checks, VERDICT_FAIL, 1);
	round_of(&model, checks, VERDICT_PASS, 0);
	assert_true(model_is_open(&model, model.groups));
	round_of(&model, checks, VERDICT_PASS, 0);
	assert_false(model_is_open(&model, model.groups));
	assert_null(model.item); /* what is hidden is not chosen */
	model_close(&model);
}

static void a_failure_is_chosen_before_what_is_unknown(void **state)
{
	static const enum verdict verdicts[] = {VERDICT_PASS, VERDICT_UNKNOWN, VERDICT_FAIL, VERDICT_UNKNOWN,
		VERDICT_FAIL};
	static const char *const chosen_then[] = {"g", "g.1", "g.2", "g.2", "g.2"};
	struct model model;

	(void)state;
	model_open(&model);
	for (size_t i = 0; i < ARRAY_LENGTH(verdicts); i++) {
		char check[8];
		struct event finding = {.kind = EVENT_FINDING,
			.finding = {.check = check, .group = "g", .verdict = verdicts[i]}};

		snprintf(check, sizeof(check), "g.%zu", i);
		model_event(&model, &finding);
		assert_string_equal(chosen(&model), chosen_then[i]);
	}
	model_close(&model);
}

/* When more becomes known about a run that is under way, it is no other run. */
static void a_run_said_again_is_no_round(void **state)
{
	struct event run = {.kind = EVENT_RUN, .run = {.command = "setup", .cloud = "c"}};
	struct model model;

	(void)state;
	model_open(&model);
	model_event(&model, &run);
	run.run.account = "123456789012";
	model_event(&model, &run);
	assert_int_equal(model.round, 1);
	assert_string_equal(model.run.account, "123456789012");
	model_close(&model);
}

static const struct event_resource vpc = {.type = "VPC", .level = 0, .create_ms = 12000, .remove_ms = 2000},
				   subnet = {.type = "S", .level = 1, .create_ms = 4000, .remove_ms = 4000},
				   mount = {.type = "M", .level = 2, .create_ms = 93000, .remove_ms = 90000};

static void resource(struct model *model, const char *id, const struct event_resource *kind,
	enum resource_state state, int64_t at_ms)
{
	struct event event = {.kind = EVENT_RESOURCE, .at_ms = at_ms, .resource = *kind};

	event.resource.id = id;
	event.resource.state = state;
	model_event(model, &event);
}

/* What is at work is in sight, until the user chooses or something fails. */
static void what_is_at_work_is_chosen(void **state)
{
	struct event run = {.kind = EVENT_RUN, .run = {.command = "setup"}};
	struct model model;

	(void)state;
	model_open(&model);
	model_event(&model, &run);
	resource(&model, "A", &vpc, RESOURCE_WAITING, 0);
	resource(&model, "A", &vpc, RESOURCE_WORKING, 0);
	resource(&model, "B", &vpc, RESOURCE_WORKING, 0);
	assert_string_equal(chosen(&model), "B");
	resource(&model, "B", &vpc, RESOURCE_DONE, 0);
	assert_string_equal(chosen(&model), "A");
	resource(&model, "A", &vpc, RESOURCE_FAILED, 0);
	resource(&model, "B", &vpc, RESOURCE_UNDOING, 0);
	assert_string_equal(chosen(&model), "A");
	model_close(&model);
}

/* VPC 12 s, subnet 4 s, mount target 93 s, one after the other; removal 90, 4, 2. */
static void how_long_a_stack_still_takes(void **state)
{
	struct event run = {.kind = EVENT_RUN, .run = {.command = "setup"}};
	struct event_resource late = mount;
	struct model model;
	bool overdue;

	(void)state;
	model_open(&model);
	model_event(&model, &run);
	resource(&model, "V", &vpc, RESOURCE_WAITING, 0);
	resource(&model, "S", &subnet, RESOURCE_WAITING, 0);
	resource(&model, "M", &mount, RESOURCE_WAITING, 0);
	assert_int_equal(model_left_ms(&model, &overdue), 109000);
	resource(&model, "V", &vpc, RESOURCE_WORKING, 1000);
	model_time(&model, 6000);
	assert_int_equal(model_left_ms(&model, &overdue), 104000);
	late.elapsed_ms = 90000;
	resource(&model, "X", &late, RESOURCE_WORKING, 6000);
	assert_int_equal(model_left_ms(&model, &overdue), 104000); /* its 3 s are the least of it */
	model_time(&model, 60000); /* late, but what comes after it is known */
	assert_int_equal(model_left_ms(&model, &overdue), 97000);
	resource(&model, "V", &vpc, RESOURCE_DONE, 61000);
	resource(&model, "S", &subnet, RESOURCE_DONE, 61000);
	resource(&model, "M", &mount, RESOURCE_WORKING, 61000);
	assert_int_equal(model_left_ms(&model, &overdue), 93000);
	assert_false(overdue);
	model_time(&model, 161000);
	assert_int_equal(model_left_ms(&model, &overdue), 0);
	assert_true(overdue);
	resource(&model, "M", &mount, RESOURCE_UNDOING, 161000);
	assert_int_equal(model_left_ms(&model, &overdue), 96000);
	resource(&model, "M", &mount, RESOURCE_UNDONE, 251000);
	assert_int_equal(model_tally(&model, NULL).undone, 1);
	assert_int_equal(model_tally(&model, NULL).begun, 4);
	model_close(&model);
}

static void there_is_an_end_to_the_items(void **state)
{
	struct event finding = {.kind = EVENT_FINDING, .finding = {.check = "g.a", .group = "g"}};
	struct model model;

	(void)state;
	model_open(&model);
	for (int i = 0; i < MODEL_ITEMS_MAX + 7; i++)
		model_event(&model, &finding);
	assert_int_equal(model.items, MODEL_ITEMS_MAX);
	assert_int_equal(model.dropped, 7);
	assert_int_equal(model.groups->counts[VERDICT_PASS], MODEL_ITEMS_MAX + 7);
	model_close(&model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_move_and_ask),
		cmocka_unit_test(leaving_a_run_is_said_first_where_something_goes_on),
		cmocka_unit_test(a_round_keeps_the_choice_and_knows_what_changed),
		cmocka_unit_test(what_a_group_does_not_decide_again_goes),
		cmocka_unit_test(a_group_with_a_required_check_skipped_has_not_passed),
		cmocka_unit_test(a_round_that_is_not_judged_loses_nothing),
		cmocka_unit_test(what_changed_is_open),
		cmocka_unit_test(a_failure_is_chosen_before_what_is_unknown),
		cmocka_unit_test(a_run_said_again_is_no_round),
		cmocka_unit_test(what_is_at_work_is_chosen),
		cmocka_unit_test(how_long_a_stack_still_takes),
		cmocka_unit_test(there_is_an_end_to_the_items),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
