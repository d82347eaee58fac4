/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The renderers that write one document when a verify run ends: a table of names and functions over one sink.
 *
 * Adding one is a row in renderer.c, its name in RENDERER_NAMES, and a function that writes a report. Such a
 * function does nothing but write: the same report and options give the same bytes.
 */
#ifndef CLOUDCTL_UI_DOCUMENTS_RENDERER_H
#define CLOUDCTL_UI_DOCUMENTS_RENDERER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/error.h"
#include "base/event.h"
#include "base/str.h"
#include "ui/output.h"

struct arena;
struct report;

/* For help and for reading the option; in the order of the table. */
#define RENDERER_NAMES "json|yaml|junit|sarif|markdown"

struct renderer_options {
	FILE *results;      /* where the document goes; the caller's, must outlive the sink */
	struct sink *next;  /* what is in no document goes on to it: see renderer_new(); or NULL */
	struct error *lost; /* receives the failure to write; or NULL */
	bool strict;        /* a warning counts like a failure: what --strict says */
	int64_t began_ms;   /* when the command began, in milliseconds since 1970 */
};

/*
 * A sink that writes the document called name ("junit") to results at the EVENT_END of a run that judges. The run's
 * steps, calls, retries and questions go on to next, so that warnings are seen; its groups and findings do not, for they
 * are in the document. The events of other runs all go on to next: a document is those commands' own business.
 *
 * A run around others gives one document about the clouds within (base/event.h): each cloud's part is written when it
 * ends, so that memory does not grow with their number.
 *
 * NULL when there is no renderer of that name; "text" is none of these. The sink lives as long as the arena.
 */
struct sink *renderer_new(struct arena *arena, const char *name, const struct renderer_options *options);

/*
 * A row's function (ui/documents/document.h, junit.h, sarif.h, markdown.h): write the report of a run that has ended, whole, to
 * options->results. -1 with ERROR_IO when it was not all written.
 */
typedef int renderer_write(const struct report *report, const struct renderer_options *options,
	struct error *err);

/* A document about many clouds under way. */
struct renderer_many {
	const struct renderer_options *options;
	/* what lives until the end; what is about one cloud belongs to its report's arena */
	struct arena *arena;
	struct output_list list;   /* of those who write one */
	struct str rows, sections; /* of Markdown, which has its summary first */
	size_t clouds;             /* that were added */
	size_t left_out;
	struct event_end end; /* of the whole; for renderer_many_end */
	int64_t took_ms;
};

/* For many clouds: before the first, for each (its report goes then), after the last. Errors as of renderer_write. */
typedef int renderer_many_write(struct renderer_many *many, struct error *err);
typedef int renderer_many_add(struct renderer_many *many, const struct report *report, struct error *err);

#endif
