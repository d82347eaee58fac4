/* SPDX-License-Identifier: Apache-2.0 */
/* Waiting on a source that answers one scripted reply after the other, by a clock that its steps move. */
#include "providers/waiter.h"

#include <string.h>

#include "base/arena.h"
#include "base/test.h"
#include "base/text.h"
#include "base/tree.h"
#include "base/world.h"
#include "verify/source.h"

enum { REPLIES_MAX = 6 };

struct script {
	struct source source; /* first: the table is the object */
	struct world world;
	int64_t clock_ms, interrupt_at_ms;
	/* JSON, "!KIND" for an error; the last one is repeated */
	const char *replies[REPLIES_MAX];
	int looks;
	int64_t look_ms[16];
};

struct scripted_call {
	json_t *reply;
	struct error error;
};

static const int operation;

static void release(void *call)
{
	json_decref(((struct scripted_call *)call)->reply);
}

static const char *next_reply(struct script *script)
{
	const char *reply = NULL;

	for (int i = 0; i < REPLIES_MAX && script->replies[i] && i <= script->looks; i++)
		reply = script->replies[i];
	return reply;
}

static void *start(struct source *self, struct arena *arena, const void *asked, const char *place,
	json_t *input)
{
	struct script *script = (struct script *)self;
	struct scripted_call *call = NEW(arena, struct scripted_call);
	const char *reply = next_reply(script);

	assert_ptr_equal(asked, &operation);
	assert_null(place);
	assert_string_equal(tree_text(input, "Id"), "x");
	json_decref(input);
	if (text_equal(reply, "!throttled"))
		error_set(&call->error, ERROR_THROTTLED, "slow down");
	else if (text_equal(reply, "!denied"))
		error_set(&call->error, ERROR_DENIED, "not allowed");
	else
		call->reply = json_loads(reply, 0, NULL);
	script->look_ms[script->looks++] = script->clock_ms;
	arena_defer(arena, release, call);
	return call;
}

static bool step(struct source *self, int wait_ms)
{
	struct script *script = (struct script *)self;

	script->clock_ms += wait_ms;
	return !script->interrupt_at_ms || script->clock_ms < script->interrupt_at_ms;
}

static bool done(const struct source *self, const void *call)
{
	(void)self;
	(void)call;
	return true;
}

static const json_t *reply_of(const struct source *self, const void *call)
{
	(void)self;
	return ((const struct scripted_call *)call)->reply;
}

static const struct error *error_of(const struct source *self, const void *call)
{
	(void)self;
	return &((const struct scripted_call *)call)->error;
}

static int64_t clock_ms(struct world *world)
{
	return ((struct script *)(void *)((char *)world - offsetof(struct script, world)))->clock_ms;
}

static int wait_by(struct script *script, const struct waiter *waiter, struct error *err)
{
	json_t *input = json_pack("{s:s}", "Id", "x");
	const struct wait wait = {
		.source = &script->source,
		.world = &script->world,
		.input = input,
		.self = script,
	};
	int result;

	script->source = (struct source){.start = start,
		.step = step,
		.done = done,
		.reply = reply_of,
		.error = error_of};
	script->world = (struct world){.steady_ms = clock_ms};
	result = waiter_wait(waiter, &wait, err);
	json_decref(input);
	return result;
}

static const struct waiter one = {
	.doing = "waiting for the house",
	.operation = &operation,
	.path = "House.State",
	.done = "built inhabited",
	.failed = "burnt",
	.interval_ms = 2000,
	.limit_ms = 10000,
};
/* What is answered, one look after the other, and how the wait ends. */
static const struct wait_case {
	const struct waiter *waiter;
	const char *replies[REPLIES_MAX];
	int result, looks;
	enum error_kind kind;
	const char *root;
} cases[] = {
	{&one, {"{\"House\": {\"State\": \"built\"}}"}, WAITED_DONE, 1},
	{&one, {"{}", "{\"House\": {\"State\": \"begun\"}}", "{\"House\": {\"State\": \"inhabited\"}}"},
		WAITED_DONE, 3},
	{&one, {"{}", "{\"House\": {\"State\": \"burnt\"}}"}, -1, 2, ERROR_FAILED, "the state is burnt"},
	{&one, {"{\"House\": {\"State\": \"begun\"}}"}, WAITED_IN_VAIN, 5},
	{&one, {"!throttled", "!throttled", "{\"House\": {\"State\": \"built\"}}"}, WAITED_DONE, 3},
	{&one, {"!throttled"}, -1, 5, ERROR_THROTTLED, "slow down"},
	{&one, {"{}", "!denied"}, -1, 2, ERROR_DENIED, "not allowed"},
};

static void ends(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct script script = {0};
		struct error err = {0};

		memcpy(script.replies, cases[i].replies, sizeof(script.replies));
		if (wait_by(&script, cases[i].waiter, &err) != cases[i].result ||
			script.looks != cases[i].looks)
			fail_msg("case %zu: %d looks, %s", i, script.looks, err.frame[0]);
		assert_int_equal(err.kind, cases[i].kind);
		if (!cases[i].root)
			continue;
		assert_string_equal(err.frame[0], cases[i].root);
		assert_string_equal(err.frame[1], cases[i].waiter->doing);
	}
}

static void looks_are_an_interval_apart(void **state)
{
	struct script script = {.replies = {"{}"}};
	struct error err = {0};

	(void)state;
	assert_int_equal(wait_by(&script, &one, &err), WAITED_IN_VAIN);
	for (int i = 0; i < script.looks; i++)
		assert_int_equal(script.look_ms[i], i * one.interval_ms);
}

static void a_signal_ends_it(void **state)
{
	struct script script = {.replies = {"{}"}, .interrupt_at_ms = 3000};
	struct error err = {0};

	(void)state;
	assert_int_equal(wait_by(&script, &one, &err), -1);
	assert_int_equal(err.kind, ERROR_INTERRUPTED);
	assert_int_equal(script.clock_ms, 3000);
}

static const char *state_of(const void *self, const json_t *reply)
{
	assert_non_null(self);
	return json_object_size(reply) > 0 ? "there" : "";
}

static void a_state_that_a_function_reads(void **state)
{
	static const struct waiter by_function = {
		.doing = "waiting for anything",
		.operation = &operation,
		.state = state_of,
		.done = "there",
		.interval_ms = 1000,
		.limit_ms = 3000,
	};
	struct script script = {.replies = {"{}", "{\"House\": 1}"}};
	struct error err = {0};

	(void)state;
	assert_int_equal(wait_by(&script, &by_function, &err), WAITED_DONE);
	assert_int_equal(script.looks, 2);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(ends),
		cmocka_unit_test(looks_are_an_interval_apart),
		cmocka_unit_test(a_signal_ends_it),
		cmocka_unit_test(a_state_that_a_function_reads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
