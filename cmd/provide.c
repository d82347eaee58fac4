/* SPDX-License-Identifier: Apache-2.0 */
/* A run's functions, as this program has them. */
#include <string.h>

#include "base/str.h"
#include "cmd/context.h"
#include "cmd/presentation.h"
#include "cmd/terminal.h"
#include "providers/run.h"
#include "ui/output.h"
#include "ui/plan_text.h"

enum { PLAN_MAX = 1 << 20 };

struct command_run {
	struct run run; /* first: the run's functions get it */
	struct context *context;
	bool begun;
};

static struct command_run *of_run(struct run *run)
{
	return (struct command_run *)run;
}

static struct registry *registry(struct run *run, struct error *err)
{
	return context_registry(of_run(run)->context, err);
}

static int find_cloud(struct run *run, const struct cloud_selector *selector, struct cloud *cloud,
	struct error *err)
{
	return context_cloud(of_run(run)->context, selector, cloud, err);
}

static const struct connection *connection(struct run *run, struct error *err)
{
	return context_connection(of_run(run)->context, err);
}

static void begin(struct run *run, const struct cloud *cloud)
{
	struct command_run *own = of_run(run);
	struct context *context = own->context;

	context->no_screen = run->result.alone;
	if (own->begun)
		context_round(context, cloud);
	else
		context_begin(context, cloud, false);
	own->begun = true;
}

static int confirm(struct run *run, bool assume_yes, const char *question, struct error *err)
{
	return context_confirm(of_run(run)->context, assume_yes, question, err);
}

static int confirm_word(struct run *run, bool assume_yes, const char *question, const char *word,
	struct error *err)
{
	return context_confirm_word(of_run(run)->context, assume_yes, question, word, err);
}

struct run *context_run(struct context *context)
{
	struct command_run *own;

	if (context->run)
		return context->run;
	own = NEW(context->arena, struct command_run);
	own->context = context;
	own->run = (struct run){
		.arena = context->arena,
		.world = context->world,
		.stream = &context->stream,
		.region = context->global.region,
		.has_terminal = context->answers != NULL,
		.registry = registry,
		.find_cloud = find_cloud,
		.connection = connection,
		.begin = begin,
		.confirm = confirm,
		.confirm_word = confirm_word,
		.result = {.verdict = VERDICT_SKIP},
	};
	context->run = &own->run;
	return context->run;
}

static int print_text(struct context *context, const struct run_result *result, struct error *err)
{
	const struct run_table *table = &result->table;

	if (table->rows > 0 &&
		output_table(context->results, table->headings, table->columns, table->cells, table->rows,
			err) < 0)
		return -1;
	return result->lines ? output_write(context->results, result->lines, strlen(result->lines), err) : 0;
}

static int print_plan(struct context *context, const struct event_plan *plan, struct error *err)
{
	struct str text = {.arena = context->arena, .max = PLAN_MAX};

	plan_text(&text, plan);
	return output_write(context->results, str_text(&text), text.length, err);
}

static int print_results(struct context *context, const struct run_result *result, struct error *err)
{
	bool text = context->format == OUTPUT_TEXT;

	for (size_t i = 0; i < result->notes.count; i++)
		fprintf(context->messages, "cloudctl: %s\n", result->notes.items[i]);
	if (text && result->plan && print_plan(context, result->plan, err) < 0)
		return -1;
	if (text && (result->lines || result->table.rows > 0 || result->plan))
		return print_text(context, result, err);
	if (result->document)
		return output_tree(context->results, json_incref((json_t *)result->document),
			text ? OUTPUT_JSON : context->format, err);
	/* The result of a command that made a cloud, for programs: its record. */
	return result->cloud && !text
		? output_tree(context->results, cloud_to_tree(result->cloud), context->format, err)
		: 0;
}

int context_provide(struct context *context, const void *options, struct error *err)
{
	const struct command *command = context->command;
	struct run *run = context_run(context);
	const struct run_result *result = &run->result;
	struct cloud cloud;
	int code;

	if (command->needs & NEEDS_CLOUD) {
		if (context_cloud(context, &context->selector, &cloud, err) < 0)
			return -1;
		context_tell_left_over(context, &cloud);
		run->cloud = cloud.name;
		run->named = selector_names(&context->selector);
	}
	code = command->provided->carry_out(run, options, err);
	if (code >= 0 && print_results(context, result, err) < 0)
		code = -1;
	return of_run(run)->begun ? context_end(context, code, result->verdict, result->counts, err) : code;
}
