/* SPDX-License-Identifier: Apache-2.0 */
/* Which cloud a command is about, on real records in a folder for each test; colour by environment. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/test.h"
#include "base/test_folder.h"
#include "cmd/context.h"
#include "cmd/terminal.h"

#define PROD_ID "cld_abcdefghijklmnopqrstuvwxyz"
#define DEV_ID "cld_bbcdefghijklmnopqrstuvwxyz"
#define NO_ID "cld_cccdefghijklmnopqrstuvwxyz"

struct place {
	struct world world;           /* first, so that the environment finds the rest */
	const char *const *variables; /* name, value, …, NULL */
	struct arena arena;
	struct context context;
	const char *folder; /* the test's own */
	struct error err;
	int signal_number;
};

static int64_t now(struct world *world)
{
	(void)world;
	return 1767323045000; /* 2026-01-02T03:04:05Z */
}

static const char *environment(struct world *world, const char *name)
{
	const struct place *place = (const struct place *)(const void *)world;

	for (const char *const *at = place->variables; at && *at; at += 2) {
		if (text_equal(*at, name))
			return at[1];
	}
	return NULL;
}

static int interrupted(struct world *world)
{
	return ((const struct place *)(const void *)world)->signal_number;
}

static int set_up(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	*state = place;
	place->world = (struct world){.wall_ms = now,
		.steady_ms = now,
		.environment = environment,
		.interrupted = interrupted,
		.wake_fd = -1};
	place->context = (struct context){.arena = &place->arena,
		.world = &place->world,
		.results = stdout,
		.messages = stderr};
	place->folder = test_folder(&place->arena);
	place->context.global.registry = place->folder;
	return place->folder ? 0 : -1;
}

static int tear_down(void **state)
{
	struct place *place = *state;

	arena_free(&place->arena);
	free(place);
	return 0;
}

static void create(struct place *place, const char *name, const char *id)
{
	struct cloud cloud = {.id = id, .name = name, .provider = "aws", .region = "us-west-2"};

	if (registry_create(context_registry(&place->context, &place->err), &cloud, &place->err) < 0)
		fail_msg("%s", place->err.frame[0]);
}

/* What a selector finds, or says. found NULL: the error must hold says. */
static const struct choice {
	struct cloud_selector selector;
	const char *region, *found;
	enum error_kind kind;
	const char *says;
} choices[] = {
	{{"prod"}, NULL, "prod"},
	{{.name = "dev"}, NULL, "dev"},
	{{.id = DEV_ID}, NULL, "dev"},
	{{DEV_ID}, NULL, "dev"},
	{{"prod", "prod", PROD_ID}, NULL, "prod"},
	{{PROD_ID, "prod"}, NULL, "prod"},
	{{"prod"}, "us-west-2", "prod"},
	{{"prod"}, "eu-west-1", NULL, ERROR_USAGE, "cloud 'prod' is in us-west-2, not in eu-west-1"},
	{{"prod", "dev"}, NULL, NULL, ERROR_USAGE, "two clouds are named: 'prod', and 'dev' by --name"},
	{{"prod", .id = DEV_ID}, NULL, NULL, ERROR_USAGE, "'prod' and '" DEV_ID "' are different clouds"},
	{{.name = "prod", .id = DEV_ID}, NULL, NULL, ERROR_USAGE, "are different clouds"},
	{{PROD_ID, "dev"}, NULL, NULL, ERROR_USAGE, "are different clouds"},
	{{PROD_ID, .id = DEV_ID}, NULL, NULL, ERROR_USAGE, "by --cloud-id"},
	{{.id = "prod"}, NULL, NULL, ERROR_USAGE, "--cloud-id: invalid cloud id 'prod'"},
	{{"pord"}, NULL, NULL, ERROR_NOT_FOUND, "no cloud is named 'pord'"},
	{{"prodd"}, NULL, NULL, ERROR_NOT_FOUND, "did you mean 'prod'?"},
	{{.id = NO_ID}, NULL, NULL, ERROR_NOT_FOUND, "no cloud has the id"},
	{{NO_ID}, NULL, NULL, ERROR_NOT_FOUND, "no cloud has the id"},
	{{.name = PROD_ID}, NULL, NULL, ERROR_NOT_FOUND, "no cloud is named"},
	{{"../prod"}, NULL, NULL, ERROR_USAGE, "invalid cloud name"},
	{{0}, NULL, NULL, ERROR_USAGE, "the clouds are: dev, prod"},
};

static void the_cloud_that_is_meant(void **state)
{
	struct place *place = *state;

	create(place, "prod", PROD_ID);
	create(place, "dev", DEV_ID);
	for (size_t i = 0; i < ARRAY_LENGTH(choices); i++) {
		const struct choice *choice = &choices[i];
		struct cloud cloud;

		place->context.global.region = choice->region;
		place->err = (struct error){0};
		context_cloud(&place->context, &choice->selector, &cloud, &place->err);
		if (place->err.kind != choice->kind)
			fail_msg("choice %zu: %s", i, place->err.frame[0]);
		if (choice->found)
			assert_string_equal(cloud.name, choice->found);
		else if (!strstr(place->err.frame[0], choice->says))
			fail_msg("choice %zu said '%s'", i, place->err.frame[0]);
	}
}

static void without_words(void **state)
{
	static const struct cloud_selector nothing;
	struct place *place = *state;
	struct cloud cloud;

	assert_int_equal(context_cloud(&place->context, &nothing, &cloud, &place->err), -1);
	assert_non_null(strstr(place->err.frame[0], "there are no clouds"));
	create(place, "prod", PROD_ID);
	assert_int_equal(context_cloud(&place->context, &nothing, &cloud, &place->err), 0);
	assert_string_equal(cloud.name, "prod");
	create(place, "dev", DEV_ID);
	assert_int_equal(context_cloud(&place->context, &nothing, &cloud, &place->err), -1);
	assert_int_equal(registry_set_default(place->context.registry, "dev", &place->err), 0);
	assert_int_equal(context_cloud(&place->context, &nothing, &cloud, &place->err), 0);
	assert_string_equal(cloud.name, "dev");
}

/* A name that looks like an id is found unless an id says otherwise. */
static void a_name_like_an_id(void **state)
{
	struct place *place = *state;
	const struct cloud_selector selector = {.positional = NO_ID};
	struct cloud cloud;

	create(place, NO_ID, PROD_ID);
	assert_int_equal(context_cloud(&place->context, &selector, &cloud, &place->err), 0);
	assert_string_equal(cloud.id, PROD_ID);
}

static void with_nobody_to_ask(void **state)
{
	struct place *place = *state;

	assert_int_equal(context_confirm(&place->context, true, "Delete?", &place->err), 0);
	assert_int_equal(context_confirm(&place->context, false, "Delete?", &place->err), -1);
	assert_int_equal(place->err.kind, ERROR_DECLINED);
	assert_non_null(strstr(place->err.frame[0], "--yes"));
}

/* What the user types, what has to be typed, and whether it is a yes. */
static const struct answer {
	const char *typed;
	bool yes;
	const char *word; /* NULL: yes will do */
} answers[] = {
	{"prod\n", true, "prod"},
	{" prod \n", true, "prod"},
	{"Prod\n", false, "prod"},
	{"prod2\n", false, "prod"},
	{"pro\n", false, "prod"},
	{"y\n", false, "prod"},
	{"yes\n", false, "prod"},
	{"\n", false, "prod"},
	{"", false, "prod"},
	{"y\n", true},
	{"Y\n", true},
	{"yes\n", true},
	{" Yes \n", true},
	{"n\n", false},
	{"\n", false},
	{"yep\n", false},
	{"yy\n", false},
	{"", false},
	{"sure, y\n", false},
};

static void only_yes_is_yes(void **state)
{
	struct place *place = *state;

	place->context.messages = fopen("/dev/null", "w");
	for (size_t i = 0; i < ARRAY_LENGTH(answers); i++) {
		int ends[2];

		assert_int_equal(pipe(ends), 0);
		assert_true(write(ends[1], answers[i].typed, strlen(answers[i].typed)) >= 0);
		close(ends[1]);
		place->context.answers = fdopen(ends[0], "r");
		place->err = (struct error){0};
		assert_int_equal(context_confirm_word(&place->context, false, "Go on?", answers[i].word,
					 &place->err),
			answers[i].yes ? 0 : -1);
		assert_int_equal(place->err.kind, answers[i].yes ? ERROR_NONE : ERROR_DECLINED);
		fclose(place->context.answers);
	}
	place->signal_number = 2;
	place->context.answers = stdin;
	assert_int_equal(context_confirm(&place->context, false, "Go on?", &place->err), -1);
	assert_int_equal(place->err.kind, ERROR_INTERRUPTED);
	fclose(place->context.messages);
}

static const struct paint {
	const char *when;
	bool terminal, colour;
	const char *variables[7];
} paints[] = {
	{NULL, true, true, {NULL}},
	{NULL, false, false, {NULL}},
	{"auto", true, true, {"TERM", "xterm"}},
	{"auto", true, false, {"TERM", "dumb"}},
	{"auto", true, false, {"NO_COLOR", "1"}},
	{"auto", true, false, {"CLICOLOR", "0"}},
	{"auto", false, false, {"CLICOLOR", "1"}},
	{"auto", false, true, {"CLICOLOR_FORCE", "1"}},
	{"auto", false, false, {"CLICOLOR_FORCE", "0"}},
	{"auto", false, true, {"CLICOLOR_FORCE", "1", "TERM", "dumb"}},
	{"auto", true, false, {"CLICOLOR_FORCE", "1", "NO_COLOR", "1"}},
	{"always", false, true, {"NO_COLOR", "1", "TERM", "dumb"}},
	{"never", true, false, {"CLICOLOR_FORCE", "1"}},
};

static void colour_by_environment(void **state)
{
	struct place *place = *state;

	for (size_t i = 0; i < ARRAY_LENGTH(paints); i++) {
		place->variables = paints[i].variables;
		if (terminal_color(&place->world, paints[i].when, paints[i].terminal) != paints[i].colour)
			fail_msg("row %zu", i);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(the_cloud_that_is_meant),
		TEST(without_words),
		TEST(a_name_like_an_id),
		TEST(with_nobody_to_ask),
		TEST(only_yes_is_yes),
		TEST(colour_by_environment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
