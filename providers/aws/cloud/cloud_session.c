/* SPDX-License-Identifier: Apache-2.0 */
/* From what the command line says to a session. */
#include "providers/aws/cloud/cloud_session.h"

#include "base/arena.h"
#include "base/text.h"
#include "providers/aws/client/aws.h"
#include "providers/aws/client/endpoint.h"
#include "providers/aws/cloud/aws_source.h"
#include "providers/run.h"

static int check_options(const struct connection *connection, struct error *err)
{
	const char *url = connection->endpoint_url, *region = connection->region;

	if (region && !endpoint_region_valid(region))
		return error_set(err, ERROR_USAGE,
			"--region: '%s' is not the name of a region, such as us-west-2", region);
	if (url && !text_starts_with(url, "https://") && !text_starts_with(url, "http://"))
		return error_set(err, ERROR_USAGE,
			"--endpoint-url: '%s' does not begin with https:// or http://", url);
	return 0;
}

struct aws *cloud_session(struct run *run, const char *region, bool uninterrupted, struct error *err)
{
	const struct connection *connection = run->connection(run, err);
	struct aws_options options;
	struct aws *aws;

	if (!connection || check_options(connection, err) < 0)
		return NULL;
	options = (struct aws_options){
		.profile = connection->profile,
		.region = region ? region : connection->region,
		.endpoint_url = connection->endpoint_url,
		.prompt = connection->prompt,
		.trace = connection->trace,
		.uninterrupted = uninterrupted,
	};
	aws = aws_open(run->arena, run->world, connection->transport, &options, run->stream, err);
	if (aws)
		aws_ask_early(aws);
	return aws;
}

/* run->sources: those that were opened, the last one first. */
struct region_source {
	struct region_source *next;
	const char *region;
	struct aws *aws;
	struct source *source;
};

struct source *cloud_source(struct run *run, const char *region, struct error *err)
{
	struct region_source *others = run->sources, *made = others;
	struct aws *aws;

	while (made && !text_equal(made->region, region))
		made = made->next;
	if (made)
		return made->source;
	aws = others ? aws_in_region(others->aws, run->arena, region, err)
		     : cloud_session(run, region, false, err);
	if (!aws)
		return NULL;
	made = NEW(run->arena, struct region_source);
	*made = (struct region_source){
		.next = others,
		.region = arena_strdup(run->arena, region),
		.aws = aws,
		.source = aws_source(run->arena, aws),
	};
	run->sources = made;
	return made->source;
}
