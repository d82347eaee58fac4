/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The step engine: an operation on one cloud as a table of steps. It may be killed at any point and be run again. When it
 * fails or is interrupted, it undoes what it did or says what goes on without it. For each row, in the order of the table:
 *
 *     find      what is there of it?  Done: the next row.  Under way: only wait.
 *     prepare   look, plan, ask the user; nothing is changed yet
 *     (record)  the operation in the record: kind, step, token, undo, started; before anything is changed
 *     perform   change it
 *     (record)  what perform learned
 *     wait      until it is done
 *
 * After the last row the record is ready and names no operation, or it is removed. Each of these writes also says in the
 * record's history which steps were begun, and how the operation ended.
 *
 * A run that was killed left the record with its operation. The next run of the same table takes it up: find says what
 * is there already, and a row that the record names keeps its token, because whether that request arrived is not known.
 *
 * When a row fails:
 *
 *     it may be under way and has no undo          → the record stays; what goes on, how to come back and how to undo
 *                                                     it is told
 *     it has ended, failed and is stuck            → the record stays
 *     rows that were done have an undo             → they are undone, backwards, and the record is what it was before
 *     its request was refused, find finds nothing  → the record is what it was before; a new one stays when rows
 *                                                     before this one were done, and how to go on is told
 *     else                                         → the record stays as the row left it
 *
 * When all rows are done and the record cannot be written, they are undone if each of them can be; else the record keeps the
 * operation, and how to go on is told.
 */
#ifndef CLOUDCTL_PROVIDERS_STEPS_H
#define CLOUDCTL_PROVIDERS_STEPS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "providers/records/cloud.h"

struct run;

enum found {
	FOUND_NOTHING,   /* it is to be done */
	FOUND_UNDER_WAY, /* it was begun and has not ended: wait for it */
	FOUND_DONE,      /* there is nothing to do */
};

/*
 * One row. The functions get what the operation was given as self, change the cloud in memory and never write the
 * record. They return 0, or -1 with *err set; prepare and perform may also return an exit code above 0 with which the
 * command ends here, nothing of this row having been changed. NULL where there is nothing to do.
 */
struct step {
	const char *id;    /* how the record calls it: "create-stack"; never renamed */
	const char *doing; /* for messages: "creating the stack" */
	bool changes;      /* something outside of this program; recorded before it is performed */
	bool no_return; /* once it is recorded, nothing is undone any more: the operation is gone on with */

	/*
	 * Changes nothing. NULL: always to do. Called once before the row and again when its request was refused. Where
	 * the request that the record names has arrived after all, set operation.token to NULL: a token is for one request.
	 */
	int (*find)(void *self, enum found *found, struct error *err);

	/* May set operation.undo, from which undo can work when another process takes the operation up. */
	int (*prepare)(void *self, struct error *err);

	/*
	 * The token is in cloud->operation.token. ERROR_DENIED and ERROR_REJECTED mean that the request was refused, every
	 * other error that it may have arrived.
	 */
	int (*perform)(void *self, struct error *err);

	/* ERROR_FAILED means that it has ended and failed, every other error that it goes on. */
	int (*wait)(void *self, struct error *err);

	/*
	 * Asked after wait has ended with ERROR_FAILED: does another command have to go on with what is there now, so that
	 * nothing is undone and the record keeps the operation? NULL: no.
	 */
	bool (*stuck)(const void *self);

	/*
	 * Take back what perform changed, or what there is of it, and say so. Called after a signal, so not to be stopped by
	 * one; and, when an operation is taken up, for rows that an earlier run may have found done: goes by operation.undo
	 * and by what is there.
	 */
	int (*undo)(void *self, struct error *err);

	/* Is there something that undo would take back, by operation.undo and what is known? NULL: if the row was begun. */
	bool (*undoable)(const void *self);
};

enum steps_record {
	STEPS_MAKE_RECORD,   /* it begins with the operation, in state creating; undone, it is removed */
	STEPS_CHANGE_RECORD, /* of a cloud that is ready */
	STEPS_REMOVE_RECORD, /* it is in state deleting, and goes when all is done */
};

struct steps {
	const char *kind; /* of the record's operation, and the command that takes it up: "setup" */
	enum steps_record record;
	const struct step *rows;
	size_t count;
	const char *place; /* where what was begun goes on without us, for messages: "AWS" */
};

/* One run of a table, under the cloud's lock. */
struct operation {
	struct run *run;
	const struct steps *steps;
	void *self;          /* what the rows work with */
	struct cloud *cloud; /* the record; the rows change it, the engine writes it */
	const char *by;      /* who runs it, for the record's history; NULL: not known */
	bool recorded;       /* the record is in the registry; the engine keeps it up */

	/* The engine's own. */
	struct registry *registry;
	bool taken_up;       /* an earlier run of this table is gone on with */
	bool wrote;          /* the record was written */
	bool had_record;     /* it was there before */
	struct cloud before; /* what it was then */
	bool *ours;          /* rows that this operation began, in this run or in the one that is taken up */
};

/*
 * Run the table to its end. 0: everything is done. Above 0: the exit code of a row that ended the run. -1 with *err set:
 * the first failure; what became of the rest was told, and no way out is without it: interrupted, without an answer, or
 * because the record could not be written.
 */
int steps_run(struct operation *operation, struct error *err);

/*
 * Undo what an earlier run did whose operation is in the record: the step that is named there and those before it. The
 * record is what it was before, or removed. -1 with *err set: not everything could be undone; the record stays.
 */
int steps_undo(struct operation *operation, struct error *err);

#endif
