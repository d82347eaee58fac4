/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Interface endpoints with private DNS: within the VPC the names of their services lead to them, whatever other way there
 * is (AWS PrivateLink Guide, "Access an AWS service using an interface VPC endpoint"). Pure.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_NETWORK_INTERFACE_ENDPOINT_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_NETWORK_INTERFACE_ENDPOINT_H

#include <jansson.h>
#include <stdbool.h>

struct endpoint_service {
	const char *suffix; /* of the service's name: ".ecr.api" */
	bool required;      /* no workspace works without the service */
};

/*
 * The service that an endpoint of a DescribeVpcEndpoints reply takes the names of; NULL: none that the cloud's instances
 * use, or it takes no names in the VPC.
 */
const struct endpoint_service *interface_endpoint_service(const json_t *endpoint);

#endif
