/* SPDX-License-Identifier: Apache-2.0 */
/* Writing commands for a shell. */
#include "providers/aws/cloud/checks/remedy.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/tree.h"
#include "providers/aws/iam/arn.h"

enum { WORD_MAX = 4 << 10, LONG_ENOUGH = 1200, SAME_NAMES = 9 };

void remedy_add(const struct facts *facts, struct finding *finding, const char *format, ...)
{
	const char *region = facts->cloud->region;
	const char *command;
	va_list arguments;

	if (finding->remedy && strlen(finding->remedy) > LONG_ENOUGH)
		return;
	va_start(arguments, format);
	command = arena_vprintf(facts->arena, format, arguments);
	va_end(arguments);
	command = region && !text_starts_with(command, "iam ")
		? arena_printf(facts->arena, "aws %s --region %s", command, region)
		: arena_printf(facts->arena, "aws %s", command);
	finding->remedy = finding->remedy ? arena_printf(facts->arena, "%s && %s", finding->remedy, command)
					  : command;
}

const char *remedy_word(struct arena *arena, const char *text)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.:/@=+,";
	struct str word = {.arena = arena, .max = WORD_MAX};

	if (text_only(text, plain, 1, WORD_MAX))
		return text;
	str_putc(&word, '\'');
	for (; *text; text++)
		if (*text == '\'')
			str_puts(&word, "'\\''");
		else
			str_putc(&word, *text);
	str_putc(&word, '\'');
	return str_text(&word);
}

const char *remedy_words(struct arena *arena, const struct text_list *texts)
{
	struct text_list words = {0};

	for (size_t i = 0; i < texts->count; i++)
		text_list_add(arena, &words, remedy_word(arena, texts->items[i]));
	return text_join(arena, &words, " ");
}

/* The AWS command line's own short form of one permission. */
void remedy_revoke(const struct facts *facts, struct finding *finding, const struct rule *rule)
{
	struct arena *arena = facts->arena;
	const char *ports = "", *permission;

	if (!rule_is_all_traffic(rule))
		ports = arena_printf(arena, ",FromPort=%d,ToPort=%d", rule->from, rule->to);
	permission = arena_printf(arena, "IpProtocol=%s%s,%s=[{%s=%s}]", rule->protocol, ports,
		rule->block.v6 ? "Ipv6Ranges" : "IpRanges", rule->block.v6 ? "CidrIpv6" : "CidrIp",
		rule->peer_name);
	remedy_add(facts, finding, "ec2 revoke-security-group-ingress --group-id %s --ip-permissions %s",
		remedy_word(arena, rule->group_id), remedy_word(arena, permission));
}

/* Would an Allow among the role's own policies turn the refusal? */
static bool is_lacking(const struct access *access)
{
	return !access->decision.by && !access->another_account &&
		(access->layer == ACCESS_IDENTITY || access->layer == ACCESS_RESOURCE);
}

/* The first refusal that an Allow would not turn, or NULL. */
static const struct access *obstacle(const struct required_answers *answers)
{
	for (size_t i = 0; i < answers->count; i++) {
		const struct access *access = &answers->items[i].access;

		if (access->decision.allowed == TRUTH_NO && !is_lacking(access))
			return access;
	}
	return NULL;
}

/* Statements for the refused answers: one for what has resources, one for what has none. A new reference. */
static json_t *statements(struct arena *arena, const struct required_answers *answers)
{
	struct text_list actions[2] = {0}, resources[2] = {0};
	json_t *made = json_array();

	for (size_t i = 0; i < answers->count; i++) {
		const struct required_answer *answer = &answers->items[i];
		bool any = text_equal(answer->resource, "*");

		if (answer->access.decision.allowed != TRUTH_NO)
			continue;
		text_list_add_once(arena, &actions[any], answer->action);
		text_list_add_once(arena, &resources[any], answer->resource);
	}
	for (size_t i = 0; i < 2; i++)
		if (actions[i].count > 0)
			json_array_append_new(made,
				json_pack("{s:s,s:o,s:o}", "Effect", "Allow", "Action",
					tree_array(&actions[i]), "Resource", tree_array(&resources[i])));
	return made;
}

/* A name that none of the role's inline policies has, so that nothing of its own is replaced. */
static const char *free_name(const struct facts *facts, enum role role, const char *name)
{
	const json_t *policies = facts_tree(facts, role_facts[role].policies);
	const char *wanted = arena_printf(facts->arena, "cloudctl-%s", name), *found = wanted;

	for (int i = 2; i <= SAME_NAMES && json_object_get(policies, found); i++)
		found = arena_printf(facts->arena, "%s-%d", wanted, i);
	return found;
}

void remedy_grant(const struct facts *facts, struct finding *finding, enum role role,
	const struct required_answers *answers, const char *name)
{
	const struct access *access = obstacle(answers);
	json_t *document;
	char *text;

	if (access) {
		finding->remedy = arena_printf(facts->arena,
			"change the following, because no Allow in the role's own policies overrides it: %s",
			access_text(facts->arena, access));
		return;
	}
	document = json_pack("{s:s,s:o}", "Version", "2012-10-17", "Statement",
		statements(facts->arena, answers));
	if (name && json_array_size(json_object_get(document, "Statement")) > 0) {
		text = json_dumps(document, JSON_COMPACT);
		remedy_add(facts, finding,
			"iam put-role-policy --role-name %s --policy-name %s --policy-document %s",
			remedy_word(facts->arena, arn_name(role_arn(facts, role))),
			free_name(facts, role, name), remedy_word(facts->arena, text));
		free(text);
	}
	json_decref(document);
}
