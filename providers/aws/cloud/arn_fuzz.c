/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzz target: everything that reads ARNs: fields, patterns of policies, principals of trust policies, and what a
 * user gives to `register`. Two texts, separated by a line break; an ARN that one reader takes for a role's means the
 * same to the others.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "providers/aws/cloud/register_input.h"
#include "providers/aws/iam/arn.h"
#include "providers/aws/iam/pattern.h"
#include "providers/aws/iam/trust_edit.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void read_fields(struct arena *arena, const char *arn)
{
	const char *account = arn_account(arena, arn), *name = arn_name(arn);

	must(!strchr(account, ':') && strstr(arn, account));
	must(!strchr(name, '/') && text_ends_with(arn, name));
	must(!strchr(arn_partition(arena, arn), ':') && *arn_partition(arena, arn));
	if (arn_field_is(arn, ARN_ACCOUNT, account))
		must(text_starts_with(arn, "arn:"));
}

/* A policy that trusts the principal takes an external id of the account's, and gives it back. */
static bool admits(const char *principal, const char *account)
{
	json_t *policy = json_pack("{s:{s:s, s:s, s:{s:s}}}", "Statement", "Effect", "Allow", "Action",
		"sts:AssumeRole", "Principal", "AWS", principal);
	struct error ignored;
	bool changed;
	json_t *after = trust_add_external_id(policy, account, "cld_1", &changed, &ignored);
	json_t *back = after ? trust_remove_external_id(after, account, "cld_1", &changed, &ignored) : NULL;
	bool admitted = after != NULL;

	must(!after || (changed && trust_equal(policy, back)));
	json_decref(policy);
	json_decref(after);
	json_decref(back);
	return admitted;
}

/* As an option, beside another role of the same account. */
static void give(struct arena *arena, const char *arn, const char *other)
{
	const struct register_options options = {.name = "fuzz",
		.given.resources = {.control_plane_role_arn = arn,
			.node_role_arn = other,
			.bucket = arn,
			.memorydb_cluster = arn}};
	struct cloud cloud = {0};
	struct text_list mistakes;
	size_t length;

	register_input_merge(arena, &options, "us-west-2", &cloud);
	mistakes = register_input_mistakes(arena, &cloud);
	must(mistakes.count > 0); /* there is no VPC */
	if (!cloud.account)
		return;
	length = strlen(arn_name(arn));
	must(length >= 1 && length <= 64 && strlen(cloud.account) == 12);
	must(text_equal(arn_account(arena, arn), cloud.account) &&
		arn_field_is(arn, ARN_ACCOUNT, cloud.account));
	must(text_starts_with(arn_partition(arena, arn), "aws"));
	must(admits(arn, cloud.account));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct arena arena = {0};
	const char *text = arena_strndup(&arena, (const char *)bytes, length);
	const char *first = arena_strndup(&arena, text, strcspn(text, "\n"));
	const char *second = text + strlen(first) + (text[strlen(first)] == '\n');

	read_fields(&arena, first);
	read_fields(&arena, second);
	give(&arena, first, second);
	admits(first, second);
	pattern_resource(second, true, NULL, (struct request_text){first, true});
	pattern_resource(first, false, NULL, (struct request_text){second, false});
	if (!strpbrk(first, "*?"))
		must(pattern_resource(first, false, NULL, (struct request_text){first, false}) == TRUTH_YES);
	arena_free(&arena);
	return 0;
}
