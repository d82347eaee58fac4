/* SPDX-License-Identifier: Apache-2.0 */
/* The prompt for codes of MFA devices, and --debug. */
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "cmd/context.h"
#include "cmd/output_file.h"
#include "cmd/terminal.h"
#include "providers/net/connection.h"
#include "providers/net/transport.h"
#include "ui/screen/screen.h"

enum { QUESTION_MAX = 512, CONNECTIONS = 32 };

struct terminal_prompt {
	struct prompt prompt; /* first: the table is the object */
	struct context *context;
};

struct trace_file {
	struct trace_output trace; /* first: the table is the object */
	FILE *messages;            /* where it goes without a file */
	struct output_file *file;  /* or NULL */
};

static int ask(struct prompt *prompt, const char *question, char *answer, size_t size, struct error *err)
{
	struct context *context = ((struct terminal_prompt *)prompt)->context;
	struct str shown = {.arena = context->arena, .max = QUESTION_MAX};

	if (!context->answers)
		return error_set(err, ERROR_DECLINED, "%s: there is no terminal to ask on", question);
	/* aws_ask_early() has seen to it, but for what was configured since. */
	if (screen_is_open(context->screen))
		return error_set(err, ERROR_DECLINED,
			"%s: cannot be asked on the full screen; give --ui plain", question);
	str_put_visible(&shown, question);
	fprintf(context->messages, "%s: ", str_text(&shown));
	fflush(context->messages);
	if (terminal_line(context, answer, size, err) < 0)
		return -1;
	answer[strcspn(answer, "\r\n")] = '\0';
	return 0;
}

static bool may_lend(struct prompt *prompt)
{
	return !screen_is_open(((struct terminal_prompt *)prompt)->context->screen);
}

static void write_trace(struct trace_output *trace, const char *text, size_t length)
{
	const struct trace_file *to = (const struct trace_file *)trace;

	/* At once: the last block is what one wants after a crash. */
	if (!to->file) {
		fwrite(text, 1, length, to->messages);
		fflush(to->messages);
	} else if (to->file->lost.kind == ERROR_NONE) {
		output_write(to->file->file, text, length, &to->file->lost);
	}
}

static struct prompt *make_prompt(struct context *context)
{
	struct terminal_prompt *made = NEW(context->arena, struct terminal_prompt);

	*made = (struct terminal_prompt){{ask, may_lend}, context};
	return &made->prompt;
}

/* NULL with *err set: the file cannot be opened. */
static struct trace_output *make_trace(struct context *context, const char *path, struct error *err)
{
	struct trace_file *made = NEW(context->arena, struct trace_file);

	if (*path)
		context->trace = output_file_open(context, "--debug", path, true, err);
	*made = (struct trace_file){{write_trace}, context->messages, context->trace};
	return *path && !context->trace ? NULL : &made->trace;
}

const struct connection *context_connection(struct context *context, struct error *err)
{
	static const struct curl_options curl = {
		.user_agent = "cloudctl/" CLOUDCTL_VERSION,
		.connections = CONNECTIONS,
	};
	const struct global_options *global = &context->global;
	struct connection *connection;

	if (context->connection)
		return context->connection;
	connection = NEW(context->arena, struct connection);
	*connection = (struct connection){
		.profile = global->profile,
		.region = global->region,
		.endpoint_url = global->endpoint_url,
		.prompt = context->answers ? make_prompt(context) : NULL,
	};
	connection->transport = curl_transport(context->arena, &curl);
	if (global->debug) {
		connection->trace = make_trace(context, global->debug, err);
		if (!connection->trace)
			return NULL;
	}
	context->connection = connection;
	return connection;
}
