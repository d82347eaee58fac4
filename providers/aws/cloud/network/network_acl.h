/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Network ACLs: numbered rules, the first that matches decides, and what none matches is denied. Stateless: answers
 * must be let through like everything else. Pure. Amazon VPC User Guide, "Network ACL rules".
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_NETWORK_NETWORK_ACL_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_NETWORK_NETWORK_ACL_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/cidr.h"

/*
 * Ephemeral ports, to which answers come: what Linux uses by default (ip_local_port_range), and what
 * NAT gateways use. Amazon VPC User Guide, "Network ACLs: Ephemeral ports".
 */
enum {
	LINUX_EPHEMERAL_FIRST = 32768,
	LINUX_EPHEMERAL_LAST = 60999,
	NAT_EPHEMERAL_FIRST = 1024,
	NAT_EPHEMERAL_LAST = 65535,
};

struct acl_question {
	bool egress;
	int from, to;      /* TCP ports, all of which must pass */
	struct cidr block; /* where to, or where from */
};

struct acl_answer {
	uint64_t
		addresses; /* of the block, for which every port passes; counted as network_acl_size() does */
	/* a rule that refused some port for some of the others; NULL: no rule matched, or all pass */
	const json_t *refuser;
};

/* The ACL of a subnet in a DescribeNetworkAcls reply, or NULL. */
const json_t *network_acl_of(const json_t *acls, const char *subnet_id);

/* IPv4: addresses. IPv6: networks of 63 bits, of which a part passes only if all that was asked about does; at least one. */
uint64_t network_acl_size(const struct cidr *block);

/* How much of the question does the ACL let through? Exact for any mixture of blocks and ranges. */
struct acl_answer network_acl_ask(const json_t *acl, const struct acl_question *question);

/* On how many of the ports does less than half of the block pass? */
int network_acl_refused_ports(const json_t *acl, const struct acl_question *question);

#endif
