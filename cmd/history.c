/* SPDX-License-Identifier: Apache-2.0 */
/* `cloudctl history`: the last operations on a cloud, out of its record. */
#include "base/arena.h"
#include "base/tree.h"
#include "cmd/context.h"
#include "ui/output.h"

static const char *const headings[] = {"STARTED", "ENDED", "OPERATION", "RESULT", "STEPS", "BY"};

static int print_table(struct context *context, const json_t *history, struct error *err)
{
	struct arena *arena = context->arena;
	size_t count = json_array_size(history);
	const char **cells = NEW_ARRAY(arena, const char *, count *ARRAY_LENGTH(headings)), **cell = cells;

	TREE_EACH (operation, history, NULL) {
		struct text_list steps = tree_texts(arena, operation, "steps", NULL);

		*cell++ = tree_text(operation, "started");
		*cell++ = tree_text(operation, "ended");
		*cell++ = tree_text(operation, "kind");
		*cell++ = tree_text(operation, "result");
		*cell++ = text_join(arena, &steps, ", ");
		*cell++ = tree_text(operation, "by");
	}
	return output_table(context->results, headings, ARRAY_LENGTH(headings), cells, count, err);
}

static int history_run(struct context *context, const void *options, struct error *err)
{
	struct cloud cloud;
	json_t *record, *history;

	(void)options;
	if (context_cloud(context, &context->selector, &cloud, err) < 0)
		return -1;
	context_tell_left_over(context, &cloud);
	record = tree_defer(context->arena, cloud_to_tree(&cloud));
	history = json_object_get(record, "history");
	if (context->format != OUTPUT_TEXT)
		return output_tree(context->results, history ? json_incref(history) : json_array(),
			context->format, err);
	if (history)
		return print_table(context, history, err);
	fprintf(context->messages, "The record of cloud '%s' names no operation.\n", cloud.name);
	return 0;
}

const struct command command_history = {
	.name = "history",
	.arguments = "[CLOUD]",
	.summary = "list the last operations on a cloud",
	.description =
		"Prints what cloudctl did with a cloud, by its record: the last 20 operations that changed it,\n"
		"the oldest first, when and by whom, the steps that were begun, and how each ended. With -o json\n"
		"or -o yaml a list. Does not contact AWS.\n"
		"\n"
		"  cloudctl history prod",
	.needs = NEEDS_CLOUD,
	.run = history_run,
};
