/* SPDX-License-Identifier: Apache-2.0 */
/* Base64: the vectors of RFC 4648 §10, and bytes beyond ASCII. */
#include "base/str.h"

#include <string.h>

#include "base/arena.h"
#include "base/test.h"

static void the_vectors(void **state)
{
	static const char *const rows[][2] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"},
		{"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}, {"\xff\xfe\xfd", "//79"},
		{"\xfb\xef\xbe", "++++"}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct arena arena = {0};
		struct str out = {.arena = &arena, .max = 100};

		str_put_base64(&out, rows[i][0], strlen(rows[i][0]));
		assert_string_equal(str_text(&out), rows[i][1]);
		arena_free(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(the_vectors)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
