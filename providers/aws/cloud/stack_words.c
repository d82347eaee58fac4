/* SPDX-License-Identifier: Apache-2.0 */
/* The words for a stack's resources and reasons (stack_log.h). Pure. */
#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/text.h"
#include "providers/aws/cloud/resource_types.h"
#include "providers/aws/cloud/stack_log.h"

/* Compare with '#' standing for one digit, which goes to *digit. */
static bool matches(const char *pattern, const char *logical_id, char *digit)
{
	for (; *pattern; pattern++, logical_id++) {
		if (*pattern == '#' && text_is_digit(*logical_id))
			*digit = *logical_id;
		else if (*pattern != *logical_id)
			return false;
	}
	return *logical_id == '\0';
}

/* The name of a resource of the template; NULL when row is not the one with this logical id. */
static const char *name_of(struct arena *arena, const struct resource_type_name *row, const char *logical_id)
{
	char digit = '#', *name, *place;

	if (!row->logical_id || !matches(row->logical_id, logical_id, &digit))
		return NULL;
	name = arena_strdup(arena, row->name);
	place = strchr(name, '#');
	if (place)
		*place = digit;
	return name;
}

const char *stack_resource_name(struct arena *arena, const char *logical_id)
{
	for (size_t i = 0; i < resource_type_count; i++) {
		for (size_t k = 0; k < RESOURCE_TYPE_NAMES; k++) {
			const char *name = name_of(arena, &resource_types[i].resources[k], logical_id);

			if (name)
				return name;
		}
	}
	return arena_strdup(arena, logical_id);
}

/* The word after label, up to a delimiter; NULL when label is not there. */
static const char *word_after(struct arena *arena, const char *text, const char *label)
{
	const char *word = strstr(text, label);

	if (!word)
		return NULL;
	word += strlen(label);
	return arena_strndup(arena, word, strcspn(word, ",;) \""));
}

/* Error Code of the service, else CloudFormation's handler code where that says something. */
static const char *code_of(struct arena *arena, const char *reason)
{
	const char *code = word_after(arena, reason, "Error Code: ");

	if (!code)
		code = word_after(arena, reason, "HandlerErrorCode: ");
	return text_equal(code, "GeneralServiceException") || text_equal(code, "InvalidRequest") ? NULL
												 : code;
}

/* A message may quote another handler's, the cause: the last one. */
static const char *innermost(const char *reason)
{
	static const char handler[] = "Resource handler returned message: \"";
	const char *next;

	while ((next = strstr(reason, handler)))
		reason = next + sizeof(handler) - 1;
	return reason;
}

/* A quotation mark without its partner, left by what was cut off. */
static bool is_lone_quote(const char *text, size_t at)
{
	bool odd = false;

	for (size_t i = 0; i <= at; i++)
		odd = odd != (text[i] == '"');
	return odd && text[at] == '"';
}

/* Everything before the first of the marks, without what only leads there. */
static size_t message_length(const char *reason, const char *blob)
{
	static const char *const ends[] = {"\" (RequestToken:", " (RequestToken:", "(Service: "};
	size_t length = blob ? (size_t)(blob - reason) : strlen(reason);

	for (size_t i = 0; i < ARRAY_LENGTH(ends); i++) {
		const char *end = strstr(reason, ends[i]);

		if (end && (size_t)(end - reason) < length)
			length = (size_t)(end - reason);
	}
	while (length > 0 && (strchr(" .\n", reason[length - 1]) || is_lone_quote(reason, length - 1)))
		length--;
	return length;
}

const char *stack_reason(struct arena *arena, const char *reason)
{
	const char *code = code_of(arena, reason), *message = innermost(reason);
	const char *blob = strstr(message, "Encoded authorization failure message:");
	size_t length = message_length(message, blob);

	if (length == 0)
		return code ? code : "no reason given";
	message = arena_strndup(arena, message, length);
	if (code && !strstr(message, code))
		message = arena_printf(arena, "%s (%s)", message, code);
	return blob
		? arena_printf(arena,
			  "%s; the stack's events have an encoded message, which `aws sts decode-authorization-message` reads",
			  message)
		: message;
}

bool stack_reason_is_denial(const char *reason)
{
	static const char *const words[] = {"not authorized", "AccessDenied", "Access Denied",
		"UnauthorizedOperation", "UnauthorizedTaggingOperation"};

	for (size_t i = 0; i < ARRAY_LENGTH(words); i++)
		if (strstr(reason, words[i]))
			return true;
	return false;
}

const char *stack_denial_advice(const char *reason)
{
	static const struct {
		const char *words, *advice;
	} rows[] = {
		{"service control policy",
			"A service control policy of the organization forbids it, and no policy of the account can allow it: ask those who administer the organization."},
		{"resource control policy",
			"A resource control policy of the organization forbids it, and no policy of the account can allow it: ask those who administer the organization."},
		{"permissions boundary",
			"The permissions boundary of the credentials in use forbids it: use other credentials (--profile), or ask those who set the boundary."},
		{"session policy",
			"The session policy of the credentials in use forbids it: use other credentials (--profile)."},
		{"explicit deny in an identity-based policy",
			"A policy of the credentials in use denies it, and no further policy can allow it: use other credentials (--profile), or have that policy changed."},
	};

	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		if (strstr(reason, rows[i].words))
			return rows[i].advice;
	return "To see which permissions are missing: cloudctl policy setup --check";
}
