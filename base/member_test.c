/* SPDX-License-Identifier: Apache-2.0 */
/* One table reads, writes and copies a struct; what is wrong in a tree is named by its path. */
#include "base/member.h"

#include <limits.h>
#include <string.h>

#include "base/arena.h"
#include "base/event.h"
#include "base/test.h"
#include "base/text.h"

struct point {
	const char *name;
	int64_t x_ms;
};

struct shape {
	const char *title;
	struct text_list tags;
	bool closed;
	enum verdict verdict;
	int level;
	size_t count;
	struct point center;
	struct point *points;
	size_t point_count;
};

static bool short_name(const char *text)
{
	return strlen(text) < 4;
}

static const struct member point_rows[] = {
	{"name", MEMBER_TEXT, offsetof(struct point, name), .flags = MEMBER_NEEDED, .valid = short_name,
		.form = "shorter than 4"},
	{"x_ms", MEMBER_INT64, offsetof(struct point, x_ms)},
};
static const struct member_table point_table = {MEMBER_TABLE(struct point, point_rows)};

#define AT(member) offsetof(struct shape, member)

static const struct member shape_rows[] = {
	{"title", MEMBER_TEXT, AT(title)},
	{"tags", MEMBER_LIST, AT(tags), .most = 3, .valid = short_name, .form = "shorter than 4"},
	{"closed", MEMBER_FLAG, AT(closed)},
	{"verdict", MEMBER_WORD, AT(verdict), .words = verdict_names},
	{"level", MEMBER_INT, AT(level), .flags = MEMBER_SPARSE},
	{"count", MEMBER_COUNT, AT(count), .most = 9},
	{"center", MEMBER_STRUCT, AT(center), .flags = MEMBER_SPARSE, .table = &point_table},
	{"points", MEMBER_LIST, AT(points), .table = &point_table},
};
static const struct member_table closed_table = {MEMBER_TABLE(struct shape, shape_rows)};
static const struct member_table open_table = {MEMBER_TABLE(struct shape, shape_rows), .open = true};

/* Read JSON with ' for ". */
static int read_shape(struct arena *arena, const struct member_table *table, const char *text,
	struct shape *shape, struct error *err)
{
	char *copy = arena_strdup(arena, text);
	json_t *tree;
	int result;

	for (char *at = copy; *at; at++)
		*at = *at == '\'' ? '"' : *at;
	tree = json_loads(copy, 0, NULL);
	if (!tree)
		fail_msg("not JSON: %s", copy);
	*shape = (struct shape){0};
	result = member_read(arena, tree, &(struct member_part){table, shape}, 1, err);
	json_decref(tree);
	return result;
}

static const char *written(struct arena *arena, const struct member_table *table, const struct shape *shape)
{
	json_t *tree = json_object();
	char *text;
	const char *copy;

	member_write(tree, table, shape);
	text = json_dumps(tree, JSON_COMPACT);
	copy = arena_strdup(arena, text);
	free(text);
	json_decref(tree);
	return copy;
}

static const char full[] =
	"{\"title\":\"t\",\"tags\":[\"a\",\"b\"],\"closed\":true,\"verdict\":\"FAIL\",\"level\":2,"
	"\"count\":9,\"center\":{\"name\":\"c\",\"x_ms\":1},\"points\":[{\"name\":\"p\",\"x_ms\":0}]}";

static void what_is_read_is_written(void **state)
{
	struct arena arena = {0};
	struct error err = {0};
	struct shape shape;

	(void)state;
	assert_int_equal(read_shape(&arena, &closed_table, full, &shape, &err), 0);
	assert_int_equal(shape.verdict, VERDICT_FAIL);
	assert_string_equal(shape.points[0].name, "p");
	assert_string_equal(written(&arena, &closed_table, &shape), full);
	for (unsigned i = 0; i < VERDICTS; i++) {
		const char *text = arena_printf(&arena, "{'verdict':'%s'}", verdict_names[i]);

		assert_int_equal(read_shape(&arena, &closed_table, text, &shape, &err), 0);
		assert_int_equal(shape.verdict, i);
	}
	/* YAML has texts only. */
	assert_int_equal(read_shape(&arena, &closed_table, "{'closed':'true','count':'7','level':null}",
				 &shape, &err),
		0);
	assert_true(shape.closed && shape.count == 7 && shape.level == 0);
	arena_free(&arena);
}

static void what_is_empty_is_left_out(void **state)
{
	const char *tag = "";
	const struct shape empty = {.title = "", .tags = {&tag, 0}};
	const struct shape hostile = {.title = "a\xff\nb"};
	struct arena arena = {0};

	(void)state;
	assert_string_equal(written(&arena, &closed_table, &empty), "{\"verdict\":\"PASS\",\"count\":0}");
	assert_string_equal(written(&arena, &open_table, &empty),
		"{\"title\":\"\",\"tags\":[],\"verdict\":\"PASS\",\"count\":0,\"points\":[]}");
	assert_string_equal(written(&arena, &closed_table, &hostile),
		"{\"title\":\"a?\\nb\",\"verdict\":\"PASS\",\"count\":0}");
	arena_free(&arena);
}

static void what_is_wrong_is_named(void **state)
{
	static const struct {
		const char *text, *says;
	} rows[] = {
		{"[]", "must be a mapping of names to values"},
		{"{'titel':'x'}", "titel: no such member; did you mean 'title'?"},
		{"{'zzzzzz':'x'}", "zzzzzz: no such member"},
		{"{'title':''}", "title: must be text"},
		{"{'title':1}", "title: must be text"},
		{"{'tags':'a'}", "tags: must be a list of at most 3"},
		{"{'tags':['a','b','c','d']}", "tags: must be a list of at most 3"},
		{"{'tags':['a','']}", "tags: must be a list of texts"},
		{"{'tags':['a','abcd']}", "tags: item 2 must be shorter than 4"},
		{"{'closed':'yes'}", "closed: must be true or false"},
		{"{'verdict':'pass'}", "verdict: must be one of PASS, WARN, FAIL, UNKNOWN, SKIP"},
		{"{'verdict':''}", "verdict: must be one of PASS, WARN, FAIL, UNKNOWN, SKIP"},
		{"{'verdict':1}", "verdict: must be one of PASS, WARN, FAIL, UNKNOWN, SKIP"},
		{"{'level':2147483648}", "level: must be a number from 0 to 2147483647"},
		{"{'level':-1}", "level: must be a number from 0 to 2147483647"},
		{"{'level':1.5}", "level: must be a number from 0 to 2147483647"},
		{"{'count':'10'}", "count: must be a number from 0 to 9"},
		{"{'count':'-1'}", "count: must be a number from 0 to 9"},
		{"{'center':'x'}", "center: must be a mapping"},
		{"{'center':{}}", "center.name: is missing"},
		{"{'center':{'name':'long'}}", "center.name: must be shorter than 4"},
		{"{'center':{'name':'c','x':1}}", "center.x: no such member"},
		{"{'center':{'name':'c','x_ms':9007199254740993}}",
			"center.x_ms: must be a number from 0 to 9007199254740992"},
		{"{'points':[{'name':'p'},1]}", "points: item 2 must be a mapping"},
		{"{'points':[{'name':null}]}", "points: item 1: name: is missing"},
		{"{'points':[{'name':'p','x_mss':1}]}",
			"points: item 1: x_mss: no such member; did you mean 'x_ms'?"},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct error err = {0};
		struct shape shape;

		assert_int_equal(read_shape(&arena, &closed_table, rows[i].text, &shape, &err), -1);
		assert_int_equal(err.kind, ERROR_INPUT);
		assert_string_equal(err.frame[0], rows[i].says);
	}
	arena_free(&arena);
}

static void a_log_may_say_more(void **state)
{
	struct arena arena = {0};
	struct error err = {0};
	struct shape shape;

	(void)state;
	assert_int_equal(read_shape(&arena, &open_table, "{'title':'','tags':[''],'later':[{}]}", &shape,
				 &err),
		0);
	assert_string_equal(shape.title, "");
	assert_int_equal(shape.tags.count, 1);
	assert_int_equal(read_shape(&arena, &open_table, "{'level':'x'}", &shape, &err), -1);
	arena_free(&arena);
}

static void one_object_fills_several_structs(void **state)
{
	struct arena arena = {0};
	struct error err = {0};
	struct shape shape = {0};
	struct point point = {0};
	const struct member_part parts[] = {{&closed_table, &shape}, {&point_table, &point}};
	json_t *tree = json_pack("{s:s, s:s}", "title", "t", "name", "n");

	(void)state;
	assert_int_equal(member_read(&arena, tree, parts, ARRAY_LENGTH(parts), &err), 0);
	assert_string_equal(shape.title, "t");
	assert_string_equal(point.name, "n");
	json_object_set_new(tree, "nam", json_string("n"));
	assert_int_equal(member_read(&arena, tree, parts, ARRAY_LENGTH(parts), &err), -1);
	assert_string_equal(err.frame[0], "nam: no such member; did you mean 'name'?");
	json_decref(tree);
	arena_free(&arena);
}

static void a_copy_owns_what_it_points_to(void **state)
{
	struct arena from = {0}, arena = {0};
	struct error err = {0};
	struct shape shape;

	(void)state;
	assert_int_equal(read_shape(&from, &closed_table, full, &shape, &err), 0);
	member_copy(&arena, &closed_table, &shape);
	arena_free(&from);
	assert_string_equal(written(&arena, &closed_table, &shape), full);
	arena_free(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_read_is_written),
		cmocka_unit_test(what_is_empty_is_left_out),
		cmocka_unit_test(what_is_wrong_is_named),
		cmocka_unit_test(a_log_may_say_more),
		cmocka_unit_test(one_object_fills_several_structs),
		cmocka_unit_test(a_copy_owns_what_it_points_to),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
