/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a service's requests go, and for which region they are signed. Pure, except that it reads the environment.
 *
 * An endpoint that the user gives replaces scheme, host, port and path prefix, nothing else: signing name and region
 * stay. First hit: --endpoint-url, AWS_ENDPOINT_URL_SERVICE, AWS_ENDPOINT_URL, the profile's services section, the
 * profile's endpoint_url; AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true (profile: ignore_configured_endpoint_urls) leaves
 * only the option. Without one, it is always HTTPS, and AWS_USE_FIPS_ENDPOINT and AWS_USE_DUALSTACK_ENDPOINT (profile:
 * use_fips_endpoint, use_dualstack_endpoint) choose among AWS's hosts. STS is always asked in the region.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLIENT_ENDPOINT_H
#define CLOUDCTL_PROVIDERS_AWS_CLIENT_ENDPOINT_H

#include <stdbool.h>

#include "base/error.h"
#include "providers/aws/client/operation.h"

struct arena;
struct profiles;
struct world;

struct endpoint_settings {
	struct world *world;
	const struct profiles *profiles;
	const char *profile;
	const char *url; /* --endpoint-url, or NULL */
};

struct endpoint {
	const char *url; /* "https://ec2.us-west-2.amazonaws.com", "http://127.0.0.1:5000/base" */
	const char *signing_region;
	bool bucket_in_host; /* S3: the bucket is in the host name already, not to be put into the path */
};

/* A group of regions with common host names; its name is part of every ARN ("aws", "aws-cn", "aws-us-gov"). */
struct partition {
	const char *name;
	const char *region_prefix;  /* "us-gov-"; "" matches every region, last in the table */
	const char *suffix;         /* "amazonaws.com" */
	const char *dual_suffix;    /* of hosts with IPv6 too: "api.aws" */
	const char *console_suffix; /* "aws.amazon.com" */
	const char *global_region;  /* signs the requests of global services */
	/* their hosts without the service's name: usual, dual stack, FIPS, both. ".us-gov.amazonaws.com" */
	const char *global_hosts[4];
};
const struct partition *endpoint_partition(const char *region);

/* Lower-case words and a number joined by "-": "us-west-2", "us-gov-east-1". Checked before it becomes a host name. */
bool endpoint_region_valid(const char *region);

/*
 * The endpoint of a service. region may be NULL for a global service only. bucket is the bucket of an S3 request, the
 * account of an S3 Control request (which AWS's own hosts begin with, and hosts that the user gives do not), or NULL.
 * ERROR_INPUT for a bad region, bucket or URL, naming where it came from, and for FIPS or
 * dual stack where there is none (a given URL, S3 in China).
 */
int endpoint_find(struct arena *arena, const struct endpoint_settings *settings,
	const struct aws_service *service, const char *region, const char *bucket, struct endpoint *endpoint,
	struct error *err);

/* Check a URL given by the user: http or https, a host, no user, query or fragment. where names it in the error. */
int endpoint_check_url(const char *url, const char *where, struct error *err);

#endif
