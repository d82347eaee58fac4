/* SPDX-License-Identifier: Apache-2.0 */
/* Host names from tables, overrides from the environment and the profile. */
#include "providers/aws/client/endpoint.h"

#include <string.h>

#include "base/arena.h"
#include "base/redact.h"
#include "base/text.h"
#include "base/world.h"
#include "providers/aws/credentials/profile.h"

enum { REGION_MAX = 32, BUCKET_MIN = 3, BUCKET_MAX = 63, URL_MAX = 1024 };

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"

enum { DUAL = 1, FIPS = 2 };

/* AWS's endpoint rules ("Regions and endpoints" of the General Reference). */
static const struct partition partitions[] = {
	{
		.name = "aws-cn",
		.region_prefix = "cn-",
		.suffix = "amazonaws.com.cn",
		.dual_suffix = "api.amazonwebservices.com.cn",
		.console_suffix = "amazonaws.cn",
		.global_region = "cn-north-1",
		.global_hosts =
			{
				[0] = ".cn-north-1.amazonaws.com.cn",
				[DUAL] = ".aws-cn-global.api.amazonwebservices.com.cn",
				[FIPS] = "-fips.aws-cn-global.amazonaws.com.cn",
				[DUAL | FIPS] = "-fips.aws-cn-global.api.amazonwebservices.com.cn",
			},
	},
	{
		.name = "aws-us-gov",
		.region_prefix = "us-gov-",
		.suffix = "amazonaws.com",
		.dual_suffix = "api.aws",
		.console_suffix = "amazonaws-us-gov.com",
		.global_region = "us-gov-west-1",
		.global_hosts =
			{
				[0] = ".us-gov.amazonaws.com",
				[DUAL] = ".aws-us-gov-global.api.aws",
				[FIPS] = ".us-gov.amazonaws.com",
				[DUAL | FIPS] = "-fips.aws-us-gov-global.api.aws",
			},
	},
	{
		.name = "aws-eusc",
		.region_prefix = "eusc-",
		.suffix = "amazonaws.eu",
		.dual_suffix = "api.amazonwebservices.eu",
		.console_suffix = "amazonaws-eusc.eu",
		.global_region = "eusc-de-east-1",
		.global_hosts =
			{
				[0] = ".eusc-de-east-1.amazonaws.eu",
				[DUAL] = ".eusc-de-east-1.api.amazonwebservices.eu",
				[FIPS] = "-fips.eusc-de-east-1.amazonaws.eu",
				[DUAL | FIPS] = "-fips.eusc-de-east-1.api.amazonwebservices.eu",
			},
	},
	{
		.name = "aws",
		.region_prefix = "",
		.suffix = "amazonaws.com",
		.dual_suffix = "api.aws",
		.console_suffix = "aws.amazon.com",
		.global_region = "us-east-1",
		.global_hosts =
			{
				[0] = ".amazonaws.com",
				[DUAL] = ".global.api.aws",
				[FIPS] = "-fips.amazonaws.com",
				[DUAL | FIPS] = "-fips.aws-global.api.aws",
			},
	},
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

/* What is wrong with it, as words between its name and itself; NULL for nothing. */
static const char *url_problem(const char *url)
{
	bool tls = text_starts_with(url, "https://");
	const char *host = url + (tls ? 8 : 7);

	if (!tls && !text_starts_with(url, "http://"))
		return "must begin with https:// or http://, not";
	for (const char *c = url; *c; c++)
		if ((unsigned char)*c <= ' ' || (unsigned char)*c >= 0x7f || strchr("?#@\\\"", *c))
			return "must be a plain URL without user, query or special characters:";
	if (strcspn(host, "/:") == 0 || strlen(url) > URL_MAX)
		return "is not a URL with a host:";
	return NULL;
}

int endpoint_check_url(const char *url, const char *where, struct error *err)
{
	const char *problem = url_problem(url);
	struct arena arena = {0};

	if (!problem)
		return 0;
	error_set(err, ERROR_INPUT, "%s %s '%s'", where, problem, redacted_url(&arena, url));
	arena_free(&arena);
	return -1;
}

/* A URL that the user gave, or NULL, and its place for messages. */
struct given {
	const char *url, *where;
};

/* The URL in a profile: its services section's, else its own. */
static int profile_url(struct arena *arena, const struct endpoint_settings *s,
	const struct aws_service *service, struct given *given, struct error *err)
{
	const char *services = profiles_value(s->profiles, s->profile, "services");
	char *key = arena_printf(arena, "%s.endpoint_url", service->endpoint_key), *c;

	for (c = key; *c; c++)
		*c = text_lower(*c);
	if (services && !profiles_section(s->profiles, SECTION_SERVICES, services))
		return error_set(err, ERROR_INPUT, "there is no [services %s], which profile '%s' names",
			services, s->profile);
	if (services)
		given->url = profiles_section_value(s->profiles, SECTION_SERVICES, services, key);
	if (!given->url)
		given->url = profiles_value(s->profiles, s->profile, "endpoint_url");
	given->where = arena_printf(arena, "endpoint_url of profile '%s'", s->profile);
	return 0;
}

/* An environment variable, else the profile's key: true in any case of letters. */
static bool is_on(const struct endpoint_settings *s, const char *variable, const char *key)
{
	const char *value = s->world->environment(s->world, variable);

	return text_equal_nocase(value ? value : profiles_value(s->profiles, s->profile, key), "true");
}

/* Which of AWS's hosts is wanted. */
static int variant(const struct endpoint_settings *s, const struct aws_service *service)
{
	bool dual = is_on(s, "AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint");

	if (service->protocol == PROTOCOL_REST_XML)
		dual = dual ||
			text_equal_nocase(profiles_value(s->profiles, s->profile,
						  "s3.use_dualstack_endpoint"),
				"true");
	return (dual ? DUAL : 0) | (is_on(s, "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint") ? FIPS : 0);
}

static int given_url(struct arena *arena, const struct endpoint_settings *s,
	const struct aws_service *service, struct given *given, struct error *err)
{
	const char *variable = arena_printf(arena, "AWS_ENDPOINT_URL_%s", service->endpoint_key);

	*given = (struct given){s->url, "--endpoint-url"};
	if (s->url || is_on(s, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls"))
		return 0;
	*given = (struct given){s->world->environment(s->world, variable), variable};
	if (given->url)
		return 0;
	*given = (struct given){s->world->environment(s->world, "AWS_ENDPOINT_URL"), "AWS_ENDPOINT_URL"};
	return given->url ? 0 : profile_url(arena, s, service, given, err);
}

/* May the name be part of a host name under TLS? Dots would leave AWS's certificate, which covers one label. */
static bool bucket_fits_host(const char *bucket)
{
	return text_only(bucket, LOWER DIGITS "-", BUCKET_MIN, BUCKET_MAX) && bucket[0] != '-' &&
		!text_ends_with(bucket, "-");
}

/* A custom endpoint is asked by path unless the profile says otherwise; AWS itself by host name where that can be. */
static bool in_host(const struct endpoint_settings *s, const struct aws_service *service, const char *bucket,
	bool custom)
{
	const char *style = profiles_value(s->profiles, s->profile, "s3.addressing_style");

	if (service->account_in_host)
		return bucket && !custom;
	if (!bucket || !bucket_fits_host(bucket) || text_equal(style, "path"))
		return false;
	return !custom || text_equal(style, "virtual");
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

/* "us-west-2.signin.aws.amazon.com"; NULL for variants that are spelled as other services' are. */
static const char *console_url(struct arena *arena, const struct aws_service *service,
	const struct partition *partition, const char *region, int which)
{
	const char *fips = which == FIPS ? "-fips" : "";

	if (which != 0 && !(which == FIPS && text_equal(partition->name, "aws-us-gov")))
		return NULL;
	if (which == FIPS && text_equal(region, partition->global_region))
		return arena_printf(arena, "https://%s-fips.%s", service->host_prefix,
			partition->console_suffix);
	return arena_printf(arena, "https://%s.%s%s.%s", region, service->host_prefix, fips,
		partition->console_suffix);
}

/* AWS's own endpoint. */
static const char *usual_url(struct arena *arena, const struct aws_service *service,
	const struct partition *partition, const char *region, int which)
{
	const char *fips = which & FIPS ? "-fips" : "", *url;

	if (service->console && (url = console_url(arena, service, partition, region, which)) != NULL)
		return url;
	if (service->global)
		return arena_printf(arena, "https://%s%s", service->host_prefix,
			partition->global_hosts[which]);
	/* S3 has a spelling of its own: "s3-fips.dualstack.us-west-2.amazonaws.com". */
	if (service->protocol == PROTOCOL_REST_XML)
		return arena_printf(arena, "https://%s%s%s.%s.%s", service->host_prefix, fips,
			which & DUAL ? ".dualstack" : "", region, partition->suffix);
	if (which == FIPS && service->fips_as_usual && text_equal(partition->name, "aws-us-gov"))
		fips = "";
	return arena_printf(arena, "https://%s%s.%s.%s", service->host_prefix, fips, region,
		which & DUAL ? partition->dual_suffix : partition->suffix);
}

static int check_variant(const struct aws_service *service, const struct partition *partition,
	const char *where, int which, struct error *err)
{
	const char *wanted = which & FIPS ? "FIPS" : "dual-stack";

	if (which && where)
		return error_set(err, ERROR_INPUT,
			"%s cannot be combined with %s endpoints; use one of the two", where, wanted);
	if (which & FIPS && service->protocol == PROTOCOL_REST_XML && text_equal(partition->name, "aws-cn"))
		return error_set(err, ERROR_INPUT, "S3 has no FIPS endpoints in China");
	return 0;
}

int endpoint_find(struct arena *arena, const struct endpoint_settings *settings,
	const struct aws_service *service, const char *region, const char *bucket, struct endpoint *endpoint,
	struct error *err)
{
	const struct partition *partition = endpoint_partition(region);
	int which = variant(settings, service), scheme;
	struct given given;
	const char *url;

	if (bucket && !text_only(bucket, LOWER DIGITS "-._ABCDEFGHIJKLMNOPQRSTUVWXYZ", BUCKET_MIN, 255))
		return error_set(err, ERROR_INPUT, "'%s' is not the name of a bucket", bucket);
	if (!service->global && check_region(region, err) < 0)
		return -1;
	if (given_url(arena, settings, service, &given, err) < 0 ||
		check_variant(service, partition, given.url ? given.where : NULL, which, err) < 0)
		return -1;
	endpoint->signing_region = service->global ? partition->global_region : region;
	endpoint->bucket_in_host = in_host(settings, service, bucket, given.url != NULL);
	if (given.url && endpoint_check_url(given.url, given.where, err) < 0)
		return -1;
	url = given.url ? without_slashes(arena, given.url)
			: usual_url(arena, service, partition, region, which);
	scheme = text_starts_with(url, "https://") ? 8 : 7;
	endpoint->url = endpoint->bucket_in_host
		? arena_printf(arena, "%.*s%s.%s", scheme, url, bucket, url + scheme)
		: url;
	return 0;
}
