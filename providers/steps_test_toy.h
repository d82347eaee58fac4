/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A toy for the tests of the step engine: a house of ground and walls, tables of steps that build it, and a registry in a
 * folder for each test. Each function of a row passes a named point, where the process may be killed or the function
 * fail.
 */
#ifndef CLOUDCTL_PROVIDERS_STEPS_TEST_TOY_H
#define CLOUDCTL_PROVIDERS_STEPS_TEST_TOY_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/event.h"
#include "base/world.h"
#include "providers/records/registry.h"
#include "providers/run.h"
#include "providers/steps.h"

enum { POINTS_MAX = 32 };

enum part { MISSING, BEGUN, MADE };

struct house {
	enum part ground, walls;
	int grounds_made, walls_begun;
	const char *walls_token; /* of the request that began them */
};

struct toy {
	struct run run; /* first: the run's functions get it */
	struct world world;
	struct sink sink;
	struct event_stream stream;
	struct arena arena;
	struct registry registry;
	const char *folder; /* of the registry */
	struct cloud cloud;
	struct error err;
	unsigned random;

	struct house house;
	const char *points[POINTS_MAX]; /* that the run passed */
	size_t count;
	size_t kill_at; /* the number of a point, 0: none */
	jmp_buf killed;
	const char *fail_at, *also_fail_at; /* names of points */
	enum error_kind fails;
	const char *spoil_at; /* a point from which on the record cannot be written: somebody else has */
	int stop_code;        /* of "ask for walls" */
	bool stuck;           /* walls that failed have to be gone on with */
	bool rooted;          /* there is nothing of the ground to be undone */
	int left;             /* how often it was told what goes on */
	const char *told;     /* the last error told */
	const char *note;     /* the last note */
};

/* The points of a run that nothing stops. */
enum { TOY_POINTS = 9 };
extern const char *const toy_points[TOY_POINTS];

/*
 * Tables: all of the house, with an undo for everything; with walls that go on by themselves once they are begun; the
 * first for a cloud that is there, and the second, with walls that may be stuck; walls alone, without undo; the same to delete a cloud; for a cloud that is there, with
 * walls after which there is no way back; and one that looks and changes nothing but the record.
 */
extern const struct steps toy_undoable, toy_build, toy_extend, toy_change, toy_walls, toy_delete, toy_move,
	toy_note, toy_clear_away;

/* For cmocka. */
int toy_set_up(void **state);
int toy_tear_down(void **state);

/* The record in the registry; false: there is none. */
bool toy_load(struct toy *toy, struct cloud *cloud);

/* What another process would begin with: the same house, and the cloud as it is in the registry. */
struct operation toy_begin(struct toy *toy, const struct steps *steps);

/* steps_run() of that; err is toy->err. */
int toy_run(struct toy *toy, const struct steps *steps);

/* The same, killed at this point, which it must reach. */
void toy_run_killed(struct toy *toy, const struct steps *steps, size_t at);

/* Nothing is left of an earlier case: no house, no record. */
void toy_clear(struct toy *toy);

/* The record of a cloud that is ready. */
void toy_make_ready(struct toy *toy);

#endif
