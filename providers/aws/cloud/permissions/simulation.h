/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A second opinion on what the roles may do: IAM's policy simulator, asked the questions that required_decide() answers
 * and compared with its answers. Pure; the calls are the plan's.
 *
 * The simulator sees service control policies, which we do not, and no resource policies (AWS IAM API Reference,
 * SimulatePrincipalPolicy); so it is asked about identity permissions only. It changes a verdict only where it says that
 * the organization forbids what is allowed here: PASS becomes WARN.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_PERMISSIONS_SIMULATION_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_PERMISSIONS_SIMULATION_H

#include "providers/aws/cloud/permissions/required_actions.h"
#include "providers/aws/cloud/permissions/role_policies.h"
#include "verify/check.h"

struct ask;

/* The facts with the simulator's replies; asked for only when verify_options.simulate. */
#define SIMULATIONS FACT_CONTROL_PLANE_SIMULATION, FACT_NODE_SIMULATION

/* Put all questions about a role, those of one resource and context in one call. ROLE_FACTS must be known. */
void simulation_ask(const struct facts *facts, struct ask *ask);

/*
 * Add to a finding what the simulator says of the answers: that it agrees, or where it does not, that it did not answer,
 * or why it could not be asked. Nothing when it was not asked.
 */
void simulation_compare(const struct facts *facts, enum role role, const struct required_answers *answers,
	struct finding *finding);

#endif
