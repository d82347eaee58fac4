/* SPDX-License-Identifier: Apache-2.0 */
/* The loop around a round, and what of an earlier round still holds. */
#include "cmd/verify_rounds.h"

#include <string.h>

#include "base/array.h"
#include "base/str.h"
#include "cmd/context.h"
#include "cmd/presentation.h"

enum { WATCH_MAX_S = 24 * 3600, ERROR_TEXT_MAX = 8 << 10 };

int verify_watch_ms(const char *text, int64_t *ms, struct error *err)
{
	static const struct {
		char letter;
		int seconds;
	} units[] = {{'s', 1}, {'m', 60}, {'h', 3600}};
	char digits[16] = "";
	size_t length = strlen(text);
	uint64_t number = 0, seconds = 1;

	for (size_t i = 0; length > 1 && i < ARRAY_LENGTH(units); i++) {
		if (text[length - 1] == units[i].letter) {
			seconds = (uint64_t)units[i].seconds;
			length--;
			break;
		}
	}
	if (length < sizeof(digits))
		memcpy(digits, text, length);
	if (!text_number(digits, 1, WATCH_MAX_S, &number) || number * seconds > WATCH_MAX_S)
		return error_set(err, ERROR_USAGE,
			"--watch: invalid time '%s'; give one from 1s to 24h (60s, 5m, 1h)", text);
	*ms = (int64_t)(number * seconds) * 1000;
	return 0;
}

struct text_list verify_checks_of(struct arena *arena, const struct verification *result, const char *group)
{
	struct text_list ids = {0};

	for (size_t i = 0; i < result->count; i++)
		if (text_equal(result->findings[i].group->id, group))
			text_list_add(arena, &ids, result->findings[i].check->id);
	return ids;
}

/* Memory of the rounds: a whole round takes the place of the one before the last; one of a group stays with its whole. */
struct memory {
	struct arena arenas[2];
	int whole;
};

static void free_memory(void *self)
{
	struct memory *memory = self;

	arena_free(&memory->arenas[0]);
	arena_free(&memory->arenas[1]);
}

static int one_round(struct verify_rounds *rounds, struct memory *memory, const char *group,
	struct verification *whole, struct error *err)
{
	struct arena *arena;
	struct verification part = {0};
	struct text_list only = {0};
	int code;

	if (!group) {
		memory->whole = !memory->whole;
		arena_free(&memory->arenas[memory->whole]);
		*whole = (struct verification){0};
	}
	arena = &memory->arenas[memory->whole];
	if (group)
		only = verify_checks_of(arena, whole, group);
	code = rounds->round(rounds, arena, only, group ? &part : whole, err);
	if (group && code == 0)
		verify_merge(whole, &part);
	return code;
}

/* A round of many that failed is told; the next one may succeed. */
static void tell_failure(struct verify_rounds *rounds, const struct error *err)
{
	struct arena arena = {0};
	struct str text = {.arena = &arena, .max = ERROR_TEXT_MAX};

	context_show_failure(rounds->context, err);
	error_format(err, &text);
	if (rounds->watch_ms > 0 && err->kind != ERROR_INTERRUPTED)
		event_step(&rounds->context->stream, STEP_WARNING, "%s", str_text(&text));
	arena_free(&arena);
}

int verify_rounds(struct verify_rounds *rounds, struct error *err)
{
	struct context *context = rounds->context;
	struct memory *memory = NEW(context->arena, struct memory);
	struct verification whole = {0};
	const char *group = NULL;
	int code;

	arena_defer(context->arena, free_memory, memory);
	for (;;) {
		code = one_round(rounds, memory, group, &whole, err);
		if (code == 0)
			code = verdict_exit_code(whole.counts, context->strict);
		code = context_end(context, code, whole.overall, whole.counts, err);
		if (code < 0)
			tell_failure(rounds, err);
		if (!context_again(context, rounds->watch_ms, &group))
			break;
		if (code < 0)
			group = NULL; /* nothing of a round that failed can be kept */
		group = arena_strdup(context->arena, group);
		context_round(context, rounds->cloud);
	}
	if (rounds->watch_ms > 0 && code >= 0 && context->world->interrupted(context->world))
		return error_set(err, ERROR_INTERRUPTED, "interrupted");
	return code;
}
