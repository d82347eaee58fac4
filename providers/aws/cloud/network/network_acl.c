/* SPDX-License-Identifier: Apache-2.0 */
/*
 * First match wins, decided exactly: a block that some rule cuts in two is halved until no rule cuts it, and of the
 * ports only those are tried at which the answer can change.
 */
#include "providers/aws/cloud/network/network_acl.h"

#include <stdlib.h>

#include "base/text.h"
#include "base/tree.h"

enum { LAST_PORT = 65535, IPV4_BITS = 32, IPV6_BITS = 128, LAST_RULE = 32767 };

/* Of these networks the whole of IPv6 has 2^63, which can be counted. */
enum { IPV6_NETWORK_BITS = 63 };

struct acl_entry {
	const json_t *tree;
	int64_t number;
	bool allow;
	int from, to;
	struct cidr block;
};

/* An ACL holds at most 40 rules each way (20 by default) and the final denial; more are not looked at. */
enum { ENTRIES = 64 };

struct entries {
	struct acl_entry items[ENTRIES];
	size_t count;
};

const json_t *network_acl_of(const json_t *acls, const char *subnet_id)
{
	TREE_EACH (acl, acls, "networkAclSet")
		if (tree_find(acl, "associationSet", "subnetId", subnet_id))
			return acl;
	return NULL;
}

/* False for rules that say nothing about TCP over this version of IP. */
static bool read_entry(const json_t *tree, bool v6, struct acl_entry *entry)
{
	const char *protocol = tree_text(tree, "protocol");
	bool all = text_equal(protocol, "-1");
	int64_t from = 0, to = LAST_PORT;

	if (!all && !text_equal(protocol, "6"))
		return false;
	if (!cidr_parse(tree_text(tree, v6 ? "ipv6CidrBlock" : "cidrBlock"), &entry->block, NULL) ||
		entry->block.v6 != v6)
		return false;
	if (!tree_number(tree, "ruleNumber", 1, LAST_RULE, &entry->number))
		return false;
	if (!all) {
		tree_number(tree, "portRange.from", 0, LAST_PORT, &from);
		tree_number(tree, "portRange.to", 0, LAST_PORT, &to);
	}
	entry->tree = tree;
	entry->allow = text_equal(tree_text(tree, "ruleAction"), "allow");
	entry->from = (int)from;
	entry->to = (int)to;
	return true;
}

static int by_number(const void *a, const void *b)
{
	const struct acl_entry *left = a, *right = b;

	return (left->number > right->number) - (left->number < right->number);
}

/* Rules of one direction in the order in which they are tried. */
static struct entries read_entries(const json_t *acl, const struct acl_question *question)
{
	struct entries entries = {.count = 0};

	TREE_EACH (tree, acl, "entrySet")
		if (entries.count < ENTRIES && tree_bool(tree, "egress") == question->egress &&
			read_entry(tree, question->block.v6, &entries.items[entries.count]))
			entries.count++;
	qsort(entries.items, entries.count, sizeof(*entries.items), by_number);
	return entries;
}

/* The first rule for one port of a block that no rule cuts; NULL: none. */
static const struct acl_entry *first_match(const struct entries *entries, const struct cidr *block, int port)
{
	for (size_t i = 0; i < entries->count; i++) {
		const struct acl_entry *entry = &entries->items[i];

		if (entry->from <= port && port <= entry->to && cidr_holds(&entry->block, block))
			return entry;
	}
	return NULL;
}

/* The first port behind this one at which some rule begins or has ended; not beyond the end of the question. */
static int next_edge(const struct entries *entries, int port, int end)
{
	int next = end;

	for (size_t i = 0; i < entries->count; i++) {
		int edges[] = {entries->items[i].from, entries->items[i].to + 1};

		for (size_t k = 0; k < 2; k++)
			if (edges[k] > port && edges[k] < next)
				next = edges[k];
	}
	return next;
}

/* Between two ports at which some rule begins or has ended, the answer is the same. */
static bool ports_pass(const struct entries *entries, const struct acl_question *question,
	const struct cidr *block, const json_t **refuser)
{
	for (int port = question->from; port <= question->to;
		port = next_edge(entries, port, question->to + 1)) {
		const struct acl_entry *entry = first_match(entries, block, port);

		if (entry && entry->allow)
			continue;
		if (entry && !*refuser)
			*refuser = entry->tree;
		return false;
	}
	return true;
}

static bool is_cut(const struct entries *entries, const struct acl_question *question,
	const struct cidr *block)
{
	for (size_t i = 0; i < entries->count; i++) {
		const struct acl_entry *entry = &entries->items[i];

		if (entry->block.bits > block->bits && cidr_holds(block, &entry->block) &&
			entry->from <= question->to && question->from <= entry->to)
			return true;
	}
	return false;
}

static void halve(const struct cidr *block, struct cidr halves[2])
{
	halves[0] = halves[1] = *block;
	halves[0].bits = halves[1].bits = block->bits + 1;
	halves[1].bytes[block->bits / 8] |= (unsigned char)(0x80u >> (block->bits % 8));
}

static bool is_whole(const struct entries *entries, const struct acl_question *question,
	const struct cidr *block)
{
	return block->bits >= (block->v6 ? IPV6_BITS : IPV4_BITS) || !is_cut(entries, question, block);
}

static bool all_passes(const struct entries *entries, const struct acl_question *question,
	const struct cidr *block, const json_t **refuser)
{
	struct cidr halves[2];

	if (is_whole(entries, question, block))
		return ports_pass(entries, question, block, refuser);
	halve(block, halves);
	return all_passes(entries, question, &halves[0], refuser) &&
		all_passes(entries, question, &halves[1], refuser);
}

uint64_t network_acl_size(const struct cidr *block)
{
	if (!block->v6)
		return cidr_size(block);
	return block->bits < IPV6_NETWORK_BITS ? UINT64_C(1) << (IPV6_NETWORK_BITS - block->bits) : 1;
}

/* Depth is bounded by the bits of an address; breadth by the number of rules. */
static uint64_t count_passing(const struct entries *entries, const struct acl_question *question,
	const struct cidr *block, const json_t **refuser)
{
	struct cidr halves[2];

	if (is_whole(entries, question, block) || (block->v6 && block->bits >= IPV6_NETWORK_BITS))
		return all_passes(entries, question, block, refuser) ? network_acl_size(block) : 0;
	halve(block, halves);
	return count_passing(entries, question, &halves[0], refuser) +
		count_passing(entries, question, &halves[1], refuser);
}

struct acl_answer network_acl_ask(const json_t *acl, const struct acl_question *question)
{
	struct entries entries = read_entries(acl, question);
	struct acl_answer answer = {.refuser = NULL};

	answer.addresses = count_passing(&entries, question, &question->block, &answer.refuser);
	return answer;
}

int network_acl_refused_ports(const json_t *acl, const struct acl_question *question)
{
	struct entries entries = read_entries(acl, question);
	struct acl_question piece = *question;
	uint64_t size = network_acl_size(&question->block);
	const json_t *refuser = NULL;
	int refused = 0;

	for (int port = question->from; port <= question->to; port = piece.to + 1) {
		piece.from = port;
		piece.to = next_edge(&entries, port, question->to + 1) - 1;
		if (count_passing(&entries, &piece, &piece.block, &refuser) < size - size / 2)
			refused += piece.to - piece.from + 1;
	}
	return refused;
}
