/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the screen shows, as state: events, keys and time come in; view.c makes a grid of it. Pure: the same events, keys
 * and times give the same model.
 *
 * Groups (of checks, or sections of resources) hold items (findings, or resources). A run may be followed by
 * another round of the same, of all groups or of some: what was known stays until it is decided again.
 */
#ifndef CLOUDCTL_UI_SCREEN_MODEL_H
#define CLOUDCTL_UI_SCREEN_MODEL_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/event.h"
#include "ui/screen/key.h"

enum { MODEL_ITEMS_MAX = 5000, MODEL_SEARCH_MAX = 64, MODEL_TYPED_MAX = 256 };

enum model_open {
	OPEN_BY_ITSELF, /* when something in it failed */
	OPEN_BY_USER,
	CLOSED_BY_USER,
};

struct model_item {
	struct model_item *next;
	struct model_group *group;
	bool is_finding;
	union {
		struct event_finding finding;
		struct event_resource resource;
	};
	int64_t since_ms;    /* a resource: when it came into this state */
	enum verdict before; /* a finding: in the round before; VERDICTS when there was none */
	int round;           /* in which it was decided */
};

struct model_group {
	struct model_group *next;
	const char *id;
	const char *name;
	const char *subject; /* what it is about, or NULL */
	bool of_resources;   /* its items are resources */
	enum resource_state state;
	enum verdict verdict;
	size_t counts[VERDICTS]; /* of findings; those that are ignored are not counted */
	size_t ignored;
	size_t required_skipped; /* findings of required checks (severity FAIL) that are SKIP */
	int64_t began_ms, took_ms;
	int round;
	enum model_open open;
	struct model_item *items, **end;
};

enum model_mode {
	MODE_LIST,
	MODE_DETAIL, /* one item fills the screen */
	MODE_HELP,
	MODE_SEARCH, /* the search is being typed */
	MODE_LEAVE,  /* what leaving means is being said */
	MODE_PLAN,   /* what the command is going to do fills the screen */
};

/* What a key asks the screen to do. */
enum model_request {
	REQUEST_NONE,
	REQUEST_QUIT,      /* the run is over: close */
	REQUEST_INTERRUPT, /* the run is not over: stop it */
	REQUEST_AGAIN,     /* run again: model.again, or everything when that is NULL */
	REQUEST_COPY,      /* model.copy to the clipboard */
	REQUEST_YES,       /* the question's answer */
	REQUEST_NO,
};

struct model {
	struct arena *arena; /* of this round; &arenas[round % 2] */
	struct arena arenas[2];
	struct event_run run;
	struct event_end end; /* zeros until the run has ended */
	bool ended;
	int round;      /* 1 for the first */
	size_t changed; /* findings whose verdict differs from the round before */
	int64_t now_ms, began_ms, took_ms;
	int64_t again_ms; /* when the next round begins by itself; 0: it does not */
	int calls, retries;
	struct model_group *groups;
	bool checking;         /* groups of checks have begun, and no resource since */
	size_t items, dropped; /* kept, and beyond MODEL_ITEMS_MAX */
	bool rolls_back;       /* resources are being undone */
	const char *cause;     /* the first failure of a resource; NULL */
	const char *step;      /* the last sentence; NULL */
	enum step_level step_level;
	const struct event_plan *plan; /* what the command is going to do; NULL: it has not said */
	const char *question;          /* being asked; NULL */
	const char *word;              /* what has to be typed to agree to it; NULL: y */
	const char *retry;             /* the operation that waits to be sent again; NULL */
	const char *retry_code;        /* or NULL: no reply came */
	int64_t retry_ms;              /* when it is sent */
	const char *failure;           /* why the command failed as a whole; NULL */
	const char *change;            /* what differed in the last round that differed; NULL */
	int64_t change_ms;             /* when that round ended */
	/* the user's */
	enum model_mode mode;
	struct model_group *group; /* chosen; NULL before there is one */
	struct model_item *item;   /* chosen; NULL: the group itself */
	bool chose;                /* the user chose: the choice no longer follows failures */
	bool failures_only;
	char search[MODEL_SEARCH_MAX];
	char typed[MODEL_TYPED_MAX]; /* of the word, so far */
	size_t scroll;               /* lines of the detail, the help or the plan that are above its window */
	const char *notice;          /* what the last key did or could not do; a literal; NULL */
	const char *copy;
	const struct model_group *again;
};

/* Nothing known. model_close() frees everything; the struct may be used again after another model_open(). */
void model_open(struct model *model);
void model_close(struct model *model);

/* Take an event; its strings are copied. Also sets the time. */
void model_event(struct model *model, const struct event *event);

/* Does it begin a round? Not while the same run is under way: then only more is known, such as the account. */
bool model_begins_round(const struct model *model, const struct event_run *run);

/* Time passes: milliseconds since the command began. */
void model_time(struct model *model, int64_t now_ms);

/* The command failed with this text, which is copied. */
void model_failed(struct model *model, const char *text);

/* Take a key. What the request needs is in the model until the next key. */
enum model_request model_key(struct model *model, struct key key);

/* Is something going on, so that time shows? */
bool model_moves(const struct model *model);

/* --- what view and keys share --- */

/* A line of the list. item NULL: the group itself. */
struct model_row {
	struct model_group *group;
	struct model_item *item;
};

/* The list's lines, with filter and search; returns their number, stores at most max. rows NULL: only counts. */
size_t model_rows(const struct model *model, struct model_row *rows, size_t max);

/* The place of the chosen line among these; 0 when it is not there. */
size_t model_chosen(const struct model *model, const struct model_row *rows, size_t count);

bool model_is_open(const struct model *model, const struct model_group *group);
bool model_is_filtered(const struct model *model);              /* by a search, or to failures */
enum verdict model_item_verdict(const struct model_item *item); /* of a resource: FAIL or PASS */
bool model_is_failure(const struct model_item *item);           /* FAIL or UNKNOWN, and not ignored */
bool model_is_changed(const struct model *model, const struct model_item *item);

/* What to do about it: the remedy, or "allow ACTION"; NULL where nothing is to be done. In the model's arena. */
const char *model_remedy(struct model *model, const struct model_item *item);
bool model_has_remedy(const struct model_item *item);

/* How far the resources are. */
struct model_tally {
	size_t all;      /* known, also those that still wait for their turn */
	size_t begun;    /* of these, those that do not wait */
	size_t finished; /* created; or removed, or kept */
	size_t undone;
	size_t busy;
};

/* Of one group, or NULL: of all. */
struct model_tally model_tally(const struct model *model, const struct model_group *group);

/* How long the resources will usually still take, by what each takes and waits for. 0: not known, or *overdue. */
int64_t model_left_ms(const struct model *model, bool *overdue);

/* What a resource usually takes for what it does now, or did last; 0: not known. */
int64_t model_typical_ms(const struct model_item *item);

/* Is it being removed, or was it? */
bool model_is_removal(const struct model_item *item);

/* Are the resources being removed, on purpose or because one failed? */
bool model_removes(const struct model *model);

#endif
