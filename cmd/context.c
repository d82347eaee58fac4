/* SPDX-License-Identifier: Apache-2.0 */
/* What commands share: which cloud, the session with AWS, the time. The event stream is in context_run.c. */
#include "cmd/context.h"
#include "base/array.h"
#include "cmd/built_in.h"

const struct cloud_schema *const *cloud_schemas(struct arena *arena)
{
	const struct cloud_schema **schemas = NEW_ARRAY(arena, const struct cloud_schema *, 2);

	schemas[0] = PROVIDER.schema;
	return schemas;
}

struct registry *context_registry(struct context *context, struct error *err)
{
	struct registry *registry;

	if (context->registry)
		return context->registry;
	registry = NEW(context->arena, struct registry);
	if (registry_open(registry, context->arena, context->world, cloud_schemas(context->arena),
		    context->global.registry, err) < 0)
		return NULL;
	context->registry = registry;
	return registry;
}

bool selector_names(const struct cloud_selector *selector)
{
	return selector->positional || selector->name || selector->id;
}

/* Words that disagree before any record is read. */
static int check_words(const struct cloud_selector *selector, struct error *err)
{
	bool positional_id = selector->positional && cloud_id_valid(selector->positional);
	const char *other = positional_id ? selector->id : selector->name;

	if (selector->id && !cloud_id_valid(selector->id))
		return error_set(err, ERROR_USAGE,
			"--cloud-id: invalid cloud id '%s' (cld_ and 26 of a-z2-7)", selector->id);
	if (selector->positional && other && !text_equal(selector->positional, other))
		return error_set(err, ERROR_USAGE, "two clouds are named: '%s', and '%s' by --%s",
			selector->positional, other, positional_id ? "cloud-id" : "name");
	return 0;
}

/* An id first: a name may look like one, an id is never anything else. */
static int load_word(const struct registry *registry, const char *word, struct cloud *cloud,
	struct error *err)
{
	if (!cloud_id_valid(word))
		return registry_load(registry, word, cloud, err);
	if (registry_load_id(registry, word, cloud, err) == 0)
		return 0;
	if (err->kind == ERROR_NOT_FOUND) {
		struct error ignored;

		if (registry_load(registry, word, cloud, &ignored) == 0)
			return 0;
	}
	return -1;
}

/* The cloud that every given word means; *found says whether any was given. */
static int load_selected(struct context *context, const struct cloud_selector *selector, bool *found,
	struct cloud *cloud, struct error *err)
{
	const char *const words[] = {selector->positional, selector->name, selector->id};
	const struct registry *registry = context_registry(context, err);
	const char *first = NULL;

	if (!registry)
		return -1;
	for (size_t i = 0; i < ARRAY_LENGTH(words); i++) {
		struct cloud candidate;

		if (!words[i])
			continue;
		if (words[i] == selector->name ? registry_load(registry, words[i], &candidate, err) < 0
					       : load_word(registry, words[i], &candidate, err) < 0)
			return -1;
		if (first && !text_equal(candidate.id, cloud->id))
			return error_set(err, ERROR_USAGE, "'%s' and '%s' are different clouds", first,
				words[i]);
		first = words[i];
		*cloud = candidate;
	}
	*found = first != NULL;
	return 0;
}

static int load_default(struct context *context, struct cloud *cloud, struct error *err)
{
	const struct registry *registry = context_registry(context, err);
	struct text_list names;
	const char *name;

	if (!registry || registry_default(registry, &name, err) < 0 ||
		registry_names(registry, &names, err) < 0)
		return -1;
	if (!name && names.count == 1)
		name = names.items[0];
	if (name)
		return registry_load(registry, name, cloud, err);
	if (names.count == 0)
		return error_set(err, ERROR_USAGE,
			"there are no clouds in %s yet: create one with 'cloudctl setup' or 'cloudctl register'",
			registry_location(registry));
	return error_set(err, ERROR_USAGE,
		"which cloud? There is no default ('cloudctl set-default NAME'); the clouds are: %s",
		text_join(context->arena, &names, ", "));
}

void context_tell_left_over(const struct context *context, const struct cloud *cloud)
{
	const char *note = run_left_over(context->arena, cloud);

	if (note)
		fprintf(context->messages, "cloudctl: %s\n", note);
}

int context_cloud(struct context *context, const struct cloud_selector *selector, struct cloud *cloud,
	struct error *err)
{
	const char *region = context->global.region;
	bool found = false;

	if (check_words(selector, err) < 0 || load_selected(context, selector, &found, cloud, err) < 0)
		return -1;
	if (!found && load_default(context, cloud, err) < 0)
		return -1;
	if (region && !text_equal(region, cloud->region))
		return error_set(err, ERROR_USAGE, "--region: cloud '%s' is in %s, not in %s", cloud->name,
			cloud->region, region);
	return 0;
}
