/* SPDX-License-Identifier: Apache-2.0 */
/* Test support: see toy_fixture.h. */
#include "verify/toy_fixture.h"

#include "base/test.h"
#include "base/tree.h"

static const char *about_text(struct arena *arena, const struct event_about *items, size_t count)
{
	struct text_list words = {0};

	for (size_t i = 0; i < count; i++)
		text_list_add(arena, &words, arena_printf(arena, "%s %s", items[i].kind, items[i].id));
	return text_join(arena, &words, ", ");
}

static void record_group(struct toy_recorder *recorder, const struct event_group *group)
{
	bool working = group->state == RESOURCE_WORKING;

	assert_int_equal(group->elapsed_ms > 0, !working);
	if (!working)
		assert_int_equal(group->state,
			group->verdict == VERDICT_FAIL ? RESOURCE_FAILED : RESOURCE_DONE);
	recorder->about[recorder->count] = about_text(recorder->arena, group->resources,
		group->resource_count);
	recorder->lines[recorder->count++] = arena_printf(recorder->arena, "%s%s%s", group->id,
		working ? " of " : " is ",
		working ? (group->subject ? group->subject : "nothing") : verdict_name(group->verdict));
}

static void record(struct sink *self, const struct event *event)
{
	struct toy_recorder *recorder = (struct toy_recorder *)self;
	const struct event_finding *finding = &event->finding;

	assert_true(recorder->count < TOY_LINES);
	if (event->kind == EVENT_GROUP) {
		record_group(recorder, &event->group);
		return;
	}
	recorder->about[recorder->count] = about_text(recorder->arena, finding->resources,
		finding->resource_count);
	recorder->lines[recorder->count++] = arena_printf(recorder->arena, "%s: %s: %s%s%s%s%s",
		finding->check, verdict_name(finding->verdict), finding->text,
		finding->remedy ? "; do: " : "", finding->remedy ? finding->remedy : "",
		finding->ignored ? "; ignored: " : "", finding->ignored ? finding->ignored : "");
}

static int64_t next_ms(struct world *world)
{
	static int64_t now;

	(void)world;
	return ++now;
}

static const char *permission(const void *operation)
{
	return operation;
}

void toy_open(struct toy_fixture *fixture)
{
	*fixture = (struct toy_fixture){
		.cloud = {.disk = "disks/d-1", .shared = true},
		.world = {.steady_ms = next_ms, .wall_ms = next_ms},
	};
	fixture->cloud.mounts = text_split(&fixture->arena, "m-1,m-2", ',');
	fixture->cloud.spares = text_split(&fixture->arena, "s-1", ',');
	fixture->recorder = (struct toy_recorder){.sink = {record}, .arena = &fixture->arena};
	event_begin(&fixture->stream, &fixture->recorder.sink, &fixture->world);
	fake_source_open(&fixture->fake, &fixture->arena, "here");
	fixture->fake.action = permission;
}

const struct cloud *toy_cloud_of(const struct toy_fixture *fixture)
{
	return (const struct cloud *)(const void *)&fixture->cloud;
}

const json_t *toy_reply(struct toy_fixture *fixture, const char *text)
{
	json_error_t error;
	json_t *tree = tree_defer(&fixture->arena, json_loads(text, 0, &error));

	if (!tree)
		fail_msg("%s: %s", text, error.text);
	return tree;
}

void toy_answer_well(struct toy_fixture *fixture)
{
	fake_reply(&fixture->fake, toy_find_disk, NULL,
		toy_reply(fixture, "{\"disks\": [{\"id\": \"d-1\", \"zone\": \"there\"}]}"));
	fake_reply(&fixture->fake, toy_read_mount, NULL, toy_reply(fixture, "{\"state\": \"up\"}"));
	fake_reply(&fixture->fake, toy_measure_disk, NULL, toy_reply(fixture, "{\"percent\": 50}"));
}

int toy_run_on(struct toy_fixture *fixture, struct source *source, struct facts *facts)
{
	const struct verify_input input = {
		.table = &toy_table,
		.source = source,
		.facts = facts,
		.options = &fixture->options,
		.stream = &fixture->stream,
	};

	fixture->recorder.count = 0;
	return verify_run(&input, &fixture->result, &fixture->err);
}

int toy_run(struct toy_fixture *fixture)
{
	return toy_run_on(fixture, &fixture->fake.source,
		facts_new(&fixture->arena, toy_table.plan, toy_cloud_of(fixture)));
}

void toy_assert_said(const struct toy_fixture *fixture, const char *const *lines)
{
	size_t count = 0;

	for (; lines[count]; count++) {
		if (count >= fixture->recorder.count)
			fail_msg("not said: %s", lines[count]);
		assert_string_equal(fixture->recorder.lines[count], lines[count]);
	}
	assert_int_equal(fixture->recorder.count, count);
}
