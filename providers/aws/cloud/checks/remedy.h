/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What to do about what a check found, where it knows more than its row (check_remedy()): the very table, subnet, rule or
 * statement. A remedy is a fix only if running it makes the check pass, makes no other worse and takes nothing away that
 * is the user's; everything else is a look or is said in words. testdata/e2e/test_remedies.py runs every fix. Pure.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_CHECKS_REMEDY_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_CHECKS_REMEDY_H

#include "base/shell_word.h"
#include "providers/aws/cloud/network/security_group.h"
#include "providers/aws/cloud/permissions/required_actions.h"
#include "providers/aws/cloud/permissions/role_policies.h"
#include "verify/check.h"

/*
 * Add "aws COMMAND --region REGION" to the finding's remedy, behind " && " when it has one; IAM's have no region. One that
 * grows longer than a screen is cut off before the next command, and is REMEDY_DO then.
 */
void remedy_add(const struct facts *facts, struct finding *finding, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The remedy is this text, REMEDY_DO, whatever it was. */
void remedy_say(const struct facts *facts, struct finding *finding, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * In a managed cloud, what a stack made is changed in the stack: a policy or a mount target beside it keeps the stack from
 * being deleted. Then the remedy says so of the thing ("the policies of the node role"), and the result is true.
 */
bool remedy_is_stacks(const struct facts *facts, struct finding *finding, const char *thing);

/* --- rules of security groups: remedy_rules.c --- */

/* Take exactly this rule that lets in away. */
void remedy_revoke(const struct facts *facts, struct finding *finding, const struct rule *rule);

/*
 * The same for a rule that lets in more than it should: first let in what must stay, TCP 443 from where the rule let it
 * in, and what it let members of its group do among themselves. kept: what was let in for rules before; begins empty.
 */
void remedy_narrow(const struct facts *facts, struct finding *finding, const struct rules *rules,
	const struct rule *rule, struct text_list *kept);

/* A service that the cloud reaches by one TCP port, through its security groups. */
struct remedy_port {
	const struct text_list *groups;
	int port;
	bool in, out; /* what is missing: into its groups, out of the cloud's */
};

/*
 * Let the port in to the service's first group from the cloud's first, and out likewise. done: what was let through for
 * services before; begins empty.
 */
void remedy_reach(const struct facts *facts, struct finding *finding, const struct remedy_port *port,
	struct text_list *done);

/* --- policies of the roles: remedy_policies.c --- */

/*
 * Allow the role what the answers refuse, by an inline policy of a name that it does not have yet: "cloudctl-" and name.
 * Where an Allow in the role's own policies would not help (something denies, or may; a boundary or another policy does
 * not allow) the remedy says what it is.
 */
void remedy_grant(const struct facts *facts, struct finding *finding, enum role role,
	const struct required_answers *answers, const char *name);

/*
 * The same by a managed policy, where the answers are refused for lack of an Allow and nothing else; policy_arn is
 * attached.
 */
void remedy_attach(const struct facts *facts, struct finding *finding, enum role role,
	const struct required_answers *answers, const char *policy_arn);

/* Write this trust policy, which keeps all that the role's had. */
void remedy_trust(const struct facts *facts, struct finding *finding, enum role role, const json_t *policy);

/* The role's trust policy, a copy in facts->arena; NULL: it is not readable. */
json_t *remedy_trust_document(const struct facts *facts, enum role role);

/* The role's trust policy as it is, with one statement more, which is stolen; in facts->arena. NULL: it is not readable. */
const json_t *remedy_trust_with(const struct facts *facts, enum role role, json_t *statement);

#endif
