/* SPDX-License-Identifier: Apache-2.0 */
/* `cloudctl list`: every record, those that cannot be read named at the end. */
#include "base/array.h"
#include "base/str.h"
#include "cmd/context.h"
#include "ui/output.h"

static const char *const headings[] = {" ", "NAME", "ID", "PROVIDER", "REGION", "STATE", "DEPLOYMENT",
	"NETWORKING", "VERIFIED"};

enum { COLUMNS = ARRAY_LENGTH(headings) };

struct listing {
	struct cloud *clouds;
	size_t count;
	const char *preferred; /* name of the default cloud, or NULL */
	size_t unreadable;
	struct error first; /* why the first unreadable record is so */
};

/* "PASS 2026-01-02T03:04:05Z" */
static const char *verified(struct arena *arena, const struct cloud *cloud)
{
	if (!cloud->verification.at)
		return "never";
	return arena_printf(arena, "%s %s", verdict_name(cloud->verification.verdict),
		cloud->verification.at);
}

static int print_table(struct context *context, const struct listing *listing, struct error *err)
{
	const char **cells = NEW_ARRAY(context->arena, const char *, listing->count *COLUMNS);

	for (size_t i = 0; i < listing->count; i++) {
		const struct cloud *cloud = &listing->clouds[i];
		const char *const row[COLUMNS] = {
			text_equal(cloud->name, listing->preferred) ? "*" : " ",
			cloud->name,
			cloud->id,
			cloud->provider,
			cloud->region,
			cloud_state_names[cloud->state],
			cloud_deployment_names[cloud->deployment],
			cloud_networking_names[cloud->networking],
			verified(context->arena, cloud),
		};

		for (size_t j = 0; j < COLUMNS; j++)
			cells[i * COLUMNS + j] = row[j];
	}
	return output_table(context->results, headings, COLUMNS, cells, listing->count, err);
}

static int print_tree(struct context *context, const struct listing *listing, struct error *err)
{
	json_t *array = json_array();

	for (size_t i = 0; i < listing->count; i++) {
		const struct cloud *cloud = &listing->clouds[i];
		json_t *record = cloud_to_tree(cloud);

		json_object_set_new(record, "default",
			json_boolean(text_equal(cloud->name, listing->preferred)));
		json_array_append_new(array, record);
	}
	return output_tree(context->results, array, context->format, err);
}

/* Read what can be read. Only a registry that cannot be looked into is an error here. */
static int gather(struct context *context, struct listing *listing, struct error *err)
{
	const struct registry *registry = context_registry(context, err);
	const char *region = context->global.region;
	struct text_list names;

	if (!registry || registry_names(registry, &names, err) < 0)
		return -1;
	listing->clouds = NEW_ARRAY(context->arena, struct cloud, names.count);
	for (size_t i = 0; i < names.count; i++) {
		struct cloud *cloud = &listing->clouds[listing->count];
		struct error why;

		if (registry_load(registry, names.items[i], cloud, &why) == 0) {
			if (!region || text_equal(region, cloud->region))
				listing->count++;
		} else if (why.kind != ERROR_NOT_FOUND &&
			listing->unreadable++ == 0) { /* not one removed since */
			listing->first = why;
		}
	}
	return registry_default(registry, &listing->preferred, err);
}

static int list_run(struct context *context, const void *options, struct error *err)
{
	bool text = context->format == OUTPUT_TEXT;
	struct listing listing = {0};

	(void)options;
	if (gather(context, &listing, err) < 0)
		return -1;
	if ((text ? print_table(context, &listing, err) : print_tree(context, &listing, err)) < 0)
		return -1;
	if (text && listing.count + listing.unreadable == 0)
		fprintf(context->messages,
			"There are no clouds yet: create one with 'cloudctl setup' or 'cloudctl register'.\n");
	if (listing.unreadable == 0)
		return 0;
	*err = listing.first;
	if (listing.unreadable > 1)
		error_wrap(err, "%zu records cannot be read, the first", listing.unreadable);
	return -1;
}

const struct command command_list = {
	.name = "list",
	.summary = "list the clouds",
	.description =
		"Prints a line for each record, with '*' before the default cloud; with -o json or -o yaml\n"
		"a list of the records. --region shows the clouds of one region. Does not contact AWS.\n"
		"Records that cannot be read are named at the end; the exit code is 4 then.\n"
		"\n"
		"  cloudctl list",
	.run = list_run,
};
