/* SPDX-License-Identifier: Apache-2.0 */
/* A run around others (base/event.h): a line a cloud, on stdout what did not pass, at the end a table of all. */
#ifndef CLOUDCTL_UI_LINES_PLAIN_ALL_H
#define CLOUDCTL_UI_LINES_PLAIN_ALL_H

#include "base/arena.h"
#include "base/str.h"
#include "ui/lines/plain.h"
#include "ui/report.h"

/* One cloud of the table. */
struct plain_all_row {
	struct plain_all_row *next;
	const char *name;
	enum verdict verdict;
	bool complete;
	size_t counts[VERDICTS];
	size_t ignored;
};

struct plain_all {
	FILE *results;
	struct plain_options options;
	struct arena *arena;   /* until the end */
	struct arena of_cloud; /* of the report */
	struct report report;
	struct plain_all_row *rows, **last;
	bool begun, in_cloud;
};

void plain_all_begin(struct plain_all *all, struct arena *arena, FILE *results, struct plain_options options);

/* True when the event was about one of many clouds; line, empty before, then holds what to print, or nothing. */
bool plain_all_event(struct plain_all *all, const struct event *event, struct str *line);

#endif
