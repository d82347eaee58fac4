/* SPDX-License-Identifier: Apache-2.0 */
/* Requests that somebody else makes: URLs with a signature in them, and where a service is. */
#include "providers/aws/client/aws.h"

#include <string.h>

#include "base/arena.h"
#include "providers/aws/client/session.h"
#include "providers/aws/client/sigv4.h"
#include "providers/aws/client/wire.h"

static int find(struct aws *aws, struct arena *arena, const struct aws_operation *operation,
	const json_t *input, struct endpoint *endpoint, struct error *err)
{
	const char *bucket = operation->service->protocol == PROTOCOL_REST_XML
		? json_string_value(json_object_get(input, "Bucket"))
		: NULL;

	return endpoint_find(arena, &aws->settings, operation->service, aws->region, bucket, endpoint, err);
}

const char *aws_presign(struct aws *aws, struct arena *arena, const struct aws_operation *operation,
	const json_t *input, int expires_s, struct error *err)
{
	struct credentials_provider *provider = aws->session->credentials;
	const struct credentials *credentials;
	struct endpoint endpoint;
	struct sigv4_request request;
	struct sigv4_result result;
	struct sigv4_scope scope = {.service = operation->service->signing_name};

	if (find(aws, arena, operation, input, &endpoint, err) < 0 ||
		wire_build(arena, operation, input, &endpoint, &request, err) < 0)
		return NULL;
	credentials = provider->get(provider, err);
	scope.region = endpoint.signing_region;
	scope.at_ms = aws_now_ms(aws);
	if (!credentials || sigv4_presign(arena, &request, &scope, credentials, expires_s, &result, err) < 0)
		return NULL;
	return result.url;
}

const char *aws_service_url(struct aws *aws, struct arena *arena, const struct aws_service *service,
	struct error *err)
{
	struct endpoint endpoint;

	if (endpoint_find(arena, &aws->settings, service, aws->region, NULL, &endpoint, err) < 0)
		return NULL;
	return arena_strndup(arena, endpoint.url, strlen(endpoint.url));
}
