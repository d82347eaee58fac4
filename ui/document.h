/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `verify --output json|yaml`: the events of the run, gathered into one document that is written when it
 * ends.
 *
 * The document's shape is docs/verify.schema.json, named in its "schema" member ("cloudctl.verify/1"); the
 * test suite validates what is written here against it. Members are added without a new number; a change that
 * breaks a reader gets a new one.
 */
#ifndef CLOUDCTL_UI_DOCUMENT_H
#define CLOUDCTL_UI_DOCUMENT_H

#include <stdio.h>

#include "base/error.h"
#include "base/event.h"
#include "ui/output.h"

struct arena;

/*
 * A sink that writes the document to results at the EVENT_END of a run whose command is "verify". Its steps,
 * calls, retries and questions go on to next, so that warnings are seen; its resources and findings do not,
 * for they are in the document. The events of any other command all go on to next: its document is the
 * command's own business.
 *
 * format is OUTPUT_JSON or OUTPUT_YAML. next may be NULL. *lost receives the failure to write; or NULL. The
 * sink lives as long as the arena; results and next stay the caller's.
 */
struct sink *document_new(struct arena *arena, FILE *results, enum output_format format, struct sink *next,
	struct error *lost);

#endif
