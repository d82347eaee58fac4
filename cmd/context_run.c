/* SPDX-License-Identifier: Apache-2.0 */
/* The event stream of a command: which renderer, its first event and its last. */
#include "cmd/command.h"
#include "cmd/terminal.h"
#include "ui/document.h"
#include "ui/output.h"
#include "ui/plain.h"

static struct sink *choose_sink(struct context *context)
{
	const struct global_options *global = &context->global;
	enum output_format format = OUTPUT_TEXT;
	struct plain_options plain = {
		.colour_results = terminal_color(context->world, global->color, context->results_tty),
		.colour_progress = terminal_color(context->world, global->color, context->messages_tty),
		.verbose = global->debug,
		.lost = &context->lost,
	};
	struct sink *lines;

	output_format_parse(global->output, &format);
	if (format != OUTPUT_TEXT) /* stdout is the document's alone */
		plain.colour_results = plain.colour_progress;
	lines = plain_new(context->arena, format == OUTPUT_TEXT ? context->results : context->messages,
		context->messages, plain);
	if (format == OUTPUT_TEXT)
		return lines;
	return document_new(context->arena, context->results, format, lines, &context->lost);
}

void context_begin(struct context *context, const char *command, const struct cloud *cloud)
{
	struct event event = {.kind = EVENT_RUN,
		.run = {.command = command,
			.cloud = cloud->name,
			.cloud_id = cloud->id,
			.region = cloud->region,
			.account = cloud->account}};

	event_begin(&context->stream, choose_sink(context), context->world);
	event_emit(&context->stream, &event);
	if (text_equal(context->global.ui, "tui"))
		event_step(&context->stream, STEP_NOTE,
			"--ui tui is not part of this version (%s): showing lines.", CLOUDCTL_VERSION);
}

/* The code that main ends with after this error. */
static int failure_code(struct context *context, const struct error *err)
{
	if (err->kind == ERROR_INTERRUPTED && context->world->interrupted(context->world))
		return 128 + context->world->interrupted(context->world);
	return error_exit_code(err);
}

int context_end(struct context *context, int exit_code, enum verdict verdict, const size_t counts[VERDICTS],
	struct error *err)
{
	struct event event = {.kind = EVENT_END,
		.end = {.exit_code = exit_code < 0 ? failure_code(context, err) : exit_code,
			.verdict = verdict,
			.calls = context->stream.calls,
			.retries = context->stream.retries}};

	for (size_t i = 0; counts && i < VERDICTS; i++)
		event.end.counts[i] = counts[i];
	event_emit(&context->stream, &event);
	if (exit_code >= 0 && context->lost.kind != ERROR_NONE) {
		*err = context->lost;
		return -1;
	}
	return exit_code;
}
