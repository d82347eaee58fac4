/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether security groups let the cloud's instances reach one TCP port of a service (a mount target, MemoryDB): the
 * service's groups must let it in, and the cloud's own must let it out. Pure.
 *
 * A rule that names a group lets all who carry it through; a block, those whose addresses it holds; what a prefix list
 * holds is not known here, so a port that is open to one only is TRUTH_MAYBE.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_NETWORK_PORT_ACCESS_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_NETWORK_PORT_ACCESS_H

#include "providers/aws/cloud/cloud_plan.h"
#include "providers/aws/cloud/network/security_group.h"
#include "providers/aws/iam/request_context.h"
#include "verify/facts.h"

struct port_access {
	enum truth open;
	const struct rule *by; /* the rule that lets it through, or may; NULL: none */
};

/* Rules that let traffic in: of the cloud's own groups and of those of another fact (FACT_MOUNT_TARGET_GROUPS …). */
struct rules port_access_rules(const struct facts *facts, enum fact others);

/*
 * The first of the groups that neither fact describes, or NULL: somebody else's, say the owner's of a shared VPC. Its
 * rules are not known, and it does exist: something that was described has it.
 */
const char *port_access_unseen(const struct facts *facts, enum fact others, const struct text_list *groups);

/*
 * Do the groups, by their rules, let the port in from the cloud? A rule names one of the cloud's groups, or blocks hold
 * every one of the cloud's subnets (then the one of the first subnet is named). Needs SUBNETS.
 */
struct port_access port_access_in(const struct facts *facts, const struct rules *rules,
	const struct text_list *groups, int port);

/*
 * Do the cloud's own groups let the port out to members of the groups, or to every one of the addresses ("10.0.0.10",
 * "10.0.0.0/24")? Needs SECURITY_GROUPS.
 */
struct port_access port_access_out(const struct facts *facts, const struct text_list *groups,
	const struct text_list *addresses, int port);

/* The blocks of the cloud's subnets, as port_access_out() takes addresses. Needs SUBNETS. */
struct text_list port_access_subnet_blocks(const struct facts *facts);

#endif
