/* SPDX-License-Identifier: Apache-2.0 */
/* Three-valued evaluation of condition operators. */
#include "verify/condition.h"

#include <string.h>

enum comparison {
	COMPARE_EQUAL,
	COMPARE_EQUAL_NOCASE,
	COMPARE_LIKE,
	COMPARE_ARN,
	COMPARE_NULL,
	COMPARE_OTHER
};

static const struct operator
{
	const char *name;
	enum comparison comparison;
	bool negated;
}
operators[] = {
	{"StringEquals", COMPARE_EQUAL, false},
	{"StringNotEquals", COMPARE_EQUAL, true},
	{"StringEqualsIgnoreCase", COMPARE_EQUAL_NOCASE, false},
	{"StringNotEqualsIgnoreCase", COMPARE_EQUAL_NOCASE, true},
	{"StringLike", COMPARE_LIKE, false},
	{"StringNotLike", COMPARE_LIKE, true},
	{"ArnEquals", COMPARE_ARN, false},
	{"ArnNotEquals", COMPARE_ARN, true},
	{"ArnLike", COMPARE_ARN, false},
	{"ArnNotLike", COMPARE_ARN, true},
	{"Bool", COMPARE_EQUAL_NOCASE, false},
	{"Null", COMPARE_NULL, false},
	{"NumericNotEquals", COMPARE_OTHER, true},
	{"DateNotEquals", COMPARE_OTHER, true},
	{"NotIpAddress", COMPARE_OTHER, true},
};

/* How the values of a key that has several are taken together. */
enum set { SET_SINGLE, SET_ANY, SET_ALL };

struct test {
	enum comparison comparison;
	bool negated, if_exists, variables;
	enum set set;
};

static bool named(const char *name, size_t length, const char *operator)
{
	return strlen(operator) == length && strncmp(name, operator, length) == 0;
}

static struct test read_operator(const char *name, bool variables)
{
	struct test test = {.comparison = COMPARE_OTHER, .variables = variables};
	size_t length;

	if (text_starts_with(name, "ForAnyValue:"))
		test.set = SET_ANY;
	else if (text_starts_with(name, "ForAllValues:"))
		test.set = SET_ALL;
	if (test.set != SET_SINGLE)
		name = strchr(name, ':') + 1;
	length = strlen(name);
	if (text_ends_with(name, "IfExists")) {
		test.if_exists = true;
		length -= strlen("IfExists");
	}
	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
		if (named(name, length, operators[i].name)) {
			test.comparison = operators[i].comparison;
			test.negated = operators[i].negated;
		}
	}
	return test;
}

static enum truth negate(enum truth truth)
{
	return truth == TRUTH_MAYBE ? TRUTH_MAYBE : truth == TRUTH_YES ? TRUTH_NO : TRUTH_YES;
}

/* ARN patterns match field by field: the first five colons separate, the rest is one field. */
static bool arn_matches(const char *pattern, const char *arn)
{
	char left[256], right[256];

	for (int field = 0; field < 5; field++) {
		size_t pattern_length = strcspn(pattern, ":"), length = strcspn(arn, ":");

		if (!pattern[pattern_length] || !arn[length])
			return false;
		if (pattern_length >= sizeof(left) || length >= sizeof(right))
			return false;
		memcpy(left, pattern, pattern_length);
		memcpy(right, arn, length);
		left[pattern_length] = right[length] = '\0';
		if (!text_glob(left, right, false))
			return false;
		pattern += pattern_length + 1;
		arn += length + 1;
	}
	return text_glob(pattern, arn, false);
}

static enum truth compare(const struct test *test, const char *wanted, const char *actual)
{
	bool equal = false;

	if (test->variables && strstr(wanted, "${"))
		return TRUTH_MAYBE;
	switch (test->comparison) {
	case COMPARE_EQUAL: equal = text_equal(wanted, actual); break;
	case COMPARE_EQUAL_NOCASE: equal = text_equal_nocase(wanted, actual); break;
	case COMPARE_LIKE: equal = text_glob(wanted, actual, false); break;
	case COMPARE_ARN: equal = arn_matches(wanted, actual); break;
	case COMPARE_NULL:
	case COMPARE_OTHER: return TRUTH_MAYBE;
	}
	return equal ? TRUTH_YES : TRUTH_NO;
}

/* Is the actual value one of the wanted ones (or, for a negated operator, none of them)? */
static enum truth compare_one(const struct test *test, const struct condition *condition, const char *actual)
{
	enum truth found = TRUTH_NO;

	for (size_t i = 0; i < condition->values.count; i++) {
		enum truth truth = compare(test, condition->values.items[i], actual);

		found = truth > found ? truth : found;
	}
	return test->negated ? negate(found) : found;
}

static enum truth compare_set(const struct test *test, const struct condition *condition,
	const struct text_list *actual)
{
	enum truth result = test->set == SET_ALL ? TRUTH_YES : TRUTH_NO;

	for (size_t i = 0; i < actual->count; i++) {
		enum truth truth = compare_one(test, condition, actual->items[i]);

		if (test->set == SET_ALL)
			result = truth < result ? truth : result;
		else
			result = truth > result ? truth : result;
	}
	return result;
}

static const struct context_value *find_key(const struct context *context, const char *key)
{
	for (size_t i = 0; i < context->count; i++)
		if (text_equal_nocase(context->values[i].key, key))
			return &context->values[i];
	return NULL;
}

/* Null: {"key": "true"} demands that the key is absent. */
static enum truth absence_holds(const struct condition *condition, const struct context_value *value)
{
	bool absent = value && value->values.count == 0;

	if (!value || condition->values.count != 1)
		return TRUTH_MAYBE;
	return text_equal_nocase(condition->values.items[0], absent ? "true" : "false") ? TRUTH_YES
											: TRUTH_NO;
}

enum truth condition_holds(const struct condition *condition, bool variables, const struct context *context)
{
	struct test test = read_operator(condition->operator, variables);
	const struct context_value *value = find_key(context, condition->key);

	if (test.comparison == COMPARE_NULL)
		return absence_holds(condition, value);
	if (!value)
		return TRUTH_MAYBE;
	if (value->values.count == 0) {
		if (test.set == SET_ANY)
			return test.if_exists ? TRUTH_YES : TRUTH_NO;
		return test.if_exists || test.negated || test.set == SET_ALL ? TRUTH_YES : TRUTH_NO;
	}
	return compare_set(&test, condition, &value->values);
}

enum truth conditions_hold(const struct statement *statement, bool variables, const struct context *context,
	const struct condition **open)
{
	enum truth result = TRUTH_YES;

	*open = NULL;
	for (size_t i = 0; i < statement->condition_count; i++) {
		enum truth truth = condition_holds(&statement->conditions[i], variables, context);

		if (truth == TRUTH_MAYBE && !*open)
			*open = &statement->conditions[i];
		result = truth < result ? truth : result;
	}
	return result;
}
