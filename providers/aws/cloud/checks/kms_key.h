/* SPDX-License-Identifier: Apache-2.0 */
/* KMS keys that encrypt the bucket, the file system and volumes: which, and whether they can be used. Pure. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_CHECKS_KMS_KEY_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_CHECKS_KMS_KEY_H

#include <jansson.h>
#include <stdbool.h>

struct arena;
struct facts;
struct finding;

/* Id, ARN or alias of the key in a GetBucketEncryption reply; "" when the bucket encrypts with S3's or AWS's own. */
const char *bucket_key_id(const json_t *encryption);

/*
 * Does a GetBucketEncryption reply say that objects are encrypted with an S3 Bucket Key? Never with the algorithm
 * aws:kms:dsse, which has none.
 */
bool bucket_key_used(const json_t *encryption);

/* The same in a GetEbsDefaultKmsKeyId reply; "" when volumes are encrypted with AWS's own, or not by default. */
const char *ebs_key_id(const json_t *key_id);

/* Is the key of a DescribeKey reply one that a customer made and whose policy decides? AWS's own needs no permission. */
bool kms_key_is_customers(const json_t *key);

/* The key's ARN in a DescribeKey reply; NULL when that is absent. Policies name keys, never aliases. */
const char *kms_key_arn(const json_t *key);

/*
 * Why the service ("S3") cannot use the key of a DescribeKey reply, in words, in arena: it is disabled, pending deletion,
 * or of a type that no service takes ("S3 supports only symmetric encryption KMS keys", Amazon S3 User Guide, "Using
 * server-side encryption with AWS KMS keys"; EFS and EBS alike). NULL: nothing speaks against it.
 */
const char *kms_key_fault(struct arena *arena, const json_t *key, const char *service);

/*
 * What brings back a key that is disabled or pending deletion, added to the finding's remedy: commands for a key of the
 * cloud's account and region, else words. what it encrypts: "the bucket".
 */
void kms_key_remedy(const struct facts *facts, const json_t *key, const char *what, struct finding *finding);

#endif
