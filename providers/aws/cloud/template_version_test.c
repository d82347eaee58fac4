/* SPDX-License-Identifier: Apache-2.0 */
/* Every state of the template has a row, and what is no state of it has none. */
#include "providers/aws/cloud/template_version.h"

#include <string.h>

#include "base/arena.h"
#include "base/test.h"
#include "base/text.h"
#include "providers/aws/cloud/stack.h"

/* Red: template.yaml was changed. Add a row to template_version.c with the hash that is printed here. */
static void the_last_row_is_the_template(void **state)
{
	struct arena arena = {0};

	(void)state;
	assert_string_equal(template_sha256(&arena, template_text()),
		template_versions[template_version_count - 1].sha256);
	assert_ptr_equal(template_version_find(&arena, template_text()),
		&template_versions[template_version_count - 1]);
	arena_free(&arena);
}

static void no_row_is_there_twice(void **state)
{
	(void)state;
	for (size_t i = 0; i < template_version_count; i++)
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(template_versions[i].sha256, template_versions[k].sha256);
}

static void white_space_at_the_end_does_not_count(void **state)
{
	struct arena arena = {0};
	const char *text = template_text();

	(void)state;
	assert_non_null(template_version_find(&arena, arena_printf(&arena, "%s \r\n\n", text)));
	assert_non_null(template_version_find(&arena, arena_strndup(&arena, text, strlen(text) - 1)));
	assert_null(template_version_find(&arena, arena_printf(&arena, "%sx", text)));
	assert_null(template_version_find(&arena, arena_printf(&arena, "\n%s", text)));
	assert_null(template_version_find(&arena, ""));
	/* FIPS 180-4, the message "abc" */
	assert_string_equal(template_sha256(&arena, "abc\n"),
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	arena_free(&arena);
}

static void what_is_for_people_does_not_count(void **state)
{
	static const struct {
		const char *text, *body;
	} rows[] = {
		{"a: 1\n# one\nb: 2\n", "a: 1\nb: 2\n"},
		{"# one\n#\n  # two\na: b # three\n", "a: b # three\n"},
		{"a: \"#\"\n\nb", "a: \"#\"\n\nb"},
		{"# one", ""},
		{"Description: a\nParameters:\n  A:\n    Description: a\n    Default: b\n    ConstraintDescription: c\nConditions: d\n  B:\n    Description: e\n",
			"Description: a\nParameters:\n  A:\n    Default: b\nConditions: d\n  B:\n    Description: e\n"},
		{"", ""},
	};
	struct arena arena = {0};
	const char *text = template_text(), *body = template_body(&arena, text);

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		assert_string_equal(template_body(&arena, rows[i].text), rows[i].body);
	assert_true(strlen(body) < strlen(text) && strlen(body) <= 51200);
	assert_string_equal(template_sha256(&arena, body), template_sha256(&arena, text));
	arena_free(&arena);
}

static void parameters_are_found_by_their_whole_name(void **state)
{
	static const char *const there[] = {"CloudId", "SshCidr", "RolePath"};
	static const char *const not_there[] = {"CloudI", "sshcidr", "Vpc", "HasSsh", "", "Conditions"};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(there); i++)
		assert_true(template_has_parameter(&arena, there[i]));
	for (size_t i = 0; i < ARRAY_LENGTH(not_there); i++)
		assert_false(template_has_parameter(&arena, not_there[i]));
	arena_free(&arena);
}

static void defaults_are_read(void **state)
{
	static const struct {
		const char *name, *value;
	} rows[] = {{"RolePath", "/"}, {"SshCidr", ""}, {"OldVersionDays", "90"}, {"NodeCloudWatch", "false"},
		{"HttpsCidr", "0.0.0.0/0"}, {"ConsoleOrigin", "https://*.anyscale.com"}, {"CloudId", NULL},
		{"ControlPlaneAccount", NULL}, {"NoSuchParameter", NULL}};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		const char *value = template_default(&arena, rows[i].name);

		assert_int_equal(value != NULL, rows[i].value != NULL);
		assert_string_equal(text_or(value, "-"), text_or(rows[i].value, "-"));
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_row_is_the_template),
		cmocka_unit_test(no_row_is_there_twice),
		cmocka_unit_test(white_space_at_the_end_does_not_count),
		cmocka_unit_test(what_is_for_people_does_not_count),
		cmocka_unit_test(parameters_are_found_by_their_whole_name),
		cmocka_unit_test(defaults_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
