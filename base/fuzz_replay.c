/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a fuzz target on every file of a folder: the corpus as an ordinary test. Fails when the folder is empty;
 * what the target finds wrong ends the program by itself.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

enum { INPUT_MAX = 1 << 20 };

/* file_read() refuses NUL bytes, which targets must bear. */
static size_t read_bytes(const char *path, uint8_t *bytes)
{
	FILE *file = fopen(path, "rb");
	size_t length = file ? fread(bytes, 1, INPUT_MAX, file) : 0;

	if (file)
		fclose(file);
	return length;
}

int main(int argc, char **argv)
{
	static uint8_t bytes[INPUT_MAX];
	struct text_list names = {0};
	struct arena arena = {0};
	struct error err = {0};
	size_t count = 0;

	if (argc != 2 || file_names(&arena, argv[1], "", &names, &err) < 0)
		return EXIT_FAILURE;
	for (count = 0; count < names.count; count++) {
		const char *path = arena_printf(&arena, "%s/%s", argv[1], names.items[count]);

		LLVMFuzzerTestOneInput(bytes, read_bytes(path, bytes));
	}
	printf("%zu inputs\n", count);
	arena_free(&arena);
	return count > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
