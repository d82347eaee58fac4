/* SPDX-License-Identifier: Apache-2.0 */
/* One table of members for both directions. What is read is hostile: bounded, typed, and told by its line. */
#include "ui/event_log.h"

#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/text.h"
#include "base/utf8.h"
#include "ui/output.h"

static const char schema[] = "cloudctl.events/1";

/* No time, count or number in an event is larger; a double holds it exactly, so every JSON reader does. */
static const json_int_t number_max = (json_int_t)1 << 53;

/* A run takes no longer than a year. */
static const json_int_t time_max = (json_int_t)366 * 24 * 3600 * 1000;

/* The end of the year 9999. */
static const json_int_t date_max = 253402300799999;

enum { EVIDENCE_MAX = 10000 };

enum log_member_kind {
	MEMBER_TEXT,   /* const char *: left out when NULL */
	MEMBER_NEEDED, /* const char *: never NULL */
	MEMBER_INT,    /* int */
	MEMBER_FLAG,   /* bool: left out when false */
	MEMBER_MS,     /* int64_t */
	MEMBER_DATE,   /* int64_t, milliseconds since 1970: left out when 0 */
	MEMBER_VERDICT,
	MEMBER_STATE,
	MEMBER_LEVEL,
	MEMBER_EFFECT,   /* EFFECT_UNKNOWN where it is left out */
	MEMBER_EVIDENCE, /* event.finding's lines */
	MEMBER_COUNTS,   /* event.end's numbers */
};

struct log_member {
	enum event_kind kind;
	const char *name;
	enum log_member_kind type;
	size_t offset; /* in struct event */
};

#define AT(member) offsetof(struct event, member)

static const struct log_member members[] = {
	{EVENT_RUN, "command", MEMBER_NEEDED, AT(run.command)},
	{EVENT_RUN, "cloud", MEMBER_TEXT, AT(run.cloud)},
	{EVENT_RUN, "cloud_id", MEMBER_TEXT, AT(run.cloud_id)},
	{EVENT_RUN, "region", MEMBER_TEXT, AT(run.region)},
	{EVENT_RUN, "account", MEMBER_TEXT, AT(run.account)},
	{EVENT_RUN, "provider", MEMBER_TEXT, AT(run.provider)},
	{EVENT_RUN, "effect", MEMBER_EFFECT, AT(run.effect)},
	{EVENT_RUN, "judges", MEMBER_FLAG, AT(run.judges)},
	{EVENT_RUN, "outer", MEMBER_FLAG, AT(run.outer)},
	{EVENT_RUN, "leaving", MEMBER_TEXT, AT(run.leaving)},
	{EVENT_RUN, "began_ms", MEMBER_DATE, AT(run.began_ms)},
	{EVENT_CALL, "operation", MEMBER_NEEDED, AT(call.operation)},
	{EVENT_CALL, "request_id", MEMBER_TEXT, AT(call.request_id)},
	{EVENT_CALL, "code", MEMBER_TEXT, AT(call.code)},
	{EVENT_CALL, "status", MEMBER_INT, AT(call.status)},
	{EVENT_CALL, "attempt", MEMBER_INT, AT(call.attempt)},
	{EVENT_CALL, "took_ms", MEMBER_MS, AT(call.took_ms)},
	{EVENT_RETRY, "operation", MEMBER_NEEDED, AT(call.operation)},
	{EVENT_RETRY, "request_id", MEMBER_TEXT, AT(call.request_id)},
	{EVENT_RETRY, "code", MEMBER_TEXT, AT(call.code)},
	{EVENT_RETRY, "status", MEMBER_INT, AT(call.status)},
	{EVENT_RETRY, "attempt", MEMBER_INT, AT(call.attempt)},
	{EVENT_RETRY, "took_ms", MEMBER_MS, AT(call.took_ms)},
	{EVENT_RETRY, "wait_ms", MEMBER_MS, AT(call.wait_ms)},
	{EVENT_GROUP, "id", MEMBER_NEEDED, AT(group.id)},
	{EVENT_GROUP, "name", MEMBER_TEXT, AT(group.name)},
	{EVENT_GROUP, "physical_id", MEMBER_TEXT, AT(group.subject)},
	{EVENT_GROUP, "state", MEMBER_STATE, AT(group.state)},
	{EVENT_GROUP, "verdict", MEMBER_VERDICT, AT(group.verdict)},
	{EVENT_GROUP, "elapsed_ms", MEMBER_MS, AT(group.elapsed_ms)},
	{EVENT_RESOURCE, "id", MEMBER_NEEDED, AT(resource.id)},
	{EVENT_RESOURCE, "name", MEMBER_TEXT, AT(resource.name)},
	{EVENT_RESOURCE, "type", MEMBER_NEEDED, AT(resource.type)},
	{EVENT_RESOURCE, "physical_id", MEMBER_TEXT, AT(resource.physical_id)},
	{EVENT_RESOURCE, "status", MEMBER_TEXT, AT(resource.status)},
	{EVENT_RESOURCE, "reason", MEMBER_TEXT, AT(resource.reason)},
	{EVENT_RESOURCE, "section", MEMBER_TEXT, AT(resource.section)},
	{EVENT_RESOURCE, "level", MEMBER_INT, AT(resource.level)},
	{EVENT_RESOURCE, "create_ms", MEMBER_MS, AT(resource.create_ms)},
	{EVENT_RESOURCE, "remove_ms", MEMBER_MS, AT(resource.remove_ms)},
	{EVENT_RESOURCE, "state", MEMBER_STATE, AT(resource.state)},
	{EVENT_RESOURCE, "removing", MEMBER_FLAG, AT(resource.removing)},
	{EVENT_RESOURCE, "verdict", MEMBER_VERDICT, AT(resource.verdict)},
	{EVENT_RESOURCE, "elapsed_ms", MEMBER_MS, AT(resource.elapsed_ms)},
	{EVENT_STEP, "level", MEMBER_LEVEL, AT(step.level)},
	{EVENT_STEP, "text", MEMBER_NEEDED, AT(step.text)},
	{EVENT_FINDING, "check", MEMBER_NEEDED, AT(finding.check)},
	{EVENT_FINDING, "group", MEMBER_NEEDED, AT(finding.group)},
	{EVENT_FINDING, "verdict", MEMBER_VERDICT, AT(finding.verdict)},
	{EVENT_FINDING, "severity", MEMBER_VERDICT, AT(finding.severity)},
	{EVENT_FINDING, "holds", MEMBER_TEXT, AT(finding.holds)},
	{EVENT_FINDING, "text", MEMBER_TEXT, AT(finding.text)},
	{EVENT_FINDING, "why", MEMBER_TEXT, AT(finding.why)},
	{EVENT_FINDING, "remedy", MEMBER_TEXT, AT(finding.remedy)},
	{EVENT_FINDING, "reference", MEMBER_TEXT, AT(finding.reference)},
	{EVENT_FINDING, "action", MEMBER_TEXT, AT(finding.action)},
	{EVENT_FINDING, "evidence", MEMBER_EVIDENCE, 0},
	{EVENT_FINDING, "ignored", MEMBER_TEXT, AT(finding.ignored)},
	{EVENT_QUESTION, "text", MEMBER_NEEDED, AT(question.text)},
	{EVENT_QUESTION, "answer", MEMBER_TEXT, AT(question.answer)},
	{EVENT_END, "exit_code", MEMBER_INT, AT(end.exit_code)},
	{EVENT_END, "judged", MEMBER_FLAG, AT(end.judged)},
	{EVENT_END, "verdict", MEMBER_VERDICT, AT(end.verdict)},
	{EVENT_END, "counts", MEMBER_COUNTS, 0},
	{EVENT_END, "calls", MEMBER_INT, AT(end.calls)},
	{EVENT_END, "retries", MEMBER_INT, AT(end.retries)},
};

enum { MEMBERS = ARRAY_LENGTH(members) };

/* The first version wrote groups and resources as one kind, a group without "type"; readers rely on it. */
static const char *const kind_names[] = {
	[EVENT_RUN] = "run",
	[EVENT_CALL] = "call",
	[EVENT_RETRY] = "retry",
	[EVENT_GROUP] = "resource",
	[EVENT_RESOURCE] = "resource",
	[EVENT_STEP] = "step",
	[EVENT_FINDING] = "finding",
	[EVENT_QUESTION] = "question",
	[EVENT_END] = "end",
	NULL,
};
static const char *const level_names[] = {"progress", "note", "warning", "error", NULL};
static const char *const effect_names[] = {"unknown", "none", "creates", "removes", "changes", NULL};
static const char *const state_names[] = {"waiting", "working", "done", "failed", "undoing", "undone", "kept",
	NULL};

/* The index of a word; -1 when it is none of them. */
static int word_index(const char *const *words, const char *word)
{
	for (int i = 0; word && words[i]; i++) {
		if (text_equal(words[i], word))
			return i;
	}
	return -1;
}

/* The words that a member's number stands for; NULL for members that are no words. */
static const char *const *words_of(enum log_member_kind type)
{
	switch (type) {
	case MEMBER_VERDICT: return verdict_names;
	case MEMBER_STATE: return state_names;
	case MEMBER_LEVEL: return level_names;
	case MEMBER_EFFECT: return effect_names;
	case MEMBER_TEXT:
	case MEMBER_NEEDED:
	case MEMBER_INT:
	case MEMBER_FLAG:
	case MEMBER_MS:
	case MEMBER_DATE:
	case MEMBER_EVIDENCE:
	case MEMBER_COUNTS: break;
	}
	return NULL;
}

/* --- writing --- */

struct event_log {
	struct sink sink;
	FILE *file;
	struct sink *next;
	struct error *lost;
	struct error failure; /* set: nothing more is written */
};

/* Text as it is, line breaks too; what is no UTF-8 cannot stand in JSON and becomes "?". */
static json_t *text_value(struct arena *arena, const char *text)
{
	json_t *value = json_string(text);
	char *copy;

	if (value)
		return value;
	copy = arena_strdup(arena, text);
	for (char *at = copy; *at;) {
		uint32_t point;
		size_t length = utf8_decode(at, strlen(at), &point);

		if (length == 0)
			*at = '?';
		at += length ? length : 1;
	}
	return json_string(copy);
}

static json_t *evidence_value(struct arena *arena, const struct event_finding *finding)
{
	json_t *list = json_array();

	for (size_t i = 0; i < finding->evidence_count; i++)
		json_array_append_new(list, text_value(arena, finding->evidence[i]));
	return list;
}

static json_t *counts_value(const struct event_end *end)
{
	json_t *object = json_object();

	for (size_t i = 0; i < VERDICTS; i++)
		json_object_set_new(object, verdict_names[i], json_integer((json_int_t)end->counts[i]));
	return object;
}

static json_t *member_value(struct arena *arena, const struct log_member *member, const struct event *event)
{
	const void *place = (const char *)event + member->offset;
	const char *text;
	int64_t ms;
	int number;

	switch (member->type) {
	case MEMBER_TEXT:
	case MEMBER_NEEDED: memcpy(&text, place, sizeof(text)); return text ? text_value(arena, text) : NULL;
	case MEMBER_FLAG: return *(const bool *)place ? json_true() : NULL;
	case MEMBER_MS:
	case MEMBER_DATE:
		memcpy(&ms, place, sizeof(ms));
		return ms != 0 || member->type == MEMBER_MS ? json_integer(ms) : NULL;
	case MEMBER_EVIDENCE: return evidence_value(arena, &event->finding);
	case MEMBER_COUNTS: return counts_value(&event->end);
	case MEMBER_INT:
	case MEMBER_VERDICT:
	case MEMBER_STATE:
	case MEMBER_LEVEL:
	case MEMBER_EFFECT: break;
	}
	memcpy(&number, place, sizeof(number)); /* an enum has the size of an int */
	if (member->type == MEMBER_EFFECT && number == EFFECT_UNKNOWN)
		return NULL;
	return member->type == MEMBER_INT ? json_integer(number)
					  : json_string(words_of(member->type)[number]);
}

_Static_assert(sizeof(enum verdict) == sizeof(int) && sizeof(enum resource_state) == sizeof(int) &&
		sizeof(enum step_level) == sizeof(int) && sizeof(enum run_effect) == sizeof(int),
	"members of an enum are read and written as int");

static json_t *event_value(struct arena *arena, const struct event *event)
{
	json_t *object = json_object();

	json_object_set_new(object, "at_ms", json_integer(event->at_ms));
	json_object_set_new(object, "kind", json_string(kind_names[event->kind]));
	for (size_t i = 0; i < MEMBERS; i++) {
		json_t *value = members[i].kind == event->kind ? member_value(arena, &members[i], event)
							       : NULL;

		if (value)
			json_object_set_new(object, members[i].name, value);
	}
	return object;
}

/* Write a line and let go of its tree. */
static void write_line(struct event_log *log, json_t *object)
{
	char *text = json_dumps(object, JSON_COMPACT);
	size_t length = text ? strlen(text) : 0;

	if (text && log->failure.kind == ERROR_NONE) {
		text[length] = '\n'; /* in the place of the NUL, so that a line is one write */
		if (output_write(log->file, text, length + 1, &log->failure) < 0)
			error_keep(log->lost, &log->failure);
	}
	free(text);
	json_decref(object);
}

static void event_log_emit(struct sink *self, const struct event *event)
{
	struct event_log *log = (struct event_log *)self;
	struct arena scratch = {0};

	write_line(log, event_value(&scratch, event));
	arena_free(&scratch);
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

static int wrong_member(const struct event_log_reader *reader, struct error *err, const char *name)
{
	error_set(err, ERROR_INPUT, "'%s' is missing or is not what it must be", name);
	return error_wrap(err, "line %zu", reader->line);
}

/* The next line's tree, the caller's reference; NULL at the end, or with *err set when it is no JSON object. */
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
		wrong(reader, err, "it is longer than any event");
		return NULL;
	}
	object = json_loadb(reader->at, length, JSON_REJECT_DUPLICATES, NULL);
	reader->at = end + 1;
	if (!json_is_object(object)) {
		json_decref(object);
		wrong(reader, err, "it is no JSON object");
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
		return error_set(err, ERROR_INPUT, "the events are of another version than %s", schema);
	return error_set(err, ERROR_INPUT,
		"this is no log of events: its first line must be {\"schema\": \"%s\"}", schema);
}

static bool read_number(const json_t *value, json_int_t most, json_int_t *number)
{
	*number = json_integer_value(value); /* 0 where it is none */
	return !value || (json_is_integer(value) && *number >= -number_max && *number <= most);
}

static bool read_evidence(struct arena *arena, const json_t *value, struct event_finding *finding)
{
	size_t count = json_array_size(value);
	const char **lines;

	if ((value && !json_is_array(value)) || count > EVIDENCE_MAX)
		return false;
	lines = NEW_ARRAY(arena, const char *, count);
	for (size_t i = 0; i < count; i++) {
		lines[i] = arena_strdup(arena, json_string_value(json_array_get(value, i)));
		if (!lines[i])
			return false;
	}
	finding->evidence = lines;
	finding->evidence_count = count;
	return true;
}

static bool read_counts(const json_t *value, struct event_end *end)
{
	for (size_t i = 0; i < VERDICTS; i++) {
		json_int_t number;

		if (!read_number(json_object_get(value, verdict_names[i]), number_max, &number) || number < 0)
			return false;
		end->counts[i] = (size_t)number;
	}
	return json_is_object(value);
}

/* value may be NULL: the member is not there. */
static bool read_member(struct arena *arena, const struct log_member *member, const json_t *value,
	struct event *event)
{
	void *place = (char *)event + member->offset;
	const char *text = json_string_value(value);
	json_int_t number;
	int index;

	switch (member->type) {
	case MEMBER_TEXT:
	case MEMBER_NEEDED:
		if (!text && (member->type == MEMBER_NEEDED || (value && !json_is_null(value))))
			return false;
		text = arena_strdup(arena, text);
		memcpy(place, &text, sizeof(text));
		return true;
	case MEMBER_INT:
		if (!read_number(value, INT_MAX, &number) || number < INT_MIN)
			return false;
		*(int *)place = (int)number;
		return true;
	case MEMBER_FLAG: *(bool *)place = json_is_true(value); return !value || json_is_boolean(value);
	case MEMBER_MS:
	case MEMBER_DATE:
		if (!read_number(value, member->type == MEMBER_DATE ? date_max : number_max, &number) ||
			(member->type == MEMBER_DATE && number < 0))
			return false;
		*(int64_t *)place = number;
		return true;
	case MEMBER_EVIDENCE: return read_evidence(arena, value, &event->finding);
	case MEMBER_COUNTS: return read_counts(value, &event->end);
	case MEMBER_VERDICT:
	case MEMBER_STATE:
	case MEMBER_LEVEL:
	case MEMBER_EFFECT: break;
	}
	index = !value && member->type == MEMBER_EFFECT ? EFFECT_UNKNOWN
							: word_index(words_of(member->type), text);
	memcpy(place, &index, sizeof(index));
	return index >= 0;
}

/* The exit code is one that the findings give. */
static bool is_verdict(const struct event_end *end)
{
	return end->exit_code == verdict_exit_code(end->counts, false) ||
		end->exit_code == verdict_exit_code(end->counts, true);
}

static int read_event(struct event_log_reader *reader, struct arena *arena, const json_t *object,
	struct event *event, struct error *err)
{
	int kind = word_index(kind_names, json_string_value(json_object_get(object, "kind")));
	const json_t *type = json_object_get(object, "type");
	json_int_t at_ms;

	if (!json_is_string(json_object_get(object, "kind")))
		return wrong_member(reader, err, "kind");
	if (!read_number(json_object_get(object, "at_ms"), time_max, &at_ms) || at_ms < reader->at_ms)
		return wrong_member(reader, err, "at_ms");
	if (kind < 0)
		return 0; /* of a later version */
	if (kind == EVENT_GROUP && type && !json_is_null(type))
		kind = EVENT_RESOURCE;
	reader->at_ms = at_ms;
	*event = (struct event){.kind = (enum event_kind)kind, .at_ms = at_ms};
	for (size_t i = 0; i < MEMBERS; i++) {
		if ((int)members[i].kind == kind &&
			!read_member(arena, &members[i], json_object_get(object, members[i].name), event))
			return wrong_member(reader, err, members[i].name);
	}
	if (kind == EVENT_END && !json_object_get(object, "judged")) /* an older version did not say it */
		event->end.judged = is_verdict(&event->end);
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
