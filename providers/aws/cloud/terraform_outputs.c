/* SPDX-License-Identifier: Apache-2.0 */
/* Two forms of a file, one object. */
#include "providers/aws/cloud/terraform_outputs.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/tree.h"

enum { STATE_VERSION = 4 };

/* {name: {"value": …, "type": …}} in both forms. */
static const json_t *values_of(struct arena *arena, const json_t *outputs, struct error *err)
{
	json_t *values = tree_defer(arena, json_object()), *output;
	const char *name;

	json_object_foreach ((json_t *)outputs, name, output) {
		json_t *value = json_object_get(output, "value");

		if (value) {
			json_object_set(values, name, value);
			continue;
		}
		error_set(err, ERROR_INPUT,
			"an output without a value: neither what 'terraform output -json' prints, nor a state");
		return NULL;
	}
	return values;
}

const json_t *terraform_outputs_parse(struct arena *arena, const char *text, size_t length, struct error *err)
{
	json_error_t wrong;
	const json_t *document = tree_defer(arena, json_loadb(text, length, JSON_REJECT_DUPLICATES, &wrong));
	const json_t *version = json_object_get(document, "version");
	const json_t *outputs = json_object_get(document, "outputs");

	if (!document) {
		error_set(err, ERROR_INPUT, "line %d: not JSON", wrong.line);
		return NULL;
	}
	if (!json_is_object(document)) {
		error_set(err, ERROR_INPUT, "not an object");
		return NULL;
	}
	if (!json_is_integer(version))
		return values_of(arena, document, err);
	if (json_integer_value(version) == STATE_VERSION && json_is_object(outputs))
		return values_of(arena, outputs, err);
	error_set(err, ERROR_INPUT,
		"a state that is not of version %d with outputs; print them with 'terraform output -json'",
		STATE_VERSION);
	return NULL;
}

const json_t *terraform_outputs_read(struct arena *arena, const char *path, struct error *err)
{
	const json_t *values;
	size_t length;
	char *text;

	if (file_read(arena, path, TERRAFORM_FILE_MAX, &text, &length, err) < 0) {
		error_wrap(err, "reading the outputs of Terraform");
		return NULL;
	}
	values = terraform_outputs_parse(arena, text, length, err);
	if (!values)
		error_wrap(err, "%s", path);
	return values;
}
