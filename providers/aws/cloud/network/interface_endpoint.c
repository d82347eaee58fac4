/* SPDX-License-Identifier: Apache-2.0 */
/* Reading interface endpoints in DescribeVpcEndpoints replies. */
#include "providers/aws/cloud/network/interface_endpoint.h"

#include "base/array.h"
#include "base/text.h"
#include "base/tree.h"

static const struct endpoint_service services[] = {
	{".s3", true},
	{".sts", true},
	{".ecr.api", false},
	{".ecr.dkr", false},
	{".ec2", false},
};

/* S3's may leave the names within the VPC to a gateway endpoint, and keep them for those who ask its resolver from outside. */
const struct endpoint_service *interface_endpoint_service(const json_t *endpoint)
{
	if (!text_equal_nocase(tree_text(endpoint, "vpcEndpointType"), "Interface") ||
		!text_equal_nocase(tree_text(endpoint, "state"), "available") ||
		!tree_bool(endpoint, "privateDnsEnabled") ||
		tree_bool(endpoint, "dnsOptions.privateDnsOnlyForInboundResolverEndpoint"))
		return NULL;
	for (size_t i = 0; i < ARRAY_LENGTH(services); i++)
		if (text_ends_with(tree_text(endpoint, "serviceName"), services[i].suffix))
			return &services[i];
	return NULL;
}
