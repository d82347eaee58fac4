/* SPDX-License-Identifier: Apache-2.0 */
/* What an event of each kind consists of, as tables of base/member.h: for copies, and for records on disk. */
#ifndef CLOUDCTL_BASE_EVENT_MEMBERS_H
#define CLOUDCTL_BASE_EVENT_MEMBERS_H

#include "base/event.h"

struct member_table;

/* The members that events of this kind have, in struct event; an open table. Not among them: kind and at_ms. */
const struct member_table *event_members(enum event_kind kind);

#endif
