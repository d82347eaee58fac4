/* SPDX-License-Identifier: Apache-2.0 */
/* Accessors of reply trees. */
#include "base/test.h"

#include <string.h>

#include "base/arena.h"
#include "base/tree.h"

static json_t *json(const char *text)
{
	json_error_t problem;
	json_t *tree = json_loads(text, JSON_DECODE_ANY, &problem);

	if (!tree)
		fail_msg("%s: %s", text, problem.text);
	return tree;
}

static void paths(void **state)
{
	json_t *t = json(
		"{\"a\":[{\"b\":\"x\"},{\"b\":\"y\"}],\"c\":{\"b\":\"z\"},\"7\":\"seven\",\"n\":null}");

	(void)state;
	assert_string_equal(tree_text(t, "a.1.b"), "y");
	assert_string_equal(tree_text(t, "c.0.b"), "z"); /* an object is a list of itself */
	assert_string_equal(tree_text(t, "7"), "seven");
	assert_string_equal(tree_text(t, "a.2.b"), "");
	assert_string_equal(tree_text(t, "a.99999999999999999999.b"), "");
	assert_string_equal(tree_text(t, "a.-1.b"), "");
	assert_string_equal(tree_text(t, "nothing.at.all"), "");
	assert_string_equal(tree_text(NULL, "a"), "");
	assert_ptr_equal(tree_get(t, ""), t);
	assert_ptr_equal(tree_get(t, NULL), t);
	json_decref(t);
}

static void counts(void **state)
{
	static const struct {
		const char *text;
		size_t count;
	} cases[] = {
		{"null", 0},
		{"\"\"", 0},
		{"\"x\"", 1},
		{"[]", 0},
		{"[1,2,3]", 3},
		{"{}", 1},
		{"0", 1},
	};

	(void)state;
	assert_int_equal(tree_count(NULL), 0);
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		json_t *t = json(cases[i].text);

		assert_int_equal(tree_count(t), cases[i].count);
		assert_null(tree_at(t, cases[i].count));
		json_decref(t);
	}
}

static void each_and_find(void **state)
{
	json_t *t = json("{\"many\":[{\"k\":\"1\"},{\"k\":\"2\"}],\"one\":{\"k\":\"3\"},\"none\":\"\"}");
	char seen[16] = "";

	(void)state;
	TREE_EACH (e, t, "many")
		memcpy(seen + strlen(seen), tree_text(e, "k"), 1);
	TREE_EACH (e, t, "one")
		memcpy(seen + strlen(seen), tree_text(e, "k"), 1);
	TREE_EACH (e, t, "none")
		fail_msg("an empty list has an element");
	TREE_EACH (e, t, "absent")
		fail_msg("an absent list has an element");
	assert_string_equal(seen, "123");
	assert_string_equal(tree_text(tree_find(t, "many", "k", "2"), "k"), "2");
	assert_null(tree_find(t, "many", "k", "9"));
	assert_null(tree_find(t, "many", "k", NULL));
	json_decref(t);
}

static void texts_of_a_list(void **state)
{
	json_t *t = json("{\"many\":[{\"k\":\"1\"},{},{\"k\":2}],\"plain\":[\"a\",\"b\"],\"one\":\"c\"}");
	struct arena arena = {0};
	struct text_list texts = tree_texts(&arena, t, "many", "k");
	json_t *array;

	(void)state;
	assert_string_equal(text_join(&arena, &texts, "|"), "1||");
	texts = tree_texts(&arena, t, "plain", NULL);
	assert_string_equal(text_join(&arena, &texts, "|"), "a|b");
	array = tree_array(&texts);
	assert_true(json_equal(array, json_object_get(t, "plain")));
	json_decref(array);
	texts = tree_texts(&arena, t, "one", NULL);
	assert_string_equal(text_join(&arena, &texts, "|"), "c");
	assert_int_equal(tree_texts(&arena, t, "absent", NULL).count, 0);
	assert_string_equal(json_string_value(tree_find(t, "plain", NULL, "b")), "b");
	assert_null(tree_find(t, "plain", NULL, "c"));
	json_decref(t);
	arena_free(&arena);
}

static void members_become_pairs(void **state)
{
	json_t *object = json("{\"a\":\"1\",\"b\":[2]}"), *wanted;
	json_t *pairs = tree_pairs(object, "Key", "Value"), *none = json_object();

	(void)state;
	wanted = json("[{\"Key\":\"a\",\"Value\":\"1\"},{\"Key\":\"b\",\"Value\":[2]}]");
	assert_true(json_equal(pairs, wanted));
	json_decref(object);
	assert_true(json_equal(pairs, wanted)); /* the values live on */
	json_decref(pairs);
	json_decref(wanted);
	pairs = tree_pairs(none, "Key", "Value");
	assert_int_equal(json_array_size(pairs), 0);
	json_decref(pairs);
	json_decref(none);
}

static void breaking_out_of_each_leaves_both_loops(void **state)
{
	json_t *t = json("{\"a\":[\"x\",\"y\",\"z\"]}");
	int seen = 0;

	(void)state;
	TREE_EACH (e, t, "a") {
		if (strcmp(json_string_value(e), "y") == 0)
			break;
		seen++;
	}
	assert_int_equal(seen, 1);
	json_decref(t);
}

static void numbers(void **state)
{
	static const struct {
		const char *text;
		bool good;
		int64_t value;
	} cases[] = {
		{"443", true, 443},
		{"\"443\"", true, 443},
		{"\"-1\"", true, -1},
		{"-1", true, -1},
		{"5.0", true, 5},
		{"\"\"", false, 0},
		{"1.5", false, 0},
		{"\"1.5\"", false, 0},
		{"70000", false, 0},
		{"\"70000\"", false, 0},
		{"\" 443\"", false, 0},
		{"\"0x1f\"", false, 0},
		{"1e300", false, 0},
		{"\"9999999999999999999\"", false, 0},
		{"true", false, 0},
		{"null", false, 0},
		{"\"--1\"", false, 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		json_t *t = json(cases[i].text);
		int64_t value = 12345;

		assert_int_equal(tree_number(t, "", -1, 65535, &value), cases[i].good);
		assert_int_equal(value, cases[i].good ? cases[i].value : 12345);
		json_decref(t);
	}
}

static void reals_and_booleans(void **state)
{
	json_t *t = json(
		"{\"r\":5.5,\"t\":\"32.0\",\"i\":7,\"bad\":\"5,5\",\"y\":true,\"ys\":\"true\",\"n\":\"false\"}");
	double value = 0;

	(void)state;
	assert_true(tree_real(t, "r", &value) && value == 5.5);
	assert_true(tree_real(t, "t", &value) && value == 32.0);
	assert_true(tree_real(t, "i", &value) && value == 7);
	assert_false(tree_real(t, "bad", &value));
	assert_false(tree_real(t, "y", &value));
	assert_false(tree_real(t, "absent", &value));
	assert_true(tree_bool(t, "y") && tree_bool(t, "ys"));
	assert_false(tree_bool(t, "n") || tree_bool(t, "i") || tree_bool(t, "absent"));
	json_decref(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths),
		cmocka_unit_test(counts),
		cmocka_unit_test(each_and_find),
		cmocka_unit_test(texts_of_a_list),
		cmocka_unit_test(members_become_pairs),
		cmocka_unit_test(breaking_out_of_each_leaves_both_loops),
		cmocka_unit_test(numbers),
		cmocka_unit_test(reals_and_booleans),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
