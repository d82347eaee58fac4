/* SPDX-License-Identifier: Apache-2.0 */
/* Host names from tables, overrides from the environment and the profile. */
#include "providers/aws/endpoint.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "base/world.h"
#include "providers/aws/profile.h"

enum { REGION_MAX = 32, BUCKET_MIN = 3, BUCKET_MAX = 63, URL_MAX = 1024 };

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"

/* AWS's endpoint rules ("Regions and endpoints" of the General Reference). */
static const struct partition partitions[] = {
	{"aws-cn", "cn-", "amazonaws.com.cn", ".cn-north-1.amazonaws.com.cn", "cn-north-1"},
	{"aws-us-gov", "us-gov-", "amazonaws.com", ".us-gov.amazonaws.com", "us-gov-west-1"},
	{"aws-eusc", "eusc-", "amazonaws.eu", ".eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"},
	{"aws", "", "amazonaws.com", ".amazonaws.com", "us-east-1"},
};

const struct partition *endpoint_partition(const char *region)
{
	const struct partition *p = partitions;

	while (!text_starts_with(region ? region : "", p->region_prefix))
		p++;
	return p;
}

bool endpoint_region_valid(const char *region)
{
	size_t words = 0, length = strlen(region);

	if (length > REGION_MAX)
		return false;
	for (;; words++) {
		length = strspn(region, LOWER);
		if (length == 0 || region[length] != '-')
			break;
		region += length + 1;
	}
	length = strspn(region, DIGITS);
	return words >= 2 && length > 0 && region[length] == '\0';
}

int endpoint_check_url(const char *url, const char *where, struct error *err)
{
	bool tls = text_starts_with(url, "https://");
	const char *host = url + (tls ? 8 : 7);

	if (!tls && !text_starts_with(url, "http://"))
		return error_set(err, ERROR_INPUT, "%s must begin with https:// or http://, not '%s'", where,
			url);
	for (const char *c = url; *c; c++)
		if ((unsigned char)*c <= ' ' || (unsigned char)*c >= 0x7f || strchr("?#@\\\"", *c))
			return error_set(err, ERROR_INPUT,
				"%s must be a plain URL without user, query or special characters: '%s'",
				where, url);
	if (strcspn(host, "/:") == 0 || strlen(url) > URL_MAX)
		return error_set(err, ERROR_INPUT, "%s is not a URL with a host: '%s'", where, url);
	return 0;
}

/* The URL in a profile: its services section's, else its own. */
static const char *profile_url(struct arena *arena, const struct endpoint_settings *s,
	const struct aws_service *service, const char **where)
{
	const char *services = profiles_value(s->profiles, s->profile, "services");
	char *key = arena_printf(arena, "%s.endpoint_url", service->endpoint_key), *c;
	const char *url;

	for (c = key; *c; c++)
		*c = text_lower(*c);
	url = services ? profiles_section_value(s->profiles, SECTION_SERVICES, services, key) : NULL;
	if (!url)
		url = profiles_value(s->profiles, s->profile, "endpoint_url");
	*where = arena_printf(arena, "endpoint_url of profile '%s'", s->profile);
	return url;
}

static const char *given_url(struct arena *arena, const struct endpoint_settings *s,
	const struct aws_service *service, const char **where)
{
	const char *url;

	*where = "--endpoint-url";
	if (s->url)
		return s->url;
	if (text_equal_nocase(s->world->environment(s->world, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"), "true"))
		return NULL;
	*where = arena_printf(arena, "AWS_ENDPOINT_URL_%s", service->endpoint_key);
	url = s->world->environment(s->world, *where);
	if (url)
		return url;
	*where = "AWS_ENDPOINT_URL";
	url = s->world->environment(s->world, *where);
	return url ? url : profile_url(arena, s, service, where);
}

/* May the name stand in a host name under TLS? Dots would leave AWS's certificate, which covers one label. */
static bool bucket_fits_host(const char *bucket)
{
	return text_only(bucket, LOWER DIGITS "-", BUCKET_MIN, BUCKET_MAX) && bucket[0] != '-' &&
		!text_ends_with(bucket, "-");
}

/*
 * A custom endpoint is asked by path unless the profile says otherwise; AWS itself by host name where that
 * can be.
 */
static bool in_host(const struct endpoint_settings *s, const char *bucket, bool custom)
{
	const char *style = profiles_value(s->profiles, s->profile, "s3.addressing_style");

	if (!bucket || !bucket_fits_host(bucket) || text_equal(style, "path"))
		return false;
	return !custom || text_equal(style, "virtual");
}

/* Put the bucket before the host of a custom URL. */
static const char *with_bucket(struct arena *arena, const char *url, const char *bucket)
{
	int scheme = text_starts_with(url, "https://") ? 8 : 7;

	return arena_printf(arena, "%.*s%s.%s", scheme, url, bucket, url + scheme);
}

static const char *without_slashes(struct arena *arena, const char *url)
{
	size_t length = strlen(url);

	while (length > 0 && url[length - 1] == '/')
		length--;
	return arena_strndup(arena, url, length);
}

static int check_region(const char *region, struct error *err)
{
	if (!region)
		return error_set(err, ERROR_INPUT, "no region: give --region, or set AWS_REGION");
	if (!endpoint_region_valid(region))
		return error_set(err, ERROR_INPUT, "'%s' is not the name of a region, such as us-west-2",
			region);
	return 0;
}

int endpoint_find(struct arena *arena, const struct endpoint_settings *settings,
	const struct aws_service *service, const char *region, const char *bucket, struct endpoint *endpoint,
	struct error *err)
{
	const struct partition *partition = endpoint_partition(region);
	const char *where, *url = given_url(arena, settings, service, &where);

	if (bucket && !text_only(bucket, LOWER DIGITS "-._ABCDEFGHIJKLMNOPQRSTUVWXYZ", BUCKET_MIN, 255))
		return error_set(err, ERROR_INPUT, "'%s' is not the name of a bucket", bucket);
	if (!service->global && check_region(region, err) < 0)
		return -1;
	endpoint->signing_region = service->global ? partition->global_region : region;
	endpoint->bucket_in_host = in_host(settings, bucket, url != NULL);
	if (url) {
		if (endpoint_check_url(url, where, err) < 0)
			return -1;
		url = without_slashes(arena, url);
	} else if (service->global) {
		url = arena_printf(arena, "https://%s%s", service->host_prefix, partition->global_host);
	} else {
		url = arena_printf(arena, "https://%s.%s.%s", service->host_prefix, region,
			partition->suffix);
	}
	endpoint->url = endpoint->bucket_in_host ? with_bucket(arena, url, bucket) : url;
	return 0;
}
