/* SPDX-License-Identifier: Apache-2.0 */
/* The services, and the operations as rows: operation_list.h. */
#include "providers/aws/client/operation.h"

static const struct aws_service sts = {
	.name = "sts",
	.iam_prefix = "sts",
	.protocol = PROTOCOL_QUERY,
	.version = "2011-06-15",
	.host_prefix = "sts",
	.signing_name = "sts",
	.endpoint_key = "STS",
	.fips_as_usual = true,
};
static const struct aws_service sso = {
	.name = "sso",
	.iam_prefix = "sso",
	.protocol = PROTOCOL_REST_JSON,
	.version = "2019-06-10",
	.host_prefix = "portal.sso",
	.signing_name = "awsssoportal",
	.endpoint_key = "SSO",
};
static const struct aws_service sso_oidc = {
	.name = "sso-oidc",
	.iam_prefix = "sso-oauth",
	.protocol = PROTOCOL_REST_JSON,
	.version = "2019-06-10",
	.host_prefix = "oidc",
	.signing_name = "sso-oauth",
	.endpoint_key = "SSO_OIDC",
};
static const struct aws_service signin = {
	.name = "signin",
	.iam_prefix = "signin",
	.protocol = PROTOCOL_REST_JSON,
	.version = "2023-01-01",
	.host_prefix = "signin",
	.signing_name = "signin",
	.endpoint_key = "SIGNIN",
	.console = true,
};
static const struct aws_service ec2 = {
	.name = "ec2",
	.iam_prefix = "ec2",
	.protocol = PROTOCOL_EC2,
	.version = "2016-11-15",
	.host_prefix = "ec2",
	.signing_name = "ec2",
	.endpoint_key = "EC2",
	.fips_as_usual = true,
};
/* One endpoint for all regions, with a low rate for the whole account. */
static const struct aws_service iam = {
	.name = "iam",
	.iam_prefix = "iam",
	.protocol = PROTOCOL_QUERY,
	.version = "2010-05-08",
	.host_prefix = "iam",
	.signing_name = "iam",
	.endpoint_key = "IAM",
	.global = true,
	.throttle_attempts = 5,
};
static const struct aws_service s3 = {
	.name = "s3",
	.iam_prefix = "s3",
	.protocol = PROTOCOL_REST_XML,
	.version = "2006-03-01",
	.host_prefix = "s3",
	.signing_name = "s3",
	.endpoint_key = "S3",
};
static const struct aws_service efs = {
	.name = "efs",
	.iam_prefix = "elasticfilesystem",
	.protocol = PROTOCOL_REST_JSON,
	.version = "2015-02-01",
	.host_prefix = "elasticfilesystem",
	.signing_name = "elasticfilesystem",
	.endpoint_key = "EFS",
};
static const struct aws_service memorydb = {
	.name = "memorydb",
	.iam_prefix = "memorydb",
	.protocol = PROTOCOL_JSON,
	.version = "2021-01-01",
	.target_prefix = "AmazonMemoryDB",
	.host_prefix = "memory-db",
	.signing_name = "memorydb",
	.endpoint_key = "MEMORYDB",
};
/* An account's deployments share its API: three attempts are too few (docs/design.md, "Calls to AWS"). */
static const struct aws_service cloudformation = {
	.name = "cloudformation",
	.iam_prefix = "cloudformation",
	.protocol = PROTOCOL_QUERY,
	.version = "2010-05-15",
	.host_prefix = "cloudformation",
	.signing_name = "cloudformation",
	.endpoint_key = "CLOUDFORMATION",
	.throttle_attempts = 8,
	.fips_as_usual = true,
};
static const struct aws_service servicequotas = {
	.name = "servicequotas",
	.iam_prefix = "servicequotas",
	.protocol = PROTOCOL_JSON,
	.version = "2019-06-24",
	.target_prefix = "ServiceQuotasV20190624",
	.host_prefix = "servicequotas",
	.signing_name = "servicequotas",
	.endpoint_key = "SERVICE_QUOTAS",
	.fips_as_usual = true,
};
static const struct aws_service kms = {
	.name = "kms",
	.iam_prefix = "kms",
	.protocol = PROTOCOL_JSON,
	.version = "2014-11-01",
	.target_prefix = "TrentService",
	.host_prefix = "kms",
	.signing_name = "kms",
	.endpoint_key = "KMS",
};

#define AWS_OPERATION(prefix, aws_service, operation, ...) \
	const struct aws_operation aws_service##_##operation = {.id = prefix ":" #operation, \
		.service = &aws_service, \
		.name = #operation, \
		__VA_ARGS__};
#include "providers/aws/client/operation_list.h"
