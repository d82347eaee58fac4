/* SPDX-License-Identifier: Apache-2.0 */
/* For tests: trust policies, and what adding an external id makes of them. */
#ifndef CLOUDCTL_PROVIDERS_AWS_IAM_TRUST_EDIT_TEST_CASES_H
#define CLOUDCTL_PROVIDERS_AWS_IAM_TRUST_EDIT_TEST_CASES_H

#include "base/error.h"

#define CP "525325868955"
#define ID "cld_abcdefghijklmnopqrstuvwxyz"
#define EC2 \
	"{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"ec2.amazonaws.com\"},\"Action\":\"sts:" \
	"AssumeRole\"}"
#define STATEMENT(principal, condition) \
	"{\"Effect\":\"Allow\",\"Principal\":" principal ",\"Action\":\"sts:AssumeRole\"" condition "}"
#define POLICY(statements) "{\"Version\":\"2012-10-17\",\"Statement\":" statements "}"
#define WITH(values) ",\"Condition\":{\"StringEquals\":{\"sts:ExternalId\":" values "}}"
#define OURS WITH("\"" ID "\"")
#define IF(op, key, value) ",\"Condition\":{\"" op "\":{\"" key "\":\"" value "\"}}"
#define UNLESS_OURS IF("StringNotEquals", "sts:ExternalId", ID)
#define DENY(principal, condition) \
	"{\"Effect\":\"Deny\",\"Principal\":" principal ",\"Action\":\"sts:AssumeRole\"" condition "}"
#define OTHER "{\"AWS\":\"111122223333\"}"
#define NUMBER "{\"AWS\":\"" CP "\"}"

/* before → after; back is what removal makes of after, NULL when that is before itself. */
static const struct trust_edit_case {
	const char *name, *before, *after, *back;
} trust_edits[] = {
	{"account number", POLICY("[" STATEMENT(NUMBER, "") "]"), POLICY("[" STATEMENT(NUMBER, OURS) "]"),
		NULL},
	{"statement as an object", POLICY(STATEMENT(NUMBER, "")), POLICY(STATEMENT(NUMBER, OURS)), NULL},
	{"root ARN", POLICY("[" STATEMENT("{\"AWS\":\"arn:aws:iam::" CP ":root\"}", "") "]"),
		POLICY("[" STATEMENT("{\"AWS\":\"arn:aws:iam::" CP ":root\"}", OURS) "]"), NULL},
	{"role of the account",
		POLICY("[" STATEMENT("{\"AWS\":\"arn:aws:iam::" CP ":role/path/r\"}", "") "]"),
		POLICY("[" STATEMENT("{\"AWS\":\"arn:aws:iam::" CP ":role/path/r\"}", OURS) "]"), NULL},
	{"session in the account",
		POLICY("[" STATEMENT("{\"AWS\":\"arn:aws:sts::" CP ":assumed-role/r/s\"}", "") "]"),
		POLICY("[" STATEMENT("{\"AWS\":\"arn:aws:sts::" CP ":assumed-role/r/s\"}", OURS) "]"), NULL},
	{"list of principals of the account",
		POLICY("[" STATEMENT("{\"AWS\":[\"" CP "\",\"arn:aws:iam::" CP ":user/u\"]}", "") "]"),
		POLICY("[" STATEMENT("{\"AWS\":[\"" CP "\",\"arn:aws:iam::" CP ":user/u\"]}", OURS) "]"),
		NULL},
	{"the documented empty condition", POLICY("[" STATEMENT(NUMBER, ",\"Condition\":{}") "]"),
		POLICY("[" STATEMENT(NUMBER, OURS) "]"), POLICY("[" STATEMENT(NUMBER, "") "]")},
	{"another statement for a service stays", POLICY("[" EC2 "," STATEMENT(NUMBER, "") "]"),
		POLICY("[" EC2 "," STATEMENT(NUMBER, OURS) "]"), NULL},
	{"another account's statement stays", POLICY("[" STATEMENT(OTHER, "") "," STATEMENT(NUMBER, "") "]"),
		POLICY("[" STATEMENT(OTHER, "") "," STATEMENT(NUMBER, OURS) "]"), NULL},
	{"two statements that let it in", POLICY("[" STATEMENT(NUMBER, "") "," STATEMENT(NUMBER, "") "]"),
		POLICY("[" STATEMENT(NUMBER, OURS) "," STATEMENT(NUMBER, OURS) "]"), NULL},
	{"a Deny stays", POLICY("[" DENY(OTHER, "") "," STATEMENT(NUMBER, "") "]"),
		POLICY("[" DENY(OTHER, "") "," STATEMENT(NUMBER, OURS) "]"), NULL},
	{"a Deny of one role of the account stays",
		POLICY("[" DENY("{\"AWS\":\"arn:aws:iam::" CP ":role/r\"}", "") "," STATEMENT(NUMBER,
			"") "]"),
		POLICY("[" DENY("{\"AWS\":\"arn:aws:iam::" CP ":role/r\"}", "") "," STATEMENT(NUMBER,
			OURS) "]"),
		NULL},
	{"another action stays",
		POLICY("[{\"Effect\":\"Allow\",\"Principal\":" NUMBER
		       ",\"Action\":\"sts:SetSourceIdentity\"}," STATEMENT(NUMBER, "") "]"),
		POLICY("[{\"Effect\":\"Allow\",\"Principal\":" NUMBER
		       ",\"Action\":\"sts:SetSourceIdentity\"}," STATEMENT(NUMBER, OURS) "]"),
		NULL},
	{"action list, other case",
		POLICY("[{\"Effect\":\"Allow\",\"Principal\":" NUMBER
		       ",\"Action\":[\"sts:TagSession\",\"STS:assumerole\"]}]"),
		POLICY("[{\"Effect\":\"Allow\",\"Principal\":" NUMBER
		       ",\"Action\":[\"sts:TagSession\",\"STS:assumerole\"]" OURS "}]"),
		NULL},
	{"action pattern", POLICY("[{\"Effect\":\"Allow\",\"Principal\":" NUMBER ",\"Action\":\"sts:*\"}]"),
		POLICY("[{\"Effect\":\"Allow\",\"Principal\":" NUMBER ",\"Action\":\"sts:*\"" OURS "}]"),
		NULL},
	{"NotAction that leaves it in",
		POLICY("[{\"Effect\":\"Allow\",\"Principal\":" NUMBER ",\"NotAction\":\"sts:TagSession\"}]"),
		POLICY("[{\"Effect\":\"Allow\",\"Principal\":" NUMBER ",\"NotAction\":\"sts:TagSession\"" OURS
		       "}]"),
		NULL},
	{"NotAction that takes it out stays",
		POLICY("[{\"Effect\":\"Allow\",\"Principal\":" NUMBER
		       ",\"NotAction\":\"sts:AssumeRole\"}," STATEMENT(NUMBER, "") "]"),
		POLICY("[{\"Effect\":\"Allow\",\"Principal\":" NUMBER
		       ",\"NotAction\":\"sts:AssumeRole\"}," STATEMENT(NUMBER, OURS) "]"),
		NULL},
	{"beside one value", POLICY("[" STATEMENT(NUMBER, WITH("\"other\"")) "]"),
		POLICY("[" STATEMENT(NUMBER, WITH("[\"other\",\"" ID "\"]")) "]"), NULL},
	{"beside a list", POLICY("[" STATEMENT(NUMBER, WITH("[\"a\",\"b\"]")) "]"),
		POLICY("[" STATEMENT(NUMBER, WITH("[\"a\",\"b\",\"" ID "\"]")) "]"), NULL},
	{"key in another case",
		POLICY("[" STATEMENT(NUMBER,
			",\"Condition\":{\"StringEquals\":{\"STS:externalid\":\"a\"}}") "]"),
		POLICY("[" STATEMENT(NUMBER,
			",\"Condition\":{\"StringEquals\":{\"STS:externalid\":[\"a\",\"" ID "\"]}}") "]"),
		NULL},
	{"StringLike",
		POLICY("[" STATEMENT(NUMBER,
			",\"Condition\":{\"StringLike\":{\"sts:ExternalId\":\"theirs\"}}") "]"),
		POLICY("[" STATEMENT(NUMBER,
			",\"Condition\":{\"StringLike\":{\"sts:ExternalId\":[\"theirs\",\"" ID "\"]}}") "]"),
		NULL},
	{"a StringEquals on another key",
		POLICY("[" STATEMENT(NUMBER,
			",\"Condition\":{\"StringEquals\":{\"aws:PrincipalOrgID\":\"o-1\"}}") "]"),
		POLICY("[" STATEMENT(NUMBER,
			",\"Condition\":{\"StringEquals\":{\"aws:PrincipalOrgID\":\"o-1\",\"sts:ExternalId\":\"" ID
			"\"}}") "]"),
		NULL},
	{"another key with the same value",
		POLICY("[" STATEMENT(NUMBER, IF("StringEquals", "aws:PrincipalTag/id", ID)) "]"),
		POLICY("[" STATEMENT(NUMBER,
			",\"Condition\":{\"StringEquals\":{\"aws:PrincipalTag/id\":\"" ID
			"\",\"sts:ExternalId\":\"" ID "\"}}") "]"),
		NULL},
	{"Null that demands one",
		POLICY("[" STATEMENT(NUMBER, ",\"Condition\":{\"Null\":{\"sts:ExternalId\":\"false\"}}") "]"),
		POLICY("[" STATEMENT(NUMBER,
			",\"Condition\":{\"Null\":{\"sts:ExternalId\":\"false\"},\"StringEquals\":{\"sts:ExternalId\":\"" ID
			"\"}}") "]"),
		NULL},
	{"everyone of an organization stays",
		POLICY("[" STATEMENT("\"*\"",
			",\"Condition\":{\"StringEquals\":{\"aws:PrincipalOrgID\":\"o-1\"}}") "," STATEMENT(NUMBER,
			"") "]"),
		POLICY("[" STATEMENT("\"*\"",
			",\"Condition\":{\"StringEquals\":{\"aws:PrincipalOrgID\":\"o-1\"}}") "," STATEMENT(NUMBER,
			OURS) "]"),
		NULL},
	{"everyone of another account stays",
		POLICY("[" STATEMENT("\"*\"",
			IF("StringEquals", "aws:PrincipalAccount", "111122223333")) "," STATEMENT(NUMBER,
			"") "]"),
		POLICY("[" STATEMENT("\"*\"",
			IF("StringEquals", "aws:PrincipalAccount", "111122223333")) "," STATEMENT(NUMBER,
			OURS) "]"),
		NULL},
	{"roles of another account stay",
		POLICY("[" STATEMENT("\"*\"",
			IF("ArnLike", "aws:PrincipalArn",
				"arn:aws:iam::111122223333:role/r*")) "," STATEMENT(NUMBER, "") "]"),
		POLICY("[" STATEMENT("\"*\"",
			IF("ArnLike", "aws:PrincipalArn",
				"arn:aws:iam::111122223333:role/r*")) "," STATEMENT(NUMBER, OURS) "]"),
		NULL},
};

/* Nothing has to change. */
static const struct trust_kept_case {
	const char *name, *policy;
} trust_kept[] = {
	/* A statement shared with others is fine when it demands the id already. */
	{"shared with another account, under the id",
		POLICY("[" STATEMENT("{\"AWS\":[\"" CP "\",\"111122223333\"]}", OURS) "]")},
	{"a Deny of whoever comes without the id",
		POLICY("[" STATEMENT(NUMBER, "") "," DENY("\"*\"", UNLESS_OURS) "]")},
	{"a set of values",
		POLICY("[" STATEMENT(NUMBER, IF("ForAnyValue:StringEquals", "sts:ExternalId", ID)) "]")},
	{"the id, and not another one",
		POLICY("[" STATEMENT(NUMBER,
			",\"Condition\":{\"StringEquals\":{\"sts:ExternalId\":\"" ID
			"\"},\"StringNotEquals\":{\"sts:ExternalId\":\"a\"}}") "]")},
	{"not by name, under the id",
		POLICY("[" STATEMENT("\"*\"",
			",\"Condition\":{\"StringEquals\":{\"aws:PrincipalAccount\":\"" CP
			"\",\"sts:ExternalId\":\"" ID "\"}}") "]")},
};

static const struct trust_refusal_case {
	const char *name, *policy, *says;
	enum error_kind kind;
} trust_refusals[] = {
	{"nobody of the account", POLICY("[" EC2 "]"), "no statement lets account " CP, ERROR_FAILED},
	{"another account only", POLICY("[" STATEMENT(OTHER, "") "]"), "no statement", ERROR_FAILED},
	{"a number that only contains it",
		POLICY("[" STATEMENT("{\"AWS\":\"arn:aws:iam::1" CP ":root\"}", "") "]"), "no statement",
		ERROR_FAILED},
	{"together with another account",
		POLICY("[" EC2 "," STATEMENT("{\"AWS\":[\"" CP "\",\"111122223333\"]}", "") "]"),
		"statement 2 lets in account " CP " together with others", ERROR_FAILED},
	{"together with another account before it",
		POLICY("[" STATEMENT("{\"AWS\":[\"111122223333\",\"" CP "\"]}", "") "]"),
		"statement 1 lets in account " CP " together with others", ERROR_FAILED},
	{"together with a service",
		POLICY("[" STATEMENT("{\"AWS\":\"" CP "\",\"Service\":\"ec2.amazonaws.com\"}", "") "]"),
		"together with others", ERROR_FAILED},
	{"everyone", POLICY("[" STATEMENT("\"*\"", "") "]"), "lets everyone in", ERROR_FAILED},
	{"everyone beside the right statement",
		POLICY("[" STATEMENT(NUMBER, "") "," STATEMENT("{\"AWS\":\"*\"}", "") "]"),
		"statement 2 lets everyone in", ERROR_FAILED},
	{"everyone but an organization",
		POLICY("[" STATEMENT("{\"AWS\":\"*\"}",
			",\"Condition\":{\"StringNotEquals\":{\"aws:PrincipalOrgID\":\"o-1\"}}") "]"),
		"lets everyone in", ERROR_FAILED},
	{"NotPrincipal",
		POLICY("[{\"Effect\":\"Allow\",\"NotPrincipal\":{\"AWS\":\"111122223333\"},\"Action\":\"sts:AssumeRole\"}]"),
		"lets everyone in", ERROR_FAILED},
	{"StringNotEquals",
		POLICY("[" STATEMENT(NUMBER,
			",\"Condition\":{\"StringNotEquals\":{\"sts:ExternalId\":\"a\"}}") "]"),
		"condition StringNotEquals", ERROR_FAILED},
	{"IfExists",
		POLICY("[" STATEMENT(NUMBER,
			",\"Condition\":{\"StringEqualsIfExists\":{\"sts:ExternalId\":\"a\"}}") "]"),
		"condition StringEqualsIfExists", ERROR_FAILED},
	{"Null that forbids one",
		POLICY("[" STATEMENT(NUMBER, ",\"Condition\":{\"Null\":{\"sts:ExternalId\":\"true\"}}") "]"),
		"condition Null", ERROR_FAILED},
	{"a Deny of the account", POLICY("[" DENY(NUMBER, "") "," STATEMENT(NUMBER, "") "]"),
		"statement 1 keeps account " CP " out", ERROR_FAILED},
	{"everyone who, if in an organization, is in this one",
		POLICY("[" STATEMENT("\"*\"", IF("StringEqualsIfExists", "aws:PrincipalOrgID", "o-1")) "]"),
		"lets everyone in", ERROR_FAILED},
	{"a role of whatever account",
		POLICY("[" STATEMENT("\"*\"",
			IF("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/r")) "]"),
		"lets everyone in", ERROR_FAILED},
	{"everyone but the account",
		POLICY("[{\"Effect\":\"Allow\",\"NotPrincipal\":" NUMBER
		       ",\"Action\":\"sts:AssumeRole\"}," STATEMENT(NUMBER, "") "]"),
		"statement 1 lets everyone in", ERROR_FAILED},
	{"the account without its name",
		POLICY("[" STATEMENT("\"*\"", IF("StringEquals", "aws:PrincipalAccount", CP)) "]"),
		"statement 1 lets account " CP " in without naming it", ERROR_FAILED},
	{"an organization, which it may be in",
		POLICY("[" STATEMENT("\"*\"", IF("StringEquals", "aws:PrincipalOrgID", "o-1")) "]"),
		"no statement lets account " CP, ERROR_FAILED},
	{"a pattern that the ids of others fit",
		POLICY("[" STATEMENT(NUMBER, IF("StringLike", "sts:ExternalId", "a*")) "]"),
		"statement 1 lets account " CP " in under other external ids", ERROR_FAILED},
	{"a pattern beside ids that others might have",
		POLICY("[" STATEMENT(NUMBER, IF("StringLike", "sts:ExternalId", "theirs-*")) "]"),
		"in under other external ids", ERROR_FAILED},
	{"the id in any case",
		POLICY("[" STATEMENT(NUMBER, IF("StringEqualsIgnoreCase", "sts:ExternalId", "theirs")) "]"),
		"in under other external ids", ERROR_FAILED},
	{"a pattern that the id fits",
		POLICY("[" STATEMENT(NUMBER, IF("StringLike", "sts:ExternalId", "cld_*")) "]"),
		"in under other external ids", ERROR_FAILED},
	{"no statements", POLICY("[]"), "has no statements", ERROR_INPUT},
	{"no Statement", "{}", "it has no Statement", ERROR_INPUT},
	{"not an object", "[1]", "is not a JSON object", ERROR_INPUT},
	{"statement that is text", POLICY("[\"x\"]"), "statement 1 is not an object", ERROR_INPUT},
	{"condition that is text", POLICY("[" STATEMENT(NUMBER, ",\"Condition\":\"x\"") "]"),
		"statement 1 has a Condition that is not an object", ERROR_INPUT},
	{"operator that is a list", POLICY("[" STATEMENT(NUMBER, ",\"Condition\":{\"StringEquals\":[]}") "]"),
		"statement 1 has a Condition whose StringEquals is not an object", ERROR_INPUT},
};

#endif
