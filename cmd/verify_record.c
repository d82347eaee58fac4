/* SPDX-License-Identifier: Apache-2.0 */
/* Between a verification and the record of its cloud: notes, the summary, and the findings that are ignored. */
#include <string.h>

#include "base/arena.h"
#include "base/shell_word.h"
#include "cmd/built_in.h"
#include "cmd/context.h"
#include "cmd/verify.h"
#include "providers/run.h"
#include "verify/ignore.h"

/* An operation that holds the record takes minutes: it is not waited for. */
enum { LOCK_WAIT_MS = 2000, REASON_MAX = 500, RESOURCE_MAX = 300 };

void verify_record_note(struct event_stream *stream, const struct cloud *cloud)
{
	const char *kind = cloud->operation.kind;

	if (cloud->state == CLOUD_READY)
		return;
	event_step(stream, STEP_NOTE,
		"Cloud '%s' is recorded as %s; checks of resources that do not exist yet, or no longer, fail.",
		cloud->name, cloud_state_names[cloud->state]);
	if (kind)
		event_step(stream, STEP_NOTE,
			"Its %s was not finished: run 'cloudctl %s' again to continue it.", kind, kind);
}

void verify_left_over_note(struct arena *arena, struct event_stream *stream, const struct cloud *cloud)
{
	const char *note = run_left_over(arena, cloud);

	if (note)
		event_step(stream, STEP_NOTE, "%s", note);
}

bool verify_is_about_cloud(const struct verify_options *choice, const struct verification *result)
{
	return choice->only.count == 0 && choice->skip.count == 0 && !result->elsewhere;
}

static int store(const struct registry *registry, const struct cloud *verified, int wait_ms,
	struct error *err)
{
	_cleanup_unlock_ struct registry_lock *lock = registry_lock(registry, verified->name, wait_ms, err);
	struct cloud cloud;

	if (!lock || registry_load(registry, verified->name, &cloud, err) < 0)
		return -1;
	cloud.verification = verified->verification;
	return registry_update(registry, &cloud, err);
}

void verify_record_store(const struct registry *registry, struct event_stream *stream,
	const struct cloud *verified, int wait_ms)
{
	/* What is read on the way goes at once: --watch comes here for days. */
	struct arena arena = {0};
	const struct registry own = registry_within(registry, &arena);
	struct error why;

	if (store(&own, verified, wait_ms, &why) < 0)
		event_step(stream, STEP_NOTE, "The result was not saved in the record: %s",
			error_text(&arena, &why));
	arena_free(&arena);
}

bool verify_was_denied(const struct verification *result)
{
	for (size_t i = 0; i < result->count; i++)
		if (result->findings[i].verdict == VERDICT_UNKNOWN && result->findings[i].action &&
			!result->findings[i].ignored)
			return true;
	return false;
}

void verify_denied_note(struct arena *arena, struct event_stream *stream, const char *cloud)
{
	event_step(stream, STEP_NOTE,
		"To see which permissions are missing: cloudctl policy verify%s%s --check", cloud ? " " : "",
		cloud ? shell_word(arena, cloud) : "");
}

/* --- findings that are ignored --- */

bool verify_ignore_asked(const struct verify_ignore *asked)
{
	return asked->ignore.count > 0 || asked->unignore.count > 0;
}

/* "CHECK=RESOURCE" or "CHECK". resource is NULL without "=". */
static struct ignored parse(struct arena *arena, const char *text)
{
	size_t length = strcspn(text, "=");

	return (struct ignored){
		.check = arena_strndup(arena, text, length),
		.resource = text[length] ? arena_strdup(arena, text + length + 1) : NULL,
	};
}

static int refuse_check(struct arena *arena, const char *option, const char *check, struct error *err)
{
	struct text_list ids = check_ids(arena, PROVIDER.checks);
	const char *near = text_nearest(check, &ids);

	if (near)
		return error_set(err, ERROR_USAGE, "%s: unknown check '%s'; did you mean '%s'?", option,
			check, near);
	return error_set(err, ERROR_USAGE, "%s: unknown check '%s'; 'cloudctl checks' lists them", option,
		check);
}

/* Shown in every run, on terminals too. */
static bool is_printable(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return false;
	return true;
}

static int check_reason(const struct verify_ignore *asked, struct error *err)
{
	if (asked->ignore.count > 0 && !asked->reason)
		return error_set(err, ERROR_USAGE,
			"--ignore needs --reason TEXT: why the finding is accepted, for the readers of later reports");
	if (asked->ignore.count == 0 && asked->reason)
		return error_set(err, ERROR_USAGE, "--reason needs --ignore CHECK");
	if (asked->reason && (strlen(asked->reason) > REASON_MAX || !is_printable(asked->reason)))
		return error_set(err, ERROR_USAGE, "--reason: must be one line of at most %d bytes",
			REASON_MAX);
	return 0;
}

int verify_ignore_check(const struct verify_ignore *asked, struct arena *arena, struct error *err)
{
	for (size_t i = 0; i < asked->ignore.count; i++) {
		const struct ignored entry = parse(arena, asked->ignore.items[i]);

		if (!check_find(PROVIDER.checks, entry.check, NULL))
			return refuse_check(arena, "--ignore", entry.check, err);
		if (entry.resource &&
			(!entry.resource[0] || strlen(entry.resource) > RESOURCE_MAX ||
				!is_printable(entry.resource)))
			return error_set(err, ERROR_USAGE, "--ignore: %s=: needs the id of a resource",
				entry.check);
	}
	return check_reason(asked, err);
}

/* What is ignored, as it would be typed. */
static const char *listed(struct arena *arena, const struct ignored_list *ignored)
{
	struct text_list words = {0};

	for (size_t i = 0; i < ignored->count; i++) {
		const struct ignored *entry = &ignored->items[i];

		text_list_add(arena, &words,
			entry->resource ? arena_printf(arena, "%s=%s", entry->check, entry->resource)
					: entry->check);
	}
	return words.count > 0 ? text_join(arena, &words, ", ") : "nothing";
}

/* ERROR_USAGE when the check never finds anything about the resource of an entry: it would cover nothing, silently. */
static int test_resource(struct arena *arena, const struct cloud *cloud, const struct ignored *entry,
	struct error *err)
{
	const struct check_table *table = PROVIDER.checks;
	const struct check_group *group;
	const struct check *check = check_find(table, entry->check, &group);
	struct text_list ids = check_subjects(arena, table, group, check, cloud);

	if (!entry->resource || check->part || ids.count == 0)
		return 0;
	for (size_t i = 0; i < ids.count; i++)
		if (text_equal(ids.items[i], entry->resource) ||
			(table->name_of && text_equal(table->name_of(ids.items[i]), entry->resource)))
			return 0;
	return error_set(err, ERROR_USAGE, "--ignore: %s is not about '%s'; it is about %s", entry->check,
		entry->resource, text_join(arena, &ids, ", "));
}

static int change(struct context *context, const struct verify_ignore *asked, struct cloud *cloud,
	struct error *err)
{
	struct arena *arena = context->arena;

	for (size_t i = 0; i < asked->unignore.count; i++) {
		const struct ignored entry = parse(arena, asked->unignore.items[i]);

		if (ignored_remove(&cloud->ignored, entry.check, entry.resource) > 0)
			continue;
		if (!check_find(PROVIDER.checks, entry.check, NULL))
			return refuse_check(arena, "--unignore", entry.check, err);
		return error_set(err, ERROR_USAGE, "--unignore: '%s' is not ignored; the record ignores %s",
			asked->unignore.items[i], listed(arena, &cloud->ignored));
	}
	for (size_t i = 0; i < asked->ignore.count; i++) {
		struct ignored entry = parse(arena, asked->ignore.items[i]);

		if (test_resource(arena, cloud, &entry, err) < 0)
			return -1;
		entry.reason = asked->reason;
		entry.since = world_now(context->world, arena);
		ignored_put(arena, &cloud->ignored, &entry);
	}
	if (cloud->ignored.count > IGNORED_MAX)
		return error_set(err, ERROR_USAGE, "--ignore: a record holds at most %d entries",
			IGNORED_MAX);
	return 0;
}

int verify_ignore_apply(struct context *context, const struct verify_ignore *asked, struct cloud *cloud,
	struct error *err)
{
	const struct registry *registry = context_registry(context, err);
	_cleanup_unlock_ struct registry_lock *lock = NULL;

	if (registry)
		lock = registry_lock(registry, cloud->name, LOCK_WAIT_MS, err);
	if (!lock || registry_load(registry, cloud->name, cloud, err) < 0 ||
		change(context, asked, cloud, err) < 0)
		return -1;
	return registry_update(registry, cloud, err);
}

void verify_ignore_notes(struct arena *arena, struct event_stream *stream, const struct cloud *cloud,
	const struct verification *result)
{
	for (size_t i = 0; i < cloud->ignored.count; i++) {
		const struct ignored *entry = &cloud->ignored.items[i];
		const struct ignored_list one = {&cloud->ignored.items[i], 1};
		const char *word = listed(arena, &one);

		switch (ignore_use(arena, result->table, cloud, entry, result->findings, result->count)) {
		case IGNORE_PASSED:
			event_step(stream, STEP_NOTE,
				"%s passes and no longer needs to be ignored: cloudctl verify %s --unignore %s",
				word, cloud->name ? cloud->name : "", word);
			break;
		case IGNORE_UNKNOWN_CHECK:
			event_step(stream, STEP_WARNING,
				"The record ignores '%s', but there is no such check.", entry->check);
			break;
		case IGNORE_OF_USE:
		case IGNORE_NOT_JUDGED: break;
		}
	}
}
