/* SPDX-License-Identifier: Apache-2.0 */
/* What a trace shows, and above all what it does not. */
#include "providers/aws/client/trace.h"

#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/redact.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "base/world.h"
#include "providers/aws/client/secrets.h"
#include "providers/aws/client/session.h"
#include "providers/net/transport.h"

enum { BODY_SHOWN = 16 << 10, BLOCK_MAX = 256 << 10 };

static const char hidden[] = "[hidden]";

/* Names, in lower case, that are followed by a secret: in queries, forms, JSON, XML and URLs inside of them. */
static const char *const secret_names[] = {
	"x-amz-signature",
	"x-amz-credential",
	"x-amz-security-token",
	"secretaccesskey",
	"secret_access_key",
	"sessiontoken",
	"session_token",
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

/* Length of a value; the escapes \/ and \u002f of JSON belong to it, a quote's \" does not. */
static size_t value_at(const char *text, size_t length)
{
	size_t at = 0;

	if (length >= sizeof(hidden) - 1 && text_starts_with(text, hidden)) /* by redact() */
		return sizeof(hidden) - 1;
	while (at < length && text[at] && !strchr("\"'&<>\\ \t\r\n,;)}]", text[at])) {
		at++;
		while (at + 1 < length && text[at] == '\\' && strchr("/u", text[at + 1]))
			at += 2;
	}
	return at;
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
		at = value + value_at(text + value, length - value);
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

/* What a block is made of: its text so far, and the secrets that must not be in it. */
struct block {
	const struct aws_session *session;
	struct arena *arena;
	const char *mark;
	struct text_list secrets;
	struct str text;
};

static struct block block_begin(const struct aws_session *session, struct arena *arena, const char *mark,
	const struct exchange *exchange)
{
	return (struct block){
		.session = session,
		.arena = arena,
		.mark = mark,
		.secrets = session_secrets(session, exchange, arena),
		.text = {.arena = arena, .max = BLOCK_MAX},
	};
}

/* Text from outside as far as it may be seen: the session's secrets first, then what is named like one. */
static const char *shown(struct block *block, const char *text)
{
	struct str out = {.arena = block->arena, .max = BLOCK_MAX};

	text = redacted(block->arena, &block->secrets, text);
	trace_put(&out, text, strlen(text));
	return str_text(&out);
}

static void put_header(struct block *block, const char *line)
{
	size_t colon = strcspn(line, ":");
	const char *name = arena_strndup(block->arena, line, colon);

	if (!text_starts_with(line, "Authorization: AWS4-") && secret_header(name))
		line = arena_printf(block->arena, "%s: %s", name, hidden);
	put_line(&block->text, block->mark, shown(block, line));
}

/* Redacted before it is cut: half a secret would not be known as one. */
static void put_body(struct block *block, const struct aws_operation *operation, const char *body,
	size_t length)
{
	struct str known = {.arena = block->arena, .max = BODY_SHOWN};
	struct str named = {.arena = block->arena, .max = BLOCK_MAX};
	size_t read;

	if (length == 0)
		return;
	put_line(&block->text, block->mark, "");
	if (!operation || operation->secret) {
		put_line(&block->text, block->mark, arena_printf(block->arena, "[%zu bytes hidden]", length));
		return;
	}
	read = redact(&known, &block->secrets, body, length);
	trace_put(&named, str_text(&known), known.length);
	put_lines(block->arena, &block->text, block->mark, str_text(&named), named.length);
	if (read < length)
		put_line(&block->text, block->mark,
			arena_printf(block->arena, "[%zu more bytes]", length - read));
}

static void block_write(const struct block *block)
{
	block->session->trace->write(block->session->trace, str_text(&block->text), block->text.length);
}

static const char *time_of(const struct aws_session *session, char buffer[TIMESTAMP_SIZE])
{
	return timestamp_rfc3339(session->world->wall_ms(session->world), buffer);
}

void trace_request(const struct aws_session *session, const struct aws_operation *operation, int attempt,
	const struct exchange *exchange)
{
	struct arena arena = {0};
	struct block block;
	char buffer[TIMESTAMP_SIZE];

	if (!session->trace)
		return;
	block = block_begin(session, &arena, "> ", exchange);
	put_line(&block.text, block.mark,
		arena_printf(&arena, "%s %s, attempt %d", time_of(session, buffer),
			operation ? operation->id : "credentials", attempt));
	put_line(&block.text, block.mark,
		arena_printf(&arena, "%s %s", exchange->method, shown(&block, exchange->url)));
	for (size_t i = 0; i < exchange->headers.count; i++)
		put_header(&block, exchange->headers.items[i]);
	put_body(&block, operation, exchange->body, exchange->body_length);
	block_write(&block);
	arena_free(&arena);
}

void trace_reply(const struct aws_session *session, const struct aws_operation *operation, int64_t took_ms,
	const struct exchange *exchange)
{
	struct arena arena = {0};
	struct block block;
	const char *headers = str_text(&exchange->reply_headers);
	char buffer[TIMESTAMP_SIZE];

	if (!session->trace)
		return;
	block = block_begin(session, &arena, "< ", exchange);
	put_line(&block.text, block.mark,
		arena_printf(&arena, "%s %s: %s %d after %lld ms", time_of(session, buffer),
			operation ? operation->id : "credentials",
			exchange->status ? "HTTP" : shown(&block, exchange->error.frame[0]), exchange->status,
			(long long)took_ms));
	while (*headers) {
		size_t length = strcspn(headers, "\r\n");

		if (length > 0)
			put_header(&block, arena_strndup(&arena, headers, length));
		headers += length;
		headers += strspn(headers, "\r\n");
	}
	put_body(&block, operation, str_text(&exchange->reply_body), exchange->reply_body.length);
	block_write(&block);
	arena_free(&arena);
}
