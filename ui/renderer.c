/* SPDX-License-Identifier: Apache-2.0 */
/* One sink that gathers a verify run, and the table of what can be written of it. */
#include "ui/renderer.h"

#include "base/arena.h"
#include "base/text.h"
#include "ui/document.h"
#include "ui/junit.h"
#include "ui/markdown.h"
#include "ui/report.h"
#include "ui/sarif.h"

static const struct renderer {
	const char *name;
	renderer_write *write;
} renderers[] = {
	{"json", document_write_json},
	{"yaml", document_write_yaml},
	{"junit", junit_write},
	{"sarif", sarif_write},
	{"markdown", markdown_write},
};

struct renderer_sink {
	struct sink sink;
	renderer_write *write;
	struct renderer_options options;
	struct report report;
	bool collecting;
};

static void write_report(struct renderer_sink *r)
{
	struct error *lost = r->options.lost;
	struct error err = {0};

	if (r->write(&r->report, &r->options, &err) < 0 && lost && lost->kind == ERROR_NONE)
		*lost = err;
}

/* True when the event is in the document and need not be seen elsewhere. */
static bool take(struct renderer_sink *r, const struct event *event)
{
	if (event->kind == EVENT_RUN) {
		r->collecting = text_equal(event->run.command, "verify");
		report_begin(&r->report, &event->run);
	}
	if (!r->collecting)
		return false;
	if (event->kind == EVENT_FINDING) {
		report_finding(&r->report, &event->finding, event->at_ms);
	} else if (event->kind == EVENT_RESOURCE && !event->resource.type) {
		report_resource(&r->report, &event->resource, event->at_ms);
	} else if (event->kind == EVENT_END) {
		report_end(&r->report, &event->end, event->at_ms);
		write_report(r);
	} else {
		return false;
	}
	return true;
}

static void renderer_emit(struct sink *self, const struct event *event)
{
	struct renderer_sink *r = (struct renderer_sink *)self;
	struct sink *next = r->options.next;

	if (!take(r, event) && next)
		next->emit(next, event);
}

struct sink *renderer_new(struct arena *arena, const char *name, const struct renderer_options *options)
{
	for (size_t i = 0; i < sizeof(renderers) / sizeof(renderers[0]); i++) {
		if (text_equal(name, renderers[i].name)) {
			struct renderer_sink *r = NEW(arena, struct renderer_sink);

			r->sink.emit = renderer_emit;
			r->write = renderers[i].write;
			r->options = *options;
			r->report.arena = arena;
			return &r->sink;
		}
	}
	return NULL;
}
