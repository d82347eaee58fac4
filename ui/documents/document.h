/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `verify --output json|yaml`: the events of the run, gathered into one document that is written when it ends.
 *
 * The document's shape is docs/verify.schema.json, named in its "schema" member ("cloudctl.verify/1"); the test suite
 * validates what is written here against it. Members are added without a new number; a change that breaks a reader gets
 * a new one.
 */
#ifndef CLOUDCTL_UI_DOCUMENTS_DOCUMENT_H
#define CLOUDCTL_UI_DOCUMENTS_DOCUMENT_H

#include "base/error.h"
#include "base/event.h"
#include "ui/documents/renderer.h"
#include "ui/output.h"

struct arena;

renderer_write document_write_json, document_write_yaml;

/*
 * The document about many clouds, docs/verify-all.schema.json ("cloudctl.verify-all/1"): what the documents about each
 * would say, in a list, and the whole's verdict, numbers and exit code after it.
 */
renderer_many_write document_begin_json, document_begin_yaml, document_end;
renderer_many_add document_add;

/* A JSON string, the caller's reference; null for NULL. What is not UTF-8 is made visible (str_put_visible()). */
json_t *document_string(struct arena *arena, const char *text);

#endif
