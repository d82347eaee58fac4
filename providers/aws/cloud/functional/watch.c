/* SPDX-License-Identifier: Apache-2.0 */
/* Polling one instance, and handing its reports out as replies. */
#include "providers/aws/cloud/functional/watch.h"

#include <openssl/evp.h>
#include <string.h>

#include "base/arena.h"
#include "base/event.h"
#include "base/text.h"
#include "base/tree.h"
#include "base/world.h"
#include "providers/aws/client/aws.h"
#include "providers/aws/cloud/functional/instance_report.h"
#include "verify/source.h"

enum {
	POLL_MS = 1000,
	CONSOLE_AFTER_MS = 90000, /* of silence; a boot takes less than a minute */
	CONSOLE_EVERY_MS = 30000,
	CONSOLE_MAX = 1 << 20, /* bytes of Base64; EC2 keeps 64 KB */
};

struct watch_call {
	struct watch_call *next;
	const struct probe_operation *probe;
	bool done;
	json_t *reply;
	struct error error;
};

struct watch {
	struct source source; /* first: the table is the object */
	struct arena *arena;
	struct world *world;
	struct event_stream *stream;
	struct watched what;
	int64_t began_ms, next_ms, console_ms; /* steady clock */
	struct instance_report report;
	const char *state, *reason; /* of the instance, as last seen; or NULL */
	bool over;                  /* nothing more will be reported */
	bool warned;                /* of a report that is none, or may not be read */
	bool console_warned;        /* of a console that may not be read */
	struct watch_call *calls;
};

/* --- looking --- */

static int64_t now(const struct watch *watch)
{
	return watch->world->steady_ms(watch->world);
}

/* "boot: i-1 is up (after 41 s, about 2 min left)" */
static void tell(const struct watch *watch, size_t i)
{
	const struct probe_report *said = &watch->report.probes[i];
	int left_s = probe_operations[watch->what.last].usual_s - probe_operations[i].usual_s;
	const char *left = left_s >= 60
		? arena_printf(watch->arena, ", about %d min left", (left_s + 59) / 60)
		: "";

	event_step(watch->stream, STEP_PROGRESS, "%s: %s%s (after %d s%s)", probe_operations[i].id,
		said->state == PROBE_OK               ? ""
			: said->state == PROBE_FAILED ? "failed: "
						      : "not known: ",
		said->detail, said->at_s, left);
}

/* Details are copied: what was read goes with its arena. */
static void keep(struct watch *watch, const struct instance_report *seen)
{
	struct instance_report *report = &watch->report;

	for (size_t i = 0; i < PROBE_COUNT; i++) {
		if (report->probes[i].state != PROBE_PENDING || seen->probes[i].state == PROBE_PENDING)
			continue;
		report->probes[i] = seen->probes[i];
		report->probes[i].detail = arena_strdup(watch->arena, seen->probes[i].detail);
		report->count++;
		tell(watch, i);
	}
	report->ended = report->ended || seen->ended;
}

/* Only an interruption is an error: what cannot be read now may be read later, or on the console. */
static int read_report(struct watch *watch, struct arena *scratch, struct error *err)
{
	const struct watched *what = &watch->what;
	const json_t *reply = aws_call(what->caller, scratch, &s3_GetObject,
		json_pack("{s:s, s:s}", "Bucket", what->bucket, "Key", what->key), err);
	const char *text = tree_text(reply, "Body");
	struct instance_report seen = {0};

	if (reply && report_parse(scratch, text, strlen(text), what->run, &seen, err) == 0) {
		keep(watch, &seen);
		return 0;
	}
	if (err->kind == ERROR_INTERRUPTED)
		return -1;
	if ((err->kind == ERROR_PROTOCOL || err->kind == ERROR_DENIED) && !watch->warned) {
		watch->warned = true;
		event_step(watch->stream, STEP_WARNING, "s3://%s/%s is not used: %s", what->bucket, what->key,
			error_text(scratch, err));
	}
	error_clear(err);
	return 0;
}

static int look_at_instance(struct watch *watch, struct arena *scratch, struct error *err)
{
	const json_t *reply = aws_call(watch->what.launcher, scratch, &ec2_DescribeInstances,
		json_pack("{s:[s]}", "InstanceId", watch->what.instance), err);
	const json_t *instance = tree_get(reply, "reservationSet.0.instancesSet.0");

	if (!reply) {
		if (err->kind == ERROR_INTERRUPTED)
			return -1;
		error_clear(err);
		return 0;
	}
	watch->state = arena_strdup(watch->arena, tree_text(instance, "instanceState.name"));
	watch->reason = arena_strdup(watch->arena, tree_text(instance, "stateReason.message"));
	return 0;
}

/* The text behind Base64; what would end it before its end is a space. */
static const char *decode(struct arena *arena, const char *encoded)
{
	size_t length = strlen(encoded);
	EVP_ENCODE_CTX *context = EVP_ENCODE_CTX_new();
	unsigned char *text;
	int decoded = 0;

	if (!context || length > CONSOLE_MAX) {
		EVP_ENCODE_CTX_free(context);
		return "";
	}
	text = NEW_ARRAY(arena, unsigned char, length + 1);
	EVP_DecodeInit(context);
	if (EVP_DecodeUpdate(context, text, &decoded, (const unsigned char *)encoded, (int)length) < 0)
		decoded = 0;
	EVP_ENCODE_CTX_free(context);
	for (int i = 0; i < decoded; i++)
		text[i] = text[i] ? text[i] : ' ';
	text[decoded] = '\0';
	return (const char *)text;
}

static int read_console(struct watch *watch, struct arena *scratch, struct error *err)
{
	const json_t *reply = aws_call(watch->what.caller, scratch, &ec2_GetConsoleOutput,
		json_pack("{s:s, s:b}", "InstanceId", watch->what.instance, "Latest", 1), err);
	struct instance_report seen = {0};

	if (!reply) {
		if (err->kind == ERROR_INTERRUPTED)
			return -1;
		if (err->kind == ERROR_DENIED && !watch->console_warned) {
			watch->console_warned = true;
			event_step(watch->stream, STEP_WARNING, "The console of %s is not used: %s",
				watch->what.instance, error_text(scratch, err));
		}
		error_clear(err);
		return 0;
	}
	report_read_console(scratch, decode(scratch, tree_text(reply, "output")), watch->what.run, &seen);
	keep(watch, &seen);
	return 0;
}

static bool has_ended(const struct watch *watch)
{
	return text_is_among(text_or(watch->state, ""), "shutting-down terminated stopping stopped");
}

static bool wants_console(struct watch *watch, bool ending)
{
	int64_t at_ms = now(watch);

	if (watch->report.ended || (!ending && (watch->report.count > 0 || at_ms < watch->console_ms)))
		return false;
	watch->console_ms = at_ms + CONSOLE_EVERY_MS;
	return true;
}

/* The state first: what an instance that has ended reported is all there by then. */
static int look(struct watch *watch, struct error *err)
{
	struct arena scratch = {0};
	bool late = now(watch) - watch->began_ms >= watch->what.limit_ms;
	int result = look_at_instance(watch, &scratch, err);

	if (result == 0)
		result = read_report(watch, &scratch, err);
	if (result == 0 && wants_console(watch, late || has_ended(watch)))
		result = read_console(watch, &scratch, err);
	arena_free(&scratch);
	watch->over = watch->report.ended || late || has_ended(watch);
	return result;
}

/* --- answering --- */

static json_t *answer(const char *state, const char *detail, int at_s)
{
	return json_pack("{s:s, s:s, s:i}", "state", state, "detail", detail, "at", at_s);
}

/* Nothing more comes. An instance that ended without a word did not boot. */
static void answer_last(const struct watch *watch, struct watch_call *call)
{
	const char *state = text_or(watch->state, "not to be seen"), *reason = text_or(watch->reason, "");

	if (has_ended(watch) && watch->report.count == 0 && call->probe == &probe_operations[PROBE_BOOT])
		call->reply = tree_defer(watch->arena,
			answer("failed",
				arena_printf(watch->arena, "%s is %s and reported nothing%s%s",
					watch->what.instance, state, *reason ? ": " : "", reason),
				0));
	else if (watch->report.ended)
		error_set(&call->error, ERROR_FAILED, "the instance did not come to it");
	else if (has_ended(watch))
		error_set(&call->error, ERROR_FAILED, "the instance ended before it came to it%s%s",
			*reason ? ": " : "", reason);
	else
		error_set(&call->error, ERROR_FAILED,
			"no report within %d minutes, neither in the bucket nor on the console; the instance is %s",
			watch->what.limit_ms / 60000, state);
}

static void answer_call(struct watch *watch, struct watch_call *call)
{
	const struct probe_report *said = &watch->report.probes[call->probe - probe_operations];

	if (call->done || (said->state == PROBE_PENDING && !watch->over))
		return;
	call->done = true;
	if (said->state == PROBE_UNKNOWN)
		error_set(&call->error, ERROR_FAILED, "%s", said->detail);
	else if (said->state == PROBE_PENDING)
		answer_last(watch, call);
	else
		call->reply = tree_defer(watch->arena,
			answer(said->state == PROBE_OK ? "ok" : "failed", said->detail, said->at_s));
}

static bool give_up(struct watch *watch)
{
	for (struct watch_call *call = watch->calls; call; call = call->next) {
		if (call->done)
			continue;
		error_set(&call->error, ERROR_INTERRUPTED, "interrupted");
		call->done = true;
	}
	return false;
}

/* --- as a source --- */

static void *start(struct source *self, struct arena *arena, const void *operation, const char *place,
	json_t *input)
{
	struct watch *watch = (struct watch *)self;
	struct watch_call *call = NEW(watch->arena, struct watch_call);

	(void)arena;
	(void)place;
	json_decref(input);
	*call = (struct watch_call){.next = watch->calls, .probe = operation};
	watch->calls = call;
	return call;
}

static bool step(struct source *self, int wait_ms)
{
	struct watch *watch = (struct watch *)self;
	int64_t left_ms = watch->next_ms - now(watch);
	struct error err = {0};

	if (left_ms > 0) {
		if (aws_sleep(watch->what.caller, left_ms < wait_ms ? (int)left_ms : wait_ms, &err) < 0)
			return give_up(watch);
		return true;
	}
	watch->next_ms = now(watch) + POLL_MS;
	if (look(watch, &err) < 0)
		return give_up(watch);
	for (struct watch_call *call = watch->calls; call; call = call->next)
		answer_call(watch, call);
	return true;
}

static bool done(const struct source *self, const void *call)
{
	(void)self;
	return ((const struct watch_call *)call)->done;
}

static const json_t *reply(const struct source *self, const void *call)
{
	(void)self;
	return ((const struct watch_call *)call)->reply;
}

static const struct error *error(const struct source *self, const void *call)
{
	(void)self;
	return &((const struct watch_call *)call)->error;
}

static const char *place(const struct source *self, const void *call)
{
	(void)self;
	(void)call;
	return "";
}

struct source *watch_source(struct arena *arena, struct world *world, struct event_stream *stream,
	const struct watched *watched)
{
	struct watch *watch = NEW(arena, struct watch);

	*watch = (struct watch){
		.source = {.start = start,
			.step = step,
			.done = done,
			.reply = reply,
			.error = error,
			.place = place},
		.arena = arena,
		.world = world,
		.stream = stream,
		.what = *watched,
	};
	watch->began_ms = now(watch);
	watch->console_ms = watch->began_ms + CONSOLE_AFTER_MS;
	return &watch->source;
}
