/* SPDX-License-Identifier: Apache-2.0 */
/* From the profile files to the profile that the user should choose. */
#include "providers/aws/cloud/account_profiles.h"

#include "base/arena.h"
#include "base/shell_word.h"
#include "base/text.h"
#include "base/tree.h"
#include "providers/aws/cloud/cloud_plan.h"
#include "providers/aws/credentials/profile.h"
#include "providers/records/cloud.h"

/* In the directory; the other keys are those of other_clouds.c, which have a space. */
static const char key[] = "profiles";

const char *account_profiles_advice(struct arena *arena, const json_t *accounts, const char *account)
{
	struct text_list names = {0};
	const char *name;
	json_t *of;

	json_object_foreach ((json_t *)accounts, name, of)
		if (text_equal(json_string_value(of), account))
			text_list_add(arena, &names, shell_word(arena, name));
	text_list_sort(&names);
	if (names.count == 0)
		return arena_printf(arena, "choose credentials of account %s, for example with --profile",
			account);
	return arena_printf(arena, "choose a profile of account %s with --profile: %s", account,
		text_join(arena, &names, ", "));
}

void account_profiles_note(json_t *directory, struct world *world)
{
	struct arena arena = {0};
	struct profiles profiles;
	struct error ignored;

	if (profiles_load(&arena, world, &profiles, &ignored) == 0)
		json_object_set_new(directory, key, profiles_accounts(&profiles));
	arena_free(&arena);
}

void account_profiles_know(struct facts *facts, const json_t *directory)
{
	json_t *accounts = tree_defer(facts->arena, json_object()), *of;
	const char *name;

	json_object_foreach (json_object_get(directory, key), name, of)
		if (text_equal(json_string_value(of), facts->cloud->account))
			json_object_set(accounts, name, of);
	facts_learn(facts, FACT_PROFILES, json_object_size(accounts) > 0 ? accounts : NULL);
}
