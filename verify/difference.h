/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two verifications of the same table compared: a cloud as it is, and as it is going to be. What fails now as it failed
 * before is no reason against a change; what fails only now is.
 */
#ifndef CLOUDCTL_VERIFY_DIFFERENCE_H
#define CLOUDCTL_VERIFY_DIFFERENCE_H

#include "base/error.h"
#include "verify/verification.h"

struct arena;

enum change {
	CHANGE_NONE,   /* both are the same, or both pass */
	CHANGE_MENDED, /* less is wrong than before, or nothing */
	CHANGE_NEW,    /* more is wrong than before, or less is known */
};

/* One check in both verifications. A finding that is ignored counts as one that passes. */
struct compared {
	const struct finding *before, *after; /* NULL: the check does not apply there; never both */
	enum verdict was, is;                 /* PASS where it does not apply */
	enum change change;
};

struct difference {
	struct compared *items; /* every check of either that does not pass in both; in the table's order */
	size_t count;
	size_t new_failures;
	size_t new_unknowns; /* UNKNOWN or SKIP that were neither before */
};

/*
 * Verify two clouds at the same time, both of before's source, and ask once what both want to know. As verify_run() for
 * each; the facts of both have one arena.
 */
int difference_verify(const struct verify_input *before, struct verification *was,
	const struct verify_input *after, struct verification *is, struct error *err);

/*
 * A check that fails in both fails anew when it names a resource that before has as well and that did not fail there, or
 * more resources than before. Everything is in arena.
 */
struct difference difference_make(struct arena *arena, const struct verification *before,
	const struct verification *after);

/* "disk.size: FAIL before, PASS with the change: …", "disk.size: FAIL: …" when it is as before; in arena. */
const char *compared_line(struct arena *arena, const struct compared *row);

#endif
