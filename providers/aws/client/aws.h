/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A session with AWS and the calls made through it.
 *
 * A call is an immutable description (operation row + input) and a small state:
 *
 *     QUEUED → FLYING → DONE,  FLYING → WAITING → FLYING (retry),  FLYING → QUEUED (next page)
 *
 * Every attempt is built and signed again. One thread: aws_step() turns the loop once; aws_call() turns it
 * until its own call is done while others fly, so sequential work reads sequentially. Never call either from
 * a sink.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLIENT_AWS_H
#define CLOUDCTL_PROVIDERS_AWS_CLIENT_AWS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "providers/aws/client/operation.h"
#include "providers/net/connection.h"

struct aws;
struct arena;
struct call;
struct credentials;
struct event_stream;
struct transport;
struct world;

struct aws_options {
	const char *profile; /* --profile, or NULL: AWS_PROFILE, then "default" */
	const char *region;  /* --region or the cloud's, or NULL: environment, then profile */
	/* --endpoint-url, or NULL: AWS_ENDPOINT_URL_SERVICE, then AWS_ENDPOINT_URL, then the profile */
	const char *endpoint_url;
	struct prompt *prompt; /* these two or NULL; borrowed as long as the session */
	struct trace_output *trace;
	/* Signals do not stop its calls and sleeps: for taking back what a run that was interrupted has done. */
	bool uninterrupted;
};

/*
 * Open a session; nothing is sent. Fails with ERROR_INPUT (unreadable or broken profile files, bad endpoint
 * URL or region name), never for missing credentials: these are looked for at the first call. stream may be
 * NULL; it receives one event for each attempt that ended, EVENT_RETRY when another will follow and
 * EVENT_CALL otherwise, and one STEP_WARNING when this machine's clock is off. Everything belongs to arena.
 */
struct aws *aws_open(struct arena *arena, struct world *world, struct transport *transport,
	const struct aws_options *options, struct event_stream *stream, struct error *err);

/* The region in force ("us-west-2"), or NULL when none was found; and its partition ("aws"). */
const char *aws_region(const struct aws *aws);
const char *aws_partition(const struct aws *aws);

/* The accounts of the configuration's profiles: profiles_accounts() (credentials/profile.h). New reference. */
json_t *aws_profile_accounts(const struct aws *aws);

/*
 * Make sure that there is a region: where none was configured, an EC2 instance is asked for its own (one second,
 * not with AWS_EC2_METADATA_DISABLED). ERROR_INPUT, saying what to do, when there is none.
 */
int aws_need_region(struct aws *aws, struct error *err);

/*
 * Where a profile of the chain in force names an MFA device: look for the credentials now, before a screen
 * hides the question. Calls of this show in no stream; what goes wrong is said at the first call.
 */
void aws_ask_early(struct aws *aws);

/* The same session for another region. Calls made through it end before arena, and arena before that of aws_open(). */
struct aws *aws_in_region(struct aws *aws, struct arena *arena, const char *region, struct error *err);

/*
 * A session with these credentials (an assumed role's, say) instead of the user's; NULL: for calls that are not
 * signed. They are borrowed as long as the session and are not renewed. region NULL: that of aws. Transport, stream,
 * trace and settings are those of aws; it and its calls belong to arena, which ends before that of aws.
 */
struct aws *aws_with_credentials(const struct aws *aws, struct arena *arena,
	const struct credentials *credentials, const char *region);

/*
 * Queue a call. input is a JSON object in wire names (operation.h) whose reference is taken over (NULL = no members).
 * The call, its input and its reply belong to arena. Never fails: what goes wrong shows in call_error().
 */
struct call *aws_start(struct aws *aws, struct arena *arena, const struct aws_operation *operation,
	json_t *input);

/*
 * Turn the loop once: start what may start, move bytes, take in what finished, wait at most wait_ms. False
 * when the user interrupted: calls not done are then DONE with ERROR_INTERRUPTED. Always true for a session
 * that is uninterrupted.
 */
bool aws_step(struct aws *aws, int wait_ms);

/*
 * Something was created just now, and AWS is eventually consistent: for limit_ms from now, calls of this session and of
 * those for other regions are repeated, 2 to 10 s apart, where the answer may only mean that it has not propagated yet
 * (a table in propagation.c: an id that is not found, a principal or instance profile that is invalid).
 */
void aws_expect_propagation(struct aws *aws, int limit_ms);

bool call_done(const struct call *call);

/* The reply of a call that is done and succeeded, all pages merged; NULL when it failed. Lives as long as the arena. */
const json_t *call_reply(const struct call *call);

/* The error of a call that is done; kind ERROR_NONE when it succeeded. Carries code, action and request id. */
const struct error *call_error(const struct call *call);

/* The region that answered a call that is done: the session's (or ""), or the one S3 sent it on to. Lives with it. */
const char *call_region(const struct call *call);

/* Perform one call and wait for it. Returns the reply (borrowed from arena) or NULL with *err set. */
const json_t *aws_call(struct aws *aws, struct arena *arena, const struct aws_operation *operation,
	json_t *input, struct error *err);

/* The same for one page: *token is the wanted page's (NULL: the first); then the next one's, in arena, or NULL. */
const json_t *aws_call_page(struct aws *aws, struct arena *arena, const struct aws_operation *operation,
	json_t *input, const char **token, struct error *err);

/*
 * A URL that carries the right to make this one request for expires_s seconds, for whoever has it: as secret as a password
 * (sigv4.h). Nothing is sent, but for credentials that have to be found. It holds at most as long as the session's
 * credentials. In arena; NULL with *err set.
 */
const char *aws_presign(struct aws *aws, struct arena *arena, const struct aws_operation *operation,
	const json_t *input, int expires_s, struct error *err);

/* Where requests of this service go in the session's region, in arena, without a slash at the end; NULL with *err set. */
const char *aws_service_url(struct aws *aws, struct arena *arena, const struct aws_service *service,
	struct error *err);

/* Now by AWS's clock, as far as it is known: milliseconds since 1970. */
int64_t aws_now_ms(const struct aws *aws);

/* Sleep without losing interrupts or other calls: turn the loop for ms milliseconds. -1 with ERROR_INTERRUPTED. */
int aws_sleep(struct aws *aws, int ms, struct error *err);

#endif
