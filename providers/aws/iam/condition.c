/* SPDX-License-Identifier: Apache-2.0 */
/* Keys and their several values; one value against one is comparison.c. */
#include "providers/aws/iam/condition.h"

#include <string.h>

#include "providers/aws/iam/comparison.h"

/* How the values of a key that has several are taken together. */
enum set { SET_SINGLE, SET_ANY, SET_ALL };

struct test {
	const struct comparison *comparison; /* NULL: Null, or unknown to AWS */
	bool null, if_exists;
	enum set set;
	const struct condition *condition;
	bool variables;
	const struct request_context *context;
};

static void read_operator(const char *name, struct test *test)
{
	size_t length;

	if (text_starts_with(name, "ForAnyValue:"))
		test->set = SET_ANY;
	else if (text_starts_with(name, "ForAllValues:"))
		test->set = SET_ALL;
	if (test->set != SET_SINGLE)
		name = strchr(name, ':') + 1;
	length = strlen(name);
	test->null = strcmp(name, "Null") == 0;
	test->if_exists = text_ends_with(name, "IfExists");
	if (test->if_exists)
		length -= strlen("IfExists");
	test->comparison = comparison_find(name, length);
}

/* Is the actual value one of the wanted ones (or, for a negated operator, none of them)? */
static enum truth test_value(const struct test *test, struct request_text actual)
{
	enum truth found = TRUTH_NO;

	for (size_t i = 0; i < test->condition->values.count; i++)
		found = truth_or(found,
			comparison_holds(test->comparison, test->condition->values.items[i], test->variables,
				test->context, actual));
	return comparison_negated(test->comparison) ? truth_not(found) : found;
}

/*
 * Values that are not known could satisfy "any" and break "all". An operator without a prefix is for keys with one
 * value; several mean that it is one of these, so they decide only together.
 */
static enum truth test_values(const struct test *test, const struct request_context_value *value)
{
	enum truth any = value->more ? TRUTH_MAYBE : TRUTH_NO, all = value->more ? TRUTH_MAYBE : TRUTH_YES;

	for (size_t i = 0; i < value->values.count; i++) {
		struct request_text actual = {value->values.items[i], value->open};
		enum truth truth = test_value(test, actual);

		any = truth_or(any, truth);
		all = truth_and(all, truth);
	}
	switch (test->set) {
	case SET_ANY: return any;
	case SET_ALL: return all;
	case SET_SINGLE: break;
	}
	return any == all ? any : TRUTH_MAYBE;
}

/* Null: {"key": "true"} demands that the key is absent. */
static enum truth absence_holds(const struct condition *condition, const struct request_context_value *value)
{
	const char *wanted;

	if (!value || (value->values.count == 0 && value->more))
		return TRUTH_MAYBE;
	wanted = request_context_value_absent(value) ? "true" : "false";
	for (size_t i = 0; i < condition->values.count; i++)
		if (text_equal_nocase(condition->values.items[i], wanted))
			return TRUTH_YES;
	return TRUTH_NO;
}

/* ForAnyValue with IfExists: IAM User Guide, "Condition operators" says that it holds, "Multivalued context keys" not. */
static enum truth absent_holds(const struct test *test)
{
	if (test->if_exists && test->set == SET_ANY)
		return TRUTH_MAYBE;
	if (test->if_exists || test->set == SET_ALL)
		return TRUTH_YES;
	return test->set == SET_SINGLE && comparison_negated(test->comparison) ? TRUTH_YES : TRUTH_NO;
}

enum truth condition_holds(const struct condition *condition, bool variables,
	const struct request_context *context)
{
	struct test test = {.condition = condition, .variables = variables, .context = context};
	const struct request_context_value *value = request_context_find(context, condition->key,
		strlen(condition->key));

	read_operator(condition->op, &test);
	if (test.null)
		return absence_holds(condition, value);
	if (!value || !test.comparison)
		return TRUTH_MAYBE;
	return request_context_value_absent(value) ? absent_holds(&test) : test_values(&test, value);
}

enum truth conditions_hold(const struct iam_statement *statement, bool variables,
	const struct request_context *context, const struct condition **open)
{
	enum truth result = TRUTH_YES;

	*open = NULL;
	for (size_t i = 0; i < statement->condition_count; i++) {
		enum truth truth = condition_holds(&statement->conditions[i], variables, context);

		if (truth == TRUTH_MAYBE && !*open)
			*open = &statement->conditions[i];
		result = truth_and(result, truth);
	}
	return result;
}
