/* SPDX-License-Identifier: Apache-2.0 */
/* Signature Version 4 in AWS's stages: canonical request, string to sign, key, signature. OpenSSL does the hashing. */
#include "providers/aws/client/sigv4.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/timestamp.h"
#include "providers/aws/client/percent.h"

enum { HASH_SIZE = 32, TEXT_MAX = 1 << 20, EXPIRES_MAX = 604800 };

/* A name and its value as they are sorted: query parameters, headers. Not NUL-terminated where cut from a URL. */
struct pair {
	const char *name;
	const char *value;
};

struct pairs {
	struct pair *items;
	size_t count;
};

/* The parts of a URL, copied. */
struct url {
	const char *host;  /* lower case, with the port when it is not the scheme's own */
	const char *base;  /* "https://host/path": everything before "?" */
	const char *path;  /* "/" when empty */
	const char *query; /* "" when there is none */
};

/* One signature in the making. */
struct signing {
	struct arena *arena;
	const struct sigv4_request *request;
	const struct sigv4_scope *scope;
	struct url url;
	struct pairs headers;     /* signed ones, sorted */
	const char *signed_names; /* "host;x-amz-date" */
	const char *payload_hash;
	char date[TIMESTAMP_SIZE]; /* 20260102T030405Z */
	const char *credential_scope;
};

static const char *to_hex(struct arena *arena, const unsigned char hash[HASH_SIZE])
{
	struct str hex = {.arena = arena, .max = (size_t)2 * HASH_SIZE};

	str_put_hex(&hex, hash, HASH_SIZE);
	return str_text(&hex);
}

static const char *sha256_hex(struct arena *arena, const void *bytes, size_t length)
{
	unsigned char hash[HASH_SIZE];

	EVP_Digest(bytes ? bytes : "", length, hash, NULL, EVP_sha256(), NULL);
	return to_hex(arena, hash);
}

static void hmac(const void *key, size_t key_length, const char *text, unsigned char out[HASH_SIZE])
{
	HMAC(EVP_sha256(), key, (int)key_length, (const unsigned char *)text, strlen(text), out, NULL);
}

static bool is_s3(const struct signing *job)
{
	return text_equal(job->scope->service, "s3");
}

static int pair_order(const void *left, const void *right)
{
	const struct pair *a = left, *b = right;
	int order = strcmp(a->name, b->name);

	return order ? order : strcmp(a->value, b->value);
}

static void pairs_add(struct arena *arena, struct pairs *pairs, const char *name, const char *value)
{
	if ((pairs->count & (pairs->count - 1)) == 0) { /* full at 0, 1, 2, 4, 8 … */
		struct pair *more = NEW_ARRAY(arena, struct pair, pairs->count ? 2 * pairs->count : 1);

		if (pairs->count)
			memcpy(more, pairs->items, pairs->count * sizeof(*more));
		pairs->items = more;
	}
	pairs->items[pairs->count++] = (struct pair){name, value};
}

static void pairs_sort(struct pairs *pairs)
{
	if (pairs->count > 1)
		qsort(pairs->items, pairs->count, sizeof(pairs->items[0]), pair_order);
}

/* The host without the port that goes without saying. */
static const char *signed_host(struct arena *arena, const char *authority, size_t length, bool tls)
{
	char *host = text_lowered(arena, authority, length);

	if (text_ends_with(host, tls ? ":443" : ":80"))
		host[length - (tls ? 4 : 3)] = '\0';
	return host;
}

static int url_split(struct arena *arena, const char *text, struct url *url, struct error *err)
{
	bool tls = text_starts_with(text, "https://");
	const char *authority = text + (tls ? 8 : 7);
	size_t host, path;

	if (!tls && !text_starts_with(text, "http://"))
		return error_set(err, ERROR_INPUT,
			"cannot sign a URL that begins neither with https:// nor http://");
	for (const char *c = text; *c; c++)
		if ((unsigned char)*c <= ' ' || *c == 0x7f || *c == '#')
			return error_set(err, ERROR_INPUT,
				"cannot sign a URL with an unencoded special character");
	host = strcspn(authority, "/?");
	path = strcspn(authority + host, "?");
	if (host == 0)
		return error_set(err, ERROR_INPUT, "cannot sign a URL without a host");
	url->host = signed_host(arena, authority, host, tls);
	url->path = path ? arena_strndup(arena, authority + host, path) : "/";
	url->base = arena_printf(arena, "%.*s%s", (int)(authority - text + (ptrdiff_t)host), text, url->path);
	url->query = authority[host + path] == '?' ? authority + host + path + 1 : "";
	return 0;
}

/* The path without ".", ".." and empty segments, as AWS's services other than S3 see it. */
static const char *normal_path(struct arena *arena, const char *path)
{
	char *out = arena_alloc(arena, strlen(path) + 2);
	size_t used = 0;
	bool slash = path[strlen(path) - 1] == '/';

	while (*path) {
		size_t length;

		path += strspn(path, "/");
		length = strcspn(path, "/");
		if (length == 2 && path[0] == '.' && path[1] == '.') {
			while (used > 0 && out[--used] != '/')
				;
		} else if (length > 0 && !(length == 1 && path[0] == '.')) {
			out[used++] = '/';
			memcpy(out + used, path, length);
			used += length;
		}
		path += length;
	}
	if (used == 0 || slash)
		out[used++] = '/';
	out[used] = '\0';
	return out;
}

static void add_path(const struct signing *job, struct str *out)
{
	const char *path;

	if (is_s3(job)) {
		str_puts(out, job->url.path);
		return;
	}
	path = normal_path(job->arena, job->url.path);
	percent_encode(out, path, strlen(path), true);
}

/* Parameters sorted by name, then value; one without "=" gets it. They are encoded already. */
static void add_query(const struct signing *job, struct str *out)
{
	struct text_list pieces = text_split(job->arena, job->url.query, '&');
	struct pairs pairs = {0};

	for (size_t i = 0; i < pieces.count; i++) {
		size_t name = strcspn(pieces.items[i], "=");

		pairs_add(job->arena, &pairs, arena_strndup(job->arena, pieces.items[i], name),
			pieces.items[i] + name + (pieces.items[i][name] == '='));
	}
	pairs_sort(&pairs);
	for (size_t i = 0; i < pairs.count; i++)
		str_printf(out, "%s%s=%s", i ? "&" : "", pairs.items[i].name, pairs.items[i].value);
}

/* Headers that proxies and the HTTP library add or change. */
static bool is_unsigned(const char *name)
{
	return text_starts_with(name, "amz-sdk-") ||
		text_is_among(name,
			"user-agent expect connection transfer-encoding content-length accept x-amzn-trace-id");
}

/* Without blanks at the ends, runs of blanks as one. */
static const char *header_value(struct arena *arena, const char *text)
{
	char *out = arena_alloc(arena, strlen(text) + 1);
	size_t used = 0;

	for (; *text; text++) {
		if (*text != ' ' && *text != '\t')
			out[used++] = *text;
		else if (used > 0 && out[used - 1] != ' ')
			out[used++] = ' ';
	}
	if (used > 0 && out[used - 1] == ' ')
		used--;
	out[used] = '\0';
	return out;
}

static int add_headers(struct signing *job, const struct text_list *lines, struct error *err)
{
	for (size_t i = 0; i < lines->count; i++) {
		const char *line = lines->items[i], *name;
		size_t length = strcspn(line, ":");

		if (length == 0 || line[length] == '\0' || strpbrk(line, "\r\n"))
			return error_set(err, ERROR_INPUT,
				"cannot sign a header that is not 'Name: value' on one line");
		name = text_lowered(job->arena, line, length);
		if (!is_unsigned(name))
			pairs_add(job->arena, &job->headers, name,
				header_value(job->arena, line + length + 1));
	}
	return 0;
}

/* Sort, join values of one name with commas (in the order given), and note the names. */
static void finish_headers(struct signing *job)
{
	struct pairs all = job->headers, merged = {0};
	struct str names = {.arena = job->arena, .max = TEXT_MAX};

	for (size_t i = 0; i < all.count; i++) {
		size_t j = 0;

		while (j < merged.count && !text_equal(merged.items[j].name, all.items[i].name))
			j++;
		if (j == merged.count)
			pairs_add(job->arena, &merged, all.items[i].name, all.items[i].value);
		else
			merged.items[j].value = arena_printf(job->arena, "%s,%s", merged.items[j].value,
				all.items[i].value);
	}
	pairs_sort(&merged);
	for (size_t i = 0; i < merged.count; i++)
		str_printf(&names, "%s%s", i ? ";" : "", merged.items[i].name);
	job->headers = merged;
	job->signed_names = str_text(&names);
}

static int canonical_request(struct signing *job, const char **text, struct error *err)
{
	struct str out = {.arena = job->arena, .max = TEXT_MAX};

	str_printf(&out, "%s\n", job->request->method);
	add_path(job, &out);
	str_putc(&out, '\n');
	add_query(job, &out);
	str_putc(&out, '\n');
	for (size_t i = 0; i < job->headers.count; i++)
		str_printf(&out, "%s:%s\n", job->headers.items[i].name, job->headers.items[i].value);
	str_printf(&out, "\n%s\n%s", job->signed_names, job->payload_hash);
	if (out.overflow)
		return error_set(err, ERROR_INPUT,
			"cannot sign a request with more than 1 MiB of URL and headers");
	*text = str_text(&out);
	return 0;
}

/* The four steps of key derivation; every intermediate value is wiped. */
static const char *signature(const struct signing *job, const struct credentials *credentials,
	const char *to_sign)
{
	char first[CREDENTIALS_KEY_MAX + 8], day[9];
	unsigned char a[HASH_SIZE], b[HASH_SIZE];
	size_t length = strlen(credentials->secret_key);
	const char *hex;

	memcpy(first, "AWS4", 4);
	memcpy(first + 4, credentials->secret_key, length);
	memcpy(day, job->date, 8);
	day[8] = '\0';
	hmac(first, length + 4, day, a);
	hmac(a, sizeof(a), job->scope->region, b);
	hmac(b, sizeof(b), job->scope->service, a);
	hmac(a, sizeof(a), "aws4_request", b);
	hmac(b, sizeof(b), to_sign, a);
	hex = to_hex(job->arena, a);
	OPENSSL_cleanse(first, sizeof(first));
	OPENSSL_cleanse(a, sizeof(a));
	OPENSSL_cleanse(b, sizeof(b));
	return hex;
}

static int job_open(struct signing *job, struct error *err)
{
	if (url_split(job->arena, job->request->url, &job->url, err) < 0)
		return -1;
	timestamp_compact(job->scope->at_ms, job->date);
	job->credential_scope = arena_printf(job->arena, "%.8s/%s/%s/aws4_request", job->date,
		job->scope->region, job->scope->service);
	return add_headers(job, &job->request->headers, err);
}

static int job_finish(struct signing *job, const struct credentials *credentials, struct sigv4_result *result,
	struct error *err)
{
	if (canonical_request(job, &result->canonical, err) < 0)
		return -1;
	result->to_sign = arena_printf(job->arena, "AWS4-HMAC-SHA256\n%s\n%s\n%s", job->date,
		job->credential_scope, sha256_hex(job->arena, result->canonical, strlen(result->canonical)));
	result->signature = signature(job, credentials, result->to_sign);
	return 0;
}

int sigv4_sign(struct arena *arena, const struct sigv4_request *request, const struct sigv4_scope *scope,
	const struct credentials *credentials, struct sigv4_result *result, struct error *err)
{
	struct signing job = {.arena = arena, .request = request, .scope = scope};

	*result = (struct sigv4_result){0};
	if (job_open(&job, err) < 0)
		return -1;
	job.payload_hash = sha256_hex(arena, request->body, request->body_length);
	text_list_add(arena, &result->headers, arena_printf(arena, "X-Amz-Date: %s", job.date));
	if (is_s3(&job))
		text_list_add(arena, &result->headers,
			arena_printf(arena, "X-Amz-Content-Sha256: %s", job.payload_hash));
	if (credentials->session_token)
		text_list_add(arena, &result->headers,
			arena_printf(arena, "X-Amz-Security-Token: %s", credentials->session_token));
	pairs_add(arena, &job.headers, "host", job.url.host);
	if (add_headers(&job, &result->headers, err) < 0)
		return -1;
	finish_headers(&job);
	if (job_finish(&job, credentials, result, err) < 0)
		return -1;
	text_list_add(arena, &result->headers,
		arena_printf(arena,
			"Authorization: AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s",
			credentials->access_key, job.credential_scope, job.signed_names, result->signature));
	return 0;
}

static void add_parameter(struct str *query, const char *name, const char *value)
{
	str_printf(query, "%s%s=", query->length ? "&" : "", name);
	percent_encode(query, value, strlen(value), false);
}

int sigv4_presign(struct arena *arena, const struct sigv4_request *request, const struct sigv4_scope *scope,
	const struct credentials *credentials, int expires_s, struct sigv4_result *result, struct error *err)
{
	struct signing job = {.arena = arena, .request = request, .scope = scope};
	struct str query = {.arena = arena, .max = TEXT_MAX};

	*result = (struct sigv4_result){0};
	if (expires_s < 1 || expires_s > EXPIRES_MAX)
		return error_set(err, ERROR_INPUT, "a presigned URL holds for 1 to %d seconds, not %d",
			EXPIRES_MAX, expires_s);
	if (job_open(&job, err) < 0)
		return -1;
	job.payload_hash = is_s3(&job) ? "UNSIGNED-PAYLOAD" : sha256_hex(arena, "", 0);
	pairs_add(arena, &job.headers, "host", job.url.host);
	finish_headers(&job);
	str_puts(&query, job.url.query);
	add_parameter(&query, "X-Amz-Algorithm", "AWS4-HMAC-SHA256");
	add_parameter(&query, "X-Amz-Credential",
		arena_printf(arena, "%s/%s", credentials->access_key, job.credential_scope));
	add_parameter(&query, "X-Amz-Date", job.date);
	add_parameter(&query, "X-Amz-Expires", arena_printf(arena, "%d", expires_s));
	add_parameter(&query, "X-Amz-SignedHeaders", job.signed_names);
	if (credentials->session_token)
		add_parameter(&query, "X-Amz-Security-Token", credentials->session_token);
	job.url.query = str_text(&query);
	if (job_finish(&job, credentials, result, err) < 0)
		return -1;
	result->url = arena_printf(arena, "%s?%s&X-Amz-Signature=%s", job.url.base, job.url.query,
		result->signature);
	return 0;
}
