/* SPDX-License-Identifier: Apache-2.0 */
/* What a command is going to do, as text: a title, and lines by topic. Pure: appends to a str. */
#ifndef CLOUDCTL_UI_PLAN_TEXT_H
#define CLOUDCTL_UI_PLAN_TEXT_H

#include "base/event.h"

struct str;

enum { PLAN_TEXT_COLUMNS = 80 };

/*
 * The title, and below it the lines, wrapped to PLAN_TEXT_COLUMNS, each topic named once:
 *
 *     Cloud 'prod' is going to be created:
 *       Opens     TCP 443 from everywhere
 *                 TCP 22 from nobody
 */
void plan_text(struct str *out, const struct event_plan *plan);

#endif
