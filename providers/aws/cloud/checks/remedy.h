/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Commands that repair what a check found: where a check knows the very table, subnet or rule, its finding's remedy can be
 * pasted. Otherwise the row's own remedy applies (check_remedy()). Pure.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_CHECKS_REMEDY_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_CHECKS_REMEDY_H

#include "providers/aws/cloud/network/security_group.h"
#include "providers/aws/cloud/permissions/required_actions.h"
#include "providers/aws/cloud/permissions/role_policies.h"
#include "verify/check.h"

/*
 * Add "aws COMMAND --region REGION" to the finding's remedy, behind " && " when it has one; IAM's have no region. Enough
 * is enough: a remedy that is longer than a screen is not made longer.
 */
void remedy_add(const struct facts *facts, struct finding *finding, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The text as one word of a shell: as it is, or in quotes. What AWS or a file of facts says is not to be trusted. */
const char *remedy_word(struct arena *arena, const char *text);

/* The same for each, separated by spaces. */
const char *remedy_words(struct arena *arena, const struct text_list *texts);

/* Take exactly this rule that lets in away. */
void remedy_revoke(const struct facts *facts, struct finding *finding, const struct rule *rule);

/*
 * Allow the role what the answers refuse, by an inline policy of a name that it does not have yet: "cloudctl-" and name;
 * name NULL: the row's remedy does that better. Where an Allow in the role's own policies would not help (something
 * denies, a boundary or another policy does not allow) the remedy says what denies it.
 */
void remedy_grant(const struct facts *facts, struct finding *finding, enum role role,
	const struct required_answers *answers, const char *name);

#endif
