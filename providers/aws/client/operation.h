/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AWS operations as rows. A protocol is a function in wire.c; an operation is a row in operation_list.h, which the
 * policy command and the documented permissions read as well.
 *
 * Input of an operation is a JSON object in *wire names* (as in AWS's service models). Arrays become
 * "Name.1", "Name.2" (ec2) or "Name.member.1" (query), objects "Outer.Inner"; for JSON services the object is
 * the body. REST members go where the row says: {Label} in the path, names in query, everything else is the
 * body (REST-JSON: an object; REST-XML: the string member "Body" is sent as it is). Input members that start
 * with "Header:" become request headers ("Header:If-Match": "…").
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLIENT_OPERATION_H
#define CLOUDCTL_PROVIDERS_AWS_CLIENT_OPERATION_H

#include <stdbool.h>
#include <stddef.h>

enum aws_protocol {
	PROTOCOL_EC2,
	PROTOCOL_QUERY,
	PROTOCOL_JSON,
	PROTOCOL_REST_JSON,
	PROTOCOL_REST_XML,
};

struct aws_service {
	const char *name;       /* "ec2": prefix of operation ids and of IAM actions' namespace in messages */
	const char *iam_prefix; /* "elasticfilesystem" */
	enum aws_protocol protocol;
	const char *version;       /* API version sent by ec2/query */
	const char *target_prefix; /* X-Amz-Target of JSON services */
	const char *host_prefix;   /* "memory-db" */
	const char *signing_name;  /* "memorydb" */
	const char *endpoint_key;  /* "MEMORYDB" of AWS_ENDPOINT_URL_MEMORYDB */
	bool fips_as_usual;        /* in GovCloud its usual host is the FIPS one */
	bool global;               /* IAM: one endpoint a partition, signed for the partition's home region */
	bool console;              /* its usual host is in the AWS console's domain, the region first */
	bool account_in_host;      /* its usual host begins with the account that is asked about */
	int throttle_attempts;     /* attempts against throttling where the usual 3 are too few; 0 = usual */
};

/* How pages follow each other; all NULL when the operation has no pages. */
struct aws_paging {
	const char *ask;   /* input member of the token: "NextToken" */
	const char *got;   /* where the reply holds the next one: "nextToken" */
	const char *more;  /* boolean member that must be true for another page ("IsTruncated"), or NULL */
	const char *items; /* member whose list grows: "vpcSet"; several with commas */
};

struct aws_operation {
	const char *id; /* "ec2:DescribeVpcs" */
	const struct aws_service *service;
	const char *name;          /* "DescribeVpcs" */
	const char *method, *path; /* REST only: "GET", "/2015-02-01/file-systems/{FileSystemId}/policy" */
	/* REST only: fixed query ("policy") and, after a comma, member names that go there */
	const char *query;
	struct aws_paging paging;
	const char *result;  /* query: element that wraps the result ("GetRoleResult"), else NULL */
	const char *actions; /* IAM actions it needs, space separated: "s3:ListBucket" */
	bool idempotent;     /* may be sent again after an unknown outcome */
	bool anonymous;      /* not signed: what proves the caller is in the input */
	bool secret;         /* input and reply hold secrets: a trace shows neither */
	/* Members that are percent-encoded JSON (IAM), decoded in the reply: paths, "*" is all of a list; or NULL. */
	const char *documents;
	const char *root; /* REST-XML: the reply's root element; NULL for replies without a body */
	/* What every reply has, the list of pages apart; names of members, comma separated, or NULL */
	const char *holds;   /* structures */
	const char *lists;   /* lists, which may be empty */
	const char *says;    /* texts, which are not */
	const char *payload; /* REST: the reply's body is this member's text as it is ("Policy"), or NULL */
	/* REST: members that arrive in headers, "Member=header-name", comma separated; or NULL */
	const char *reply_headers;
};

/* A service that only instances ask: where it is, is asked of aws_service_url(). */
extern const struct aws_service aws_ecr;

/* The rows, named service_Operation with AWS's own spelling: &ec2_DescribeVpcs. */
#define AWS_OPERATION(prefix, service, operation, ...) \
	extern const struct aws_operation service##_##operation;
#include "providers/aws/client/operation_list.h"

#endif
