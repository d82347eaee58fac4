/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the replies that name keys, and those of DescribeKey. */
#include "providers/aws/cloud/checks/kms_key.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/tree.h"
#include "providers/aws/cloud/checks/remedy.h"
#include "providers/aws/iam/arn.h"
#include "providers/records/cloud.h"

const char *bucket_key_id(const json_t *encryption)
{
	const json_t *rule = tree_at(tree_get(encryption, "Rule"), 0);
	const char *algorithm = tree_text(rule, "ApplyServerSideEncryptionByDefault.SSEAlgorithm");
	const char *key = tree_text(rule, "ApplyServerSideEncryptionByDefault.KMSMasterKeyID");

	return text_starts_with(algorithm, "aws:kms") && !text_ends_with(key, "alias/aws/s3") ? key : "";
}

bool bucket_key_used(const json_t *encryption)
{
	const json_t *rule = tree_at(tree_get(encryption, "Rule"), 0);

	return text_equal(tree_text(rule, "BucketKeyEnabled"), "true") &&
		!text_equal(tree_text(rule, "ApplyServerSideEncryptionByDefault.SSEAlgorithm"),
			"aws:kms:dsse");
}

const char *ebs_key_id(const json_t *key_id)
{
	const char *key = tree_text(key_id, "kmsKeyId");

	return text_ends_with(key, "alias/aws/ebs") ? "" : key;
}

bool kms_key_is_customers(const json_t *key)
{
	return !text_equal(tree_text(key, "KeyMetadata.KeyManager"), "AWS");
}

const char *kms_key_arn(const json_t *key)
{
	const char *arn = tree_text(key, "KeyMetadata.Arn");

	return *arn ? arn : NULL;
}

void kms_key_remedy(const struct facts *facts, const json_t *key, const char *what, struct finding *finding)
{
	const char *state = tree_text(key, "KeyMetadata.KeyState");
	const char *arn = shell_word(facts->arena, kms_key_arn(key));

	if (!arn_field_is(kms_key_arn(key), ARN_REGION, facts->cloud->region) ||
		!arn_field_is(kms_key_arn(key), ARN_ACCOUNT, facts->cloud->account)) {
		remedy_say(facts, finding, "enable the key %s where it is, or encrypt %s with another", arn,
			what);
		return;
	}
	if (text_equal(state, "PendingDeletion"))
		remedy_add(facts, finding, "kms cancel-key-deletion --key-id %s", arn);
	if (text_equal(state, "PendingDeletion") || text_equal(state, "Disabled"))
		remedy_add(facts, finding, "kms enable-key --key-id %s", arn);
}

const char *kms_key_fault(struct arena *arena, const json_t *key, const char *service)
{
	const char *state = tree_text(key, "KeyMetadata.KeyState");
	const char *spec = tree_text(key, "KeyMetadata.KeySpec");

	if (*state && !text_equal(state, "Enabled") && !text_equal(state, "Updating"))
		return arena_printf(arena, "it is %s: nothing can be read or written with it", state);
	if (*spec && !text_equal(spec, "SYMMETRIC_DEFAULT"))
		return arena_printf(arena,
			"it is a key of type %s, and %s uses only symmetric encryption keys", spec, service);
	return NULL;
}
