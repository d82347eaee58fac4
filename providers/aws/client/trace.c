/* SPDX-License-Identifier: Apache-2.0 */
/* What a trace shows, and above all what it does not. */
#include "providers/aws/client/trace.h"

#include <openssl/crypto.h>
#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "base/world.h"
#include "providers/aws/client/session.h"
#include "providers/aws/credentials/credentials.h"
#include "providers/net/transport.h"

enum { BODY_SHOWN = 16 << 10, BLOCK_MAX = 256 << 10 };

static const char hidden[] = "[hidden]";

/* Headers whose value is not shown; Authorization loses its signature only. */
static const char *const secret_headers[] = {"*token*", "*secret*", "*cookie*", "*authorization*",
	"*customer-key*", "dpop"};

/* Names, in lower case, that are followed by a secret: in queries, forms, JSON, XML and URLs inside of them. */
static const char *const secret_names[] = {
	"x-amz-signature",
	"x-amz-credential",
	"x-amz-security-token",
	"secretaccesskey",
	"sessiontoken",
	"securitytoken",
	"accesstoken",
	"refreshtoken",
	"idtoken",
	"clientsecret",
	"secretstring",
	"tokencode",
	"webidentitytoken",
	"samlassertion",
	"authtoken",
	"authorizationtoken",
	"password",
	"signature",
};

/* Length of the first of the words, which are in lower case, that text begins with in any case; 0 for none. */
static size_t word_at(const char *text, size_t length, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t n = 0;

		while (words[i][n] && n < length && text_lower(text[n]) == words[i][n])
			n++;
		if (!words[i][n])
			return n;
	}
	return 0;
}

/* Characters between a name and its value: quotes and colon, =, >, or the same percent-encoded; 0 for prose. */
static size_t separator_at(const char *text, size_t length)
{
	static const char *const coded[] = {"%3d", "%3a", "%22", "%20", "%3e", "&quot;"};
	size_t n = 0, before;

	do {
		before = n;
		while (n < length && strchr("\"'\\:=> \t", text[n]) && text[n])
			n++;
		n += word_at(text + n, length - n, coded, ARRAY_LENGTH(coded));
	} while (n > before);
	for (size_t i = 0; i < n; i++)
		if (!strchr(" \t", text[i]))
			return n;
	return 0;
}

void trace_put(struct str *out, const char *text, size_t length)
{
	size_t at = 0;

	while (at < length) {
		size_t name = word_at(text + at, length - at, secret_names, ARRAY_LENGTH(secret_names));
		size_t separator = name ? separator_at(text + at + name, length - at - name) : 0;
		size_t value = at + name + separator;

		if (!separator) {
			str_putc(out, text[at++]);
			continue;
		}
		str_add(out, text + at, name + separator);
		for (at = value; at < length && text[at] && !strchr("\"'&<>\\ \t\r\n,;)}]", text[at]);)
			at++;
		str_puts(out, at > value ? hidden : "");
	}
}

/* One line of a block, made safe for a terminal. */
static void put_line(struct str *out, const char *mark, const char *text)
{
	str_puts(out, mark);
	str_put_visible(out, text);
	str_putc(out, '\n');
}

static void put_lines(struct arena *arena, struct str *out, const char *mark, const char *text, size_t length)
{
	while (length > 0) {
		const char *end = memchr(text, '\n', length);
		size_t line = end ? (size_t)(end - text) : length;

		put_line(out, mark, arena_strndup(arena, text, line));
		length -= line + (end != NULL);
		text += line + (end != NULL);
	}
}

static bool is_secret_header(const char *name)
{
	for (size_t i = 0; i < ARRAY_LENGTH(secret_headers); i++)
		if (text_glob(secret_headers[i], name, true))
			return true;
	return false;
}

/* "Name: value" with the value as far as it may be seen. */
static void put_header(struct arena *arena, struct str *out, const char *mark, const char *line)
{
	struct str shown = {.arena = arena, .max = BLOCK_MAX};
	size_t colon = strcspn(line, ":");
	const char *name = arena_strndup(arena, line, colon);

	if (!text_starts_with(line, "Authorization: AWS4-") && is_secret_header(name))
		str_printf(&shown, "%s: %s", name, hidden);
	else
		trace_put(&shown, line, strlen(line));
	put_line(out, mark, str_text(&shown));
}

static void put_body(struct arena *arena, struct str *out, const char *mark,
	const struct aws_operation *operation, const char *body, size_t length)
{
	struct str shown = {.arena = arena, .max = BLOCK_MAX};

	if (length == 0)
		return;
	put_line(out, mark, "");
	if (!operation || operation->secret) {
		put_line(out, mark, arena_printf(arena, "[%zu bytes hidden]", length));
		return;
	}
	trace_put(&shown, body, length < BODY_SHOWN ? length : BODY_SHOWN);
	put_lines(arena, out, mark, str_text(&shown), shown.length);
	if (length > BODY_SHOWN)
		put_line(out, mark, arena_printf(arena, "[%zu more bytes]", length - BODY_SHOWN));
}

/* The session's own secrets, wherever they appear. */
static void scrub(const struct aws_session *session, struct str *block)
{
	const struct credentials *credentials = session->credentials ? session->credentials->current : NULL;
	const char *const secrets[] = {credentials ? credentials->secret_key : NULL,
		credentials ? credentials->session_token : NULL};

	for (size_t i = 0; i < ARRAY_LENGTH(secrets); i++) {
		size_t length = secrets[i] ? strlen(secrets[i]) : 0;

		for (char *at = block->data; length > 0 && at && (at = strstr(at, secrets[i])) != NULL;)
			memset(at, '*', length);
	}
}

static void write_block(const struct aws_session *session, struct str *block)
{
	scrub(session, block);
	session->trace->write(session->trace, str_text(block), block->length);
}

static const char *time_of(const struct aws_session *session, char buffer[TIMESTAMP_SIZE])
{
	return timestamp_rfc3339(session->world->wall_ms(session->world), buffer);
}

void trace_request(const struct aws_session *session, const struct aws_operation *operation, int attempt,
	const struct exchange *exchange)
{
	static const char mark[] = "> ";
	struct arena arena = {0};
	struct str block = {.arena = &arena, .max = BLOCK_MAX}, url = {.arena = &arena, .max = BLOCK_MAX};
	char buffer[TIMESTAMP_SIZE];

	if (!session->trace)
		return;
	put_line(&block, mark,
		arena_printf(&arena, "%s %s, attempt %d", time_of(session, buffer),
			operation ? operation->id : "credentials", attempt));
	trace_put(&url, exchange->url, strlen(exchange->url));
	put_line(&block, mark, arena_printf(&arena, "%s %s", exchange->method, str_text(&url)));
	for (size_t i = 0; i < exchange->headers.count; i++)
		put_header(&arena, &block, mark, exchange->headers.items[i]);
	put_body(&arena, &block, mark, operation, exchange->body, exchange->body_length);
	write_block(session, &block);
	arena_free(&arena);
}

void trace_reply(const struct aws_session *session, const struct aws_operation *operation, int64_t took_ms,
	const struct exchange *exchange)
{
	static const char mark[] = "< ";
	struct arena arena = {0};
	struct str block = {.arena = &arena, .max = BLOCK_MAX};
	const char *headers = str_text(&exchange->reply_headers);
	char buffer[TIMESTAMP_SIZE];

	if (!session->trace)
		return;
	put_line(&block, mark,
		arena_printf(&arena, "%s %s: %s %d after %lld ms", time_of(session, buffer),
			operation ? operation->id : "credentials",
			exchange->status ? "HTTP" : exchange->error.frame[0], exchange->status,
			(long long)took_ms));
	while (*headers) {
		size_t length = strcspn(headers, "\r\n");

		if (length > 0)
			put_header(&arena, &block, mark, arena_strndup(&arena, headers, length));
		headers += length;
		headers += strspn(headers, "\r\n");
	}
	put_body(&arena, &block, mark, operation, str_text(&exchange->reply_body),
		exchange->reply_body.length);
	write_block(session, &block);
	arena_free(&arena);
}
