/* SPDX-License-Identifier: Apache-2.0 */
/* The request builders of the four protocols. */
#include "providers/aws/client/wire.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/text.h"
#include "providers/aws/client/percent.h"

enum { REQUEST_MAX = 1 << 20, NAME_MAX_BYTES = 1024, DEPTH_MAX = 16 };

#define HEADER_PREFIX "Header:"

/* A request in the making. */
struct encoding {
	struct arena *arena;
	const struct aws_operation *operation;
	const json_t *input;
	const struct endpoint *endpoint;
	struct sigv4_request *request;
	struct text_list used; /* REST: members that went into path, query or headers */
};

static int too_large(const struct encoding *job, struct error *err)
{
	return error_set(err, ERROR_INPUT, "the request %s would exceed 1 MiB", job->operation->id);
}

static int wrong_kind(const struct encoding *job, const char *member, struct error *err)
{
	return error_set(err, ERROR_INPUT, "member %s of %s has a value that cannot be sent", member,
		job->operation->id);
}

static void header(struct encoding *job, const char *name, const char *value)
{
	text_list_add(job->arena, &job->request->headers, arena_printf(job->arena, "%s: %s", name, value));
}

static void set_body(struct encoding *job, const struct str *body)
{
	job->request->body = str_text(body);
	job->request->body_length = body->length;
}

static int add_dumped(const char *bytes, size_t size, void *to)
{
	str_add(to, bytes, size);
	return 0;
}

/* The text of a scalar; NULL for any other value. jansson writes numbers independently of the locale. */
static const char *scalar_text(struct arena *arena, const json_t *value)
{
	struct str out = {.arena = arena, .max = 64};

	if (json_is_string(value))
		return json_string_value(value);
	if (json_is_boolean(value))
		return json_is_true(value) ? "true" : "false";
	if (!json_is_number(value))
		return NULL;
	json_dump_callback(value, add_dumped, &out, JSON_ENCODE_ANY);
	return str_text(&out);
}

static void add_parameter(struct str *to, char separator, const char *name, const char *value)
{
	str_putc(to, separator);
	percent_encode(to, name, strlen(name), false);
	str_putc(to, '=');
	percent_encode(to, value, strlen(value), false);
}

/* query and ec2: add "&Name=value" for every scalar below value; lists count from 1. */
static int add_form(struct encoding *job, struct str *body, const char *name, const json_t *value, int depth,
	struct error *err)
{
	const char *text = scalar_text(job->arena, value), *member;
	const char *list = job->operation->service->protocol == PROTOCOL_QUERY ? ".member" : "";
	json_t *child;
	size_t i;

	if (text) {
		add_parameter(body, '&', name, text);
		return 0;
	}
	if (depth == DEPTH_MAX || strlen(name) > NAME_MAX_BYTES)
		return wrong_kind(job, name, err);
	json_array_foreach (value, i, child) {
		if (add_form(job, body, arena_printf(job->arena, "%s%s.%zu", name, list, i + 1), child,
			    depth + 1, err) < 0)
			return -1;
	}
	json_object_foreach ((json_t *)(uintptr_t)value, member, child) {
		if (add_form(job, body, arena_printf(job->arena, "%s.%s", name, member), child, depth + 1,
			    err) < 0)
			return -1;
	}
	return 0;
}

static int build_form(struct encoding *job, struct error *err)
{
	struct str body = {.arena = job->arena, .max = REQUEST_MAX};
	const char *member;
	json_t *value;

	str_printf(&body, "Action=%s&Version=%s", job->operation->name, job->operation->service->version);
	json_object_foreach ((json_t *)(uintptr_t)job->input, member, value) {
		if (add_form(job, &body, member, value, 0, err) < 0)
			return -1;
	}
	if (body.overflow)
		return too_large(job, err);
	job->request->method = "POST";
	job->request->url = arena_printf(job->arena, "%s/", job->endpoint->url);
	header(job, "Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
	set_body(job, &body);
	return 0;
}

static int dump_json(struct encoding *job, const json_t *value, struct error *err)
{
	struct str body = {.arena = job->arena, .max = REQUEST_MAX};

	if (!value)
		str_puts(&body, "{}");
	else if (json_dump_callback(value, add_dumped, &body, JSON_COMPACT) < 0)
		return wrong_kind(job, "(input)", err);
	if (body.overflow)
		return too_large(job, err);
	set_body(job, &body);
	return 0;
}

static int build_json(struct encoding *job, struct error *err)
{
	job->request->method = "POST";
	job->request->url = arena_printf(job->arena, "%s/", job->endpoint->url);
	header(job, "Content-Type", "application/x-amz-json-1.1");
	header(job, "X-Amz-Target",
		arena_printf(job->arena, "%s.%s", job->operation->service->target_prefix,
			job->operation->name));
	return dump_json(job, job->input, err);
}

/* The value of a label, percent-encoded. A "+" after its name, as in {Key+}, keeps slashes. */
static int add_label(struct encoding *job, struct str *path, const char *label, size_t length,
	struct error *err)
{
	bool greedy = length > 0 && label[length - 1] == '+';
	const char *name = arena_strndup(job->arena, label, length - greedy);
	const char *text = scalar_text(job->arena, json_object_get(job->input, name));

	if (!text || !*text)
		return error_set(err, ERROR_INPUT, "%s needs the member %s", job->operation->id, name);
	text_list_add(job->arena, &job->used, name);
	if (text_equal(name, "Bucket") && job->endpoint->bucket_in_host)
		return 0;
	percent_encode(path, text, strlen(text), greedy);
	return 0;
}

static int add_path(struct encoding *job, struct str *url, struct error *err)
{
	const char *path = job->operation->path;

	while (*path) {
		const char *end;

		if (*path != '{') {
			str_putc(url, *path++);
			continue;
		}
		end = strchr(path, '}');
		if (!end || add_label(job, url, path + 1, (size_t)(end - path - 1), err) < 0)
			return -1;
		/* "/{Bucket}/{Key+}" with the bucket in the host is "/{Key+}". */
		path = end + 1;
		if (text_ends_with(str_text(url), "/") && *path == '/')
			path++;
	}
	return 0;
}

/* The row's fixed query as it is, then the members it names where the input has them. */
static int add_query(struct encoding *job, struct str *url, struct error *err)
{
	const char *query = job->operation->query ? job->operation->query : "";
	size_t fixed = strcspn(query, ",");
	struct text_list names = text_split(job->arena, query + fixed, ',');
	char separator = fixed ? '&' : '?';

	if (fixed)
		str_printf(url, "?%.*s", (int)fixed, query);
	for (size_t i = 0; i < names.count; i++) {
		const json_t *value = json_object_get(job->input, names.items[i]);
		const char *text = scalar_text(job->arena, value);

		if (!value || json_is_null(value))
			continue;
		if (!text)
			return wrong_kind(job, names.items[i], err);
		text_list_add(job->arena, &job->used, names.items[i]);
		add_parameter(url, separator, names.items[i], text);
		separator = '&';
	}
	return 0;
}

static int add_input_headers(struct encoding *job, struct error *err)
{
	const char *member;
	json_t *value;

	json_object_foreach ((json_t *)(uintptr_t)job->input, member, value) {
		const char *name = member + strlen(HEADER_PREFIX);
		const char *text = scalar_text(job->arena, value);

		if (!text_starts_with(member, HEADER_PREFIX))
			continue;
		if (!text || strpbrk(text, "\r\n") || !*name || strpbrk(name, ":\r\n "))
			return wrong_kind(job, member, err);
		text_list_add(job->arena, &job->used, member);
		header(job, name, text);
	}
	return 0;
}

/* Members that went nowhere else are the body: S3's is the text of "Body", REST-JSON's the object of them. */
static int add_rest_body(struct encoding *job, struct error *err)
{
	json_t *rest = json_object(), *value;
	const char *member;
	int result = 0;

	json_object_foreach ((json_t *)(uintptr_t)job->input, member, value) {
		if (!text_list_has(&job->used, member))
			json_object_set(rest, member, value);
	}
	if (json_object_size(rest) == 0) {
		json_decref(rest);
		return 0;
	}
	value = json_object_get(rest, "Body");
	if (job->operation->service->protocol == PROTOCOL_REST_JSON) {
		header(job, "Content-Type", "application/json");
		result = dump_json(job, rest, err);
	} else if (json_object_size(rest) > 1 || !json_is_string(value)) {
		result = wrong_kind(job, json_object_iter_key(json_object_iter(rest)), err);
	} else {
		job->request->body = json_string_value(value);
		job->request->body_length = json_string_length(value);
	}
	json_decref(rest);
	return result;
}

static int build_rest(struct encoding *job, struct error *err)
{
	struct str url = {.arena = job->arena, .max = REQUEST_MAX};

	str_puts(&url, job->endpoint->url);
	if (add_path(job, &url, err) < 0 || add_query(job, &url, err) < 0 || add_input_headers(job, err) < 0)
		return -1;
	if (url.overflow)
		return too_large(job, err);
	job->request->method = job->operation->method;
	job->request->url = str_text(&url);
	return add_rest_body(job, err);
}

int wire_build(struct arena *arena, const struct aws_operation *operation, const json_t *input,
	const struct endpoint *endpoint, struct sigv4_request *request, struct error *err)
{
	static int (*const builders[])(struct encoding *, struct error *) = {
		[PROTOCOL_EC2] = build_form,
		[PROTOCOL_QUERY] = build_form,
		[PROTOCOL_JSON] = build_json,
		[PROTOCOL_REST_JSON] = build_rest,
		[PROTOCOL_REST_XML] = build_rest,
	};
	struct encoding job = {
		.arena = arena,
		.operation = operation,
		.input = input,
		.endpoint = endpoint,
		.request = request,
	};

	*request = (struct sigv4_request){0};
	return builders[operation->service->protocol](&job, err);
}
