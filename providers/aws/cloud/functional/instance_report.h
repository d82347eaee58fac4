/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an instance reports, parsed. It is foreign data: whoever can write the bucket, or runs on the instance, may have
 * written it. So it is bounded, strict, and about one run alone.
 *
 *     {"run": "run-…", "steps": [{"id": "boot", "state": "ok", "at": 41, "detail": "i-1 is up"}, …]}
 *
 * The same as lines of the serial console, among lines of others:
 *
 *     CLOUDCTL-run-… 41 boot ok i-1 is up
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_FUNCTIONAL_INSTANCE_REPORT_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_FUNCTIONAL_INSTANCE_REPORT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "providers/aws/cloud/functional/probes.h"

struct arena;

enum { REPORT_BYTES_MAX = 64 << 10, REPORT_DETAIL_MAX = 300, REPORT_SECONDS_MAX = 24 * 3600 };

enum probe_state {
	PROBE_PENDING, /* not reported */
	PROBE_OK,
	PROBE_FAILED,
	PROBE_UNKNOWN, /* the instance could not tell; the detail says why */
};

struct probe_report {
	enum probe_state state;
	int at_s;           /* seconds since the script began */
	const char *detail; /* printable ASCII; in the arena */
};

struct instance_report {
	struct probe_report probes[PROBE_COUNT];
	size_t count; /* of probes that are not pending */
	bool ended;   /* the last step was reached */
};

/* Parse a document. ERROR_PROTOCOL, saying what is wrong: *report is then untouched. */
int report_parse(struct arena *arena, const char *text, size_t length, const char *run,
	struct instance_report *report, struct error *err);

/* Take in what a console's text says of the run; lines that are not whole or not of this form are passed over. */
void report_read_console(struct arena *arena, const char *text, const char *run,
	struct instance_report *report);

#endif
