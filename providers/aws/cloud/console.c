/* SPDX-License-Identifier: Apache-2.0 */
/* Hosts are regional; what follows the "#" is read by the page itself. */
#include "providers/aws/cloud/console.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "providers/aws/client/endpoint.h"
#include "providers/aws/client/percent.h"

enum { LINK_MAX = 4096 };

static const char *encoded(struct arena *arena, const char *text)
{
	struct str out = {.arena = arena, .max = LINK_MAX};

	percent_encode(&out, text, strlen(text), false);
	return str_text(&out);
}

static const char *host(struct arena *arena, const char *region)
{
	return arena_printf(arena, "https://%s.console.%s", region,
		endpoint_partition(region)->console_suffix);
}

const char *console_stack(struct arena *arena, const char *region, const char *arn)
{
	return arena_printf(arena, "%s/cloudformation/home?region=%s#/stacks/stackinfo?stackId=%s",
		host(arena, region), region, encoded(arena, arn));
}

const char *console_empty_bucket(struct arena *arena, const char *region, const char *bucket)
{
	return arena_printf(arena, "%s/s3/bucket/%s/empty?region=%s", host(arena, region),
		encoded(arena, bucket), region);
}
