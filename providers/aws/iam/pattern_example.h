/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts that a set of patterns tells apart, so that a question about all texts can be put to a few. Pure.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_IAM_PATTERN_EXAMPLE_H
#define CLOUDCTL_PROVIDERS_AWS_IAM_PATTERN_EXAMPLE_H

#include "providers/aws/iam/pattern.h"

struct arena;

/* Sets of places in the patterns that a text can lead to; and the places in all of them. */
enum { PATTERN_STATES_MAX = 4 << 10, PATTERN_PLACES_MAX = 1 << 20 };

/*
 * For every combination of these patterns that a text of one character or more can match, the shortest such text, in
 * arena; also for none of them. A variable whose value is not known counts as '*', fields are not looked at. *all is false
 * when there were more ways to go through the patterns than are followed (PATTERN_STATES_MAX, PATTERN_PLACES_MAX).
 */
struct text_list pattern_examples(struct arena *arena, const struct pattern *patterns, size_t count,
	bool *all);

#endif
