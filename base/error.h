/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Errors gather context outward and are printed once, by main.
 *
 * A struct error lives on the caller's stack, owns nothing and needs no release. The function that
 * detects a failure calls error_set(); each caller on the way out adds what it was doing with error_wrap(). Frames
 * are gerund phrases in lower case without a full stop: "reading the file a.yaml".
 */
#ifndef CLOUDCTL_BASE_ERROR_H
#define CLOUDCTL_BASE_ERROR_H

struct arena;
struct str;

enum error_kind {
	ERROR_NONE = 0,
	ERROR_USAGE,       /* the command line is wrong */
	ERROR_INPUT,       /* a file or record that was given to us is wrong */
	ERROR_CREDENTIALS, /* none found, or the service does not accept them */
	ERROR_DENIED,      /* the service knows the caller and refuses the action */
	ERROR_NOT_FOUND,   /* the thing asked about does not exist */
	ERROR_CONFLICT,    /* it already exists, or somebody else is changing it */
	ERROR_REJECTED,    /* the service refuses the request for any other reason */
	ERROR_THROTTLED,   /* still throttled after the last attempt */
	ERROR_NETWORK,     /* no reply */
	ERROR_PROTOCOL,    /* a reply that cannot be understood */
	ERROR_SERVICE,     /* the service failed (5xx) after the last attempt */
	ERROR_IO,          /* files and terminals */
	ERROR_FAILED,      /* the operation itself failed, e.g. a stack rolled back */
	ERROR_DECLINED,    /* the user said no, or could not be asked */
	ERROR_INTERRUPTED, /* a signal asked us to stop */
};

enum { ERROR_FRAMES = 8, ERROR_FRAME_SIZE = 400 };

struct error {
	enum error_kind kind;
	int http_status;     /* 0 when no reply came */
	char code[64];       /* the service's error code verbatim: "UnauthorizedOperation" */
	char action[80];     /* the permission to grant, as the service calls it; "" when unknown */
	char request_id[80]; /* "" when unknown */
	int depth;           /* frames used; further ones are dropped, the root cause never */
	char frame[ERROR_FRAMES][ERROR_FRAME_SIZE]; /* [0] is the root cause, then outward */
	char advice[ERROR_FRAME_SIZE]; /* what to do, a sentence that is told after the error; "": nothing */
};

/* Start a new error: kind and root cause. Clears what was in *e; cuts what is longer than a frame. Returns -1. */
int error_set(struct error *e, enum error_kind kind, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Add an outer frame to an error that is set. When all frames are used the outermost is replaced. Returns -1. */
int error_wrap(struct error *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What to do about an error that is set; callers on the way out keep it. */
void error_advise(struct error *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The first of several errors is kept: *first becomes *err unless it is set or first is NULL. */
void error_keep(struct error *first, const struct error *err);

/* Forget the error; for callers that handled it and go on. */
void error_clear(struct error *e);

/* Append "outer: inner: CODE: root: needs ACTION (request ID)", made visible; the action only for ERROR_DENIED. */
void error_format(const struct error *e, struct str *out);

/* The same as a string of its own, in arena. */
const char *error_text(struct arena *arena, const struct error *e);

/* The exit code (docs/commands.md, "Exit codes") for an error that reached main: 2, 4 or 5; ERROR_NONE gives 0. */
int error_exit_code(const struct error *e);

#endif
