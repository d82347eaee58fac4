/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `delete --with-bucket`: a managed cloud's bucket with everything in it: all versions, delete markers, uploads that were
 * never completed (Amazon S3 User Guide, "Emptying a general purpose bucket"; S3 API Reference, DeleteObjects).
 *
 * Only the bucket that `setup` made is removed: it has the name that `setup` gives, belongs to the cloud's account, and has the
 * tag that CloudFormation gave it with the cloud's id.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_DELETE_BUCKET_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_DELETE_BUCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct arena;
struct aws;
struct aws_operation;
struct cloud;
struct run;

/* The operations of both functions below, ended by NULL. */
extern const struct aws_operation *const bucket_operations[];

struct bucket_contents {
	const char *name; /* NULL: there is no such bucket */
	size_t count;     /* versions and delete markers */
	int64_t bytes;
	bool more; /* there are more than were counted, which are 10,000 */
	/* "GOVERNANCE for 30 days", what new objects get; "": Object Lock without that; NULL: none */
	const char *lock;
};

/*
 * Look at the bucket before it is removed; everything in arena. ERROR_REJECTED: it must not be removed, because it is not the
 * cloud's own, or its objects are locked; else as aws_call().
 */
int bucket_look(struct aws *aws, struct arena *arena, const struct cloud *cloud,
	struct bucket_contents *contents, struct error *err);

/* "the S3 bucket b with 12 objects and versions, 3.4 MB", in arena. */
const char *bucket_text(struct arena *arena, const struct bucket_contents *contents);

/*
 * Empty and delete the bucket, if it is there and bucket_look() has nothing against it. Can be run again at any point.
 * ERROR_FAILED: objects that AWS did not delete, with the first one's name and reason.
 */
int bucket_remove(struct run *run, struct aws *aws, const struct cloud *cloud, struct error *err);

/*
 * All versions of the objects of a bucket whose keys begin with prefix, delete markers included. Nothing there: done. Without
 * a word; can be run again at any point.
 */
int bucket_remove_below(struct aws *aws, const char *bucket, const char *prefix, struct error *err);

#endif
