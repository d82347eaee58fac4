/* SPDX-License-Identifier: Apache-2.0 */
/* The table of operators and the kinds of values they compare. */
#include "providers/aws/iam/comparison.h"

#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/cidr.h"
#include "base/timestamp.h"
#include "base/tree.h"

enum { LESS = 1, EQUAL = 2, GREATER = 4 }; /* which outcomes of an ordered comparison hold */

enum comparison_kind { KIND_STRING, KIND_ARN, KIND_BOOL, KIND_BINARY, KIND_NUMBER, KIND_DATE, KIND_ADDRESS };

struct comparison {
	const char *name;
	enum comparison_kind kind;
	bool negated;
	bool wildcards, ignore_case; /* strings */
	int outcomes;                /* numbers and dates */
};

static const struct comparison comparisons[] = {
	{"StringEquals", KIND_STRING},
	{"StringNotEquals", KIND_STRING, .negated = true},
	{"StringEqualsIgnoreCase", KIND_STRING, .ignore_case = true},
	{"StringNotEqualsIgnoreCase", KIND_STRING, .negated = true, .ignore_case = true},
	{"StringLike", KIND_STRING, .wildcards = true},
	{"StringNotLike", KIND_STRING, .negated = true, .wildcards = true},
	{"ArnEquals", KIND_ARN},
	{"ArnLike", KIND_ARN},
	{"ArnNotEquals", KIND_ARN, .negated = true},
	{"ArnNotLike", KIND_ARN, .negated = true},
	{"Bool", KIND_BOOL},
	{"BinaryEquals", KIND_BINARY},
	{"IpAddress", KIND_ADDRESS},
	{"NotIpAddress", KIND_ADDRESS, .negated = true},
	{"NumericEquals", KIND_NUMBER, .outcomes = EQUAL},
	{"NumericNotEquals", KIND_NUMBER, .negated = true, .outcomes = EQUAL},
	{"NumericLessThan", KIND_NUMBER, .outcomes = LESS},
	{"NumericLessThanEquals", KIND_NUMBER, .outcomes = LESS | EQUAL},
	{"NumericGreaterThan", KIND_NUMBER, .outcomes = GREATER},
	{"NumericGreaterThanEquals", KIND_NUMBER, .outcomes = GREATER | EQUAL},
	{"DateEquals", KIND_DATE, .outcomes = EQUAL},
	{"DateNotEquals", KIND_DATE, .negated = true, .outcomes = EQUAL},
	{"DateLessThan", KIND_DATE, .outcomes = LESS},
	{"DateLessThanEquals", KIND_DATE, .outcomes = LESS | EQUAL},
	{"DateGreaterThan", KIND_DATE, .outcomes = GREATER},
	{"DateGreaterThanEquals", KIND_DATE, .outcomes = GREATER | EQUAL},
};

const struct comparison *comparison_find(const char *name, size_t length)
{
	for (size_t i = 0; i < ARRAY_LENGTH(comparisons); i++)
		if (strlen(comparisons[i].name) == length && strncmp(comparisons[i].name, name, length) == 0)
			return &comparisons[i];
	return NULL;
}

bool comparison_negated(const struct comparison *comparison)
{
	return comparison->negated;
}

static bool read_number(const char *text, double *number)
{
	json_t *value = json_string(text);
	bool good = value && tree_real(value, NULL, number);

	json_decref(value);
	return good;
}

/* Where the seconds would begin in a time that has none: "2026-01-02T03:04Z". */
enum { TO_MINUTE = 16, DATE_MAX = 40 };

static bool lacks_seconds(const char *text, size_t length)
{
	return length > TO_MINUTE && text[10] == 'T' && strchr("Z+-", text[TO_MINUTE]);
}

/*
 * Epoch seconds, or one of the forms of ISO 8601 that W3C's note "Date and Time Formats" lists: a year, a month, a day,
 * a minute or a second, and fractions of it. *ms in milliseconds.
 */
static bool read_date(const char *text, double *ms)
{
	static const char rest[] = "0000-01-01T00:00:00Z";
	char whole[DATE_MAX];
	size_t length = strlen(text);
	int64_t parsed;

	if (length > 4 && read_number(text, ms)) {
		*ms *= 1000;
		return true;
	}
	if (length == 4 || length == 7 || length == 10) { /* "2026", "2026-01", "2026-01-02" */
		memcpy(whole, rest, sizeof(rest));
		memcpy(whole, text, length);
		text = whole;
	} else if (lacks_seconds(text, length)) {
		/* what does not fit is no time, cut or not */
		snprintf(whole, sizeof(whole), "%.*s:00%s", TO_MINUTE, text, text + TO_MINUTE);
		text = whole;
	}
	if (!timestamp_parse_rfc3339(text, &parsed))
		return false;
	*ms = (double)parsed;
	return true;
}

static enum truth compare_ordered(const struct comparison *comparison, const char *wanted, const char *actual)
{
	bool (*read)(const char *, double *) = comparison->kind == KIND_DATE ? read_date : read_number;
	double left, right;
	int outcome;

	if (!read(actual, &left) || !read(wanted, &right))
		return TRUTH_MAYBE;
	outcome = left < right ? LESS : left > right ? GREATER : EQUAL;
	return comparison->outcomes & outcome ? TRUTH_YES : TRUTH_NO;
}

static enum truth compare_address(const char *wanted, const char *actual)
{
	struct cidr range, address;

	if (!cidr_parse(wanted, &range, NULL) || !cidr_parse(actual, &address, NULL))
		return TRUTH_MAYBE;
	if (cidr_holds(&range, &address))
		return TRUTH_YES;
	return cidr_overlaps(&range, &address) ? TRUTH_MAYBE : TRUTH_NO;
}

static enum truth compare_text(const struct comparison *comparison, const char *wanted, bool variables,
	const struct request_context *context, struct request_text actual)
{
	struct pattern pattern = {
		.text = wanted,
		.context = context,
		.variables = variables,
		.wildcards = comparison->wildcards || comparison->kind == KIND_ARN,
		.ignore_case = comparison->ignore_case,
		.fields = comparison->kind == KIND_ARN && strcmp(wanted, "*") != 0,
	};

	return pattern_matches(&pattern, actual);
}

enum truth comparison_holds(const struct comparison *comparison, const char *wanted, bool variables,
	const struct request_context *context, struct request_text actual)
{
	if (comparison->kind == KIND_STRING || comparison->kind == KIND_ARN)
		return compare_text(comparison, wanted, variables, context, actual);
	if (actual.open)
		return TRUTH_MAYBE;
	switch (comparison->kind) {
	case KIND_BOOL: return text_equal_nocase(wanted, actual.text) ? TRUTH_YES : TRUTH_NO;
	case KIND_BINARY: return strcmp(wanted, actual.text) == 0 ? TRUTH_YES : TRUTH_NO;
	case KIND_NUMBER:
	case KIND_DATE: return compare_ordered(comparison, wanted, actual.text);
	case KIND_ADDRESS: return compare_address(wanted, actual.text);
	case KIND_STRING:
	case KIND_ARN: break;
	}
	return TRUTH_MAYBE;
}
