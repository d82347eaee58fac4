/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of a plan, and the accounts that are known by name. */
#include "providers/aws/cloud/consent.h"

#include <stdarg.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/text.h"
#include "providers/run.h"

/* Public: the vendor's guides tell their customers to trust it. */
static const struct {
	const char *account, *owner;
} owners[] = {
	{"525325868955", "Anyscale"},
};

struct consent consent_new(struct arena *arena, const char *title)
{
	return (struct consent){.arena = arena,
		.title = title,
		.lines = NEW_ARRAY(arena, struct event_plan_line, CONSENT_LINES_MAX)};
}

void consent_add(struct consent *consent, const char *topic, const char *format, ...)
{
	va_list arguments;

	if (consent->count == CONSENT_LINES_MAX)
		return;
	va_start(arguments, format);
	consent->lines[consent->count++] = (struct event_plan_line){topic,
		arena_vprintf(consent->arena, format, arguments)};
	va_end(arguments);
}

const struct event_plan *consent_keep(const struct consent *consent)
{
	struct event_plan *plan = NEW(consent->arena, struct event_plan);

	*plan = (struct event_plan){consent->title, consent->lines, consent->count};
	return plan;
}

void consent_tell(struct run *run, const struct consent *consent)
{
	struct event event = {.kind = EVENT_PLAN, .plan = *consent_keep(consent)};

	event_emit(run->stream, &event);
}

const char *account_owner(const char *account, const char *own)
{
	if (text_equal(account, own))
		return "this account";
	for (size_t i = 0; i < ARRAY_LENGTH(owners); i++)
		if (text_equal(account, owners[i].account))
			return owners[i].owner;
	return NULL;
}

const char *account_with_owner(struct arena *arena, const char *account, const char *own)
{
	const char *owner = account_owner(account, own);

	return owner ? arena_printf(arena, "%s (%s)", account, owner) : account;
}
