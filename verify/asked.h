/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What of a reply is about what was asked for. A service, a proxy or a file of facts may say more, and no check may take
 * that for an answer.
 */
#ifndef CLOUDCTL_VERIFY_ASKED_H
#define CLOUDCTL_VERIFY_ASKED_H

#include <jansson.h>

#include "base/error.h"

struct arena;
struct facts;
struct plan;
struct plan_row;

/*
 * The reply to one request of a plan's row, without the elements that input does not ask for: the reply itself when all
 * belong, else a copy in arena. Where the row has an id and no elements, a reply about something else is NULL, and
 * *lost says so (ERROR_PROTOCOL, in arena). A row without an id keeps everything.
 */
const json_t *asked_reply(struct arena *arena, const struct plan *plan, const struct plan_row *row,
	const json_t *input, const json_t *reply, const struct error **lost);

/*
 * The same for facts that were not gathered but loaded: every known fact is reduced to what its row asks about
 * facts->cloud. Replies under other keys than the row's go as well, and a fact whose row asks nothing is absent. A fact stays as
 * it is when one that it is built from is not known.
 */
void asked_facts(struct facts *facts);

#endif
