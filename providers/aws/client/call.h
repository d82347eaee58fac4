/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The engine's insides, shared by its own files only: session, call, and what happens between them. The face
 * is aws.h.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLIENT_CALL_H
#define CLOUDCTL_PROVIDERS_AWS_CLIENT_CALL_H

#include <jansson.h>

#include "base/arena.h"
#include "providers/aws/client/aws.h"
#include "providers/aws/client/endpoint.h"
#include "providers/aws/client/fault.h"
#include "providers/aws/client/retry.h"
#include "providers/aws/credentials/credentials.h"
#include "providers/aws/credentials/profile.h"
#include "providers/net/transport.h"

enum {
	CALLS_FLYING_MAX = 32,
	CALL_BODY_MAX = 8 << 20,   /* bytes of one reply */
	CALL_TOTAL_MAX = 64 << 20, /* bytes of all pages of a call */
	CALL_HEADERS_MAX = 64 << 10,
	CALL_PAGES_MAX = 1000,
};

enum call_state { CALL_QUEUED, CALL_FLYING, CALL_WAITING, CALL_DONE };

/* What is known of AWS's clock. */
struct aws_clock {
	int64_t skew_ms; /* AWS's minus ours, once AWS has complained */
	bool told;
};

/* Where a bucket is, as S3 has said. */
struct bucket {
	struct bucket *next;
	const char *name, *region;
};

/* What sessions of all regions share. */
struct aws_session {
	struct arena *arena;
	struct world *world;
	struct transport *transport;
	struct event_stream *stream; /* or NULL */
	struct profiles profiles;
	const char *profile;
	bool profile_explicit;
	struct aws *home; /* the session that was opened; its region is asked for credentials */
	struct aws_prompt *prompt;
	struct aws_trace *trace;
	bool uninterrupted;              /* see struct aws_options */
	const struct credentials *given; /* a session for inner calls has these; see anonymous */
	bool inner;                      /* never looks for credentials itself */
	struct credentials credentials;
	struct error credentials_error; /* why there are none */
	int credentials_count;          /* how often they were found or found missing */
	int64_t renew_ms;               /* since 1970: when to look again; 0 never */
	int64_t new_until_ms;    /* steady clock: until then what was made may not be known everywhere */
	int max_attempts;        /* AWS_MAX_ATTEMPTS, 0 when not set */
	struct aws_clock *clock; /* shared with inner sessions */
	const char *ca_bundle;   /* AWS_CA_BUNDLE, or the profile's ca_bundle; or NULL */
	struct bucket *buckets;  /* whose region is not the session's */
	struct retry_purse *purses;
	struct call *calls; /* not DONE, oldest first */
	int flying;
};

struct aws {
	struct aws_session *session;
	struct endpoint_settings settings;
	const char *region; /* or NULL */
};

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
	int news; /* how often it was not */
	bool skew_corrected;
	bool renewed;              /* credentials were looked for again because AWS called them expired */
	int credentials_count;     /* of the session, when the attempt in hand was signed */
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

/* The exchange of a FLYING call is done: DONE, WAITING or QUEUED now. */
void call_settle(struct call *call);

/* The call is over: out of the session's list, its error as it stands. */
void call_finish(struct call *call);

/* Give up a call that is not DONE. */
void call_abandon(struct call *call, enum error_kind kind, const char *why);

/*
 * Take in one page: the first becomes the reply, the lists of later ones are appended. page's reference is
 * taken over. Returns the token of the next page (in the call's arena), NULL when this was the last, or NULL
 * with *err set.
 */
const char *call_add_page(struct call *call, json_t *page, struct error *err);

/*
 * The session's credentials, looked for at the first call and again before their time is over; NULL with *err
 * set.
 */
const struct credentials *session_credentials(struct aws_session *session, struct error *err);

/*
 * AWS says that credentials number count have expired: look for others, the files read anew. False when those
 * in force are the same still.
 */
bool session_renew(struct aws_session *session, int count);

/*
 * A session for the calls that credentials need: same transport, stream and settings, but signed with these
 * credentials (NULL: unsigned calls only). It and its calls belong to arena.
 */
struct aws *session_inner(const struct aws *aws, struct arena *arena, const struct credentials *credentials,
	const char *region);

/* Now by AWS's clock, milliseconds since 1970. */
int64_t session_now_ms(const struct aws_session *session);

/* The signal that asks this session to stop, 0 when none did or the session is uninterrupted. */
int session_interrupted(const struct aws_session *session);

/* What wakes a wait of this session; -1 when nothing does. */
int session_wake_fd(const struct aws_session *session);

/* May this refusal be repeated because what it is about was made just now? Then *wait_ms says when. */
bool call_not_yet(struct call *call, const struct error *error, int64_t *wait_ms);

struct retry_purse *session_purse(struct aws_session *session, const struct aws_service *service);

#endif
