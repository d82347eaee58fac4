/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzz target: any bytes as saved facts, as `verify --facts` reads them. What is accepted is saved so that it reads as the
 * same facts, and every check comes to a verdict whatever AWS is said to have answered.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/aws_provider.h"
#include "providers/records/cloud.h"
#include "verify/facts.h"
#include "verify/verification.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void must_read_again(struct arena *arena, const struct facts *facts)
{
	struct facts *again = facts_new(arena, facts->plan, facts->cloud);
	json_t *saved = tree_defer(arena, facts_save(facts, cloud_to_tree(facts->cloud)));
	struct error err;

	if (!saved || facts_load(again, saved, &err) < 0)
		abort();
	if (!json_equal(saved, tree_defer(arena, facts_save(again, cloud_to_tree(facts->cloud)))))
		abort();
}

static void judge(struct facts *facts)
{
	const struct verify_input input = {.table = aws_provider.checks, .facts = facts};
	struct verification result;
	struct error err;

	if (verify_run(&input, &result, &err) < 0)
		abort();
	for (size_t i = 0; i < result.count; i++)
		if ((unsigned)result.findings[i].verdict >= VERDICTS)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static const struct cloud_schema *const schemas[] = {&aws_cloud_schema, NULL};
	struct arena arena = {0};
	struct cloud cloud;
	struct error err = {0};
	json_t *document = tree_defer(&arena,
		json_loadb((const char *)bytes, length, JSON_REJECT_DUPLICATES, NULL));
	struct facts *facts = facts_new(&arena, aws_provider.checks->plan, &cloud);

	if (document && facts_load(facts, document, &err) == 0 &&
		cloud_from_tree(&arena, schemas, json_object_get(document, "cloud"), &cloud, &err) == 0) {
		must_read_again(&arena, facts);
		judge(facts);
	} else if (document && err.kind != ERROR_INPUT) {
		abort();
	}
	arena_free(&arena);
	return 0;
}
