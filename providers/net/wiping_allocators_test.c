/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks keep what is in them when they grow and shrink. That freed ones are empty is seen from outside: testdata/e2e. */
#include "providers/net/wiping_allocators.h"

#include <stdlib.h>
#include <string.h>

#include "base/test.h"

static void resized(void **state)
{
	static const char text[] = "0123456789abcdef";
	char *block = memory_resize(NULL, sizeof(text));

	(void)state;
	memcpy(block, text, sizeof(text));
	for (size_t size = sizeof(text); size < 1 << 20; size = size * 3 / 2) {
		block = memory_resize(block, size);
		assert_string_equal(block, text);
	}
	block = memory_resize(block, 4);
	assert_memory_equal(block, text, 4);
	memory_free(block);
	memory_free(NULL);
}

static void others(void **state)
{
	char *zeroed = calloc(3, 5), *copy = strdup("text");

	(void)state;
	for (size_t i = 0; i < 15; i++)
		assert_int_equal(zeroed[i], 0);
	assert_string_equal(copy, "text");
	memory_free(zeroed);
	memory_free(copy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(resized),
		cmocka_unit_test(others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
