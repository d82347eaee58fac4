/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of JSON by the tables of base/event_members.h. What is read is hostile: bounded and typed, and an error names its line. */
#include "ui/event_log.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/event_members.h"
#include "base/member.h"
#include "base/str.h"
#include "base/text.h"
#include "ui/output.h"

enum { LINE_MAX_BYTES = 64 << 20 };

static const char schema[] = "cloudctl.events/1";

/* A run takes no longer than a year. */
static const json_int_t time_max = (json_int_t)366 * 24 * 3600 * 1000;

/* The first version wrote groups and resources as one kind, a group without "type"; readers rely on it. */
static const char *const kind_names[] = {
	[EVENT_RUN] = "run",
	[EVENT_CALL] = "call",
	[EVENT_RETRY] = "retry",
	[EVENT_GROUP] = "resource",
	[EVENT_RESOURCE] = "resource",
	[EVENT_STEP] = "step",
	[EVENT_FINDING] = "finding",
	[EVENT_PLAN] = "plan",
	[EVENT_QUESTION] = "question",
	[EVENT_END] = "end",
};

/* --- writing --- */

struct event_log {
	struct sink sink;
	FILE *file;
	struct sink *next;
	struct error *lost;
	struct error failure; /* set: nothing more is written */
};

/* Write a line and let go of its tree. */
static void write_line(struct event_log *log, json_t *object)
{
	struct arena arena = {0};
	struct str line = {.arena = &arena, .max = LINE_MAX_BYTES};
	char *text = json_dumps(object, JSON_COMPACT);

	if (text && log->failure.kind == ERROR_NONE) {
		str_put_escaped(&line, text, strlen(text));
		str_putc(&line, '\n'); /* a line is one write */
		if (output_write(log->file, str_text(&line), line.length, &log->failure) < 0)
			error_keep(log->lost, &log->failure);
	}
	free(text);
	arena_free(&arena);
	json_decref(object);
}

static void event_log_emit(struct sink *self, const struct event *event)
{
	struct event_log *log = (struct event_log *)self;
	json_t *object = json_pack("{s:I, s:s}", "at_ms", (json_int_t)event->at_ms, "kind",
		kind_names[event->kind]);

	member_write(object, event_members(event->kind), event);
	write_line(log, object);
	if (log->next)
		log->next->emit(log->next, event);
}

struct sink *event_log_new(struct arena *arena, FILE *file, struct sink *next, struct error *lost)
{
	struct event_log *log = NEW(arena, struct event_log);

	*log = (struct event_log){.sink = {event_log_emit}, .file = file, .next = next, .lost = lost};
	write_line(log, json_pack("{s:s}", "schema", schema));
	return &log->sink;
}

/* --- reading --- */

static int wrong(const struct event_log_reader *reader, struct error *err, const char *what)
{
	return error_set(err, ERROR_INPUT, "line %zu: %s", reader->line, what);
}

/* The next line's tree, the caller's reference; NULL at the end, or with *err set when it is not a JSON object. */
static json_t *next_line(struct event_log_reader *reader, struct error *err)
{
	const char *end = memchr(reader->at, '\n', (size_t)(reader->end - reader->at));
	size_t length = end ? (size_t)(end - reader->at) : 0;
	json_t *object;

	error_clear(err);
	if (!end) {
		reader->cut = reader->at != reader->end;
		return NULL;
	}
	reader->line++;
	if (length > EVENT_LOG_LINE_MAX) {
		wrong(reader, err, "longer than 16 MiB");
		return NULL;
	}
	object = json_loadb(reader->at, length, JSON_REJECT_DUPLICATES, NULL);
	reader->at = end + 1;
	if (!json_is_object(object)) {
		json_decref(object);
		wrong(reader, err, "not a JSON object");
		return NULL;
	}
	return object;
}

int event_log_begin(struct event_log_reader *reader, const char *text, size_t length, struct error *err)
{
	json_t *object;
	const char *name;
	bool ours, other;

	*reader = (struct event_log_reader){.at = text, .end = text + length};
	object = next_line(reader, err);
	name = json_string_value(json_object_get(object, "schema"));
	ours = text_equal(name, schema);
	other = name && text_starts_with(name, "cloudctl.events/");
	json_decref(object);
	if (ours)
		return 0;
	if (other)
		return error_set(err, ERROR_INPUT, "another version of the record: this program reads %s",
			schema);
	return error_set(err, ERROR_INPUT,
		"not a record of events: the first line must be {\"schema\": \"%s\"}", schema);
}

/* The kind of the event; none of kind_names when this version does not know it. */
static unsigned kind_of(const json_t *object)
{
	const char *name = json_string_value(json_object_get(object, "kind"));
	const json_t *type = json_object_get(object, "type");
	unsigned kind = 0;

	while (kind < ARRAY_LENGTH(kind_names) && !text_equal(kind_names[kind], name))
		kind++;
	return kind == EVENT_GROUP && type && !json_is_null(type) ? EVENT_RESOURCE : kind;
}

static int read_event(struct event_log_reader *reader, struct arena *arena, const json_t *object,
	struct event *event, struct error *err)
{
	const json_t *at_ms = json_object_get(object, "at_ms");
	unsigned kind = kind_of(object);

	if (!json_is_string(json_object_get(object, "kind")))
		return wrong(reader, err, "kind: must be text");
	if ((at_ms && !json_is_integer(at_ms)) || json_integer_value(at_ms) < reader->at_ms ||
		json_integer_value(at_ms) > time_max)
		return wrong(reader, err,
			"at_ms: must be milliseconds, and not less than on the line before");
	if (kind == ARRAY_LENGTH(kind_names))
		return 0; /* of a later version */
	reader->at_ms = json_integer_value(at_ms);
	*event = (struct event){.kind = (enum event_kind)kind, .at_ms = reader->at_ms};
	if (member_read(arena, object, &(struct member_part){event_members(event->kind), event}, 1, err) < 0)
		return error_wrap(err, "line %zu", reader->line);
	/* A record of an older version does not say it: the exit code is one that its findings give. */
	if (kind == EVENT_END && !json_object_get(object, "judged"))
		event->end.judged = event->end.exit_code == verdict_exit_code(event->end.counts, false) ||
			event->end.exit_code == verdict_exit_code(event->end.counts, true);
	return 1;
}

int event_log_next(struct event_log_reader *reader, struct arena *arena, struct event *event,
	struct error *err)
{
	int got = 0;

	while (got == 0) {
		json_t *object = next_line(reader, err);

		if (!object)
			return err->kind == ERROR_NONE ? 0 : -1;
		got = read_event(reader, arena, object, event, err);
		json_decref(object);
	}
	return got;
}
