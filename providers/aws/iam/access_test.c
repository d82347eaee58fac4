/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The corpus of testdata/iam: policies and requests with the answers that AWS's documentation gives, one test each.
 *
 * A file is {"source": DOCUMENT, "cases": [CASE]}. A case:
 *
 *     name       what it shows
 *     source     document and section, where it is not the file's
 *     …          the request and its policies: access_test_case.h
 *     answer     yes, no or maybe
 *     by         Sid of the statement that decided; null: none did
 *     hangs_on   maybe: the condition key, or the Resource, that left it open
 *     text       what is said of it, where that is what the case is about
 */
#include "base/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/tree.h"
#include "providers/aws/iam/access_test_case.h"

#define FOLDER "testdata/iam/"

enum { CASES_MINIMUM = 150, CASES_ROOM = 700 };

static const char *const files[] = {
	"actions.json",
	"boundaries.json",
	"buckets.json",
	"conditions.json",
	"context.json",
	"cross-account.json",
	"effects.json",
	"keys.json",
	"principals.json",
	"reasons.json",
	"reference.json",
	"resources.json",
	"sets.json",
	"trust.json",
	"variables.json",
};

struct corpus_case {
	const json_t *tree;
	const char *file, *source;
};

static void check_reason(const struct corpus_case *item, const struct access *access)
{
	const json_t *by = json_object_get(item->tree, "by");
	const char *hangs_on = json_string_value(json_object_get(item->tree, "hangs_on"));
	const struct decision *decision = &access->decision;

	if (json_is_string(by) && (!decision->by || !text_equal(decision->by->sid, json_string_value(by))))
		fail_msg("%s (%s): not decided by %s", item->file, item->source, json_string_value(by));
	if (json_is_null(by) && decision->by)
		fail_msg("%s (%s): decided by a statement", item->file, item->source);
	if (hangs_on && !(decision->open && text_equal(decision->open->key, hangs_on)) &&
		!text_equal(decision->part, hangs_on))
		fail_msg("%s (%s): does not hang on %s", item->file, item->source, hangs_on);
}

static void run_case(void **state)
{
	const struct corpus_case *item = *state;
	const char *wanted = tree_text(item->tree, "answer");
	struct arena arena = {0};
	struct access access = access_test_case_decide(&arena, item->tree);

	if (!text_equal(truth_word(access.decision.allowed), wanted))
		fail_msg("%s (%s): %s, not %s: %s", item->file, item->source, wanted,
			truth_word(access.decision.allowed), access_text(&arena, &access));
	if (json_object_get(item->tree, "text"))
		assert_string_equal(access_text(&arena, &access), tree_text(item->tree, "text"));
	assert_true(*access_text(&arena, &access) != '\0');
	check_reason(item, &access);
	arena_free(&arena);
}

/* A case that cites nothing or says nothing is a mistake of the corpus. */
static void read_file(struct arena *arena, const char *file, struct CMUnitTest *tests, size_t *count,
	size_t room)
{
	const char *path = arena_printf(arena, FOLDER "%s", file);
	json_error_t problem;
	json_t *tree = json_load_file(path, JSON_REJECT_DUPLICATES, &problem);

	if (!tree) {
		fprintf(stderr, "%s:%d: %s\n", path, problem.line, problem.text);
		exit(1);
	}
	tree_defer(arena, tree);
	TREE_EACH (item, tree, "cases") {
		struct corpus_case *added = NEW(arena, struct corpus_case);
		const char *source = tree_text(item, "source");

		*added = (struct corpus_case){item, file, *source ? source : tree_text(tree, "source")};
		if (*count == room || !*tree_text(item, "name") || !*added->source) {
			fprintf(stderr, "%s: case %zu has no name or source\n", path, *count);
			exit(1);
		}
		tests[(*count)++] = (struct CMUnitTest){.name = tree_text(item, "name"),
			.test_func = run_case,
			.initial_state = added};
	}
}

int main(void)
{
	static struct CMUnitTest tests[CASES_ROOM];
	struct arena arena = {0};
	size_t count = 0;
	int failed;

	for (size_t i = 0; i < ARRAY_LENGTH(files); i++)
		read_file(&arena, files[i], tests, &count, ARRAY_LENGTH(tests));
	if (count < CASES_MINIMUM) {
		fprintf(stderr, "only %zu cases\n", count);
		return 1;
	}
	failed = _cmocka_run_group_tests("access", tests, count, NULL, NULL);
	arena_free(&arena);
	return failed;
}
