/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For tests: an AWS that answers from saved facts, in place of the call engine. It defines aws_start(), aws_step(),
 * aws_in_region() and the call_*() functions of providers/aws/client/aws.h, so a program that links it must not need the real
 * ones.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_CHECKS_FAKE_AWS_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_CHECKS_FAKE_AWS_H

#include "providers/aws/client/aws.h"
#include "verify/facts.h"

enum { FAKE_CALLS = 128, FAKE_ANSWERS = 128 };

/* A failure, or a reply, for the calls of one operation whose input (as JSON text) holds `input`. */
struct fake_answer {
	const struct aws_operation *operation;
	const char *input; /* NULL: any */
	const json_t *reply;
	struct error error; /* kind set: the call fails */
};

struct aws {
	/* member "facts" of a saved document: the answers where none of the below applies */
	const json_t *facts;
	const char *region; /* that answers; NULL: us-west-2 */
	struct fake_answer answers[FAKE_ANSWERS];
	size_t answer_count;
	struct call *calls[FAKE_CALLS]; /* in the order in which they were started */
	size_t count;
	size_t at_first_step; /* calls started before anything was answered */
	size_t steps;
	size_t per_step;        /* calls that a step finishes; 0: all */
	bool newest_first;      /* which ones first */
	size_t interrupt_after; /* steps; 0: never */
	const char *elsewhere;  /* the region last asked for by aws_in_region() */
};

/* Add an answer; error_kind ERROR_NONE for a reply. */
void fake_reply(struct aws *aws, const struct aws_operation *operation, const char *input,
	const json_t *reply);
void fake_error(struct aws *aws, const struct aws_operation *operation, const char *input,
	enum error_kind kind, const char *code, const char *message);

/* How many calls of an operation were started (NULL: of any). */
size_t fake_count(const struct aws *aws, const struct aws_operation *operation);

/* No two calls with the same operation and input. */
bool fake_all_differ(const struct aws *aws);

const struct aws_operation *fake_operation(const struct aws *aws, size_t index);
const json_t *fake_input(const struct aws *aws, size_t index);

#endif
