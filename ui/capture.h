/* SPDX-License-Identifier: Apache-2.0 */
/* For tests: two streams in memory, and the events that more than one test emits. */
#ifndef CLOUDCTL_UI_CAPTURE_H
#define CLOUDCTL_UI_CAPTURE_H

#include <stdio.h>

#include "base/arena.h"
#include "base/event.h"

struct capture {
	struct arena arena;
	FILE *results;
	FILE *progress;
	char *results_text;
	char *progress_text;
	size_t results_size;
	size_t progress_size;
	size_t results_taken; /* bytes that capture_results() has given out */
	size_t progress_taken;
	struct sink *sink; /* the test's */
};

void capture_open(struct capture *capture);

/* Everything is freed; the texts are gone. */
void capture_close(struct capture *capture);

/* What was written since the last time; belongs to the arena. */
const char *capture_results(struct capture *capture);
const char *capture_progress(struct capture *capture);

/* One event into capture->sink. */
void capture_emit(struct capture *capture, struct event event);

/*
 * A verify run of 'prod': a VPC that passes with a warning, subnets that fail, a route table that may not be
 * seen, a stack that is skipped.
 */
void capture_verify(struct capture *capture);

/* A run whose only failure and only unknown are ignored, each with its reason: the verdict is WARN. */
void capture_ignored(struct capture *capture);

/*
 * A run whose every text is made to break out of the format it is written in; the checks' ids are as ids must
 * be. Every second finding's texts are UTF-8, the others not even that.
 */
void capture_hostile(struct capture *capture);

/* A run that was broken off with exit code 4 after one check had passed, its caller claiming PASS. */
void capture_broken_off(struct capture *capture);

/* A run about several clouds: those of capture_verify(), _ignored(), _hostile() and _broken_off(). */
void capture_many(struct capture *capture);

/* A run that found nothing to check. */
void capture_empty(struct capture *capture);

#endif
