/* SPDX-License-Identifier: Apache-2.0 */
/* Reading GetBucketEncryption and DescribeKey replies. */
#include "providers/aws/cloud/checks/bucket_key.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/tree.h"

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

const char *bucket_key_arn(const json_t *key)
{
	const char *arn = tree_text(key, "KeyMetadata.Arn");

	return *arn ? arn : NULL;
}

const char *bucket_key_fault(struct arena *arena, const json_t *key)
{
	const char *state = tree_text(key, "KeyMetadata.KeyState");
	const char *spec = tree_text(key, "KeyMetadata.KeySpec");

	if (*state && !text_equal(state, "Enabled") && !text_equal(state, "Updating"))
		return arena_printf(arena, "it is %s: no object can be read or written with it", state);
	if (*spec && !text_equal(spec, "SYMMETRIC_DEFAULT"))
		return arena_printf(arena,
			"it is a key of type %s, and S3 uses only symmetric encryption keys", spec);
	return NULL;
}
