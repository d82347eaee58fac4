/* SPDX-License-Identifier: Apache-2.0 */
/* What plans of commands share: lines by topic, exit codes, and whose an account is. Pure. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_CONSENT_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_CONSENT_H

#include <stddef.h>

#include "base/event.h"

struct arena;
struct run;

enum {
	CONSENT_LINES_MAX = 200
}; /* more than the resources of a stack of six zones; further ones are dropped */

/* Exit codes of --plan: is there anything to do, could all of it be determined, would it be refused? */
enum { PLAN_NOTHING = 0, PLAN_SOMETHING = 1, PLAN_UNKNOWN = 3, PLAN_REFUSED = 4 };

/* A plan in the making; its strings belong to arena. */
struct consent {
	struct arena *arena;
	const char *title;
	struct event_plan_line *lines;
	size_t count;
};

/* An empty plan with this title, which is borrowed. */
struct consent consent_new(struct arena *arena, const char *title);

/* A line of a topic, which is static. */
void consent_add(struct consent *consent, const char *topic, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The plan as an event holds it, in the consent's arena. */
const struct event_plan *consent_keep(const struct consent *consent);

/* Tell it (EVENT_PLAN). */
void consent_tell(struct run *run, const struct consent *consent);

/* Whose an account is, as far as that is public or it is the user's own: "Anyscale", "this account"; NULL: not known. */
const char *account_owner(const char *account, const char *own);

/* "525325868955 (Anyscale)", or the number alone; in arena. */
const char *account_with_owner(struct arena *arena, const char *account, const char *own);

#endif
