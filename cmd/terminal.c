/* SPDX-License-Identifier: Apache-2.0 */
/* Colour, and questions to the user (context_confirm). */
#include "cmd/terminal.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"
#include "base/world.h"
#include "cmd/context.h"
#include "ui/screen/screen.h"

enum { ANSWER_MAX = 256 }; /* more than a cloud's name */

bool terminal_color(struct world *world, const char *when, bool is_terminal)
{
	const char *force = world->environment(world, "CLICOLOR_FORCE");

	if (text_equal(when, "always") || text_equal(when, "never"))
		return text_equal(when, "always");
	if (world->environment(world, "NO_COLOR"))
		return false;
	if (force && !text_equal(force, "0"))
		return true;
	return is_terminal && !text_equal(world->environment(world, "TERM"), "dumb") &&
		!text_equal(world->environment(world, "CLICOLOR"), "0");
}

/* The terminal hands out whole lines. A signal is noticed while waiting, because poll() is never restarted. */
int terminal_line(struct context *context, char *line, size_t size, struct error *err)
{
	struct world *world = context->world;
	struct pollfd fds[2] = {{.fd = fileno(context->answers), .events = POLLIN},
		{.fd = world->wake_fd, .events = POLLIN}};
	ssize_t got = 0;

	do {
		if (world->interrupted(world)) {
			fputc('\n', context->messages); /* the question's line ends here */
			return error_set(err, ERROR_INTERRUPTED, "interrupted");
		}
	} while (poll(fds, 2, -1) < 0 || !fds[0].revents);
	got = read(fds[0].fd, line, size - 1);
	if (got < 0)
		return error_set(err, ERROR_IO, "reading the answer: %s", strerror(errno));
	line[got] = '\0';
	return 0;
}

/* word NULL: yes is asked for. */
static bool is_yes(struct arena *arena, const char *answer, const char *word)
{
	struct text_list lines = text_split(arena, answer, '\n');

	if (lines.count == 0)
		return false;
	return word ? text_equal(lines.items[0], word)
		    : text_equal_nocase(lines.items[0], "y") || text_equal_nocase(lines.items[0], "yes");
}

/* Was help asked for, and given? */
static bool is_help(const struct context *context, const char *answer, const char *word)
{
	if (answer[0] != '?')
		return false;
	fprintf(context->messages,
		"%s: go on with what is said above. %s, or Enter alone: end here; nothing is changed. Ctrl-C: the same.\n",
		word ? word : "y or yes", word ? "Anything else" : "n");
	return true;
}

/* A question in lines: is the answer yes? */
static int ask_in_lines(struct context *context, const struct event_question *question, bool *yes,
	struct error *err)
{
	struct str prompt = {.arena = context->arena, .max = 4096};
	char answer[ANSWER_MAX];

	str_put_visible(&prompt, question->text);
	if (question->word)
		str_printf(&prompt, " Type %s to agree (? for help): ", question->word);
	else
		str_puts(&prompt, " [y/N] (? for help): ");
	do {
		fputs(str_text(&prompt), context->messages);
		fflush(context->messages);
		if (terminal_line(context, answer, sizeof(answer), err) < 0)
			return -1;
	} while (is_help(context, answer, question->word));
	*yes = is_yes(context->arena, answer, question->word);
	return 0;
}

int context_confirm_word(struct context *context, bool assume_yes, const char *question, const char *word,
	struct error *err)
{
	struct event event = {.kind = EVENT_QUESTION, .question = {.text = question, .word = word}};
	bool yes;

	if (assume_yes)
		return 0;
	if (!context->answers)
		return error_set(err, ERROR_DECLINED,
			"%s There is no terminal to ask on: give --yes to agree", question);
	event_emit(&context->stream, &event);
	if (screen_is_open(context->screen) ? screen_ask(context->screen, &yes, err) < 0
					    : ask_in_lines(context, &event.question, &yes, err) < 0)
		return -1;
	event.question.answer = yes ? "yes" : "no";
	event_emit(&context->stream, &event);
	return yes ? 0 : error_set(err, ERROR_DECLINED, "not confirmed");
}

int context_confirm(struct context *context, bool assume_yes, const char *question, struct error *err)
{
	return context_confirm_word(context, assume_yes, question, NULL, err);
}
