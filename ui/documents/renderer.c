/* SPDX-License-Identifier: Apache-2.0 */
/* One sink that gathers a verify run, and the table of what can be written of it. */
#include "ui/documents/renderer.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/text.h"
#include "ui/documents/document.h"
#include "ui/documents/junit.h"
#include "ui/documents/markdown.h"
#include "ui/documents/sarif.h"
#include "ui/report.h"

static const struct renderer {
	const char *name;
	renderer_write *write;
	renderer_many_write *begin;
	renderer_many_add *add;
	renderer_many_write *end;
} renderers[] = {
	{"json", document_write_json, document_begin_json, document_add, document_end},
	{"yaml", document_write_yaml, document_begin_yaml, document_add, document_end},
	{"junit", junit_write, junit_begin, junit_add, junit_end},
	{"sarif", sarif_write, sarif_begin, sarif_add, sarif_end},
	{"markdown", markdown_write, markdown_begin, markdown_add, markdown_end},
};

struct renderer_sink {
	struct sink sink;
	const struct renderer *renderer;
	struct renderer_options options;
	struct arena arena; /* of the report */
	struct report report;
	struct renderer_many many;
	bool is_many;    /* between the ends of a run around others */
	bool collecting; /* within a run that judges one cloud */
};

static void begin_run(struct renderer_sink *r, const struct event_run *run)
{
	struct error err = {0};

	arena_free(&r->arena);
	report_begin(&r->report, run);
	if (run->began_ms > 0) /* a run that is shown again began when it did, not now */
		r->options.began_ms = run->began_ms;
	r->report.afterwards = r->is_many;
	r->collecting = run->judges && !run->outer;
	if (!run->outer)
		return;
	r->is_many = true;
	r->many = (struct renderer_many){.options = &r->options, .arena = r->many.arena};
	if (r->renderer->begin(&r->many, &err) < 0)
		error_keep(r->options.lost, &err);
}

static void end_run(struct renderer_sink *r, const struct event_end *end, int64_t at_ms)
{
	struct error err = {0};
	int status;

	if (r->collecting) {
		report_end(&r->report, end, at_ms);
		status = r->is_many ? r->renderer->add(&r->many, &r->report, &err)
				    : r->renderer->write(&r->report, &r->options, &err);
		r->many.clouds += r->is_many;
	} else {
		r->many.end = *end;
		r->many.end.caller = NULL; /* each cloud has its own */
		r->many.took_ms = at_ms;
		status = r->renderer->end(&r->many, &err);
		r->is_many = false;
	}
	r->collecting = false;
	if (status < 0)
		error_keep(r->options.lost, &err);
}

/* True when the event is in the document and need not be seen elsewhere. */
static bool take(struct renderer_sink *r, const struct event *event)
{
	if (event->kind == EVENT_RUN) {
		begin_run(r, &event->run);
		return r->is_many;
	}
	if (!r->collecting && !r->is_many)
		return false;
	if (event->kind == EVENT_END)
		end_run(r, &event->end, event->at_ms);
	else if (r->collecting && event->kind == EVENT_FINDING)
		report_finding(&r->report, &event->finding, event->at_ms);
	else if (r->collecting && event->kind == EVENT_GROUP)
		report_group(&r->report, &event->group, event->at_ms);
	else
		return false;
	return true;
}

static void renderer_emit(struct sink *self, const struct event *event)
{
	struct renderer_sink *r = (struct renderer_sink *)self;
	struct sink *next = r->options.next;

	if (r->collecting && event->kind == EVENT_STEP && event->step.level == STEP_ERROR)
		report_error(&r->report, event->step.text);
	if (!take(r, event) && next)
		next->emit(next, event);
}

struct sink *renderer_new(struct arena *arena, const char *name, const struct renderer_options *options)
{
	for (size_t i = 0; i < ARRAY_LENGTH(renderers); i++) {
		if (text_equal(name, renderers[i].name)) {
			struct renderer_sink *r = NEW(arena, struct renderer_sink);

			r->sink.emit = renderer_emit;
			r->renderer = &renderers[i];
			r->options = *options;
			r->report.arena = &r->arena;
			r->many.arena = arena;
			arena_defer_arena(arena, &r->arena);
			return &r->sink;
		}
	}
	return NULL;
}
