/* SPDX-License-Identifier: Apache-2.0 */
/* The insides of calls, shared by the engine's own files only. Everybody else sees aws.h. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLIENT_CALL_H
#define CLOUDCTL_PROVIDERS_AWS_CLIENT_CALL_H

#include <jansson.h>

#include "base/arena.h"
#include "providers/aws/client/session.h"
#include "providers/net/transport.h"

enum {
	CALLS_FLYING_MAX = 32,
	CALL_BODY_MAX = 8 << 20,   /* bytes of one reply */
	CALL_TOTAL_MAX = 64 << 20, /* bytes of all pages of a call */
	CALL_HEADERS_MAX = 64 << 10,
	CALL_PAGES_MAX = 1000,
};

enum call_state { CALL_QUEUED, CALL_FLYING, CALL_WAITING, CALL_DONE };

struct call {
	struct call *next;
	struct aws *aws;     /* NULL when the session ended before the call */
	struct arena *arena; /* the caller's */
	const struct aws_operation *operation;
	json_t *input; /* never changed */
	enum call_state state;
	int attempt; /* of the page in hand, 1 for the first */
	int cost;    /* of the last retry, 0 when there was none */
	int64_t wake_ms;
	int64_t began_ms;
	int propagation_waits; /* how often it was repeated because what it is about may not be known yet */
	bool skew_corrected;
	bool renewed;              /* credentials were looked for again because AWS called them expired */
	int generation;            /* of the credentials that the attempt in hand was signed with */
	const char *bucket_region; /* S3 said that the bucket is there; NULL: the session's region */
	bool region_corrected;     /* by this call */
	const char *page;          /* token of the page in hand, NULL for the first */
	bool one_page;             /* page alone is wanted */
	const char *next_page; /* one_page and done: token of the page after it, NULL when it was the last */
	int pages;
	size_t received;
	struct arena scratch; /* one attempt's request and reply; wiped between attempts */
	struct exchange exchange;
	json_t *reply;
	struct error error;
};

/* Build, sign and start an attempt; a failure to do so ends the call. */
void call_launch(struct call *call);

/* The exchange of a FLYING call is done: the call is DONE, WAITING or QUEUED now. */
void call_end_attempt(struct call *call);

/* The call is over: it leaves the session's list and keeps its error. */
void call_finish(struct call *call);

/* Give up a call that is not DONE. */
void call_abandon(struct call *call, enum error_kind kind, const char *why);

/*
 * Take in one page: the first becomes the reply, the lists of later ones are appended. page's reference is taken over.
 * Returns the token of the next page (in the call's arena), NULL when this was the last, or NULL with *err set.
 */
const char *call_add_page(struct call *call, json_t *page, struct error *err);

/* Can this refusal mean "not propagated yet"? Then it counts as one more wait, and *wait_ms says how long. */
bool call_awaits_propagation(struct call *call, const struct error *error, int64_t *wait_ms);

#endif
