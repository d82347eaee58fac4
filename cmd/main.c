/* SPDX-License-Identifier: Apache-2.0 */
/* From argv to the exit code. The one place where errors are printed and results are known to be written. */
#include <locale.h>
#include <stdio.h>

#include "base/str.h"
#include "cmd/context.h"
#include "cmd/help.h"
#include "cmd/options.h"
#include "cmd/presentation.h"
#include "cmd/real_world.h"
#include "providers/net/wiping_allocators.h"
#include "ui/output.h"

enum { EXIT_USAGE = 2 };

static int run_command(struct arena *arena, const struct command_line *line, struct error *err)
{
	bool messages_tty = world_is_terminal(fileno(stderr));
	struct context context = {
		.arena = arena,
		.world = world_real(),
		.global = line->global,
		.command = line->command,
		.selector = line->selector,
		.results = stdout,
		.messages = stderr,
		.answers = messages_tty && world_is_terminal(fileno(stdin)) ? stdin : NULL,
		.results_tty = world_is_terminal(fileno(stdout)),
		.messages_tty = messages_tty,
	};
	int code;

	output_format_parse(line->global.output, &context.format);
	/* Numbers and comparisons must not depend on where the user lives; only the width of characters does. */
	setlocale(LC_CTYPE, "");
	if (context_events(&context, err) < 0)
		return -1;
	code = line->command->provided ? context_provide(&context, line->options, err)
				       : line->command->run(&context, line->options, err);
	return context_leave(&context, code, err);
}

/* What is answered before anything is made ready, so that it is answered at once. */
static int run(struct arena *arena, int argc, char **argv, struct error *err)
{
	struct str text = {.arena = arena, .max = HELP_TEXT_MAX};
	struct command_line line;

	if (command_line_parse(arena, argc, (const char *const *)argv, &line, err) < 0)
		return -1;
	if (line.global.version) {
		puts("cloudctl " CLOUDCTL_VERSION);
		return 0;
	}
	if (line.command && !line.global.help)
		return run_command(arena, &line, err);
	if (line.command)
		help_command(line.command, &text);
	else
		help_overview(&text);
	fputs(str_text(&text), line.global.help ? stdout : stderr);
	return line.global.help ? 0 : EXIT_USAGE;
}

int main(int argc, char **argv)
{
	struct world *world = world_real();
	struct error err = {.kind = ERROR_NONE}, lost = {.kind = ERROR_NONE};
	struct arena arena = {0};
	int ending_signal = 0, code;

	memory_take_over();
	code = run(&arena, argc, argv, &err);
	/* Results that did not arrive are a failure, whatever the command said. */
	if (output_flush(stdout, &lost) < 0 && code >= 0) {
		err = lost;
		code = -1;
	}
	if (code < 0) {
		fprintf(stderr, "cloudctl: %s\n", error_text(&arena, &err));
		if (*err.advice)
			fprintf(stderr, "%s\n", err.advice);
		code = error_exit_code(&err);
	}
	if (err.kind == ERROR_INTERRUPTED)
		ending_signal = world->interrupted(world);
	arena_free(&arena);
	if (ending_signal)
		world_end_by_signal(ending_signal);
	return code;
}
