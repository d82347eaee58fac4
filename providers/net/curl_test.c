/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The real transport against a server of one process that answers each connection from a list and echoes
 * nothing.
 */
#include "base/test.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "providers/net/transport.h"

struct server {
	pid_t pid;
	int port;
	int requests; /* a pipe on which the server writes what it received */
};

/* Read until the header block's end and as much body as Content-Length says; pass it on. */
static void receive(int connection, int report)
{
	char buffer[8192];
	size_t used = 0, want = 0;

	while (used < sizeof(buffer) - 1) {
		ssize_t got = read(connection, buffer + used, sizeof(buffer) - 1 - used);
		char *end, *length;

		if (got <= 0)
			break;
		used += (size_t)got;
		buffer[used] = '\0';
		end = strstr(buffer, "\r\n\r\n");
		if (!end)
			continue;
		length = strstr(buffer, "Content-Length: ");
		want = (size_t)(end + 4 - buffer);
		for (length = length ? length + 16 : NULL; length && *length >= '0' && *length <= '9';
			length++)
			want += (size_t)(*length - '0'); /* bodies here are shorter than ten bytes */
		if (used >= want)
			break;
	}
	(void)!write(report, buffer, used);
}

/* Answers connection i with replies[i], then closes it; the last reply NULL holds the connection open. */
static void serve(int listener, int report, const char *const *replies, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int connection = accept(listener, NULL, NULL);

		receive(connection, report);
		if (!replies[i])
			pause();
		(void)!write(connection, replies[i], strlen(replies[i]));
		close(connection);
	}
	_exit(0);
}

static struct server server_start(const char *const *replies, size_t count)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), report[2];
	struct server server;

	assert_int_equal(bind(listener, (struct sockaddr *)&address, length), 0);
	assert_int_equal(listen(listener, 8), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &length), 0);
	assert_int_equal(pipe(report), 0);
	server.pid = fork();
	if (server.pid == 0)
		serve(listener, report[1], replies, count);
	close(listener);
	close(report[1]);
	server.port = ntohs(address.sin_port);
	server.requests = report[0];
	return server;
}

static void server_stop(struct server *server)
{
	kill(server->pid, SIGKILL);
	waitpid(server->pid, NULL, 0);
	close(server->requests);
}

static struct transport *open_net(struct arena *arena)
{
	static const struct curl_options options = {.user_agent = "test/1", .connections = 4};

	return curl_transport(arena, &options);
}

static struct exchange *new_exchange(struct arena *arena, const char *method, const char *url)
{
	struct exchange *x = NEW(arena, struct exchange);

	*x = (struct exchange){
		.method = method,
		.url = url,
		.direct = true,
		.reply_headers = {.arena = arena, .max = 4096},
		.reply_body = {.arena = arena, .max = 64},
	};
	return x;
}

static void run(struct transport *net, struct exchange *x)
{
	struct error err = {0};

	assert_int_equal(net->start(net, x, &err), 0);
	while (!x->done)
		net->step(net, 1000, -1);
}

/* One exchange with a server that gives one reply; *request receives what the server saw. */
static struct exchange *once(struct arena *arena, struct exchange *x, const char *reply, char request[4096])
{
	struct server server = server_start(&reply, 1);
	ssize_t got;

	x->url = arena_printf(arena, "http://127.0.0.1:%d%s", server.port, x->url);
	run(open_net(arena), x);
	got = read(server.requests, request, 4095);
	request[got > 0 ? got : 0] = '\0';
	server_stop(&server);
	return x;
}

static void requests_go_out_as_given(void **state)
{
	struct arena arena = {0};
	struct exchange *x = new_exchange(&arena, "PUT", "/a/../b//%2F?policy");
	char request[4096];

	(void)state;
	text_list_add(&arena, &x->headers, "Content-Type: text/plain");
	x->body = "body";
	x->body_length = 4;
	once(&arena, x, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Id: 7\r\n\r\nok", request);
	assert_int_equal(x->status, 200);
	assert_string_equal(str_text(&x->reply_body), "ok");
	assert_string_equal(exchange_header(x, &arena, "x-id"), "7");
	assert_null(exchange_header(x, &arena, "x-i"));
	assert_int_equal(strncmp(request, "PUT /a/../b//%2F?policy HTTP/1.1\r\n", 34), 0);
	assert_non_null(strstr(request, "User-Agent: test/1\r\n"));
	assert_non_null(strstr(request, "Content-Type: text/plain\r\n"));
	assert_null(strstr(request, "Expect:"));
	assert_non_null(strstr(request, "\r\n\r\nbody"));
	arena_free(&arena);
}

static void methods(void **state)
{
	static const char *const names[] = {"GET", "HEAD", "POST", "PUT", "DELETE"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
		struct arena arena = {0};
		struct exchange *x = new_exchange(&arena, names[i], "/");
		char request[4096];

		once(&arena, x, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", request);
		assert_int_equal(x->status, 404);
		assert_int_equal(strncmp(request, names[i], strlen(names[i])), 0);
		arena_free(&arena);
	}
}

static void redirects_are_not_followed(void **state)
{
	struct arena arena = {0};
	struct exchange *x = new_exchange(&arena, "GET", "/");
	char request[4096];

	(void)state;
	once(&arena, x, "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
		request);
	assert_int_equal(x->status, 302);
	arena_free(&arena);
}

struct failure_case {
	const char *reply;
	enum error_kind kind;
	bool transient, unsent;
	const char *says;
};

static void failures(void **state)
{
	static const struct failure_case cases[] = {
		{"", ERROR_NETWORK, true, false, "closed the connection without an answer"},
		{"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort", ERROR_NETWORK, true, false,
			"in the middle"},
		{"HTTP/1.1 200 OK\r\nContent-Length: 65\r\n\r\n"
		 "0123456789012345678901234567890123456789012345678901234567890123456789",
			ERROR_PROTOCOL, false, false, "larger than 64 bytes"},
		{"SSH-2.0-OpenSSH\r\n", ERROR_NETWORK, false, false, "does not speak HTTP"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct arena arena = {0};
		struct exchange *x = new_exchange(&arena, "POST", "/");
		char request[4096];

		once(&arena, x, cases[i].reply, request);
		assert_int_equal(x->status, 0);
		if (!strstr(x->error.frame[0], cases[i].says))
			fail_msg("'%s' does not say '%s'", x->error.frame[0], cases[i].says);
		assert_int_equal(x->error.kind, cases[i].kind);
		assert_int_equal(x->transient, cases[i].transient);
		assert_int_equal(x->unsent, cases[i].unsent);
		arena_free(&arena);
	}
}

static void nobody_listens(void **state)
{
	static const struct {
		const char *url, *says;
	} cases[] = {
		{"http://127.0.0.1:1/", "could not connect to 127.0.0.1:1 (Connection refused)"},
		{"https://127.0.0.1:1/", "could not connect"},
		/* libcurl's message has another spelling of the host, which is no proxy */
		{"http://2130706433:1/", "could not connect to 2130706433:1 (Connection refused)"},
		{"http://127.1:1/", "could not connect to 127.1:1 (Connection refused)"},
		{"http://[::ffff:127.0.0.1]:1/", "could not connect to [::ffff:127.0.0.1]:1 ("},
		{"http://[fe80::1%25lo]:1/", "could not connect to [fe80::1%25lo]:1 ("},
		{"http://no-such-host.invalid/", "could not resolve host no-such-host.invalid"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct arena arena = {0};
		struct exchange *x = new_exchange(&arena, "GET", cases[i].url);

		run(open_net(&arena), x);
		if (!strstr(x->error.frame[0], cases[i].says))
			fail_msg("'%s' does not say '%s'", x->error.frame[0], cases[i].says);
		assert_true(x->transient && x->unsent);
		arena_free(&arena);
	}
}

/* The next descriptor that would be given is one too many. */
static void no_descriptor_is_left(void **state)
{
	struct arena arena = {0};
	struct exchange *x = new_exchange(&arena, "GET", "http://127.0.0.1:1/");
	struct transport *net = open_net(&arena);
	struct rlimit before, few;
	struct error err;
	int next;

	(void)state;
	assert_int_equal(net->start(net, x, &err), 0);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	next = dup(STDIN_FILENO);
	close(next);
	few = (struct rlimit){(rlim_t)next, before.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	while (!x->done)
		net->step(net, 100, -1);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_string_equal(x->error.frame[0],
		"no file descriptor is left for 127.0.0.1:1; allow more of them (ulimit -n)");
	assert_true(x->transient && x->unsent);
	arena_free(&arena);
}

/* A server that never answers: the time limit ends the exchange; cancelling forgets it. */
static void silence(void **state)
{
	static const char *const nothing[] = {NULL};
	struct arena arena = {0};
	struct server server = server_start(nothing, 1), second = server_start(nothing, 1);
	struct transport *net = open_net(&arena);
	struct exchange *x = new_exchange(&arena, "GET",
		arena_printf(&arena, "http://127.0.0.1:%d/", server.port));
	struct exchange *y = new_exchange(&arena, "GET",
		arena_printf(&arena, "http://127.0.0.1:%d/", second.port));
	struct error err = {0};

	(void)state;
	x->total_timeout_ms = 100;
	run(net, x);
	assert_non_null(strstr(x->error.frame[0], "in time"));
	assert_true(x->transient);
	assert_false(x->unsent);
	assert_int_equal(net->start(net, y, &err), 0);
	net->step(net, 10, -1);
	net->cancel(net, y);
	net->step(net, 10, -1);
	assert_false(y->done);
	server_stop(&server);
	server_stop(&second);
	arena_free(&arena);
}

/* Waiting ends when the descriptor becomes readable, with and without exchanges. */
static void waking(void **state)
{
	struct arena arena = {0};
	struct transport *net = open_net(&arena);
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "x", 1), 1);
	net->step(net, 3600000, ends[0]);
	run(net, new_exchange(&arena, "GET", "http://127.0.0.1:1/"));
	net->step(net, 3600000, ends[0]);
	close(ends[0]);
	close(ends[1]);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_go_out_as_given),
		cmocka_unit_test(methods),
		cmocka_unit_test(redirects_are_not_followed),
		cmocka_unit_test(failures),
		cmocka_unit_test(nobody_listens),
		cmocka_unit_test(no_descriptor_is_left),
		cmocka_unit_test(silence),
		cmocka_unit_test(waking),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
