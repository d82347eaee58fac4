/* SPDX-License-Identifier: Apache-2.0 */
/*
 * May this principal do this? Identity policies, permissions boundary and resource policy together. Pure.
 *
 * AWS IAM User Guide, "Policy evaluation logic" and "Cross-account policy evaluation logic". Service control and
 * resource control policies, session policies and grants are not looked at: AWS may still refuse what is YES here.
 * Policies of endpoints come afterwards: s3_endpoint.h.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_IAM_ACCESS_H
#define CLOUDCTL_PROVIDERS_AWS_IAM_ACCESS_H

#include "providers/aws/iam/decision.h"

enum access_layer { ACCESS_IDENTITY, ACCESS_BOUNDARY, ACCESS_RESOURCE, ACCESS_ENDPOINT };

struct access_policy {
	const char *name; /* for people: "inline policy node", "the bucket policy" */
	struct iam_policy policy;
	/* not seen or not understood, in words: it may say anything. NULL: it is in policy */
	const char *wrong;
};

struct access_policies {
	const struct access_policy *identity; /* inline and attached ones alike */
	size_t identity_count;
	const struct access_policy *boundary; /* NULL: none */
	const struct access_policy *resource; /* NULL: none */
	const char *resource_account;         /* who owns the resource; NULL: the caller's account */
	bool resource_decides; /* the resource's policy must itself allow: KMS keys, trust policies of roles */
};

struct access {
	struct decision decision;
	/* of the policy that decided; NO without a statement: which layer lacks an Allow */
	enum access_layer layer;
	const char *policy;   /* its name; NULL: no policy decided */
	const char *wrong;    /* MAYBE: what kept the policy from being judged */
	bool another_account; /* the caller is not of the resource's account */
	/* NO: an Allow that names the action, yet not this resource, or not in this context */
	const struct iam_statement *near;
	const char *near_policy;
	bool near_resource;                     /* it is the resource that it does not hold */
	const struct condition *near_condition; /* else: the first that does not hold */
	bool near_never;                        /* no such request carries its key */
};

/*
 * Reads a document for a layer. What AWS would not have accepted there (an identity statement without Resource or
 * with Principal) makes it wrong. Everything belongs to arena.
 */
struct access_policy access_policy_read(struct arena *arena, enum access_layer layer, const char *name,
	const json_t *document);

/* request->caller needs account and arn. What it returns points into the policies and the request. */
struct access access_decide(const struct access_policies *policies, const struct iam_request *request);

/* "allowed by statement 2 (Objects) of inline policy node": what decided, in words, in arena. */
const char *access_text(struct arena *arena, const struct access *access);

#endif
