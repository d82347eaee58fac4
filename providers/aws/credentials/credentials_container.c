/* SPDX-License-Identifier: Apache-2.0 */
/* The endpoint that a container service gives to its containers (ECS task roles, EKS Pod Identity). */
#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/cidr.h"
#include "base/file.h"
#include "base/redact.h"
#include "providers/aws/client/endpoint.h"
#include "providers/aws/credentials/credentials_source.h"

enum { TIMEOUT_MS = 2000, ATTEMPTS = 3, AUTHORIZATION_MAX = 16 << 10 };

static const char relative_host[] = "http://169.254.170.2";

/* Host of a URL without port; an IPv6 address without its brackets. "" when there is none. */
static const char *host_of(struct arena *arena, const char *url)
{
	const char *host = strstr(url, "://");

	if (!host)
		return "";
	host += 3;
	if (*host == '[')
		return arena_strndup(arena, host + 1, strcspn(host + 1, "]"));
	return arena_strndup(arena, host, strcspn(host, ":/?#"));
}

/* Over plain HTTP only where no other machine listens (SDKs and Tools Reference, "Container credential provider"). */
static bool is_near(struct arena *arena, const char *url)
{
	static const char *const near[] = {"127.0.0.0/8", "::1", "169.254.170.2", "169.254.170.23",
		"fd00:ec2::23"};
	const char *host = host_of(arena, url);
	struct cidr address, block;

	if (text_equal(host, "localhost"))
		return true;
	if (strchr(host, '/') || !cidr_parse(host, &address, NULL))
		return false;
	for (size_t i = 0; i < ARRAY_LENGTH(near); i++)
		if (cidr_parse(near[i], &block, NULL) && cidr_holds(&block, &address))
			return true;
	return false;
}

static int find_url(const struct credentials_search *search, const char **url, struct error *err)
{
	const char *relative = source_variable(search, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
	const char *full = source_variable(search, "AWS_CONTAINER_CREDENTIALS_FULL_URI");

	for (const char *c = relative ? relative : full; *c; c++)
		if ((unsigned char)*c <= ' ' || (unsigned char)*c >= 0x7f)
			return error_set(err, ERROR_CREDENTIALS,
				"the container's URL has blanks or special characters");
	if (full && !relative && strpbrk(full, "@\\"))
		return error_set(err, ERROR_CREDENTIALS,
			"AWS_CONTAINER_CREDENTIALS_FULL_URI must be a URL without user or backslashes, not '%s'",
			redacted_url(search->scratch, full));
	*url = relative ? arena_printf(search->scratch, "%s%s", relative_host, relative) : full;
	if (relative && relative[0] != '/')
		return error_set(err, ERROR_CREDENTIALS,
			"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI must begin with /, not '%s'", relative);
	if (relative || text_starts_with(full, "https://"))
		return 0;
	if (text_starts_with(full, "http://") && is_near(search->scratch, full))
		return 0;
	return error_set(err, ERROR_CREDENTIALS,
		"AWS_CONTAINER_CREDENTIALS_FULL_URI must be https, or http to this machine or the addresses of AWS's containers, not '%s'",
		redacted_url(search->scratch, full));
}

static int add_authorization(const struct credentials_search *search, struct text_list *headers,
	struct error *err)
{
	const char *path = source_variable(search, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
	const char *token = source_variable(search, "AWS_CONTAINER_AUTHORIZATION_TOKEN");
	size_t length;
	char *text;

	if (path) {
		if (file_read(search->scratch, path, AUTHORIZATION_MAX, &text, &length, err) < 0) {
			err->kind = ERROR_CREDENTIALS;
			return error_wrap(err, "reading AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
		}
		while (length > 0 && strchr("\r\n", text[length - 1])) /* of an editor */
			text[--length] = '\0';
		token = text;
	}
	if (!token)
		return 0;
	if (strpbrk(token, "\r\n"))
		return error_set(err, ERROR_CREDENTIALS,
			"the container's authorization token has line breaks in it");
	text_list_add(search->scratch, headers, arena_printf(search->scratch, "Authorization: %s", token));
	return 0;
}

int source_container(const struct credentials_search *search, struct credentials *found, struct str *tried,
	struct error *err)
{
	static const char where[] = "the reply of the container's endpoint";
	struct source_question question = {.method = "GET", .timeout_ms = TIMEOUT_MS, .attempts = ATTEMPTS};
	const char *body;
	json_t *tree;
	int result;

	if (!source_variable(search, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") &&
		!source_variable(search, "AWS_CONTAINER_CREDENTIALS_FULL_URI"))
		return source_tried(tried, "container (AWS_CONTAINER_CREDENTIALS_FULL_URI is not set)");
	if (find_url(search, &question.url, err) < 0 || add_authorization(search, &question.headers, err) < 0)
		return -1;
	text_list_add(search->scratch, &question.headers, "Accept: application/json");
	result = source_ask(search, &question, &body, err);
	if (result == 0)
		err->kind = ERROR_CREDENTIALS;
	if (result <= 0)
		return error_wrap(err, "asking the container's endpoint for credentials");
	if (result != 200)
		return error_set(err, ERROR_CREDENTIALS, "the container's endpoint answered HTTP %d", result);
	tree = source_parse(search, body, strlen(body), where, err);
	return tree ? source_take_tree(search, where, tree, &source_metadata_names, found, err) : -1;
}
