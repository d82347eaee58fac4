/* SPDX-License-Identifier: Apache-2.0 */
/* How a provider is reached, as the command line and the terminals say: what its sessions are opened with. */
#ifndef CLOUDCTL_PROVIDERS_NET_CONNECTION_H
#define CLOUDCTL_PROVIDERS_NET_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>

struct error;
struct transport;

/* Who can be asked for what no file holds. */
struct prompt {
	/*
	 * Ask for one line ("Code of the MFA device …", no colon) and put the answer, without its line break, into
	 * answer. -1 with *err set: ERROR_DECLINED when there is no user to ask, ERROR_INTERRUPTED.
	 */
	int (*ask)(struct prompt *self, const char *question, char *answer, size_t size, struct error *err);
	/* May another program ask on the terminal now? */
	bool (*may_lend)(struct prompt *self);
};

/* Where a trace of requests and replies goes, from which secrets have been taken out. */
struct trace_output {
	/* A block of whole lines, borrowed. Must not fail, block or call back. */
	void (*write)(struct trace_output *self, const char *text, size_t length);
};

/* Texts are those of the options, NULL where they were not given; prompt and trace may be NULL. */
struct connection {
	struct transport *transport;
	const char *profile, *region, *endpoint_url;
	struct prompt *prompt;
	struct trace_output *trace;
};

#endif
