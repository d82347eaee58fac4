/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The event stream: what every long command says about itself, and all that a renderer knows.
 *
 * Events are plain data. Strings and arrays in an event are borrowed: valid during emit() only; a sink that keeps them
 * copies them. Strings may be NULL where the comment says "or NULL". emit() must not fail, block or call back.
 */
#ifndef CLOUDCTL_BASE_EVENT_H
#define CLOUDCTL_BASE_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum verdict { /* ordered: the worst of several is not simply the largest, see verdict_worst() */
	VERDICT_PASS,
	VERDICT_WARN,
	VERDICT_FAIL,
	VERDICT_UNKNOWN,
	VERDICT_SKIP,
	VERDICTS,
};

/* What the remedy of a finding is; says how it is labelled. */
enum remedy_kind {
	REMEDY_FIX,  /* commands that mend what was found, to be pasted as they are */
	REMEDY_LOOK, /* a command that changes nothing and shows what to decide by */
	REMEDY_DO,   /* what only a person can decide or do, in words */
};

enum event_kind {
	EVENT_RUN,      /* a command begins; again before its end when more is known of it */
	EVENT_CALL,     /* a call of the provider ended */
	EVENT_RETRY,    /* a call waits before it is tried again */
	EVENT_GROUP,    /* a group of checks begins or ends */
	EVENT_RESOURCE, /* something that is created or removed changed its state */
	EVENT_STEP,     /* a sentence about progress */
	EVENT_FINDING,  /* a check was decided */
	EVENT_PLAN,     /* what the command is going to do, before the user is asked */
	EVENT_QUESTION, /* the user is asked, or was answered */
	EVENT_END,      /* the command is over: counts and exit code */
};

enum step_level {
	STEP_PROGRESS, /* "Verifying network ..." */
	STEP_NOTE,     /* worth knowing; shown even where progress is not */
	STEP_WARNING,
	STEP_ERROR, /* the cause of a failure, before the command's own error */
};

enum resource_state {
	RESOURCE_WAITING,
	RESOURCE_WORKING,
	RESOURCE_DONE,
	RESOURCE_FAILED,
	RESOURCE_UNDOING, /* being removed because something else failed */
	RESOURCE_UNDONE,
	RESOURCE_KEPT, /* left in place on purpose */
};

/* What a run does to the cloud; so, whether it matters to stop it in the middle. */
enum run_effect {
	EFFECT_UNKNOWN, /* it may change anything */
	EFFECT_NONE,
	EFFECT_CREATES,
	EFFECT_REMOVES,
	EFFECT_CHANGES,
};

/* Is it being worked on? */
bool resource_is_busy(enum resource_state state);

struct event_run {
	const char *command;  /* "verify" */
	const char *cloud;    /* its name; or NULL */
	const char *cloud_id; /* or NULL */
	const char *region;   /* or NULL */
	const char *account;  /* or NULL */
	const char *provider; /* for people, who answers the calls; or NULL */
	enum run_effect effect;
	bool judges; /* it only judges: its findings are its result, and it can be run again */
	/* A run around others: each has its own EVENT_RUN … EVENT_END within it, not mixed with another's. */
	bool outer;
	const char *leaving; /* what it means to leave while it runs, in sentences; or NULL */
	int64_t began_ms;    /* when the command began, in milliseconds since 1970; 0: not known */
};

struct event_call {
	const char *operation;  /* "SERVICE:OPERATION" */
	const char *request_id; /* or NULL */
	const char *code;       /* the provider's error code or NULL */
	int status;             /* HTTP status, 0 when no reply came */
	int attempt;            /* 1 for the first */
	int64_t took_ms;
	int64_t wait_ms; /* EVENT_RETRY: until the next attempt */
};

/* What a group or a finding is about. */
struct event_about {
	const char *kind; /* "disk"; a word of the provider's that is never renamed */
	const char *id;
};

struct event_group {
	const char *id;                      /* "network" */
	const char *name;                    /* for people; or NULL */
	const char *subject;                 /* what it is about, "net-1" or "['net-1', 'net-2']"; or NULL */
	enum resource_state state;           /* WORKING; then DONE, or FAILED when a check failed */
	enum verdict verdict;                /* of a group that is DONE or FAILED */
	int64_t elapsed_ms;                  /* since it began; 0 when not known */
	const struct event_about *resources; /* the same as subject, one by one */
	size_t resource_count;
};

enum { RESOURCE_LEVELS = 16 };

struct event_resource {
	const char *id;          /* within the run: "InternetGateway" */
	const char *name;        /* for people, "Internet gateway"; or NULL */
	const char *type;        /* the provider's word for what it is; never NULL */
	const char *physical_id; /* what the provider calls it, or NULL while unknown */
	const char *status;      /* the provider's own word for the state, or NULL */
	const char *reason;      /* why it failed, or NULL */
	const char *section;     /* what it is for, in a word: "Network"; or NULL */
	/* 0 to RESOURCE_LEVELS - 1: created after those of lower levels that it needs, removed before them. */
	int level;
	int64_t create_ms, remove_ms; /* what that usually takes; 0 when not known */
	enum resource_state state;
	bool removing;        /* it is being removed, was, or waits for that */
	enum verdict verdict; /* FAIL when it failed, else PASS */
	int64_t elapsed_ms;   /* since it began; 0 when not known */
};

struct event_step {
	enum step_level level;
	const char *text;
};

/* Checks before anything is changed; once the command goes on, they are not part of its result. */
#define EVENT_GROUP_PREFLIGHT "preflight"

struct event_finding {
	const char *check; /* "network.dns" */
	const char *group; /* "network" */
	enum verdict verdict;
	enum verdict severity;       /* the worst this check can say: FAIL or WARN */
	const char *holds;           /* what must hold */
	const char *text;            /* what was found */
	const char *why;             /* why it matters */
	const char *remedy;          /* what to do; NULL when nothing is to be done */
	const char *requirement;     /* what is checked: a page of the project and its anchor; or NULL */
	const char *reference;       /* URL of the page that the requirement comes from; or NULL */
	const char *action;          /* UNKNOWN: the permission to grant, or NULL */
	const char *const *evidence; /* lines: ids, rules, statements */
	size_t evidence_count;
	/* what does not hold what must hold, or could not be judged; of a finding that passes, what it looked at */
	const struct event_about *resources;
	size_t resource_count;
	/* Why the user ignores it, or NULL; it then counts in no verdict and not in EVENT_END. Never set on PASS. */
	const char *ignored;
	enum remedy_kind remedy_kind; /* what the remedy is, when there is one */
};

/* One thing that is agreed to. Lines of one topic follow each other. */
struct event_plan_line {
	const char *topic; /* a word or two, "Opens" */
	const char *text;
};

struct event_plan {
	const char *title; /* what is about to happen, and where */
	const struct event_plan_line *lines;
	size_t line_count;
};

struct event_question {
	const char *text;
	const char *word;   /* what has to be typed to agree; NULL: "y" or "yes" will do */
	const char *answer; /* NULL while asking; then "yes" or "no" */
};

struct event_end {
	int exit_code;
	bool judged;          /* everything was decided, so that the exit code is the verdict's */
	enum verdict verdict; /* overall; VERDICT_SKIP when the command judges nothing */
	size_t counts[VERDICTS];
	int calls; /* requests sent, retries included */
	int retries;
	const char *caller; /* who asked, by the provider's name for them; or NULL */
};

struct event {
	enum event_kind kind;
	int64_t at_ms; /* since the command began */
	union {
		struct event_run run;
		struct event_call call; /* EVENT_CALL and EVENT_RETRY */
		struct event_group group;
		struct event_resource resource;
		struct event_step step;
		struct event_finding finding;
		struct event_plan plan;
		struct event_question question;
		struct event_end end;
	};
};

/* Where events go. A sink may be shared by several emitters of one thread. */
struct sink {
	void (*emit)(struct sink *self, const struct event *event);
};

/* What emitters hold: sets at_ms and hands events on to sink; NULL drops everything. */
struct world;
struct event_stream {
	struct sink *sink;
	struct world *world;
	int64_t began_ms; /* steady clock */
	int calls;        /* counted here for EVENT_END */
	int retries;
};

void event_begin(struct event_stream *stream, struct sink *sink, struct world *world);
void event_emit(struct event_stream *stream, struct event *event); /* sets event->at_ms */
void event_step(struct event_stream *stream, enum step_level level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* "fix", "look", "do", and NULL. */
extern const char *const remedy_kind_names[];

/* "PASS", "WARN", "FAIL", "UNKNOWN", "SKIP", and NULL. */
extern const char *const verdict_names[];
const char *verdict_name(enum verdict verdict);

/* The verdict of a whole: FAIL over UNKNOWN over WARN over PASS; SKIP counts only when there is nothing else. */
enum verdict verdict_worst(enum verdict a, enum verdict b);

/*
 * The verdict of a group of checks, from the numbers of its findings that count: the worst, but SKIP in place of PASS and
 * WARN where required checks (severity FAIL) were skipped, for nobody knows whether these hold. Of a whole run any that was
 * skipped counts so.
 */
enum verdict verdict_of_group(const size_t counts[VERDICTS], size_t required_skipped);

/*
 * From the findings that count: any FAIL → 1, any WARN if strict → 1, any UNKNOWN or SKIP → 3, else 0 (docs/commands.md). A
 * check is skipped because something else failed: where that was not looked at, or is ignored, nobody knows what holds.
 */
int verdict_exit_code(const size_t counts[VERDICTS], bool strict);

#endif
