/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A policy document read into statements: identity, resource and trust policies alike. Pure reading; what a statement
 * means for a request is decided elsewhere.
 *
 * Grammar: AWS IAM User Guide, "Grammar of the IAM JSON policy language". Every value may be a string or a list of
 * strings; condition values may be numbers and booleans, which become their text.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_IAM_STATEMENT_H
#define CLOUDCTL_PROVIDERS_AWS_IAM_STATEMENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

struct arena;

enum principal_kind {
	PRINCIPAL_EVERYONE, /* "Principal": "*"; value is "*" */
	PRINCIPAL_AWS,      /* account number, ARN, unique id, or "*" */
	PRINCIPAL_SERVICE,
	PRINCIPAL_FEDERATED,
	PRINCIPAL_CANONICAL_USER,
};

struct principal {
	enum principal_kind kind;
	const char *value;
};

/* One operator and one key: {"StringEquals": {"sts:ExternalId": ["a", "b"]}}. All conditions of a statement AND. */
struct condition {
	const char *op; /* with its set prefix and IfExists: "ForAnyValue:StringLike" */
	const char *key;
	struct text_list values;
};

struct iam_statement {
	size_t number;   /* 1 for the first */
	const char *sid; /* NULL when it has none */
	bool allow;      /* false: Deny */
	bool not_action, not_resource, not_principal;
	struct text_list actions;
	struct text_list resources; /* empty in a trust policy */
	struct principal *principals;
	size_t principal_count;
	struct condition *conditions;
	size_t condition_count;
};

struct iam_policy {
	struct iam_statement *statements;
	size_t count;
	bool variables; /* Version 2012-10-17: ${…} in values are variables, else literal text */
};

/*
 * Read a document: an object, or a string that holds one. Everything in *policy belongs to arena, which also keeps the
 * document. False when AWS would not have accepted it; *wrong then says why in words ("statement 2 has no Effect").
 */
bool policy_read(struct arena *arena, const json_t *document, struct iam_policy *policy, const char **wrong);

/* "statement 2 (AllowControlPlane)", for people; belongs to arena. */
const char *statement_name(struct arena *arena, const struct iam_statement *statement);

/* "StringEquals sts:ExternalId [a, b]"; belongs to arena. */
const char *condition_text(struct arena *arena, const struct condition *condition);

#endif
