/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether the security groups that guard a service (the groups of a mount target, of MemoryDB) let the cloud's
 * instances reach one of its ports. Pure.
 */
#ifndef CLOUDCTL_VERIFY_GUARD_H
#define CLOUDCTL_VERIFY_GUARD_H

#include "verify/facts.h"
#include "verify/security_group.h"

/* Rules that let traffic in: of the cloud's own groups and of those of another fact (FACT_MOUNT_TARGET_GROUPS …). */
struct rules guard_rules(const struct facts *facts, enum fact others);

/*
 * The rule by which the groups let TCP port in from the cloud: it names one of the cloud's groups, or blocks hold
 * every one of the cloud's subnets (then the one of the first subnet). NULL: the port is out of reach. Needs SUBNETS.
 */
const struct rule *guard_opening(const struct facts *facts, const struct rules *rules,
	const struct text_list *groups, int port);

#endif
