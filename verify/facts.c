/* SPDX-License-Identifier: Apache-2.0 */
/* What is known about one cloud: settling facts and reading them. Nothing here calls or judges. */
#include "verify/facts.h"

#include "base/arena.h"
#include "verify/plan.h"

struct facts *facts_new(struct arena *arena, const struct plan *plan, const struct cloud *cloud)
{
	struct facts *facts = NEW(arena, struct facts);

	*facts = (struct facts){
		.arena = arena,
		.plan = plan,
		.cloud = cloud,
		.values = NEW_ARRAY(arena, struct fact_value, plan->count),
	};
	return facts;
}

const json_t *facts_tree(const struct facts *facts, unsigned fact)
{
	return facts->values[fact].state == FACT_KNOWN ? facts->values[fact].tree : NULL;
}

bool facts_has(const struct facts *facts, unsigned fact)
{
	const json_t *tree = facts_tree(facts, fact);

	return tree && !json_is_null(tree);
}

bool facts_lost(const struct facts *facts, unsigned fact)
{
	return facts->values[fact].state == FACT_LOST;
}

bool facts_settled(const struct facts *facts, unsigned fact)
{
	return facts->values[fact].state != FACT_PENDING;
}

bool facts_any_lost(const struct facts *facts, const struct index_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (facts_lost(facts, list->items[i]))
			return true;
	return false;
}

const struct error *facts_error(const struct facts *facts, unsigned fact)
{
	static const struct error none = {.kind = ERROR_NONE};

	return facts->values[fact].error ? facts->values[fact].error : &none;
}

void facts_learn(struct facts *facts, unsigned fact, const json_t *tree)
{
	facts->values[fact] = (struct fact_value){.state = FACT_KNOWN, .tree = tree ? tree : json_null()};
}

void facts_lose(struct facts *facts, unsigned fact, const char *doing, const struct error *why)
{
	struct error *error = NEW(facts->arena, struct error);

	*error = *why;
	facts->values[fact] = (struct fact_value){.state = FACT_LOST,
		.error = error,
		.doing = arena_strdup(facts->arena, doing)};
}
