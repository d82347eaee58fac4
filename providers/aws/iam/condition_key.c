/* SPDX-License-Identifier: Apache-2.0 */
#include "providers/aws/iam/condition_key.h"

#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "providers/aws/iam/condition_key_table.h"
#include "providers/aws/iam/pattern.h"

static const char tag_keys[] = " aws:RequestTag/* aws:ResourceTag/* aws:TagKeys ";

/* Those of a session's credentials: an instance's, a function's, a job's, a user's of IAM Identity Center. */
static const char cross_service_keys[] =
	" ec2:RoleDelivery ec2:SourceInstanceARN glue:CredentialIssuingService glue:RoleAssumedBy"
	" identitystore:UserId lambda:SourceFunctionArn ssm:SourceInstanceArn ";

static bool same(const char *a, const char *b, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (text_lower(a[i]) != text_lower(b[i]))
			return false;
	return true;
}

bool condition_key_is(const char *name, size_t size, const char *key, size_t length)
{
	if (size > 0 && name[size - 1] == '*')
		return length >= size - 1 && same(name, key, size - 1);
	return length == size && same(name, key, size);
}

static bool lists(const char *words, const char *word, size_t length)
{
	while (*(words += strspn(words, " "))) {
		size_t size = strcspn(words, " ");

		if (condition_key_is(words, size, word, length))
			return true;
		words += size;
	}
	return false;
}

static bool is_service(const char *prefix, size_t length)
{
	for (size_t i = 0; i < ARRAY_LENGTH(service_prefixes); i++)
		if (condition_key_is(service_prefixes[i], strlen(service_prefixes[i]), prefix, length))
			return true;
	return false;
}

/* Is the key one of those that the reference gives to actions and resource types, in its edition? */
static bool is_listed_kind(const char *action, const char *key, size_t length)
{
	const char *colon = memchr(key, ':', length);
	size_t prefix;

	if (!colon)
		return false;
	prefix = (size_t)(colon - key);
	if (prefix == 3 && same(key, "aws", prefix))
		return lists(tag_keys, key, length);
	if (!is_service(key, prefix) || lists(cross_service_keys, key, length))
		return false;
	return !same(key, action, prefix + 1) || lists(service_keys, key, length);
}

static bool is_on(const struct carried_keys *row, struct request_text resource)
{
	const struct pattern pattern = {.text = row->resource, .wildcards = true, .fields = true};

	return !row->resource || !resource.text || strcmp(resource.text, "*") == 0 ||
		pattern_matches(&pattern, resource) != TRUTH_NO;
}

bool condition_key_ruled_out(const struct request_context *context, const char *key, size_t length)
{
	const char *action = context->action;
	bool typed = false, on_type = false, known = false;

	if (!action || !is_listed_kind(action, key, length))
		return false;
	for (size_t i = 0; i < ARRAY_LENGTH(carried_keys); i++) {
		const struct carried_keys *row = &carried_keys[i];

		if (!lists(row->actions, action, strlen(action)))
			continue;
		known = true;
		typed = typed || row->resource;
		if (!is_on(row, context->resource))
			continue;
		on_type = on_type || row->resource;
		if (lists(row->keys, key, length))
			return false;
	}
	return known && (!typed || on_type);
}
