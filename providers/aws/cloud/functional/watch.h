/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A running instance as the source of facts (verify/source.h): the engine asks for probes, and each is answered as soon as
 * the instance has reported it. The report is an object of the bucket; where none arrives, the serial console is read.
 *
 * An instance that ends, or says nothing until the limit, leaves what it has not reported unanswered: a lost fact with the
 * reason. One that ended without a word did not boot, which is an answer.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_FUNCTIONAL_WATCH_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_FUNCTIONAL_WATCH_H

#include "providers/aws/cloud/functional/probes.h"

struct arena;
struct aws;
struct event_stream;
struct source;
struct world;

/* Borrowed as long as the source. */
struct watched {
	struct aws *caller;       /* reads the report and the console */
	struct aws *launcher;     /* describes the instance */
	const char *run;          /* id of the run */
	const char *instance;     /* id */
	const char *bucket, *key; /* where the report will be */
	enum probe last;          /* that it comes to */
	int limit_ms;             /* from now on */
};

/* Belongs to arena, as the calls and replies do. Polls every second; its step() turns the loop of both sessions. */
struct source *watch_source(struct arena *arena, struct world *world, struct event_stream *stream,
	const struct watched *watched);

#endif
