/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A tool of the tests: `exhausted_tool N WORD ...` is `cloudctl WORD ...` with no memory left from the Nth block on, of
 * those that the program's own code gets, for itself or for a library; N = 0: from the first SIGURG on. The linker puts
 * the two functions below in the places of malloc() and calloc() (--wrap).
 */
#include <signal.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

#undef main /* main.c's is program_main() here */

int program_main(int argc, char **argv);
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);

static uint64_t left; /* blocks that are still given, this one counted */
static volatile sig_atomic_t exhausted;

static bool refused(void)
{
	exhausted = exhausted || (left > 0 && --left == 0);
	return exhausted;
}

void *__wrap_malloc(size_t size)
{
	return refused() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return refused() ? NULL : __real_calloc(count, size);
}

static void exhaust(int number)
{
	(void)number;
	exhausted = 1;
}

int main(int argc, char **argv)
{
	signal(SIGURG, exhaust);
	if (argc < 3 || !text_number(argv[1], 0, UINT32_MAX, &left))
		return 2;
	return program_main(argc - 1, argv + 1);
}
