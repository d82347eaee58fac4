/* SPDX-License-Identifier: Apache-2.0 */
/* For tests: an account in which a cloud with MemoryDB, "cld-x" in us-west-2, is to be made, and facts about it. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_PREFLIGHT_PREFLIGHT_FACTS_TEST_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_PREFLIGHT_PREFLIGHT_FACTS_TEST_H

#include "base/arena.h"
#include "providers/aws/cloud/preflight/preflight_parts.h"
#include "providers/records/cloud.h"
#include "verify/fake_source.h"
#include "verify/verification.h"

struct fixture {
	struct arena arena;
	struct cloud cloud;
	struct facts *facts;
	struct fake_source fake;
	struct verification result;
	struct error err;
};

/*
 * Nothing is known but the request, for 10.0.0.0/16, and that cloudformation:CreateStack and ec2:DescribeVpcs are needed,
 * the latter to look only. Ends with arena_free(&fixture->arena). */
void fixture_open(struct fixture *fixture);

/* JSON text to a tree that lives as long as the fixture; fails the test when it is none. */
const json_t *fixture_read(struct fixture *fixture, const char *text);

/* Settle a fact: known with a tree, or denied. */
void fixture_learn(struct fixture *fixture, enum preflight_fact fact, const char *text);
/* tree's reference is taken over. */
void fixture_give(struct fixture *fixture, enum preflight_fact fact, json_t *tree);
void fixture_request(struct fixture *fixture, const char *block, bool must_differ);
void fixture_lose(struct fixture *fixture, enum preflight_fact fact, const char *action);

struct finding fixture_judge(const struct fixture *fixture, const char *id);

/* Fails the test when the verdict differs, or the finding's text does not hold this one. */
void assert_finding(const struct finding *finding, enum verdict verdict, const char *text);

/* IAM's answer about creating a stack, and about looking at VPCs. */
#define DECIDED(action, decision) \
	"{\"EvalActionName\":\"" action "\",\"EvalResourceName\":\"*\",\"EvalDecision\":\"" decision "\"}"
#define MAY(create, look) \
	"{\"EvaluationResults\":[" DECIDED("cloudformation:CreateStack", \
		create) "," DECIDED("ec2:DescribeVpcs", look) "]}"

#endif
