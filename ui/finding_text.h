/* SPDX-License-Identifier: Apache-2.0 */
/* What verdicts, groups and findings look like as text. Pure: appends to a str. */
#ifndef CLOUDCTL_UI_FINDING_TEXT_H
#define CLOUDCTL_UI_FINDING_TEXT_H

#include <stdbool.h>

#include "base/event.h"
#include "ui/report.h"

struct str;

/* Text made visible, in the colour of a verdict when colour is on. */
void finding_text_paint(struct str *out, const char *text, enum verdict verdict, bool colour);

enum { FINDING_LINES = 12 };

enum finding_length {
	FINDING_SHORT, /* without its evidence */
	FINDING_BRIEF, /* with it */
	FINDING_WHOLE, /* with it, and whatever number of lines that is: the others take FINDING_LINES at most */
};

/*
 * A finding, indented, with a line break at the end:
 *
 *       FAIL    network.dns: DNS support is off
 *               needs: net:DescribeNetworks
 *               fix: net modify --dns on
 *               a line of evidence
 *
 * One that is ignored has the reason in the place of all that: "ignored: the mount is read-only". One that is UNKNOWN
 * for the very reason of another, same_as (a check id or NULL), says only that: "UNKNOWN network.dns: as network.exists".
 */
void finding_text(struct str *out, const struct event_finding *finding, const char *same_as, bool colour,
	enum finding_length length);

/* What the remedy is, as a heading: "Fix", "Look" or "Do". */
const char *finding_text_remedy(const struct event_finding *finding);

/* "1 failed, 1 unknown, 2 warnings, 3 passed, 1 skipped, 1 ignored"; what is zero is left out. */
void finding_text_counts(struct str *out, const size_t counts[VERDICTS], size_t ignored);

/* "network: PASSED (1 warning, 2 ignored)" and a line break. */
void finding_text_group(struct str *out, const struct report_group *group, bool colour);

#endif
