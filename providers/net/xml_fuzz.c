/* SPDX-License-Identifier: Apache-2.0 */
/* Fuzz target: any bytes as XML; what comes out is a tree that can be walked. */
#include <stdint.h>
#include <stdlib.h>

#include "base/tree.h"
#include "providers/net/xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static size_t walk(const json_t *node)
{
	size_t seen = 1;

	for (size_t i = 0; i < tree_count(node); i++) {
		const json_t *child = tree_at(node, i);
		const char *name;
		json_t *value;

		if (!json_is_object(child))
			continue;
		json_object_foreach ((json_t *)(uintptr_t)child, name, value)
			seen += walk(value);
	}
	return seen;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct error err = {0};
	char root[64] = "";
	json_t *tree = xml_parse((const char *)bytes, length, root, &err);

	if (!tree && err.kind != ERROR_PROTOCOL)
		abort();
	if (tree && walk(tree) > 400000)
		abort();
	json_decref(tree);
	return 0;
}
