/* SPDX-License-Identifier: Apache-2.0 */
/* Error bodies of all protocols, and the table of AWS's codes. */
#include "providers/aws/client/fault.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/redact.h"
#include "base/text.h"
#include "base/tree.h"
#include "providers/net/transport.h"
#include "providers/net/xml.h"

/* Codes, or patterns of them; the first row that matches counts. */
struct code_row {
	const char *pattern;
	enum error_kind kind;
	enum fault_class class;
	const char *not_for; /* services where the code means something else, space separated; or NULL */
};

static const struct code_row code_rows[] = {
	/* throttling: refused unread, come back later */
	{"Throttling", ERROR_THROTTLED, FAULT_THROTTLE},
	{"ThrottlingException", ERROR_THROTTLED, FAULT_THROTTLE},
	{"ThrottledException", ERROR_THROTTLED, FAULT_THROTTLE},
	{"RequestThrottled*", ERROR_THROTTLED, FAULT_THROTTLE},
	{"TooManyRequestsException", ERROR_THROTTLED, FAULT_THROTTLE},
	{"ProvisionedThroughputExceededException", ERROR_THROTTLED, FAULT_THROTTLE},
	{"TransactionInProgressException", ERROR_THROTTLED, FAULT_THROTTLE},
	{"RequestLimitExceeded", ERROR_THROTTLED, FAULT_THROTTLE},
	{"BandwidthLimitExceeded", ERROR_THROTTLED, FAULT_THROTTLE},
	{"LimitExceededException", ERROR_THROTTLED, FAULT_THROTTLE,
		.not_for = "cloudformation iam"}, /* quotas there */
	{"SlowDown", ERROR_THROTTLED, FAULT_THROTTLE},
	{"PriorRequestNotComplete", ERROR_THROTTLED, FAULT_THROTTLE},
	{"EC2ThrottledException", ERROR_THROTTLED, FAULT_THROTTLE},
	/* HTTP 429, but it lasts until another stack of the account is done (CloudFormation's service model) */
	{"ConcurrentResourcesLimitExceeded*", ERROR_REJECTED, FAULT_FINAL},
	/* AWS failed */
	{"RequestTimeout*", ERROR_SERVICE, FAULT_TRANSIENT},
	{"InternalError*", ERROR_SERVICE, FAULT_TRANSIENT},
	{"InternalFailure", ERROR_SERVICE, FAULT_TRANSIENT},
	{"InternalServerError", ERROR_SERVICE, FAULT_TRANSIENT},
	{"InternalServiceError*", ERROR_SERVICE, FAULT_TRANSIENT},
	{"ServiceUnavailable*", ERROR_SERVICE, FAULT_TRANSIENT},
	{"Unavailable", ERROR_SERVICE, FAULT_TRANSIENT},
	{"IDPCommunicationError", ERROR_SERVICE, FAULT_TRANSIENT},
	/* who calls, and when */
	{"RequestTimeTooSkewed", ERROR_CREDENTIALS, FAULT_SKEW},
	{"RequestInTheFuture", ERROR_CREDENTIALS, FAULT_SKEW},
	{"RequestExpired", ERROR_CREDENTIALS, FAULT_SKEW},
	{"SignatureDoesNotMatch", ERROR_CREDENTIALS, FAULT_SKEW},
	{"InvalidSignatureException", ERROR_CREDENTIALS, FAULT_SKEW},
	{"AuthFailure", ERROR_CREDENTIALS, FAULT_SKEW},
	{"ExpiredToken*", ERROR_CREDENTIALS, FAULT_EXPIRED},
	{"TokenRefreshRequired", ERROR_CREDENTIALS, FAULT_EXPIRED},
	{"MissingAuthenticationToken*", ERROR_CREDENTIALS, FAULT_FINAL},
	{"InvalidClientTokenId", ERROR_CREDENTIALS, FAULT_FINAL},
	{"UnrecognizedClientException", ERROR_CREDENTIALS, FAULT_FINAL},
	{"InvalidAccessKeyId", ERROR_CREDENTIALS, FAULT_FINAL},
	{"InvalidToken", ERROR_CREDENTIALS, FAULT_FINAL},
	{"IncompleteSignature*", ERROR_CREDENTIALS, FAULT_FINAL},
	{"AccessDenied*", ERROR_DENIED, FAULT_FINAL},
	{"UnauthorizedOperation", ERROR_DENIED, FAULT_FINAL},
	/* S3: the bucket is in another region */
	{"PermanentRedirect", ERROR_REJECTED, FAULT_REGION},
	{"TemporaryRedirect", ERROR_REJECTED, FAULT_REGION},
	{"AuthorizationHeaderMalformed", ERROR_CREDENTIALS, FAULT_REGION},
	{"IllegalLocationConstraintException", ERROR_REJECTED, FAULT_REGION},
	/* what exists and what does not */
	{"*NotFound", ERROR_NOT_FOUND, FAULT_FINAL},
	{"*NotFoundFault", ERROR_NOT_FOUND, FAULT_FINAL},
	{"*NotFoundException", ERROR_NOT_FOUND, FAULT_FINAL},
	{"*NotFoundError", ERROR_NOT_FOUND, FAULT_FINAL},
	{"NoSuch*", ERROR_NOT_FOUND, FAULT_FINAL},
	{"*AlreadyExists*", ERROR_CONFLICT, FAULT_FINAL},
	{"BucketAlreadyOwnedByYou", ERROR_CONFLICT, FAULT_FINAL},
	{"DependencyViolation", ERROR_CONFLICT, FAULT_FINAL},
	{"DeleteConflict*", ERROR_CONFLICT, FAULT_FINAL},
	{"BucketNotEmpty", ERROR_CONFLICT, FAULT_FINAL},
	{"*InUse", ERROR_CONFLICT, FAULT_FINAL},
	{"*InUseException", ERROR_CONFLICT, FAULT_FINAL},
	{"OperationInProgress*", ERROR_CONFLICT, FAULT_FINAL},
	{"ConcurrentModification*", ERROR_CONFLICT, FAULT_FINAL},
	{"PreconditionFailed", ERROR_CONFLICT, FAULT_FINAL},
	{"ConditionalRequestConflict", ERROR_CONFLICT, FAULT_FINAL},
};

/* By HTTP status, for codes without a row of their own. */
static const struct {
	int from, to;
	enum error_kind kind;
	enum fault_class class;
} status_rows[] = {
	{301, 307, ERROR_REJECTED, FAULT_REGION},
	{401, 401, ERROR_CREDENTIALS, FAULT_FINAL},
	{403, 403, ERROR_DENIED, FAULT_FINAL},
	{404, 404, ERROR_NOT_FOUND, FAULT_FINAL},
	{409, 409, ERROR_CONFLICT, FAULT_FINAL},
	{429, 429, ERROR_THROTTLED, FAULT_THROTTLE},
	{509, 509, ERROR_THROTTLED, FAULT_THROTTLE},
	{500, 500, ERROR_SERVICE, FAULT_TRANSIENT},
	{502, 504, ERROR_SERVICE, FAULT_TRANSIENT},
	{500, 599, ERROR_SERVICE, FAULT_FINAL},
};

/* What was read from a failure's body and headers. */
struct fault_body {
	const char *code; /* "" when the body is not AWS's */
	const char *message;
	const char *request_id;
};

const char *fault_request_id(struct arena *arena, const struct exchange *exchange)
{
	const char *id = exchange_header(exchange, arena, "x-amzn-requestid");

	return id ? id : exchange_header(exchange, arena, "x-amz-request-id");
}

/* The first member named Error at any depth; the tree is at most as deep as xml.h allows. */
static const json_t *find_error(const json_t *node)
{
	const json_t *found = json_object_get(node, "Error");
	const char *name;
	json_t *child;

	if (found)
		return tree_at(found, 0);
	json_object_foreach ((json_t *)(uintptr_t)node, name, child) {
		found = find_error(child);
		if (found)
			return found;
	}
	return NULL;
}

static void read_xml(struct arena *arena, const struct exchange *x, struct fault_body *raw)
{
	struct error ignored;
	char root[64];
	json_t *tree = xml_parse(str_text(&x->reply_body), x->reply_body.length, root, &ignored);
	const json_t *error = text_equal(tree ? root : NULL, "Error") ? tree : find_error(tree);
	static const char *const ids[] = {"RequestId", "RequestID"};

	raw->code = arena_strdup(arena, tree_text(error, "Code"));
	raw->message = arena_strdup(arena, tree_text(error, "Message"));
	for (size_t i = 0; i < 4; i++) {
		const char *id = tree_text(i < 2 ? tree : error, ids[i % 2]);

		if (*id)
			raw->request_id = arena_strdup(arena, id);
	}
	json_decref(tree);
}

/* "com.example#Code:http://…" → "Code". */
static const char *bare_code(struct arena *arena, const char *code)
{
	const char *hash;

	code = arena_strndup(arena, code, strcspn(code, ":"));
	hash = strrchr(code, '#');
	return hash ? hash + 1 : code;
}

/* The first of the names that has text in the tree. */
static const char *first_text(struct arena *arena, const json_t *tree, const char *const *names)
{
	const char *text = "";

	for (; *names && !*text; names++)
		text = tree_text(tree, *names);
	return arena_strdup(arena, text);
}

static void read_json(struct arena *arena, const struct exchange *x, struct fault_body *raw)
{
	static const char *const codes[] = {"__type", "code", "Code", "ErrorCode", NULL};
	static const char *const messages[] = {"message", "Message", "errorMessage", NULL};
	json_t *tree = json_loadb(str_text(&x->reply_body), x->reply_body.length, 0, NULL);
	const char *type = exchange_header(x, arena, "x-amzn-errortype");
	const char *query = exchange_header(x, arena, "x-amzn-query-error");

	raw->code = bare_code(arena, type ? type : first_text(arena, tree, codes));
	if (query && strcspn(query, ";") > 0)
		raw->code = arena_strndup(arena, query, strcspn(query, ";"));
	raw->message = first_text(arena, tree, messages);
	json_decref(tree);
}

static const struct code_row *row_of(const struct aws_operation *operation, const char *code)
{
	for (size_t i = 0; i < ARRAY_LENGTH(code_rows); i++) {
		const struct code_row *row = &code_rows[i];

		if (text_glob(row->pattern, code, false) &&
			!text_is_among(operation->service->name, row->not_for))
			return row;
	}
	return NULL;
}

static void classify(const struct aws_operation *operation, const char *code, int status,
	enum error_kind *kind, enum fault_class *class)
{
	const struct code_row *row = row_of(operation, code);

	*kind = row ? row->kind : ERROR_REJECTED;
	*class = row ? row->class : FAULT_FINAL;
	for (size_t i = 0; !row && i < ARRAY_LENGTH(status_rows); i++) {
		if (status < status_rows[i].from || status > status_rows[i].to)
			continue;
		*kind = status_rows[i].kind;
		*class = status_rows[i].class;
		return;
	}
}

/* CloudFormation says that a stack is missing in the text of a general code (docs/design.md, "Calls to AWS"). */
static bool is_missing_stack(const struct aws_operation *operation, const struct fault_body *raw)
{
	return text_equal(operation->service->name, "cloudformation") &&
		text_equal(raw->code, "ValidationError") &&
		text_glob("*does not exist*", raw->message, false);
}

static bool is_action_character(char c)
{
	return text_is_letter(c) || text_is_digit(c) || c == '-' || c == '*';
}

/* "… is not authorized to perform: ec2:DescribeVpcs on resource …": AWS's own word for what is missing. */
static bool action_in_message(const char *message, char *action, size_t size)
{
	static const char marker[] = "to perform";
	const char *start = strstr(message, marker);
	size_t service, length;

	for (; start; start = strstr(start, marker)) {
		start += strlen(marker);
		start += strspn(start, ": [");
		for (service = 0; is_action_character(start[service]);)
			service++;
		if (service == 0 || start[service] != ':')
			continue;
		for (length = service + 1; is_action_character(start[length]);)
			length++;
		if (length == service + 1 || length >= size)
			continue;
		memcpy(action, start, length);
		action[length] = '\0';
		return true;
	}
	return false;
}

static void set_action(const struct aws_operation *operation, const char *message, struct error *err)
{
	const char *actions = operation->actions ? operation->actions : "";

	if (!action_in_message(message, err->action, sizeof(err->action)))
		snprintf(err->action, sizeof(err->action), "%.*s", (int)strcspn(actions, " "), actions);
}

/* EC2 appends a long encoded blob to its refusals. */
static const char *readable(struct arena *arena, const char *message)
{
	const char *blob = strstr(message, "Encoded authorization failure message:");
	size_t length = blob ? (size_t)(blob - message) : strlen(message);

	while (length > 0 && strchr(" \n\r\t.", message[length - 1]))
		length--;
	return arena_strndup(arena, message, length);
}

/* Answers without a body, as S3 gives them to HEAD. */
static const char *status_words(struct arena *arena, int status)
{
	switch (status) {
	case 301:
	case 307:
	case 400: return "it is in another region, or the request is wrong; AWS gave no explanation";
	case 403: return "forbidden; AWS gave no explanation";
	case 404: return "it does not exist";
	default: return arena_printf(arena, "HTTP status %d without an explanation", status);
	}
}

/* The root-cause sentence where the body has none. */
static const char *own_words(struct arena *arena, const struct exchange *x, bool from_aws)
{
	const char *type = exchange_header(x, arena, "content-type");
	const char *location = exchange_header(x, arena, "location");

	if (from_aws)
		return "AWS gave no further reason";
	/* AWS's own redirects say in the body where to; any other comes from a proxy. */
	if (location)
		return arena_printf(arena,
			"HTTP status %d: redirected to %s, which a signed request must not follow; is there a proxy in between?",
			x->status, arena_strndup(arena, location, strcspn(location, "?#")));
	if (x->reply_body.length == 0)
		return status_words(arena, x->status);
	return arena_printf(arena,
		"HTTP status %d with a body that is not AWS's (%s); is there a proxy in between?", x->status,
		type ? type : "of no content type");
}

static void read_raw(struct arena *arena, const struct exchange *x, struct fault_body *raw)
{
	const char *body = str_text(&x->reply_body);

	*raw = (struct fault_body){"", "", fault_request_id(arena, x)};
	if (body[strspn(body, " \t\r\n")] == '<')
		read_xml(arena, x, raw);
	else
		read_json(arena, x, raw);
}

bool fault_is(const struct aws_operation *operation, const struct exchange *exchange)
{
	const char *body = str_text(&exchange->reply_body);
	struct error ignored;
	char root[64] = "";

	if (exchange->status >= 300 || exchange->status < 200)
		return true;
	if (operation->service->protocol != PROTOCOL_REST_XML || operation->payload ||
		!strstr(body, "<Error"))
		return false;
	json_decref(xml_parse(body, exchange->reply_body.length, root, &ignored));
	return text_equal(root, "Error");
}

enum fault_class fault_read(struct arena *arena, const struct aws_operation *operation,
	const struct exchange *exchange, const struct text_list *secrets, struct error *err)
{
	/* S3 reports a failure after it began a 200: as good as a 500. */
	int status = exchange->status < 300 ? 500 : exchange->status;
	enum error_kind kind;
	enum fault_class class;
	struct fault_body raw;
	const char *message;

	read_raw(arena, exchange, &raw);
	classify(operation, raw.code, status, &kind, &class);
	if (is_missing_stack(operation, &raw))
		kind = ERROR_NOT_FOUND;
	/* Not AWS's reply: it says nothing about the resource. AWS leaves the code out only where there is no body. */
	if (!*raw.code && class == FAULT_FINAL &&
		(exchange->reply_body.length > 0 ||
			(kind == ERROR_NOT_FOUND && !text_equal(operation->method, "HEAD"))))
		kind = ERROR_PROTOCOL;
	raw.code = redacted(arena, secrets, raw.code);
	raw.message = redacted(arena, secrets, raw.message);
	raw.request_id = redacted(arena, secrets, raw.request_id ? raw.request_id : "");
	message = readable(arena, raw.message);
	if (!*message)
		message = redacted(arena, secrets, own_words(arena, exchange, *raw.code != '\0'));
	error_set(err, kind, "%s", message);
	err->http_status = exchange->status;
	if (*raw.code)
		snprintf(err->code, sizeof(err->code), "%s", raw.code);
	else
		snprintf(err->code, sizeof(err->code), "%d", exchange->status);
	snprintf(err->request_id, sizeof(err->request_id), "%s", raw.request_id);
	if (kind == ERROR_DENIED)
		set_action(operation, raw.message, err);
	return class;
}
