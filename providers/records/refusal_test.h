/* SPDX-License-Identifier: Apache-2.0 */
/* For tests only: records as YAML, and those that must be refused. */
#ifndef CLOUDCTL_PROVIDERS_RECORDS_REFUSAL_TEST_H
#define CLOUDCTL_PROVIDERS_RECORDS_REFUSAL_TEST_H

#include <string.h>

#include "base/arena.h"
#include "base/test.h"
#include "base/text.h"
#include "base/yaml.h"
#include "providers/records/cloud.h"

/* A record, and what the error must begin with. */
struct refusal {
	const char *yaml, *begins;
};

/* The record of a YAML text; returns what cloud_from_tree() returns. */
static inline int record_of_yaml(struct arena *arena, const struct cloud_schema *const *schemas,
	const char *yaml, struct cloud *cloud, struct error *err)
{
	json_t *tree = yaml_parse(yaml, strlen(yaml), err);
	int status;

	if (!tree)
		fail_msg("test data is not YAML: %s", yaml);
	status = cloud_from_tree(arena, schemas, tree, cloud, err);
	json_decref(tree);
	return status;
}

static inline void each_is_refused(const struct cloud_schema *const *schemas, const struct refusal *refusals,
	size_t count)
{
	struct arena arena = {0};

	for (size_t i = 0; i < count; i++) {
		struct error err = {0};
		struct cloud cloud;

		if (record_of_yaml(&arena, schemas, refusals[i].yaml, &cloud, &err) == 0)
			fail_msg("accepted: %s", refusals[i].yaml);
		assert_int_equal(err.kind, ERROR_INPUT);
		if (!text_starts_with(err.frame[0], refusals[i].begins))
			fail_msg("%s: said '%s', not '%s'", refusals[i].yaml, err.frame[0],
				refusals[i].begins);
	}
	arena_free(&arena);
}

#endif
