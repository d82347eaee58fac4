/* SPDX-License-Identifier: Apache-2.0 */
/* For tests only: policies written in the test itself. */
#ifndef CLOUDCTL_PROVIDERS_AWS_IAM_POLICY_TEST_H
#define CLOUDCTL_PROVIDERS_AWS_IAM_POLICY_TEST_H

#include "base/test.h"
#include "providers/aws/iam/statement.h"

/* The policy of a JSON text, in arena; the test fails when it cannot be read. */
static inline struct iam_policy policy_test_read(struct arena *arena, const char *text)
{
	struct iam_policy policy;
	const char *wrong = NULL;
	json_t *document = json_string(text);

	if (!policy_read(arena, document, &policy, &wrong))
		fail_msg("%s: %s", text, wrong);
	json_decref(document);
	return policy;
}

#endif
