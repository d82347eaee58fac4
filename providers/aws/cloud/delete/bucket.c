/* SPDX-License-Identifier: Apache-2.0 */
/* Looking at a bucket, and removing it a page of 1,000 versions at a time, so that memory does not grow with it. */
#include "providers/aws/cloud/delete/bucket.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/str.h"
#include "base/tree.h"
#include "providers/aws/client/aws.h"
#include "providers/aws/client/percent.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/cloud_identity.h"
#include "providers/aws/cloud/kinds.h"
#include "providers/records/cloud.h"
#include "providers/run.h"

enum {
	COUNTED_PAGES = 10,
	/* 1,000 keys of 1,024 bytes, each byte at most "&quot;", and their versions */
	BATCH_MAX = 8 << 20,
	TELL_EVERY = 10, /* batches */
};

#define OWNER "Header:x-amz-expected-bucket-owner"

/* Without DeleteObject: a version is named, so that it needs what DeleteObjects needs. */
const struct aws_operation *const bucket_operations[] = {&s3_GetBucketTagging, &s3_GetObjectLockConfiguration,
	&s3_ListObjectVersions, &s3_DeleteObjects, &s3_ListMultipartUploads, &s3_AbortMultipartUpload,
	&s3_DeleteBucket, NULL};

/* --- what there is --- */

/* cloud NULL: whosever bucket it is. */
static json_t *in_bucket(const struct cloud *cloud, const char *bucket)
{
	return json_pack("{s:s, s:s*}", "Bucket", bucket, OWNER, cloud ? cloud->account : NULL);
}

static bool is_of_cloud(const json_t *tagging, const struct cloud *cloud)
{
	const json_t *tag = tree_find(tagging, "TagSet.Tag", "Key", CLOUD_TAG);

	return text_equal(tree_text(tag, "Value"), cloud->id);
}

/* ERROR_NOT_FOUND: there is no such bucket. */
static int check_owner(struct aws *aws, struct arena *arena, const struct cloud *cloud, const char *bucket,
	struct error *err)
{
	const char *known = aws_cloud(cloud)->resources.bucket;
	const json_t *tagging;

	if (known && !text_equal(known, bucket))
		return error_set(err, ERROR_REJECTED, "the bucket %s is not the one that setup made", known);
	tagging = aws_call(aws, arena, &s3_GetBucketTagging, in_bucket(cloud, bucket), err);
	if (!tagging && !text_equal(err->code, "NoSuchTagSet"))
		return -1;
	if (!is_of_cloud(tagging, cloud))
		return error_set(err, ERROR_REJECTED,
			"the bucket %s is not this cloud's: it has not the tag %s with the value %s", bucket,
			CLOUD_TAG, cloud->id);
	return 0;
}

/* What objects are locked by when nobody says otherwise. */
static int read_lock(struct aws *aws, struct arena *arena, const struct cloud *cloud,
	struct bucket_contents *contents, struct error *err)
{
	const json_t *reply = aws_call(aws, arena, &s3_GetObjectLockConfiguration,
		in_bucket(cloud, contents->name), err);
	const json_t *rule = tree_get(reply, "Rule.DefaultRetention");
	const char *days = tree_text(rule, "Days"), *years = tree_text(rule, "Years");

	if (!reply && text_equal(err->code, "ObjectLockConfigurationNotFoundError")) {
		error_clear(err);
		return 0;
	}
	if (!reply)
		return -1;
	if (!text_equal(tree_text(reply, "ObjectLockEnabled"), "Enabled"))
		return 0;
	contents->lock = rule ? arena_printf(arena, "%s for %s %s", tree_text(rule, "Mode"),
					*days ? days : years, *days ? "days" : "years")
			      : "";
	return 0;
}

static void add_sizes(const json_t *page, struct bucket_contents *contents)
{
	TREE_EACH (version, page, "Version") {
		int64_t size = 0;

		if (tree_number(version, "Size", 0, INT64_MAX / 2, &size) && contents->bytes < INT64_MAX / 2)
			contents->bytes += size;
		contents->count++;
	}
	contents->count += tree_count(tree_get(page, "DeleteMarker"));
}

static int count(struct aws *aws, struct arena *arena, const struct cloud *cloud,
	struct bucket_contents *contents, struct error *err)
{
	const char *key = NULL, *version = NULL;

	for (int page = 0; page < COUNTED_PAGES; page++) {
		json_t *input = in_bucket(cloud, contents->name);
		const json_t *reply;

		json_object_set_new(input, "encoding-type", json_string("url"));
		if (key)
			json_object_set_new(input, "key-marker", json_string(key));
		if (version)
			json_object_set_new(input, "version-id-marker", json_string(version));
		reply = aws_call(aws, arena, &s3_ListObjectVersions, input, err);
		if (!reply)
			return -1;
		add_sizes(reply, contents);
		contents->more = tree_bool(reply, "IsTruncated");
		key = percent_decode(arena, tree_text(reply, "NextKeyMarker"));
		version = text_or(tree_text(reply, "NextVersionIdMarker"), NULL);
		if (!contents->more || !*key)
			break;
	}
	return 0;
}

int bucket_look(struct aws *aws, struct arena *arena, const struct cloud *cloud,
	struct bucket_contents *contents, struct error *err)
{
	const char *bucket = kind_default_id(arena, KIND_BUCKET, cloud);

	*contents = (struct bucket_contents){0};
	if (!bucket)
		return 0;
	if (check_owner(aws, arena, cloud, bucket, err) < 0) {
		if (err->kind != ERROR_NOT_FOUND)
			return -1;
		error_clear(err);
		return 0;
	}
	contents->name = bucket;
	if (read_lock(aws, arena, cloud, contents, err) < 0 || count(aws, arena, cloud, contents, err) < 0)
		return -1;
	if (contents->lock && *contents->lock && contents->count > 0)
		return error_set(err, ERROR_REJECTED,
			"the objects of the bucket %s are locked (%s), so it cannot be emptied before that is over",
			bucket, contents->lock);
	return 0;
}

const char *bucket_text(struct arena *arena, const struct bucket_contents *contents)
{
	static const char *const units[] = {"bytes", "kB", "MB", "GB", "TB", "PB"};
	double size = (double)contents->bytes;
	size_t unit = 0;

	while (size >= 1000 && unit + 1 < ARRAY_LENGTH(units)) {
		size /= 1000;
		unit++;
	}
	if (contents->count == 0)
		return arena_printf(arena, "the S3 bucket %s, which is empty", contents->name);
	return arena_printf(arena, "the S3 bucket %s with %s%zu object%s and versions, %.*f %s%s",
		contents->name, contents->more ? "more than " : "", contents->count,
		contents->count == 1 ? "" : "s", unit > 0 ? 1 : 0, size, units[unit],
		contents->more ? " or more" : "");
}

/* --- emptying it --- */

struct emptying {
	struct event_stream *stream; /* NULL: nothing is told */
	struct aws *aws;
	const struct cloud *cloud; /* whose it must be, or NULL */
	const char *bucket;
	const char *prefix; /* of the keys; NULL: all */
	size_t deleted;
	char first[2100]; /* of the last page: key, which has up to 1,024 bytes, and version or upload */
	int seen;         /* how often it was the first, one time after the other */
};

static json_t *what_to_list(const struct emptying *emptying)
{
	json_t *input = in_bucket(emptying->cloud, emptying->bucket);

	json_object_set_new(input, "encoding-type", json_string("url"));
	if (emptying->prefix)
		json_object_set_new(input, "prefix", json_string(emptying->prefix));
	return input;
}

/*
 * What AWS says to have deleted, and lists again and again, would keep us here for ever. An upload may have to be aborted several
 * times (S3 API Reference, AbortMultipartUpload).
 */
static int check_progress(struct emptying *emptying, const char *key, const char *version, struct error *err)
{
	enum { TIMES_MAX = 5 };
	char first[sizeof(emptying->first)];

	snprintf(first, sizeof(first), "%s %s", key, version);
	emptying->seen = text_equal(first, emptying->first) ? emptying->seen + 1 : 1;
	memcpy(emptying->first, first, sizeof(first));
	if (emptying->seen <= TIMES_MAX)
		return 0;
	return error_set(err, ERROR_SERVICE, "AWS says that '%s' is deleted, and lists it again", key);
}

/* XML 1.0 has no way to write other characters below a space (W3C, "Characters"). */
static bool is_xml(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' && !strchr("\t\n\r", *text))
			return false;
	return true;
}

static void add_element(struct str *body, const char *name, const char *text)
{
	str_printf(body, "<%s>", name);
	for (; *text; text++)
		switch (*text) {
		case '&': str_puts(body, "&amp;"); break;
		case '<': str_puts(body, "&lt;"); break;
		case '>': str_puts(body, "&gt;"); break;
		case '\t':
		case '\n':
		case '\r': str_printf(body, "&#%d;", *text); break;
		default: str_putc(body, *text);
		}
	str_printf(body, "</%s>", name);
}

static const char *sha256_base64(struct arena *arena, const struct str *body)
{
	struct str text = {.arena = arena, .max = 64};
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned length = 0;

	if (!EVP_Digest(str_text(body), body->length, digest, &length, EVP_sha256(), NULL))
		return "";
	str_put_base64(&text, digest, length);
	return str_text(&text);
}

/* A version is deleted by another permission than an object. */
static void name_action(struct error *err)
{
	snprintf(err->action, sizeof(err->action), "%s", s3_DeleteObjects.actions);
}

/* One that cannot be named in XML. */
static int delete_one(struct emptying *emptying, struct arena *arena, const char *key, const char *version,
	struct error *err)
{
	json_t *input = in_bucket(emptying->cloud, emptying->bucket);

	json_object_set_new(input, "Key", json_string(key));
	json_object_set_new(input, "versionId", json_string(version));
	if (!aws_call(emptying->aws, arena, &s3_DeleteObject, input, err)) {
		if (err->kind == ERROR_DENIED)
			name_action(err);
		return error_wrap(err, "deleting the object %s", key);
	}
	emptying->deleted++;
	return 0;
}

/* The keys that were not deleted: those of the reply, which is told in quiet mode. */
static int check_deleted(const struct emptying *emptying, const json_t *reply, struct error *err)
{
	const json_t *errors = tree_get(reply, "Error");
	const json_t *first = tree_at(errors, 0);

	if (tree_count(errors) == 0)
		return 0;
	error_set(err, ERROR_FAILED,
		"%zu objects of the bucket %s could not be deleted, the first is '%s': %s: %s",
		tree_count(errors), emptying->bucket, tree_text(first, "Key"), tree_text(first, "Code"),
		tree_text(first, "Message"));
	if (text_equal(tree_text(first, "Code"), "AccessDenied")) {
		err->kind = ERROR_DENIED;
		name_action(err);
	}
	return -1;
}

static int send_batch(struct emptying *emptying, struct arena *arena, struct str *body, size_t count,
	struct error *err)
{
	json_t *input = in_bucket(emptying->cloud, emptying->bucket);
	const json_t *reply;

	str_puts(body, "</Delete>");
	json_object_set_new(input, "Header:x-amz-sdk-checksum-algorithm", json_string("SHA256"));
	json_object_set_new(input, "Header:x-amz-checksum-sha256", json_string(sha256_base64(arena, body)));
	json_object_set_new(input, "Header:Content-Type", json_string("application/xml"));
	json_object_set_new(input, "Body", json_string(str_text(body)));
	reply = aws_call(emptying->aws, arena, &s3_DeleteObjects, input, err);
	if (!reply || check_deleted(emptying, reply, err) < 0)
		return -1;
	emptying->deleted += count;
	return 0;
}

/* Everything on a page. */
static int delete_page(struct emptying *emptying, struct arena *arena, const json_t *page, struct error *err)
{
	static const char *const lists[] = {"Version", "DeleteMarker"};
	struct str body = {.arena = arena, .max = BATCH_MAX};
	size_t count = 0;
	const json_t *first = tree_at(tree_get(page, "Version"), 0);

	first = first ? first : tree_at(tree_get(page, "DeleteMarker"), 0);
	if (check_progress(emptying, tree_text(first, "Key"), tree_text(first, "VersionId"), err) < 0)
		return -1;
	str_puts(&body, "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Quiet>true</Quiet>");
	for (size_t i = 0; i < ARRAY_LENGTH(lists); i++)
		TREE_EACH (entry, page, lists[i]) {
			const char *key = percent_decode(arena, tree_text(entry, "Key"));
			const char *version = tree_text(entry, "VersionId");

			if (!is_xml(key)) {
				if (delete_one(emptying, arena, key, version, err) < 0)
					return -1;
				continue;
			}
			str_puts(&body, "<Object>");
			add_element(&body, "Key", key);
			add_element(&body, "VersionId", version);
			str_puts(&body, "</Object>");
			count++;
		}
	return count > 0 ? send_batch(emptying, arena, &body, count, err) : 0;
}

/* 1: there may be more; 0: there was nothing; -1. */
static int delete_first_page(struct emptying *emptying, struct error *err)
{
	struct arena arena = {0};
	const json_t *page = aws_call(emptying->aws, &arena, &s3_ListObjectVersions, what_to_list(emptying),
		err);
	int result = -1;

	if (page && tree_count(tree_get(page, "Version")) + tree_count(tree_get(page, "DeleteMarker")) == 0)
		result = 0;
	else if (page && delete_page(emptying, &arena, page, err) == 0)
		result = 1;
	arena_free(&arena);
	return result;
}

/* The same for parts of uploads, which nobody sees and everybody pays for. */
static int abort_first_page(struct emptying *emptying, struct error *err)
{
	struct arena arena = {0};
	json_t *input = in_bucket(emptying->cloud, emptying->bucket);
	const json_t *page;
	int result = 0;

	json_object_set_new(input, "encoding-type", json_string("url"));
	page = aws_call(emptying->aws, &arena, &s3_ListMultipartUploads, input, err);
	if (page && tree_count(tree_get(page, "Upload")) > 0)
		result = check_progress(emptying, tree_text(tree_at(tree_get(page, "Upload"), 0), "Key"),
			tree_text(tree_at(tree_get(page, "Upload"), 0), "UploadId"), err);
	TREE_EACH (upload, result == 0 ? page : NULL, "Upload") {
		const char *key = percent_decode(&arena, tree_text(upload, "Key"));

		input = in_bucket(emptying->cloud, emptying->bucket);
		json_object_set_new(input, "Key", json_string(key));
		json_object_set_new(input, "uploadId", json_string(tree_text(upload, "UploadId")));
		result = aws_call(emptying->aws, &arena, &s3_AbortMultipartUpload, input, err) ? 1 : -1;
		if (result < 0)
			break;
	}
	arena_free(&arena);
	return page ? result : -1;
}

static int delete_versions(struct emptying *emptying, struct error *err)
{
	int result;

	for (size_t page = 1; (result = delete_first_page(emptying, err)) > 0; page++)
		if (emptying->stream && page % TELL_EVERY == 0)
			event_step(emptying->stream, STEP_PROGRESS,
				"%zu objects and versions of the bucket are deleted ...", emptying->deleted);
	return result;
}

int bucket_remove_below(struct aws *aws, const char *bucket, const char *prefix, struct error *err)
{
	struct emptying emptying = {.aws = aws, .bucket = bucket, .prefix = prefix};

	if (delete_versions(&emptying, err) < 0)
		return error_wrap(err, "removing what is below s3://%s/%s", bucket, prefix);
	return 0;
}

static int empty_it(struct emptying *emptying, struct error *err)
{
	int result = delete_versions(emptying, err);

	while (result == 0 && (result = abort_first_page(emptying, err)) > 0)
		result = 0;
	return result;
}

int bucket_remove(struct run *run, struct aws *aws, const struct cloud *cloud, struct error *err)
{
	struct bucket_contents contents;
	struct emptying emptying = {.stream = run->stream, .aws = aws, .cloud = cloud};

	if (bucket_look(aws, run->arena, cloud, &contents, err) < 0)
		return -1;
	if (!contents.name)
		return 0;
	emptying.bucket = contents.name;
	event_step(run->stream, STEP_PROGRESS, "Deleting %s ...", bucket_text(run->arena, &contents));
	if (empty_it(&emptying, err) < 0)
		return error_wrap(err, "emptying the bucket %s", contents.name);
	if (!aws_call(aws, run->arena, &s3_DeleteBucket, in_bucket(cloud, contents.name), err) &&
		err->kind != ERROR_NOT_FOUND)
		return error_wrap(err, "deleting the bucket %s", contents.name);
	error_clear(err);
	event_step(run->stream, STEP_PROGRESS, "The bucket %s is deleted.", contents.name);
	return 0;
}
