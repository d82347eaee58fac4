/* SPDX-License-Identifier: Apache-2.0 */
/* Fuzz target: any bytes as the record of a cloud. What is accepted is written so that it reads as the same record. */
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/yaml.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/records/cloud.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* Texts may be longer in double quotes than they were without. */
enum { WRITTEN_MAX = 8 * YAML_SIZE_MAX };

static json_t *record(struct arena *arena, const char *bytes, size_t length)
{
	static const struct cloud_schema *const schemas[] = {&aws_cloud_schema, NULL};
	struct cloud cloud;
	struct error err = {0};
	json_t *tree = yaml_parse(bytes, length, &err), *written = NULL;

	if (!tree && err.kind != ERROR_INPUT)
		abort();
	if (tree && cloud_from_tree(arena, schemas, tree, &cloud, &err) == 0)
		written = cloud_to_tree(&cloud);
	else if (err.kind != ERROR_INPUT)
		abort();
	json_decref(tree);
	return written;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct arena arena = {0};
	struct str text = {.arena = &arena, .max = WRITTEN_MAX};
	struct error err = {0};
	json_t *first = record(&arena, (const char *)bytes, length), *second;

	if (first && yaml_format(first, &text, &err) == 0 && text.length <= YAML_SIZE_MAX) {
		second = record(&arena, str_text(&text), text.length);
		if (!json_equal(first, second))
			abort();
		json_decref(second);
	}
	json_decref(first);
	arena_free(&arena);
	return 0;
}
