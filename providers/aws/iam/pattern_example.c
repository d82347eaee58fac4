/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All patterns are read at once, as one automaton: a state is the set of places in them that the text so far leads to.
 * The states are visited in the order of their shortest texts.
 */
#include "providers/aws/iam/pattern_example.h"

#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/array.h"

enum { CHARACTERS = 256 };

/* One token of a pattern. */
struct place {
	enum token token;
	char character;
	bool ignore_case;
};

/* Ascending numbers of places. */
struct state {
	uint32_t *places;
	size_t count;
	uint32_t hash;
	const char *text;
};

struct search {
	struct arena *arena;
	struct place *places; /* of one pattern after the other, each ended by TOKEN_END */
	size_t place_count;
	char other; /* that no pattern names */
	struct state *states;
	size_t state_count, kept; /* kept: places in all states */
	struct text_list examples;
	struct state *ends; /* of each example */
	bool all;
};

/* How many it has, which are put into places if that is not NULL. */
static size_t read_places(const struct pattern *pattern, struct place *places)
{
	struct cursor cursor = {.at = pattern->text};
	struct place place = {.ignore_case = pattern->ignore_case};
	size_t count = 0;

	do {
		place.token = pattern_next(pattern, &cursor, &place.character);
		if (places)
			places[count] = place;
		count++;
	} while (place.token != TOKEN_END);
	return count;
}

/* A '*' may be empty, so what follows it is reached too. Each number added is at least the one before. */
static void add_place(const struct search *search, struct state *state, uint32_t number)
{
	if (state->count > 0 && number <= state->places[state->count - 1])
		return;
	do
		state->places[state->count++] = number;
	while (search->places[number++].token == TOKEN_RUN);
}

static bool accepts(const struct place *place, char character)
{
	if (place->token != TOKEN_CHARACTER)
		return place->token != TOKEN_END;
	return place->ignore_case ? text_lower(place->character) == text_lower(character)
				  : place->character == character;
}

/* With the next character; without memory of its own yet: room is for all places. */
static struct state follow(const struct search *search, const struct state *from, char character,
	uint32_t *room)
{
	struct state next = {.places = room, .hash = 2166136261};

	for (size_t i = 0; i < from->count; i++) {
		uint32_t number = from->places[i];
		const struct place *place = &search->places[number];

		if (accepts(place, character))
			add_place(search, &next, place->token == TOKEN_RUN ? number : number + 1);
	}
	for (size_t i = 0; i < next.count; i++)
		next.hash = (next.hash ^ next.places[i]) * 16777619; /* FNV */
	return next;
}

/* The patterns that the text matches whole, as a state of their ends alone. */
static struct state ends_of(const struct search *search, const struct state *state)
{
	struct state ends = {.places = NEW_ARRAY(search->arena, uint32_t, state->count)};

	for (size_t i = 0; i < state->count; i++)
		if (search->places[state->places[i]].token == TOKEN_END)
			ends.places[ends.count++] = state->places[i];
	return ends;
}

static bool has(const struct state *states, size_t count, const struct state *state)
{
	for (size_t i = 0; i < count; i++)
		if (states[i].hash == state->hash && states[i].count == state->count &&
			memcmp(states[i].places, state->places, state->count * sizeof(*state->places)) == 0)
			return true;
	return false;
}

static void visit(struct search *search, const struct state *from, struct state state, char character)
{
	const uint32_t *room = state.places;
	struct state ends;

	if (has(search->states, search->state_count, &state))
		return;
	if (search->state_count == PATTERN_STATES_MAX || search->kept + state.count > PATTERN_PLACES_MAX) {
		search->all = false;
		return;
	}
	state.text = arena_printf(search->arena, "%s%c", from->text, character);
	state.places = NEW_ARRAY(search->arena, uint32_t, state.count);
	memcpy(state.places, room, state.count * sizeof(*room));
	search->kept += state.count;
	search->states[search->state_count++] = state;
	ends = ends_of(search, &state);
	if (has(search->ends, search->examples.count, &ends))
		return;
	search->ends[search->examples.count] = ends;
	text_list_add(search->arena, &search->examples, state.text);
}

/* With each character that some place waits for, and one that none does. */
static void visit_next(struct search *search, const struct state *from, uint32_t *room)
{
	bool tried[CHARACTERS] = {false};

	visit(search, from, follow(search, from, search->other, room), search->other);
	for (size_t i = 0; i < from->count; i++) {
		const struct place *place = &search->places[from->places[i]];
		bool letter = place->ignore_case && text_is_letter(place->character);
		const char cases[] = {place->character, (char)(place->character ^ (letter ? 'a' - 'A' : 0))};

		for (size_t k = 0; k < ARRAY_LENGTH(cases) && place->token == TOKEN_CHARACTER; k++) {
			if (!tried[(unsigned char)cases[k]])
				visit(search, from, follow(search, from, cases[k], room), cases[k]);
			tried[(unsigned char)cases[k]] = true;
		}
	}
}

/* A character that no pattern names. */
static char other_character(const struct search *search)
{
	bool named[CHARACTERS] = {false};
	unsigned char other = 'x';

	for (size_t i = 0; i < search->place_count; i++)
		if (search->places[i].token == TOKEN_CHARACTER)
			named[(unsigned char)text_lower(search->places[i].character)] = true;
	while (named[other] && other > '!')
		other--;
	return (char)other;
}

struct text_list pattern_examples(struct arena *arena, const struct pattern *patterns, size_t count,
	bool *all)
{
	struct search search = {.arena = arena, .all = true};
	struct state start = {.text = ""};
	uint32_t *room;
	size_t length = 0;

	for (size_t i = 0; i < count; i++)
		length += read_places(&patterns[i], NULL);
	search.places = NEW_ARRAY(arena, struct place, length);
	start.places = NEW_ARRAY(arena, uint32_t, length);
	room = NEW_ARRAY(arena, uint32_t, length);
	search.states = NEW_ARRAY(arena, struct state, PATTERN_STATES_MAX);
	search.ends = NEW_ARRAY(arena, struct state, PATTERN_STATES_MAX);
	for (size_t i = 0; i < count; i++) {
		size_t first = search.place_count;

		search.place_count += read_places(&patterns[i], search.places + first);
		add_place(&search, &start, (uint32_t)first);
	}
	search.other = other_character(&search);
	visit_next(&search, &start, room);
	for (size_t i = 0; i < search.state_count; i++)
		visit_next(&search, &search.states[i], room);
	*all = search.all;
	return search.examples;
}
