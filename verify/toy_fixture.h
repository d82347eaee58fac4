/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For tests: one verification of a toy cloud (toy_table.h), what answers it and what it says.
 *
 *     toy_open(&fixture);
 *     toy_answer_well(&fixture);
 *     assert_int_equal(toy_run(&fixture), 0);
 *     toy_assert_said(&fixture, lines);
 *     arena_free(&fixture.arena);
 */
#ifndef CLOUDCTL_VERIFY_TOY_FIXTURE_H
#define CLOUDCTL_VERIFY_TOY_FIXTURE_H

#include "base/arena.h"
#include "base/world.h"
#include "verify/fake_source.h"
#include "verify/toy_table.h"
#include "verify/verification.h"

enum { TOY_LINES = 64 };

/* What the engine says, a line an event, and the resources of each: "mount m-1, mount m-2". */
struct toy_recorder {
	struct sink sink; /* first: the table is the object */
	struct arena *arena;
	const char *lines[TOY_LINES], *about[TOY_LINES];
	size_t count;
};

struct toy_fixture {
	struct arena arena;
	struct toy_cloud cloud;
	struct fake_source fake;
	struct world world; /* each look at a clock is a millisecond later */
	struct toy_recorder recorder;
	struct event_stream stream;
	struct verify_options options;
	struct verification result;
	struct error err;
};

/* A shared cloud with the disk "disks/d-1" and the mounts m-1 and m-2; nothing answers. */
void toy_open(struct toy_fixture *fixture);

const struct cloud *toy_cloud_of(const struct toy_fixture *fixture);

/* JSON from text, in the fixture's arena. */
const json_t *toy_reply(struct toy_fixture *fixture, const char *text);

/* What a good cloud answers; rows added before go first. */
void toy_answer_well(struct toy_fixture *fixture);

/* verify_run() with the fixture's options into its result and err; what was said before is forgotten. */
int toy_run_on(struct toy_fixture *fixture, struct source *source, struct facts *facts);

/* The same on its source, with no fact known. */
int toy_run(struct toy_fixture *fixture);

/* The events are these lines; the last is NULL. */
void toy_assert_said(const struct toy_fixture *fixture, const char *const *lines);

#endif
