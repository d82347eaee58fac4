/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules of security groups: what they let through. Pure.
 *
 * AWS answers permissions (protocol, ports, many peers); here a rule is one permission and one peer. A port is let
 * through by a rule whose range holds it, and by "all traffic" (protocol -1). Groups only allow, so rules of several
 * groups add up.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_NETWORK_SECURITY_GROUP_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_NETWORK_SECURITY_GROUP_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/cidr.h"
#include "base/text.h"

struct arena;

enum direction { DIRECTION_IN, DIRECTION_OUT };

enum peer { PEER_BLOCK, PEER_PREFIX_LIST, PEER_GROUP };

enum { PORT_HTTPS = 443 };

struct rule {
	const char *group_id; /* whose rule it is */
	enum direction direction;
	const char *protocol; /* "tcp", "udp", "icmp", "-1" … as AWS writes it */
	int from, to;         /* ports; 0–65535 for all traffic */
	enum peer peer;
	const char *peer_name; /* CIDR block, prefix list id or group id */
	struct cidr block;     /* PEER_BLOCK */
};

struct rules {
	struct rule *items;
	size_t count;
};

/* All rules of one direction of the groups in a DescribeSecurityGroups reply; unreadable ones are left out. */
struct rules security_group_rules(struct arena *arena, const json_t *groups, enum direction direction);

/* The rules of those groups only whose id is in the list. */
struct rules security_group_rules_of(struct arena *arena, const struct rules *rules,
	const struct text_list *ids);

/*
 * The same rules, but those that name a prefix list whose entries are known as one rule for each entry, whose peer is
 * then a block and is called "pl-1 (192.0.2.0/24)". lists: replies of GetManagedPrefixListEntries by the list's id.
 */
struct rules security_group_rules_resolved(struct arena *arena, const struct rules *rules,
	const json_t *lists);

bool rule_is_all_traffic(const struct rule *rule);

/* By name and number, of which AWS may write either: "tcp", "6". */
bool rule_is_protocol(const struct rule *rule, const char *name, const char *number);
bool rule_lets_tcp(const struct rule *rule, int port);

/*
 * How many addresses of an IPv4 block the rules let all traffic (port < 0) or a TCP port through to, by the blocks that
 * they name; exact for any mixture. None of an IPv6 block.
 */
uint64_t rules_reach(struct arena *arena, const struct rules *rules, const struct cidr *block, int port);

/* A rule by whose block some of the address or block is reached, or NULL. */
const struct rule *rules_reaching(const struct rules *rules, const struct cidr *block, int port);

/*
 * From or to everybody: ::/0 or a block as large as a /3 (all that is given out of IPv6), 0.0.0.0/0, or IPv4 blocks of
 * this rule and others for the same traffic that together are one half of the world.
 */
bool rule_is_open(const struct rules *rules, const struct rule *rule);

/* "sg-1: tcp 443 from 0.0.0.0/0", for people; belongs to arena. */
const char *rule_text(struct arena *arena, const struct rule *rule);

#endif
