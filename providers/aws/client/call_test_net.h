/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A world and a transport for tests of the engine: time passes only when the engine waits, and replies come
 * from a list, in the order in which requests start.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLIENT_CALL_TEST_NET_H
#define CLOUDCTL_PROVIDERS_AWS_CLIENT_CALL_TEST_NET_H

#include "base/arena.h"
#include "base/event.h"
#include "base/world.h"
#include "providers/aws/client/aws.h"
#include "providers/net/transport.h"

enum { NET_REQUESTS = 64, NET_EVENTS = 128 };

/* One reply of the list. status 0: none comes, transient and unsent say how. */
struct net_reply {
	int status;
	const char *body;
	const char *headers;
	bool transient, unsent;
	int takes_ms;
};

/* What was asked, copied. */
struct net_request {
	const char *url, *body, *date, *authorization;
	int64_t at_ms;
	bool once;
};

struct net_event {
	enum event_kind kind;
	int status, attempt;
	int64_t wait_ms;
	char code[64];
};

struct net {
	struct transport transport;
	struct world world;
	struct sink sink;
	struct aws_options options; /* of the session */
	struct arena arena;         /* the session's */
	struct event_stream stream;
	struct aws *aws;
	const struct net_reply *replies;
	size_t reply_count, served;
	struct net_request requests[NET_REQUESTS];
	size_t request_count;
	struct net_event events[NET_EVENTS];
	size_t event_count, steps;
	struct exchange *flying;
	size_t most_flying, cancelled;
	int64_t clock_ms;
	int64_t skew_ms; /* AWS's clock minus the world's, in Date headers */
	uint32_t random;
	int64_t interrupt_at_ms;        /* 0: never */
	const char *const *environment; /* name, value, name, value, …, NULL */
};

/* Zeroed before; opens a session with keys and a region from the environment. */
void net_open(struct net *net, const struct net_reply *replies, size_t count);

/* Ends the session; fails the test when a reply was not asked for. */
void net_close(struct net *net);

#endif
