/* SPDX-License-Identifier: Apache-2.0 */
/* What is known about one cloud: settling facts and reading them. Nothing here calls or judges. */
#include "verify/facts.h"

#include "base/arena.h"

static const char *const names[FACTS] = {
#define FACT_NAME(word, name) [FACT_##word] = name,
	FACT_LIST(FACT_NAME)
#undef FACT_NAME
};

_Static_assert(FACTS <= 64, "a fact_set has 64 bits");

const char *fact_name(enum fact fact)
{
	return names[fact];
}

struct facts *facts_new(struct arena *arena, const struct cloud *cloud)
{
	struct facts *facts = NEW(arena, struct facts);

	facts->arena = arena;
	facts->cloud = cloud;
	return facts;
}

const json_t *facts_tree(const struct facts *facts, unsigned fact)
{
	return facts->value[fact].state == FACT_KNOWN ? facts->value[fact].tree : NULL;
}

bool facts_has(const struct facts *facts, unsigned fact)
{
	const json_t *tree = facts_tree(facts, fact);

	return tree && !json_is_null(tree);
}

const struct error *facts_error(const struct facts *facts, unsigned fact)
{
	static const struct error none = {.kind = ERROR_NONE};

	return facts->value[fact].error ? facts->value[fact].error : &none;
}

void facts_learn(struct facts *facts, unsigned fact, const json_t *tree)
{
	facts->value[fact] = (struct fact_value){.state = FACT_KNOWN, .tree = tree ? tree : json_null()};
	facts->known |= (fact_set)1 << fact;
	facts->lost &= ~((fact_set)1 << fact);
}

void facts_lose(struct facts *facts, unsigned fact, const char *doing, const struct error *why)
{
	struct error *error = NEW(facts->arena, struct error);

	*error = *why;
	facts->value[fact] = (struct fact_value){.state = FACT_LOST,
		.error = error,
		.doing = arena_strdup(facts->arena, doing)};
	facts->lost |= (fact_set)1 << fact;
	facts->known &= ~((fact_set)1 << fact);
}
