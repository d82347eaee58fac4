/* SPDX-License-Identifier: Apache-2.0 */
/* Facts to a file and back. What is in them is verify's business. */
#include "cmd/saved_facts.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/tree.h"
#include "cmd/built_in.h"
#include "cmd/context.h"
#include "verify/check.h"

int saved_facts_write(const char *path, const struct facts *facts, struct error *err)
{
	json_t *document = facts_save(facts, cloud_to_tree(facts->cloud));
	char *text = json_dumps(document, JSON_INDENT(1));
	int status;

	json_decref(document);
	if (!text)
		return error_set(err, ERROR_IO, "saving the facts: not valid as JSON");
	status = file_replace(path, text, strlen(text), err);
	free(text);
	return status < 0 ? error_wrap(err, "saving the facts") : 0;
}

int saved_facts_read(struct arena *arena, const char *path, struct facts **facts, struct cloud *cloud,
	struct error *err)
{
	json_error_t wrong;
	json_t *document;
	size_t length;
	char *text;

	if (file_read(arena, path, SAVED_FACTS_MAX, &text, &length, err) < 0)
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
	return 0;
}
