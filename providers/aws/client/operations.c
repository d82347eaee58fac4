/* SPDX-License-Identifier: Apache-2.0 */
/* The services, and the operations as rows: operation_list.h. */
#include "providers/aws/client/operation.h"

/* A service that is called the same everywhere. */
#define NAMED(word) .name = (word), .iam_prefix = (word), .host_prefix = (word), .signing_name = (word)

static const struct aws_service sts = {
	NAMED("sts"),
	.protocol = PROTOCOL_QUERY,
	.version = "2011-06-15",
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
	NAMED("signin"),
	.protocol = PROTOCOL_REST_JSON,
	.version = "2023-01-01",
	.endpoint_key = "SIGNIN",
	.console = true,
};
static const struct aws_service ec2 = {
	NAMED("ec2"),
	.protocol = PROTOCOL_EC2,
	.version = "2016-11-15",
	.endpoint_key = "EC2",
	.fips_as_usual = true,
};
/* One endpoint for all regions, with a low rate for the whole account. */
static const struct aws_service iam = {
	NAMED("iam"),
	.protocol = PROTOCOL_QUERY,
	.version = "2010-05-08",
	.endpoint_key = "IAM",
	.global = true,
	.throttle_attempts = 5,
};
static const struct aws_service s3 = {
	NAMED("s3"),
	.protocol = PROTOCOL_REST_XML,
	.version = "2006-03-01",
	.endpoint_key = "S3",
};
/* Settings of an account. */
static const struct aws_service s3control = {
	.name = "s3control",
	.iam_prefix = "s3",
	.protocol = PROTOCOL_REST_XML,
	.version = "2018-08-20",
	.host_prefix = "s3-control",
	.signing_name = "s3",
	.endpoint_key = "S3_CONTROL",
	.account_in_host = true,
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
	NAMED("cloudformation"),
	.protocol = PROTOCOL_QUERY,
	.version = "2010-05-15",
	.endpoint_key = "CLOUDFORMATION",
	.throttle_attempts = 8,
	.fips_as_usual = true,
};
static const struct aws_service servicequotas = {
	NAMED("servicequotas"),
	.protocol = PROTOCOL_JSON,
	.version = "2019-06-24",
	.target_prefix = "ServiceQuotasV20190624",
	.endpoint_key = "SERVICE_QUOTAS",
	.fips_as_usual = true,
};
static const struct aws_service ssm = {
	NAMED("ssm"),
	.protocol = PROTOCOL_JSON,
	.version = "2014-11-06",
	.target_prefix = "AmazonSSM",
	.endpoint_key = "SSM",
};
const struct aws_service aws_ecr = {
	.name = "ecr",
	.iam_prefix = "ecr",
	.protocol = PROTOCOL_JSON,
	.version = "2015-09-21",
	.target_prefix = "AmazonEC2ContainerRegistry_V20150921",
	.host_prefix = "api.ecr",
	.signing_name = "ecr",
	.endpoint_key = "ECR",
};
static const struct aws_service kms = {
	NAMED("kms"),
	.protocol = PROTOCOL_JSON,
	.version = "2014-11-01",
	.target_prefix = "TrentService",
	.endpoint_key = "KMS",
};
static const struct aws_service backup = {
	NAMED("backup"),
	.protocol = PROTOCOL_REST_JSON,
	.version = "2018-11-15",
	.endpoint_key = "BACKUP",
};
static const struct aws_service elbv2 = {
	.name = "elbv2",
	.iam_prefix = "elasticloadbalancing",
	.protocol = PROTOCOL_QUERY,
	.version = "2015-12-01",
	.host_prefix = "elasticloadbalancing",
	.signing_name = "elasticloadbalancing",
	.endpoint_key = "ELASTIC_LOAD_BALANCING_V2",
	.fips_as_usual = true,
};

#define AWS_OPERATION(prefix, aws_service, operation, ...) \
	const struct aws_operation aws_service##_##operation = {.id = prefix ":" #operation, \
		.service = &aws_service, \
		.name = #operation, \
		__VA_ARGS__};
#include "providers/aws/client/operation_list.h"
