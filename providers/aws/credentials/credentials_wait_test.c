/* SPDX-License-Identifier: Apache-2.0 */
/* While a source of credentials is waited for: somebody looks around, and what takes too long ends with all it started. */
#include "base/test.h"

#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/world.h"
#include "providers/aws/client/session.h"
#include "providers/aws/credentials/credentials_source.h"
#include "providers/aws/credentials/profile.h"
#include "providers/net/transport.h"

enum { PATIENCE_MS = 60000, LOOKS = 3 };

static int64_t now_ms, step_ms; /* the steady clock, and how far it goes each time it is read */
static int looks;

static int64_t steady_ms(struct world *world)
{
	(void)world;
	now_ms += step_ms;
	return now_ms;
}

/* The signal that stops the search comes when it was looked around often enough. */
static int interrupted(struct world *world)
{
	(void)world;
	return looks == LOOKS ? 2 : 0;
}

static const char *environment(struct world *world, const char *name)
{
	(void)world, (void)name;
	return NULL;
}

static void look(struct watcher *watcher)
{
	(void)watcher;
	looks++;
}

static struct watcher watcher = {look};
static struct world world = {.steady_ms = steady_ms,
	.environment = environment,
	.interrupted = interrupted,
	.wake_fd = -1,
	.watcher = &watcher};

/* Runs `sh -c script` as a profile's credential_process. */
static int run(struct arena *arena, const char *script, struct error *err)
{
	struct profiles profiles = {.config_path = "/c/config", .credentials_path = "/c/credentials"};
	const struct credentials_search search = {.arena = arena,
		.scratch = arena,
		.world = &world,
		.profiles = &profiles,
		.profile = "dev"};
	struct credentials found = {0};
	struct str tried = {.arena = arena, .max = 100};
	char *text = arena_printf(arena, "[profile dev]\ncredential_process = /bin/sh -c '%s'\n", script);

	now_ms = looks = 0;
	assert_int_equal(profiles_parse(arena, &profiles, "c", text, false, err), 0);
	return source_process(&search, &found, &tried, err);
}

/* A child that does not end keeps both ends of its output; the far end of another pipe says when it has gone. */
static void ends_with_its_children(int step, enum error_kind kind, const char *says)
{
	struct arena arena = {0};
	struct error err = {0};
	_cleanup_close_ int reading = -1;
	struct pollfd gone = {.events = POLLIN};
	int ends[2];

	step_ms = step;
	assert_int_equal(pipe(ends), 0);
	reading = ends[0];
	assert_int_equal(run(&arena, arena_printf(&arena, "sleep 1000 & exec <&- %d>&-; wait", reading),
				 &err),
		-1);
	close(ends[1]);
	assert_int_equal(err.kind, kind);
	assert_non_null(strstr(err.frame[0], says));
	gone.fd = reading;
	assert_int_equal(poll(&gone, 1, PATIENCE_MS), 1);
	assert_int_equal(gone.revents, POLLHUP);
	arena_free(&arena);
}

static void a_program_that_takes_too_long(void **state)
{
	(void)state;
	ends_with_its_children(61000, ERROR_CREDENTIALS, "it did not end within 120 s");
}

static void a_program_that_is_interrupted(void **state)
{
	(void)state;
	ends_with_its_children(1, ERROR_INTERRUPTED, "interrupted by signal 2");
	assert_int_equal(looks, LOOKS);
}

static int start(struct transport *self, struct exchange *exchange, struct error *err)
{
	(void)self, (void)exchange, (void)err;
	return 0;
}

static void step(struct transport *self, int wait_ms, int wake_fd)
{
	(void)self, (void)wait_ms, (void)wake_fd;
}

static void cancel(struct transport *self, struct exchange *exchange)
{
	(void)self, (void)exchange;
}

static void an_endpoint_of_the_machine(void **state)
{
	struct arena arena = {0};
	struct transport transport = {start, step, cancel};
	struct aws_session session = {.transport = &transport};
	const struct aws aws = {.session = &session};
	const struct credentials_search search = {.arena = &arena,
		.scratch = &arena,
		.world = &world,
		.aws = &aws};
	const struct source_question question = {.method = "GET",
		.url = "http://127.0.0.1/",
		.timeout_ms = 1000,
		.attempts = 1};
	struct error err = {0};
	const char *body;

	(void)state;
	now_ms = looks = 0;
	step_ms = 1;
	assert_int_equal(source_ask(&search, &question, &body, &err), -1);
	assert_int_equal(err.kind, ERROR_INTERRUPTED);
	assert_int_equal(looks, LOOKS);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_program_that_takes_too_long),
		cmocka_unit_test(a_program_that_is_interrupted),
		cmocka_unit_test(an_endpoint_of_the_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
