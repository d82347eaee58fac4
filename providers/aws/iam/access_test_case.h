/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For tests: a request and its policies as JSON, put to access_decide().
 *
 *     role       the caller: an ARN; ACCESS_TEST_CASE_ROLE when it is left out. "session": the role session's name, if known
 *     action, resource    a '*' at the resource's end: everything that begins so
 *     context    {key: value or list of values}; an empty list: certainly absent. "more": keys with further values
 *     open       keys whose values are only the beginning of the true one
 *     identity, boundary, policy (the resource's): statements, or a list of whole documents, or "unseen"
 *     version    of the documents made from statements; 2012-10-17 when it is left out
 *     owner      account of the resource, when it is not the caller's
 *     decides    true: the resource's policy must itself allow
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_IAM_ACCESS_TEST_CASE_H
#define CLOUDCTL_PROVIDERS_AWS_IAM_ACCESS_TEST_CASE_H

#include "providers/aws/iam/access.h"

#define ACCESS_TEST_CASE_ROLE "arn:aws:iam::111122223333:role/app"

/* What is returned points into tree and arena. A boundary or a resource's policy is one document. */
struct access access_test_case_decide(struct arena *arena, const json_t *tree);

/* "no", "maybe" or "yes". */
const char *truth_word(enum truth truth);

#endif
