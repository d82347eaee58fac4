/* SPDX-License-Identifier: Apache-2.0 */
/* What the calls of a session share, for this room and the sources of credentials. Everybody else sees aws.h. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLIENT_SESSION_H
#define CLOUDCTL_PROVIDERS_AWS_CLIENT_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "providers/aws/client/aws.h"
#include "providers/aws/client/endpoint.h"
#include "providers/aws/client/retry.h"
#include "providers/aws/credentials/profile.h"

struct credentials;

/* A bucket that is not in the session's region, and where S3 says it is. */
struct bucket_region {
	struct bucket_region *next;
	const char *bucket, *region;
};

/* Where a session's credentials come from: the user's settings (credentials_refresh.h), or its caller. */
struct credentials_provider {
	/* Those to sign with now, borrowed until the next call; NULL with *err set. */
	const struct credentials *(*get)(struct credentials_provider *self, struct error *err);
	/* AWS says that those of a generation have expired: look for others. False when there are no others. */
	bool (*renew)(struct credentials_provider *self, int generation);
	const struct credentials *current; /* what get() gave last; NULL while it has not found any */
	int generation;                    /* rises with each change of current */
};

/* AWS's clock, by which requests are signed: this machine's, corrected once AWS has complained about it. */
struct aws_clock {
	int64_t skew_ms; /* AWS's minus ours, as far as it is known */
	bool warned;     /* of this machine's clock, once a session */
};

/* A session; those that aws_in_region() makes of it share it. */
struct aws_session {
	struct arena *arena;
	const struct aws_session *outer; /* that of which aws_with_credentials() made it; or NULL */
	struct world *world;
	struct transport *transport; /* NULL: nothing can be asked (tests) */
	struct event_stream *stream; /* or NULL */
	struct profiles profiles;
	const char *profile; /* in force */
	struct credentials_provider *credentials;
	struct prompt *prompt; /* these two or NULL */
	struct trace_output *trace;
	bool uninterrupted;           /* see struct aws_options */
	int64_t propagating_until_ms; /* steady clock: until then refusals may mean "not known yet" */
	int max_attempts;             /* AWS_MAX_ATTEMPTS, 0 when not set */
	struct aws_clock *clock;      /* shared with the sessions of aws_with_credentials() */
	const char *ca_bundle;        /* AWS_CA_BUNDLE, or the profile's ca_bundle; or NULL */
	struct bucket_region *buckets;
	struct retry_quota *quotas;
	struct call *calls; /* not DONE, oldest first */
	int flying;
};

struct aws {
	struct aws_session *session;
	struct endpoint_settings settings;
	const char *region; /* or NULL */
};

/* The session is complete. When its arena ends, calls that are not over are given up, in whatever arena they are. */
void session_begin(struct aws_session *session);

#endif
