/* SPDX-License-Identifier: Apache-2.0 */
/* The role of an EC2 instance, from IMDSv2. The last source: elsewhere nobody answers, and waiting must be short. */
#include <string.h>

#include "base/arena.h"
#include "base/tree.h"
#include "providers/aws/client/session.h"
#include "providers/aws/credentials/credentials_source.h"

enum {
	TIMEOUT_MS = 1000,
	TIMEOUT_MAX_S = 60,
	ATTEMPTS_MAX = 10,
	TOKEN_MAX = 1024,
	STALE_MS = 10 * 60 * 1000,
};

static const char usual[] = "http://169.254.169.254", usual_v6[] = "http://[fd00:ec2::254]";
static const char role_path[] = "/latest/meta-data/iam/security-credentials/";

/* An environment variable, or the setting of the profile that means the same. */
static const char *given(const struct credentials_search *search, const char *variable, const char *key)
{
	const char *value = source_variable(search, variable);

	return value ? value : source_setting(search, key);
}

static bool is_disabled(const struct credentials_search *search)
{
	return text_equal_nocase(source_variable(search, "AWS_EC2_METADATA_DISABLED"), "true");
}

static int find_base(const struct credentials_search *search, const char **base, struct error *err)
{
	static const char variable[] = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
	const char *url = given(search, variable, "ec2_metadata_service_endpoint");
	const char *mode = given(search, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
		"ec2_metadata_service_endpoint_mode");
	size_t length;

	/* The older name of the setting counts where the newer one is not set. */
	if (!mode && text_equal_nocase(given(search, "AWS_IMDS_USE_IPV6", "imds_use_ipv6"), "true"))
		mode = "ipv6";
	*base = text_equal_nocase(mode, "ipv6") ? usual_v6 : usual;
	if (!url)
		return 0;
	if (endpoint_check_url(url, variable, err) < 0)
		return -1;
	for (length = strlen(url); url[length - 1] == '/';)
		length--;
	*base = arena_strndup(search->scratch, url, length);
	return 0;
}

static void read_patience(const struct credentials_search *search, struct source_question *question)
{
	const char *seconds = given(search, "AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout");
	const char *attempts = given(search, "AWS_METADATA_SERVICE_NUM_ATTEMPTS",
		"metadata_service_num_attempts");
	uint64_t value;

	question->timeout_ms = TIMEOUT_MS;
	question->attempts = 1;
	if (seconds && text_number(seconds, 1, TIMEOUT_MAX_S, &value))
		question->timeout_ms = (int)value * 1000;
	if (attempts && text_number(attempts, 1, ATTEMPTS_MAX, &value))
		question->attempts = (int)value;
}

/* The session token of version 2. No answer, or a refusal, is not an error here: this may not be an instance. */
static int get_token(const struct credentials_search *search, struct source_question question,
	const char *base, const char **token, struct str *tried, struct error *err)
{
	struct error problem = {0};
	int status;

	question.method = "PUT";
	question.url = arena_printf(search->scratch, "%s/latest/api/token", base);
	text_list_add(search->scratch, &question.headers, "x-aws-ec2-metadata-token-ttl-seconds: 21600");
	status = source_ask(search, &question, token, &problem);
	if (status < 0) {
		*err = problem;
		return problem.kind == ERROR_INTERRUPTED ? -1 : SOURCE_ABSENT;
	}
	if (status == 200 && **token && strlen(*token) <= TOKEN_MAX && !strpbrk(*token, "\r\n"))
		return SOURCE_FOUND;
	if (status == 0)
		return source_tried(tried,
			"instance metadata (%s, or in a container on EC2 whose HttpPutResponseHopLimit is 1)",
			problem.frame[0]);
	return source_tried(tried, "instance metadata (no session token from %s: HTTP %d)", base, status);
}

/* GET with the token; the body, or NULL: *status says why. */
static const char *get(const struct credentials_search *search, struct source_question question,
	const char *url, const char *token, int *status, struct error *err)
{
	const char *body = NULL;

	question.method = "GET";
	question.url = url;
	question.headers = (struct text_list){0};
	text_list_add(search->scratch, &question.headers,
		arena_printf(search->scratch, "x-aws-ec2-metadata-token: %s", token));
	*status = source_ask(search, &question, &body, err);
	return *status == 200 ? body : NULL;
}

static int take(const struct credentials_search *search, const char *body, struct credentials *found,
	struct str *tried, struct error *err)
{
	static const char where[] = "the reply of the instance metadata service";
	json_t *tree = source_parse(search, body, strlen(body), where, err);
	const char *code = tree_text(tree, "Code");
	int result;

	if (!tree)
		return -1;
	if (*code && !text_equal(code, "Success"))
		return source_tried(tried, "instance metadata (%s)", code);
	result = source_take_tree(search, where, tree, &source_metadata_names, found, err);
	/* The service may be late with new ones; AWS accepts the old ones then (static stability). */
	if (result == SOURCE_FOUND && found->expires_ms && found->expires_ms <= search->now_ms)
		found->expires_ms = search->now_ms + STALE_MS;
	return result;
}

static int from_role(const struct credentials_search *search, const struct source_question *question,
	const char *base, const char *token, struct credentials *found, struct str *tried, struct error *err)
{
	const char *roles_url = arena_printf(search->scratch, "%s%s", base, role_path);
	int status;
	const char *role = get(search, *question, roles_url, token, &status, err), *body;

	if (status < 0)
		return -1;
	if (!role || !*role)
		return source_tried(tried, "instance metadata (the instance has no role)");
	role = arena_strndup(search->scratch, role, strcspn(role, "\r\n"));
	if (strpbrk(role, " \t?#%/") || strlen(role) > 64)
		return error_set(err, ERROR_CREDENTIALS,
			"the instance metadata service returned an invalid role name");
	body = get(search, *question, arena_printf(search->scratch, "%s%s", roles_url, role), token, &status,
		err);
	if (status < 0)
		return -1;
	if (body)
		return take(search, body, found, tried, err);
	return source_tried(tried, "instance metadata (no credentials of role %s: HTTP %d)", role, status);
}

int source_instance(const struct credentials_search *search, struct credentials *found, struct str *tried,
	struct error *err)
{
	struct source_question question = {0};
	const char *base, *token;
	int result;

	if (is_disabled(search))
		return source_tried(tried, "instance metadata (AWS_EC2_METADATA_DISABLED is true)");
	if (!search->aws)
		return source_tried(tried, "instance metadata (not asked)");
	if (find_base(search, &base, err) < 0)
		return -1;
	read_patience(search, &question);
	result = get_token(search, question, base, &token, tried, err);
	if (result != SOURCE_FOUND)
		return result;
	return from_role(search, &question, base, token, found, tried, err);
}

static const char *ask_region(const struct credentials_search *search)
{
	static const char path[] = "/latest/meta-data/placement/region";
	struct str tried = {.arena = search->scratch, .max = 1024};
	struct source_question question = {0};
	const char *base, *token, *region;
	struct error ignored;
	int status;

	if (is_disabled(search) || find_base(search, &base, &ignored) < 0)
		return NULL;
	read_patience(search, &question);
	if (get_token(search, question, base, &token, &tried, &ignored) != SOURCE_FOUND)
		return NULL;
	region = get(search, question, arena_printf(search->scratch, "%s%s", base, path), token, &status,
		&ignored);
	return region && endpoint_region_valid(region) ? region : NULL;
}

const char *credentials_instance_region(const struct aws *aws, struct arena *arena)
{
	struct arena scratch = {0};
	const struct credentials_search search = {
		.scratch = &scratch,
		.world = aws->session->world,
		.profiles = &aws->session->profiles,
		.profile = aws->session->profile,
		.aws = aws,
		.uninterrupted = aws->session->uninterrupted,
	};
	const char *region = arena_strdup(arena, ask_region(&search));

	arena_free(&scratch);
	return region;
}
