/* SPDX-License-Identifier: Apache-2.0 */
/* Plans as text: topics once, nothing cut, hostile text made visible. */
#include "ui/plan_text.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/test.h"

static void assert_text(const struct event_plan *plan, const char *want)
{
	struct arena arena = {0};
	struct str out = {.arena = &arena, .max = 1 << 20};

	plan_text(&out, plan);
	assert_string_equal(str_text(&out), want);
	arena_free(&arena);
}

static void names_each_topic_once(void **state)
{
	static const struct event_plan_line lines[] = {{"Creates", "a disk"}, {"Creates", "a mount"},
		{"Takes", "a minute"}, {"Creates", "again"}};

	(void)state;
	assert_text(&(struct event_plan){"It is going to:", lines, ARRAY_LENGTH(lines)},
		"It is going to:\n"
		"  Creates   a disk\n"
		"            a mount\n"
		"  Takes     a minute\n"
		"  Creates   again\n");
	assert_text(&(struct event_plan){.title = "Nothing"}, "Nothing\n");
}

static void wraps_and_cuts_nothing(void **state)
{
	static const struct event_plan_line lines[] = {
		{"Opens",
			"TCP 443 of every node to 0.0.0.0/0, that is everyone who can reach the internet at all"},
		{"Opens",
			"arn:aws:iam::123456789012:role/a-name-without-any-blank-that-is-longer-than-a-line-of-text"},
		{"", ""}};

	(void)state;
	assert_text(&(struct event_plan){"T", lines, ARRAY_LENGTH(lines)},
		"T\n"
		"  Opens     TCP 443 of every node to 0.0.0.0/0, that is everyone who can reach\n"
		"            the internet at all\n"
		"            arn:aws:iam::123456789012:role/a-name-without-any-blank-that-is-long\n"
		"            er-than-a-line-of-text\n"
		"            \n");
}

static void text_from_outside_steers_no_terminal(void **state)
{
	static const struct event_plan_line lines[] = {{"A\033[2J", "b\rc"}};

	(void)state;
	assert_text(&(struct event_plan){"T\007", lines, 1}, "T?\n  A?[2J     b c\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_each_topic_once),
		cmocka_unit_test(wraps_and_cuts_nothing),
		cmocka_unit_test(text_from_outside_steers_no_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
