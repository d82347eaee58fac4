/* SPDX-License-Identifier: Apache-2.0 */
/* Reports of instances: a document, and lines of a console. */
#include "providers/aws/cloud/functional/instance_report.h"

#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/text.h"
#include "base/tree.h"

#define LINE_PREFIX "CLOUDCTL-"

static const char end_id[] = "end";

static const char *const state_names[] = {
	[PROBE_OK] = "ok",
	[PROBE_FAILED] = "failed",
	[PROBE_UNKNOWN] = "unknown",
};

static enum probe_state find_state(const char *name)
{
	for (size_t i = 0; i < ARRAY_LENGTH(state_names); i++)
		if (text_equal(name, state_names[i]))
			return (enum probe_state)i;
	return PROBE_PENDING;
}

/* PROBE_COUNT: no such probe. */
static size_t find_probe(const char *id)
{
	size_t i = 0;

	while (i < PROBE_COUNT && !text_equal(id, probe_operations[i].id))
		i++;
	return i;
}

static bool is_plain(const char *text)
{
	size_t length = 0;

	for (; *text; text++, length++)
		if (*text < ' ' || *text > '~')
			return false;
	return length <= REPORT_DETAIL_MAX;
}

/* One step, whatever it was written in. False: it is none. */
static bool take_step(struct instance_report *report, const char *id, const struct probe_report *step)
{
	size_t probe = find_probe(id);

	if (step->state == PROBE_PENDING || step->at_s < 0 || step->at_s > REPORT_SECONDS_MAX ||
		!is_plain(step->detail))
		return false;
	if (text_equal(id, end_id)) {
		report->ended = true;
		return true;
	}
	if (probe == PROBE_COUNT)
		return false;
	report->count += report->probes[probe].state == PROBE_PENDING;
	report->probes[probe] = *step;
	return true;
}

static int refuse(const char *what, struct error *err)
{
	return error_set(err, ERROR_PROTOCOL, "the instance's report %s", what);
}

static int take_steps(struct arena *arena, const json_t *steps, struct instance_report *report,
	struct error *err)
{
	const json_t *item;
	size_t i;

	if (!json_is_array(steps) || json_array_size(steps) > PROBE_COUNT + 1)
		return refuse("has no list of steps, or one that is too long", err);
	json_array_foreach (steps, i, item) {
		const json_t *at = tree_get(item, "at");
		const struct probe_report step = {
			.state = find_state(tree_text(item, "state")),
			.at_s = json_integer_value(at) <= REPORT_SECONDS_MAX ? (int)json_integer_value(at)
									     : -1,
			.detail = arena_strdup(arena, tree_text(item, "detail")),
		};

		if (!json_is_integer(at) || json_integer_value(at) < 0 ||
			!take_step(report, tree_text(item, "id"), &step))
			return refuse("has a step that is none", err);
	}
	return 0;
}

int report_parse(struct arena *arena, const char *text, size_t length, const char *run,
	struct instance_report *report, struct error *err)
{
	struct instance_report made = {0};
	json_t *document;

	if (length > REPORT_BYTES_MAX)
		return refuse("is too long", err);
	document = json_loadb(text, length, JSON_REJECT_DUPLICATES, NULL);
	if (!document)
		return refuse("is not JSON", err);
	document = tree_defer(arena, document);
	if (!text_equal(tree_text(document, "run"), run))
		return refuse("is of another run", err);
	if (take_steps(arena, tree_get(document, "steps"), &made, err) < 0)
		return -1;
	*report = made;
	return 0;
}

/* "41 boot ok detail …"; the line is the arena's, to be cut up. */
static void take_line(struct instance_report *report, char *line)
{
	char *rest = line, *words[3];
	uint64_t at;

	for (size_t i = 0; i < ARRAY_LENGTH(words); i++) {
		words[i] = rest;
		rest = strchr(rest, ' ');
		if (!rest)
			return;
		*rest++ = '\0';
	}
	if (text_number(words[0], 0, REPORT_SECONDS_MAX, &at))
		take_step(report, words[1],
			&(struct probe_report){.state = find_state(words[2]),
				.at_s = (int)at,
				.detail = rest});
}

void report_read_console(struct arena *arena, const char *text, const char *run,
	struct instance_report *report)
{
	const char *mark = arena_printf(arena, LINE_PREFIX "%s ", run);
	const char *found = text;

	while ((found = strstr(found, mark))) {
		size_t length;

		found += strlen(mark);
		length = strcspn(found, "\r\n");
		/* Without its end it may be cut. */
		if (found[length])
			take_line(report, arena_strndup(arena, found, length));
	}
}
