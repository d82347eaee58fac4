/* SPDX-License-Identifier: Apache-2.0 */
/* The fake network of the engine's tests. */
#include "providers/aws/client/call_test_net.h"

#include "base/test.h"

#include <stdio.h>
#include <string.h>

enum { WALL_START_S = 1767323045 }; /* 2026-01-02T03:04:05Z */

static struct net *of_world(struct world *world)
{
	return (struct net *)(void *)((char *)world - offsetof(struct net, world));
}

static int64_t wall_ms(struct world *world)
{
	return WALL_START_S * (int64_t)1000 + of_world(world)->clock_ms;
}

static int64_t steady_ms(struct world *world)
{
	return of_world(world)->clock_ms;
}

static const char *environment(struct world *world, const char *name)
{
	static const char *const usual[] = {
		"AWS_ACCESS_KEY_ID",
		"AKIDEXAMPLE",
		"AWS_SECRET_ACCESS_KEY",
		"secret",
		"AWS_REGION",
		"us-west-2",
		"AWS_CONFIG_FILE",
		"/dev/null",
		"AWS_SHARED_CREDENTIALS_FILE",
		"/dev/null",
		NULL,
	};
	const struct net *net = of_world(world);

	for (const char *const *e = net->environment ? net->environment : usual; *e; e += 2)
		if (strcmp(*e, name) == 0)
			return e[1];
	return NULL;
}

static void random_bytes(struct world *world, void *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		((unsigned char *)bytes)[i] = (unsigned char)(of_world(world)->random >> (i % 4 * 8));
}

static int interrupted(struct world *world)
{
	const struct net *net = of_world(world);

	return net->interrupt_at_ms && net->clock_ms >= net->interrupt_at_ms ? 2 : 0;
}

static const char *header_of(struct net *net, const struct exchange *x, const char *name)
{
	for (size_t i = 0; i < x->headers.count; i++)
		if (strncmp(x->headers.items[i], name, strlen(name)) == 0)
			return arena_strdup(&net->arena, x->headers.items[i] + strlen(name));
	return "";
}

static int start(struct transport *self, struct exchange *x, struct error *err)
{
	struct net *net = (struct net *)self;
	size_t flying = 1;

	(void)err;
	assert_true(net->request_count < NET_REQUESTS);
	net->requests[net->request_count++] = (struct net_request){
		.url = arena_strdup(&net->arena, x->url),
		.body = x->body ? arena_strndup(&net->arena, x->body, x->body_length) : "",
		.date = header_of(net, x, "X-Amz-Date: "),
		.authorization = header_of(net, x, "Authorization: "),
		.at_ms = net->clock_ms,
		.once = x->once,
	};
	if (net->served == net->reply_count)
		fail_msg("one request too many: %s %s", x->url, net->requests[net->request_count - 1].body);
	x->handle = (void *)(uintptr_t)&net->replies[net->served++];
	for (struct exchange *other = net->flying; other; other = other->next)
		flying++;
	net->most_flying = flying > net->most_flying ? flying : net->most_flying;
	x->next = net->flying;
	net->flying = x;
	return 0;
}

static void unlink_exchange(struct net *net, struct exchange *x)
{
	struct exchange **at = &net->flying;

	while (*at != x)
		at = &(*at)->next;
	*at = x->next;
}

static void serve(struct net *net, struct exchange *x, const struct net_reply *reply)
{
	unlink_exchange(net, x);
	x->status = reply->status;
	x->transient = reply->transient;
	x->unsent = reply->unsent;
	if (reply->status == 0)
		error_set(&x->error, ERROR_NETWORK, "no answer");
	str_puts(&x->reply_headers, reply->headers ? reply->headers : "");
	str_puts(&x->reply_body, reply->body ? reply->body : "");
	x->done = true;
}

/* When the exchange will be answered. */
static int64_t due_ms(const struct net *net, const struct exchange *x)
{
	const struct net_reply *reply = x->handle;

	return net->requests[reply - net->replies].at_ms + reply->takes_ms;
}

static void step(struct transport *self, int wait_ms, int wake_fd)
{
	struct net *net = (struct net *)self;
	int64_t until = net->clock_ms + wait_ms;

	(void)wake_fd;
	assert_true(++net->steps < 100000);
	for (struct exchange *x = net->flying; x; x = x->next)
		if (due_ms(net, x) < until)
			until = due_ms(net, x);
	if (until > net->clock_ms)
		net->clock_ms = until;
	for (struct exchange *x = net->flying, *next; x; x = next) {
		next = x->next;
		if (due_ms(net, x) <= net->clock_ms)
			serve(net, x, x->handle);
	}
}

static void cancel(struct transport *self, struct exchange *x)
{
	struct net *net = (struct net *)self;

	unlink_exchange(net, x);
	net->cancelled++;
}

static void emit(struct sink *self, const struct event *event)
{
	struct net *net = (struct net *)(void *)((char *)self - offsetof(struct net, sink));
	struct net_event *copy = &net->events[net->event_count++];

	assert_true(net->event_count < NET_EVENTS);
	*copy = (struct net_event){.kind = event->kind};
	if (event->kind == EVENT_STEP) {
		snprintf(copy->code, sizeof(copy->code), "%s", event->step.text);
		return;
	}
	copy->status = event->call.status;
	copy->attempt = event->call.attempt;
	copy->wait_ms = event->call.wait_ms;
	snprintf(copy->code, sizeof(copy->code), "%s", event->call.code ? event->call.code : "");
}

void net_open(struct net *net, const struct net_reply *replies, size_t count)
{
	struct error err = {0};

	net->transport = (struct transport){.start = start, .step = step, .cancel = cancel};
	net->world = (struct world){wall_ms, steady_ms, environment, random_bytes, interrupted, -1};
	net->sink.emit = emit;
	net->replies = replies;
	net->reply_count = count;
	event_begin(&net->stream, &net->sink, &net->world);
	net->aws = aws_open(&net->arena, &net->world, &net->transport, &net->options, &net->stream, &err);
	if (!net->aws)
		fail_msg("%s", err.frame[0]);
}

void net_close(struct net *net)
{
	size_t served = net->served;

	arena_free(&net->arena);
	assert_null(net->flying);
	assert_int_equal(served, net->reply_count);
}
