/* SPDX-License-Identifier: Apache-2.0 */
/* Texts from a world whose random bytes and clock are known. */
#include "base/world.h"

#include "base/arena.h"
#include "base/test.h"

static void bytes_0_1_2_3(struct world *self, void *bytes, size_t length)
{
	(void)self;
	for (size_t i = 0; i < length; i++)
		((unsigned char *)bytes)[i] = (unsigned char)(i % 4);
}

static void a_token_is_its_prefix_and_random_characters(void **state)
{
	struct world world = {.random = bytes_0_1_2_3};
	struct arena arena = {0};

	(void)state;
	assert_string_equal(world_token(&world, &arena, "cld_"), "cld_abcdabcdabcdabcdabcdabcdab");
	arena_free(&arena);
}

static int64_t wall_ms(struct world *self)
{
	(void)self;
	return 1767323045000;
}

static void the_time_as_text(void **state)
{
	struct world world = {.wall_ms = wall_ms};
	struct arena arena = {0};

	(void)state;
	assert_string_equal(world_now(&world, &arena), "2026-01-02T03:04:05Z");
	arena_free(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_token_is_its_prefix_and_random_characters),
		cmocka_unit_test(the_time_as_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
