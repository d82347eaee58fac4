/* SPDX-License-Identifier: Apache-2.0 */
/* The prompt for codes of MFA devices, and --debug. */
#include "cmd/aws_hooks.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"
#include "cmd/command.h"
#include "cmd/terminal.h"
#include "ui/screen.h"

enum { TRACE_MODE = 0600, QUESTION_MAX = 512 };

struct hooks {
	struct prompt prompt;
	struct trace_output trace;
	struct context *context;
	FILE *file; /* of the trace */
};

static struct hooks *of_prompt(struct prompt *prompt)
{
	return (struct hooks *)(void *)((char *)prompt - offsetof(struct hooks, prompt));
}

static struct hooks *of_trace(struct trace_output *trace)
{
	return (struct hooks *)(void *)((char *)trace - offsetof(struct hooks, trace));
}

static int ask(struct prompt *prompt, const char *question, char *answer, size_t size, struct error *err)
{
	struct context *context = of_prompt(prompt)->context;
	struct str shown = {.arena = context->arena, .max = QUESTION_MAX};

	if (!context->answers)
		return error_set(err, ERROR_DECLINED, "%s: there is no terminal to ask on", question);
	/* aws_ask_early() has seen to it, but for what was configured since. */
	if (screen_is_open(context->screen))
		return error_set(err, ERROR_DECLINED, "%s: asked for on lines only, give --ui plain",
			question);
	str_put_visible(&shown, question);
	fprintf(context->messages, "%s: ", str_text(&shown));
	fflush(context->messages);
	if (terminal_line(context, answer, size, err) < 0)
		return -1;
	answer[strcspn(answer, "\r\n")] = '\0';
	return 0;
}

static void write_trace(struct trace_output *trace, const char *text, size_t length)
{
	FILE *file = of_trace(trace)->file;

	fwrite(text, 1, length, file);
	fflush(file); /* the last block is what one wants after a crash */
}

static void close_file(void *file)
{
	fclose(file);
}

/* An existing file keeps its place but not its content, nor the right of others to read it. */
static FILE *open_file(struct context *context, const char *path, struct error *err)
{
	int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, TRACE_MODE);
	FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "w");

	if (!file || fchmod(descriptor, TRACE_MODE) < 0) {
		error_set(err, ERROR_IO, "--debug: %s: %s", path, strerror(errno));
		if (file)
			fclose(file);
		else if (descriptor >= 0)
			close(descriptor);
		return NULL;
	}
	arena_defer(context->arena, close_file, file);
	return file;
}

int aws_hooks(struct context *context, struct aws_options *options, struct error *err)
{
	const char *debug = context->global.debug;
	struct hooks *hooks = context->hooks;

	if (!hooks) {
		hooks = NEW(context->arena, struct hooks);
		*hooks = (struct hooks){.prompt = {ask}, .trace = {write_trace}, .context = context};
		if (debug)
			hooks->file = *debug ? open_file(context, debug, err) : context->messages;
		if (debug && !hooks->file)
			return -1;
		context->hooks = hooks;
	}
	options->prompt = context->answers ? &hooks->prompt : NULL;
	options->trace = hooks->file ? &hooks->trace : NULL;
	return 0;
}
