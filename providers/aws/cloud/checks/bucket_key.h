/* SPDX-License-Identifier: Apache-2.0 */
/* The KMS key that encrypts a bucket, from the replies of GetBucketEncryption and DescribeKey. Pure. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_CHECKS_BUCKET_KEY_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_CHECKS_BUCKET_KEY_H

#include <jansson.h>
#include <stdbool.h>

struct arena;

/* Id, ARN or alias of the key in a GetBucketEncryption reply; "" when the bucket encrypts with S3's or AWS's own. */
const char *bucket_key_id(const json_t *encryption);

/*
 * Does a GetBucketEncryption reply say that objects are encrypted with an S3 Bucket Key? Never with the algorithm
 * aws:kms:dsse, which has none.
 */
bool bucket_key_used(const json_t *encryption);

/* The key's ARN in a DescribeKey reply; NULL when that is absent. Policies name keys, never aliases. */
const char *bucket_key_arn(const json_t *key);

/*
 * Why S3 cannot use the key of a DescribeKey reply, in words, in arena: it is disabled, pending deletion, or of a type
 * that S3 does not take ("S3 supports only symmetric encryption KMS keys", Amazon S3 User Guide, "Using server-side
 * encryption with AWS KMS keys"). NULL: nothing speaks against it.
 */
const char *bucket_key_fault(struct arena *arena, const json_t *key);

#endif
