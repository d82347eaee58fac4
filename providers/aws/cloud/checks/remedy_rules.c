/* SPDX-License-Identifier: Apache-2.0 */
/* Commands that change rules of security groups, in the AWS command line's own short form of a permission. */
#include "base/arena.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/checks/remedy.h"

enum { HTTPS = 443 };

/* "IpProtocol=tcp,FromPort=22,ToPort=22,IpRanges=[{CidrIp=0.0.0.0/0}]", as one word. */
static const char *permission(struct arena *arena, const char *protocol, int from, int to, const char *peer)
{
	const char *ports = "";

	if (!text_equal(protocol, "-1"))
		ports = arena_printf(arena, ",FromPort=%d,ToPort=%d", from, to);
	return shell_word(arena, arena_printf(arena, "IpProtocol=%s%s,%s", protocol, ports, peer));
}

static const char *block(struct arena *arena, const struct rule *rule)
{
	return rule->block.v6 ? arena_printf(arena, "Ipv6Ranges=[{CidrIpv6=%s}]", rule->peer_name)
			      : arena_printf(arena, "IpRanges=[{CidrIp=%s}]", rule->peer_name);
}

static const char *members(struct arena *arena, const char *group_id)
{
	return arena_printf(arena, "UserIdGroupPairs=[{GroupId=%s}]", group_id);
}

static const char *whole(struct arena *arena, const struct rule *rule, const char *peer)
{
	return permission(arena, rule_is_all_traffic(rule) ? "-1" : rule->protocol, rule->from, rule->to,
		peer);
}

void remedy_revoke(const struct facts *facts, struct finding *finding, const struct rule *rule)
{
	remedy_add(facts, finding, "ec2 revoke-security-group-ingress --group-id %s --ip-permissions %s",
		shell_word(facts->arena, rule->group_id),
		whole(facts->arena, rule, block(facts->arena, rule)));
}

/* Is there a rule of the same group for TCP 443 alone, from the same block? */
static bool has_https(const struct rules *rules, const struct rule *rule)
{
	for (size_t i = 0; i < rules->count; i++) {
		const struct rule *other = &rules->items[i];

		if (rule_lets_tcp(other, HTTPS) && other->from == HTTPS && other->to == HTTPS &&
			text_equal(other->group_id, rule->group_id) &&
			text_equal(other->peer_name, rule->peer_name))
			return true;
	}
	return false;
}

static bool has_itself(const struct rules *rules, const char *group_id)
{
	for (size_t i = 0; i < rules->count; i++)
		if (rule_is_all_traffic(&rules->items[i]) && text_equal(rules->items[i].group_id, group_id) &&
			text_equal(rules->items[i].peer_name, group_id))
			return true;
	return false;
}

static void keep(struct arena *arena, struct text_list *stay, const struct rule *rule, const char *text,
	struct text_list *kept)
{
	const char *key = arena_printf(arena, "%s %s", rule->group_id, text);

	if (text_list_has(kept, key))
		return;
	text_list_add(arena, kept, key);
	text_list_add(arena, stay, text);
}

void remedy_narrow(const struct facts *facts, struct finding *finding, const struct rules *rules,
	const struct rule *rule, struct text_list *kept)
{
	struct arena *arena = facts->arena;
	struct text_list stay = {0};

	if (rule_lets_tcp(rule, HTTPS) && !has_https(rules, rule))
		keep(arena, &stay, rule, permission(arena, "tcp", HTTPS, HTTPS, block(arena, rule)), kept);
	if (!has_itself(rules, rule->group_id))
		keep(arena, &stay, rule, whole(arena, rule, members(arena, rule->group_id)), kept);
	if (stay.count > 0)
		remedy_add(facts, finding,
			"ec2 authorize-security-group-ingress --group-id %s --ip-permissions %s",
			shell_word(arena, rule->group_id), text_join(arena, &stay, " "));
	remedy_revoke(facts, finding, rule);
}

static void let(const struct facts *facts, struct finding *finding, const char *way, const char *group_id,
	const char *text, struct text_list *done)
{
	const char *command = arena_printf(facts->arena,
		"ec2 authorize-security-group-%s --group-id %s --ip-permissions %s", way,
		shell_word(facts->arena, group_id), text);

	if (text_list_has(done, command))
		return;
	text_list_add(facts->arena, done, command);
	remedy_add(facts, finding, "%s", command);
}

void remedy_reach(const struct facts *facts, struct finding *finding, const struct remedy_port *port,
	struct text_list *done)
{
	const struct text_list *own = &aws_cloud(facts->cloud)->resources.security_group_ids;
	struct arena *arena = facts->arena;
	const char *theirs = port->groups->count > 0 ? port->groups->items[0] : NULL;

	if (own->count == 0 || !theirs)
		return;
	/* A rule of a stranger's group that names the stack's own keeps the stack from deleting its group. */
	if (!text_list_has(own, theirs) && remedy_is_stacks(facts, finding, "the security groups"))
		return;
	if (port->in)
		let(facts, finding, "ingress", theirs,
			permission(arena, "tcp", port->port, port->port, members(arena, own->items[0])),
			done);
	if (port->out)
		let(facts, finding, "egress", own->items[0],
			permission(arena, "tcp", port->port, port->port, members(arena, theirs)), done);
}
