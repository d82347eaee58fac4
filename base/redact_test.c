/* SPDX-License-Identifier: Apache-2.0 */
/* A secret in every spelling, and text that must stay as it is. */
#include "base/test.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/redact.h"

static const struct {
	const char *text, *shown;
} cases[] = {
	{"a S3cr/t+key= b", "a [hidden] b"},
	{"S3cr/t+key=S3cr/t+key=", "[hidden][hidden]"},
	{"t=S3cr%2Ft%2Bkey%3D&x", "t=[hidden]&x"},
	{"t=S3cr%2ft%2bkey%3d&x", "t=[hidden]&x"},
	{"t=S3cr%252Ft%252Bkey%253D&x", "t=[hidden]&x"},
	{"\"S3cr\\/t+key=\"", "\"[hidden]\""},
	{"\"S3cr\\u002ft\\u002Bkey\\u003d\"", "\"[hidden]\""},
	{"\\\"S3cr\\\\/t+key=\\\"", "\\\"[hidden]\\\""},
	{"S3cr&#47;t&#x2b;key&#61;", "[hidden]"},
	{"533363722f742b6b65793d", "[hidden]"},
	{"0A 53 33 63 72 2F 74 2B 6B 65 79 3D 0A", "0A [hidden] 0A"},
	/* Base64 of the secret alone, behind "u:" and behind "u" */
	{"UzNjci90K2tleT0=", "[hidden]0="},
	{"Basic dTpTM2NyL3Qra2V5PQ==", "Basic dTp[hidden]Q=="},
	{"dVMzY3IvdCtrZXk9", "dV[hidden]"},
	{"UzNjci90K2tleT0", "[hidden]0"},
	/* cut by somebody else */
	{"the token S3cr/t+ke", "the token [hidden]"},
	{"the token S3cr", "the token S3cr"},
	/* addresses */
	{"http://u:pw@h/p@x", "http://[hidden]@h/p@x"},
	{"'junk://u:p@w@h'", "'junk://[hidden]@h'"},
	{"https://h/p?a=b@c", "https://h/p?a=b@c"},
	{"https://h", "https://h"},
	{"a@b 100% \\ &#; %zz \\u00", "a@b 100% \\ &#; %zz \\u00"},
	{"", ""},
};

static void spellings(void **state)
{
	struct arena arena = {0};
	struct text_list secrets = {0};

	(void)state;
	text_list_add(&arena, &secrets, "S3cr/t+key=");
	text_list_add(&arena, &secrets, "100"); /* too short to be looked for */
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		const char *shown = redacted(&arena, &secrets, cases[i].text);

		if (strcmp(shown, cases[i].shown) != 0)
			print_error("case %zu\n", i);
		assert_string_equal(shown, cases[i].shown);
	}
	arena_free(&arena);
}

static void a_secret_across_the_limit(void **state)
{
	static const char text[] = "0123456789 S3cr/t+key= more";
	struct arena arena = {0};
	struct text_list secrets = {0};
	struct str out = {.arena = &arena, .max = 13};

	(void)state;
	text_list_add(&arena, &secrets, "S3cr/t+key=");
	assert_true(redact(&out, &secrets, text, strlen(text)) < strlen(text));
	assert_string_equal(str_text(&out), "0123456789 [h");
	arena_free(&arena);
}

static void addresses(void **state)
{
	struct arena arena = {0};

	(void)state;
	assert_string_equal(redacted_url(&arena, "http://u:p/w@h"), "http://[hidden]@h");
	assert_string_equal(redacted_url(&arena, "u:pw@h"), "[hidden]@h");
	assert_string_equal(redacted_url(&arena, "http://h/"), "http://h/");
	arena_free(&arena);
}

static void errors(void **state)
{
	struct arena arena = {0};
	struct text_list secrets = {0};
	struct error err;

	(void)state;
	text_list_add(&arena, &secrets, "S3cr/t+key=");
	error_set(&err, ERROR_REJECTED, "no S3cr/t+key=");
	error_wrap(&err, "asking http://u:pw@h");
	snprintf(err.code, sizeof(err.code), "S3cr/t+key=");
	snprintf(err.request_id, sizeof(err.request_id), "S3cr/t+key=");
	redact_error(&err, &secrets);
	assert_string_equal(error_text(&arena, &err),
		"asking http://[hidden]@h: [hidden]: no [hidden] (request [hidden])");
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spellings),
		cmocka_unit_test(a_secret_across_the_limit),
		cmocka_unit_test(addresses),
		cmocka_unit_test(errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
