/* SPDX-License-Identifier: Apache-2.0 */
/* Any text as a policy in every layer: it is read or refused, and a request is decided, without harm or delay. */
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/array.h"
#include "providers/aws/iam/access.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void decide(struct arena *arena, const struct access_policies *policies, struct request_text resource)
{
	const char *values[] = {"app", "203.0.113.7", "2026-01-02T03:04:05Z", "10",
		"arn:aws:iam::111122223333:role/app"};
	const struct request_context_value context[] = {
		{"aws:username", {values, 1}},
		{"aws:SourceIp", {values + 1, 1}},
		{"aws:CurrentTime", {values + 2, 1}, .open = true},
		{"s3:max-keys", {values + 3, 1}},
		{"aws:PrincipalArn", {values + 4, 1}},
		{"aws:TagKeys", {values, 5}, .more = true},
		{"aws:SourceVpce", {NULL, 0}},
	};
	const struct iam_request request = {
		.caller = {.account = "111122223333", .arn = values[4]},
		.context = {"s3:GetObject", resource, context, ARRAY_LENGTH(context)},
	};
	struct access access = access_decide(policies, &request);

	if (!*access_text(arena, &access))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	json_t *text = json_stringn((const char *)data, size);
	struct access_policy identity = access_policy_read(&arena, ACCESS_IDENTITY, "identity", text);
	struct access_policy boundary = access_policy_read(&arena, ACCESS_BOUNDARY, "boundary", text);
	struct access_policy resource = access_policy_read(&arena, ACCESS_RESOURCE, "resource", text);
	struct access_policies policies = {&identity, 1, &boundary, &resource, NULL, false};

	decide(&arena, &policies, (struct request_text){"arn:aws:s3:::bucket/", true});
	policies.boundary = NULL;
	policies.resource_account = "444455556666";
	decide(&arena, &policies, (struct request_text){"arn:aws:s3:::bucket/key", false});
	policies.identity_count = 0;
	policies.resource_account = NULL;
	policies.resource_decides = true;
	decide(&arena, &policies, (struct request_text){"*", false});
	json_decref(text);
	arena_free(&arena);
	return 0;
}
