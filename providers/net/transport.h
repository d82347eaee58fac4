/* SPDX-License-Identifier: Apache-2.0 */
/* What a client asks of the network. One thread; a transport never calls back, it marks exchanges as done. */
#ifndef CLOUDCTL_PROVIDERS_NET_TRANSPORT_H
#define CLOUDCTL_PROVIDERS_NET_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/str.h"
#include "base/text.h"

struct world;

/* One request and its reply. The caller owns it and everything in the request part until done or cancelled. */
struct exchange {
	/* request */
	const char *method;       /* "POST" */
	const char *url;          /* complete, percent-encoded; sent as it is */
	struct text_list headers; /* "Name: value", no CR or LF inside */
	const char *body;         /* NULL for none */
	size_t body_length;
	int connect_timeout_ms; /* 0 = the transport's default, 10 s */
	int total_timeout_ms;   /* 0 = the transport's default, 60 s */
	bool direct;            /* never through a proxy (instance metadata, container credentials) */
	const char *ca_bundle;  /* file of certificates that are trusted, or NULL: the system's */
	/* must not reach the server twice: no reused connection, on which a library repeats what was lost */
	bool once;
	/* reply; status 0 means none came and error says why */
	int status;
	/* raw "Name: value\r\n" lines; the caller sets .arena and .max before start */
	struct str reply_headers;
	struct str reply_body; /* likewise; the exchange fails when the body is longer */
	/* ERROR_NETWORK, or ERROR_PROTOCOL for a reply that is too large */
	struct error error;
	bool transient; /* worth another attempt: reset, time-out, name lookup, connection refused */
	bool unsent;    /* no byte of the request can have reached the server */
	bool done;
	/* the transport's */
	void *handle;
	struct exchange *next;
};

struct transport {
	/* Begin; on success the exchange is the transport's until done. -1 with *err set when it cannot start. */
	int (*start)(struct transport *self, struct exchange *exchange, struct error *err);
	/* Move bytes; wait at most wait_ms for something to happen, or until wake_fd is readable (-1: none). */
	void (*step)(struct transport *self, int wait_ms, int wake_fd);
	/* Forget a started exchange that is not done; its buffers are not touched afterwards. */
	void (*cancel)(struct transport *self, struct exchange *exchange);
};

/* The value of a reply header (case-insensitive name), copied into the exchange's arena; NULL when absent. */
const char *exchange_header(const struct exchange *exchange, struct arena *arena, const char *name);

struct curl_options {
	const char *user_agent; /* "cloudctl/0.1.0" */
	int connections;        /* most at a time, all hosts together; at least 1 */
};

/*
 * The real transport over libcurl's multi interface; belongs to the arena, closed with it. Redirects are
 * never followed, HTTPS certificates always verified, plain http is used only when the URL says so (the
 * caller allows it for loopback and explicit endpoints only).
 */
struct transport *curl_transport(struct arena *arena, const struct curl_options *options);

#endif
