/* SPDX-License-Identifier: Apache-2.0 */
/* Facts in a file: `verify --save-facts FILE` and `verify --facts FILE`. The document is facts_save()'s (verify/facts.h). */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/str.h"
#include "base/tree.h"
#include "cmd/built_in.h"
#include "cmd/context.h"
#include "cmd/presentation.h"
#include "cmd/verify.h"
#include "verify/asked.h"

enum { SAVED_MAX = 256 << 20 }; /* bytes of a file that is read or written */

int verify_save(const char *path, const struct facts *facts, struct error *err)
{
	json_t *document = facts_save(facts, cloud_to_tree(facts->cloud));
	char *text = json_dumps(document, JSON_INDENT(1));
	struct arena arena = {0};
	struct str shown = {.arena = &arena, .max = SAVED_MAX};
	int status;

	json_decref(document);
	if (!text)
		return error_set(err, ERROR_IO, "saving the facts: not valid as JSON");
	str_put_escaped(&shown, text, strlen(text));
	free(text);
	status = shown.overflow ? error_set(err, ERROR_IO, "%s: larger than %d MiB", path, SAVED_MAX >> 20)
				: file_replace(path, str_text(&shown), shown.length, err);
	arena_free(&arena);
	return status < 0 ? error_wrap(err, "saving the facts") : 0;
}

/* *facts, which are about *cloud, and what they hold belong to arena. ERROR_INPUT says what is wrong and where. */
static int read_saved(struct arena *arena, const char *path, struct facts **facts, struct cloud *cloud,
	struct error *err)
{
	json_error_t wrong;
	json_t *document;
	size_t length;
	char *text;

	if (file_read(arena, path, SAVED_MAX, &text, &length, err) < 0)
		return error_wrap(err, "--facts");
	document = tree_defer(arena, json_loadb(text, length, JSON_REJECT_DUPLICATES, &wrong));
	if (!document)
		return error_set(err, ERROR_INPUT, "--facts: %s: line %d: %s", path, wrong.line, wrong.text);
	*facts = facts_new(arena, PROVIDER.checks->plan, cloud);
	if (facts_load(*facts, document, err) < 0)
		return error_wrap(err, "--facts: %s", path);
	if (cloud_from_tree(arena, cloud_schemas(arena), json_object_get(document, "cloud"), cloud, err) <
		0) {
		error_wrap(err, "reading the cloud of saved facts");
		return error_wrap(err, "--facts: %s", path);
	}
	asked_facts(*facts);
	return 0;
}

int verify_saved(struct context *context, const struct verify_command_options *options, struct error *err)
{
	const struct verify_options choice = verify_choice(options);
	struct verification result = {0};
	struct verify_input input = {.table = PROVIDER.checks,
		.options = &choice,
		.stream = &context->stream};
	struct cloud cloud;
	int code;

	if (read_saved(context->arena, options->facts, &input.facts, &cloud, err) < 0)
		return -1;
	context_begin(context, &cloud, options->strict);
	verify_record_note(&context->stream, &cloud);
	code = verify_run(&input, &result, err);
	context->caller = result.caller;
	if (code == 0) {
		verify_ignore_notes(context->arena, &context->stream, &cloud, &result);
		code = verdict_exit_code(result.counts, context->strict);
	}
	return context_end(context, code, result.overall, result.counts, err);
}
