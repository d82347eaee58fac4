/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions for STS and IAM Identity Center, and plain requests to this machine's endpoints, one after the other. */
#include "base/arena.h"
#include "base/world.h"
#include "providers/aws/client/session.h"
#include "providers/aws/client/trace.h"
#include "providers/aws/credentials/credentials_source.h"
#include "providers/net/transport.h"

enum { BODY_MAX = 64 << 10, HEADERS_MAX = 16 << 10, TURN_MS = 100, PAUSE_MS = 1000 };

static int nobody_to_ask(const struct credentials_search *search, struct error *err)
{
	return error_set(err, ERROR_CREDENTIALS, "profile '%s' needs the network for its credentials",
		search->profile);
}

struct aws *source_session(const struct credentials_search *search, const struct credentials *credentials,
	const char *region, struct error *err)
{
	if (search->aws)
		return aws_with_credentials(search->aws, search->scratch, credentials, region);
	nobody_to_ask(search, err);
	return NULL;
}

/* Turn the loop until done or the time is over; -1 with *err set when a signal came. */
static int turn_until(const struct credentials_search *search, const bool *done, int64_t until_ms,
	struct error *err)
{
	struct transport *transport = search->aws->session->transport;
	struct world *world = search->world;

	while (!(done && *done) && world->steady_ms(world) < until_ms) {
		int64_t left = until_ms - world->steady_ms(world);

		if (source_check_signal(search, err) < 0)
			return -1;
		transport->step(transport, left < TURN_MS ? (int)left : TURN_MS, source_wake_fd(search));
		world_look(world);
	}
	return 0;
}

static int ask_once(const struct credentials_search *search, const struct source_question *question,
	struct exchange *x, struct error *err)
{
	struct transport *transport = search->aws->session->transport;
	struct world *world = search->world;
	int64_t began_ms = world->steady_ms(world);

	*x = (struct exchange){
		.method = question->method,
		.url = question->url,
		.headers = question->headers,
		.connect_timeout_ms = question->timeout_ms,
		.total_timeout_ms = question->timeout_ms,
		.direct = true,
		.ca_bundle = search->aws->session->ca_bundle,
		.reply_headers = {.arena = search->scratch, .max = HEADERS_MAX},
		.reply_body = {.arena = search->scratch, .max = BODY_MAX},
	};
	trace_request(search->aws->session, NULL, 1, x);
	if (transport->start(transport, x, err) < 0)
		return -1;
	/* The transport keeps its own time; this is for one that does not. */
	if (turn_until(search, &x->done, world->steady_ms(world) + 2 * question->timeout_ms + PAUSE_MS, err) <
		0) {
		transport->cancel(transport, x);
		return -1;
	}
	if (!x->done) {
		transport->cancel(transport, x);
		error_set(&x->error, ERROR_NETWORK, "no answer in time");
	}
	trace_reply(search->aws->session, NULL, world->steady_ms(world) - began_ms, x);
	return x->status;
}

int source_ask(const struct credentials_search *search, const struct source_question *question,
	const char **body, struct error *err)
{
	struct world *world = search->world;
	struct exchange *x = NEW(search->scratch, struct exchange);

	if (!search->aws || !search->aws->session->transport)
		return nobody_to_ask(search, err);
	for (int attempt = 1;; attempt++) {
		int status = ask_once(search, question, x, err);

		if (status < 0)
			return -1;
		if (attempt >= question->attempts || (status > 0 && status < 500))
			break;
		if (turn_until(search, NULL, world->steady_ms(world) + PAUSE_MS, err) < 0)
			return -1;
	}
	if (x->status == 0)
		*err = x->error;
	*body = str_text(&x->reply_body);
	return x->status;
}
