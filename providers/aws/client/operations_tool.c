/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operation rows as one JSON array on standard output, for the test that compares them with AWS's models.
 */
#include <jansson.h>
#include <stdio.h>

#include "base/array.h"
#include "providers/aws/client/operation.h"

static json_t *service_json(const struct aws_service *service)
{
	static const char *const protocols[] = {
		[PROTOCOL_EC2] = "ec2",
		[PROTOCOL_QUERY] = "query",
		[PROTOCOL_JSON] = "json",
		[PROTOCOL_REST_JSON] = "rest-json",
		[PROTOCOL_REST_XML] = "rest-xml",
	};

	return json_pack("{s:s, s:s, s:s, s:s, s:s?, s:s, s:s, s:s, s:b}", "name", service->name,
		"iam_prefix", service->iam_prefix, "protocol", protocols[service->protocol], "version",
		service->version, "target_prefix", service->target_prefix, "host_prefix",
		service->host_prefix, "signing_name", service->signing_name, "endpoint_key",
		service->endpoint_key, "global", (int)service->global);
}

static json_t *operation_json(const struct aws_operation *row)
{
	json_t *paging = json_pack("{s:s?, s:s?, s:s?, s:s?}", "ask", row->paging.ask, "got", row->paging.got,
		"more", row->paging.more, "items", row->paging.items);

	return json_pack("{s:s, s:o, s:s, s:s?, s:s?, s:s?, s:o, s:s?, s:s, s:b, s:s?, s:s?, s:s?, s:s?}",
		"id", row->id, "service", service_json(row->service), "name", row->name, "method",
		row->method, "path", row->path, "query", row->query, "paging", paging, "result", row->result,
		"actions", row->actions, "idempotent", (int)row->idempotent, "documents", row->documents,
		"payload", row->payload, "reply_headers", row->reply_headers, "holds", row->holds);
}

static const struct aws_operation *const operations[] = {
#define AWS_OPERATION(prefix, service, operation, ...) &service##_##operation,
#include "providers/aws/client/operation_list.h"
};

int main(void)
{
	json_t *out = json_array();

	for (size_t i = 0; i < ARRAY_LENGTH(operations); i++)
		json_array_append_new(out, operation_json(operations[i]));
	json_dumpf(out, stdout, JSON_INDENT(1));
	putchar('\n');
	json_decref(out);
	return 0;
}
