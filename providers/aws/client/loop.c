/* SPDX-License-Identifier: Apache-2.0 */
/* Turning the loop: the only place that waits. */
#include <stdio.h>

#include "base/world.h"
#include "providers/aws/client/call.h"

/* An interrupt is seen within this time even where no descriptor announces it. */
enum { TURN_MS = 100 };

/* The signal that asks the session to stop, 0 when none did. */
static int signal_of(const struct aws_session *session)
{
	return session->uninterrupted ? 0 : session->world->interrupted(session->world);
}

static bool interrupted(struct aws_session *session)
{
	int number = signal_of(session);
	char why[64];

	if (number == 0)
		return false;
	snprintf(why, sizeof(why), "interrupted by signal %d", number);
	while (session->calls)
		call_abandon(session->calls, ERROR_INTERRUPTED, why);
	return true;
}

/* Launch the calls that may start; true when one ended at once, so that there is nothing to wait for. */
static bool launch_ready(struct aws_session *session, int64_t now_ms)
{
	bool ended = false;

	for (struct call *call = session->calls, *next; call && session->flying < CALLS_FLYING_MAX;
		call = next) {
		next = call->next;
		if (call->state != CALL_QUEUED && !(call->state == CALL_WAITING && call->wake_ms <= now_ms))
			continue;
		call_launch(call);
		ended = ended || call->state == CALL_DONE;
	}
	return ended;
}

static void end_finished_attempts(struct aws_session *session)
{
	for (struct call *call = session->calls, *next; call; call = next) {
		next = call->next;
		if (call->state == CALL_FLYING && call->exchange.done)
			call_end_attempt(call);
	}
}

/* Not longer than until the next waiting call is due. */
static int patience(const struct aws_session *session, int wait_ms, int64_t now_ms)
{
	int64_t wait = wait_ms < TURN_MS ? wait_ms : TURN_MS;

	for (const struct call *call = session->calls; call; call = call->next)
		if (call->state == CALL_WAITING && call->wake_ms - now_ms < wait)
			wait = call->wake_ms - now_ms;
	return wait > 0 ? (int)wait : 0;
}

bool aws_step(struct aws *aws, int wait_ms)
{
	struct aws_session *session = aws->session;
	struct world *world = session->world;
	int64_t now_ms = world->steady_ms(world);

	if (interrupted(session))
		return false;
	if (launch_ready(session, now_ms))
		wait_ms = 0;
	session->transport->step(session->transport, patience(session, wait_ms, now_ms),
		session->uninterrupted ? -1 : world->wake_fd);
	end_finished_attempts(session);
	world_look(world);
	return !interrupted(session);
}

static const json_t *wait_for(struct aws *aws, struct call *call, struct error *err)
{
	while (!call_done(call) && aws_step(aws, TURN_MS))
		;
	if (call->error.kind != ERROR_NONE)
		*err = call->error;
	return call_reply(call);
}

const json_t *aws_call(struct aws *aws, struct arena *arena, const struct aws_operation *operation,
	json_t *input, struct error *err)
{
	return wait_for(aws, aws_start(aws, arena, operation, input), err);
}

const json_t *aws_call_page(struct aws *aws, struct arena *arena, const struct aws_operation *operation,
	json_t *input, const char **token, struct error *err)
{
	struct call *call = aws_start(aws, arena, operation, input);
	const json_t *reply;

	call->one_page = true;
	call->page = *token;
	reply = wait_for(aws, call, err);
	*token = call->next_page;
	return reply;
}

int aws_sleep(struct aws *aws, int ms, struct error *err)
{
	struct world *world = aws->session->world;
	int64_t until_ms = world->steady_ms(world) + ms, left;

	while ((left = until_ms - world->steady_ms(world)) > 0)
		if (!aws_step(aws, (int)left))
			return error_set(err, ERROR_INTERRUPTED, "interrupted by signal %d",
				signal_of(aws->session));
	return 0;
}
