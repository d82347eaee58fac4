/* SPDX-License-Identifier: Apache-2.0 */
/* Needs as questions to IAM's policy simulator, and its answers. */
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/tree.h"
#include "providers/aws/cloud/cloud_identity.h"
#include "providers/aws/cloud/permissions/needs.h"
#include "providers/aws/cloud/setup_choices.h"

enum { RESULTS_MAX = 1000 };

/* Needs with the same key share a question. IAM is called in a region of its own, other services in the cloud's. */
static const char *key_of(struct arena *arena, const struct need_way *way, const char *via)
{
	const struct permission *permission = way->need->permission;
	bool narrow = need_is_narrow(way->on);

	return arena_printf(arena, "%s %d%d%d%d%d%d %.3s %s", narrow ? need_words(arena, way->on) : "*",
		way->need->by_stack, way->need->cleans, way->need->launches, way->made, permission->tagged,
		permission->anywhere, narrow ? "" : permission->action, via);
}

static void add_entry(json_t *entries, const char *key, const char *type, const char *value)
{
	json_array_append_new(entries,
		json_pack("{s:s, s:[s], s:s}", "ContextKeyName", key, "ContextKeyValues", value,
			"ContextKeyType", type));
}

/* Of creations, as CloudFormation makes them for a stack with these choices. */
static void add_choices(struct arena *arena, const char *action, const struct setup_choices *choices,
	json_t *entries)
{
	json_t *tags = json_object(), *value;
	const char *key;

	setup_choices_tags(arena, choices, tags);
	json_object_foreach (tags, key, value)
		add_entry(entries, arena_printf(arena, "aws:RequestTag/%s", key), "string",
			json_string_value(value));
	json_decref(tags);
	if (choices->permissions_boundary && text_starts_with(action, "iam:"))
		add_entry(entries, "iam:PermissionsBoundary", "string", choices->permissions_boundary);
}

/* The context of the command's calls. Without a cloud in the scope, an example of an id. */
static json_t *context_entries(struct arena *arena, const struct need_way *way,
	const struct permission_scope *scope, const char *via)
{
	const struct need *need = way->need;
	static const char cloudformation[] = "cloudformation.amazonaws.com";
	const char *id = scope->cloud && scope->cloud->id ? scope->cloud->id
							  : "cld_aaaaaaaaaaaaaaaaaaaaaaaaaa";
	json_t *entries = json_array();

	if (!text_starts_with(need->permission->action, "iam:") && !need->permission->anywhere &&
		!text_equal(scope->region, "*"))
		add_entry(entries, "aws:RequestedRegion", "string", scope->region);
	if (text_equal(need->permission->action, "iam:PassRole"))
		add_entry(entries, "iam:PassedToService", "string", "ec2.amazonaws.com");
	if (need->cleans)
		add_entry(entries, arena_printf(arena, "aws:ResourceTag/%s", needs_cloud_tag(scope)),
			"string", id);
	if (text_equal(need->permission->action, "ec2:CreateTags") && need->launches)
		add_entry(entries, "ec2:CreateAction", "string", "RunInstances");
	if (!need->by_stack)
		return entries;
	add_entry(entries, "aws:CalledVia", "stringList", cloudformation);
	add_entry(entries, "aws:CalledViaFirst", "string", cloudformation);
	add_entry(entries, "aws:CalledViaLast", "string", cloudformation);
	add_entry(entries, "aws:ViaAWSService", "boolean", "true");
	if (way->made)
		add_entry(entries, "aws:RequestTag/cloudctl-cloud-id", "string", id);
	else if (need_way_is_tagged(way, scope))
		add_entry(entries, "aws:ResourceTag/cloudctl-cloud-id", "string", id);
	if (scope->choices)
		add_choices(arena, need->permission->action, scope->choices, entries);
	if (*via)
		add_entry(entries, "kms:ViaService", "string", via);
	return entries;
}

/* Without actions as yet. */
static json_t *question_about(struct arena *arena, const struct need_way *way,
	const struct permission_scope *scope, const char *via, const char *principal_arn)
{
	struct text_list resources = {0};

	permission_resources(arena, scope, way->on, &resources);
	return json_pack("{s:s, s:[], s:o, s:o, s:i}", "PolicySourceArn", principal_arn, "ActionNames",
		"ResourceArns", tree_array(&resources), "ContextEntries",
		context_entries(arena, way, scope, via), "MaxItems", RESULTS_MAX);
}

/* The services that use a key for CloudFormation, each a question of its own; of any other need, "" alone. */
static struct text_list vias_of(struct arena *arena, const struct need_way *way,
	const struct permission_scope *scope)
{
	const char *action = way->need->permission->action;
	struct text_list vias = {0};

	if (way->need->by_stack && text_starts_with(action, "kms:"))
		vias = needs_key_services(arena, scope, action);
	if (vias.count == 0)
		text_list_add(arena, &vias, "");
	return vias;
}

json_t *needs_questions(struct arena *arena, const struct needs *needs, const struct permission_scope *scope,
	const char *principal_arn)
{
	struct need_ways ways = needs_ways(arena, needs);
	json_t *list = json_array(), *by_key = json_object();

	for (size_t i = 0; i < ways.count; i++) {
		const struct need_way *way = &ways.items[i];
		struct text_list vias = vias_of(arena, way, scope);

		for (size_t k = 0; k < vias.count; k++) {
			const char *key = key_of(arena, way, vias.items[k]);
			json_t *question = json_object_get(by_key, key);

			if (!question) {
				question = question_about(arena, way, scope, vias.items[k], principal_arn);
				json_object_set_new(by_key, key, question);
				json_array_append(list, question);
			}
			json_array_append_new(json_object_get(question, "ActionNames"),
				json_string(way->need->permission->action));
		}
	}
	json_decref(by_key);
	return list;
}

/* The decision about one action on one resource: in the result itself, or in a part of it. */
struct decided {
	const json_t *result; /* NULL: IAM said nothing about it */
	const json_t *part;   /* of the result, for this resource; the result itself where it has no parts */
	const char *word;     /* "allowed", "implicitDeny", "explicitDeny"; "" */
};

static struct decided decision_of(const json_t *reply, const char *action, const char *resource)
{
	TREE_EACH (result, reply, "EvaluationResults") {
		const json_t *part = tree_find(result, "ResourceSpecificResults", "EvalResourceName",
			resource);

		if (!text_equal_nocase(tree_text(result, "EvalActionName"), action))
			continue;
		if (part)
			return (struct decided){result, part, tree_text(part, "EvalResourceDecision")};
		if (text_equal(tree_text(result, "EvalResourceName"), resource))
			return (struct decided){result, result, tree_text(result, "EvalDecision")};
	}
	return (struct decided){NULL, NULL, ""};
}

/* "denied by arn…": the policies whose statements decided. */
static const char *deniers(struct arena *arena, const json_t *result)
{
	struct text_list names = {0};

	TREE_EACH (statement, result, "MatchedStatements") {
		const char *name = tree_text(statement, "SourcePolicyId");

		if (*name)
			text_list_add_once(arena, &names, name);
	}
	return names.count > 0 ? text_join(arena, &names, ", ") : "a policy";
}

/* Some details are in the part, some only in the result. */
static bool says_no(struct decided decided, const char *path)
{
	const json_t *of_part = tree_get(decided.part, path);
	const json_t *decision = of_part ? of_part : tree_get(decided.result, path);

	return decision && !tree_bool(decision, NULL);
}

/*
 * May a request have this context key although the question did not give it? Tags and the services that a call goes
 * through are as the question says; a service's own keys are only in requests to it.
 */
static bool is_open(const char *key, const char *action)
{
	static const char *const given[] = {"*:ResourceTag/*", "aws:RequestTag/*", "aws:TagKeys",
		"aws:CalledVia*", "aws:ViaAWSService", "aws:RequestedRegion", "iam:PermissionsBoundary"};
	size_t service = strcspn(action, ":") + 1;

	for (size_t i = 0; i < ARRAY_LENGTH(given); i++)
		if (text_glob(given[i], key, true))
			return false;
	return text_glob("aws:*", key, true) || strncasecmp(key, action, service) == 0;
}

/*
 * The context keys that keep a refusal from being certain ("aws:MultiFactorAuthPresent"); NULL when there are none, or
 * it is no refusal.
 */
static const char *open_keys(struct arena *arena, struct decided decided, const char *action)
{
	struct text_list keys = {0};

	if (!text_equal(decided.word, "implicitDeny"))
		return NULL;
	TREE_EACH (missing, decided.part, "MissingContextValues") {
		const char *key = tree_text(missing, NULL);

		if (is_open(key, action))
			text_list_add_once(arena, &keys, key);
	}
	return keys.count > 0 ? text_join(arena, &keys, ", ") : NULL;
}

/* Keys on which a refusal depends and which the request would have if the user had asked for it; not the cloud's own tag. */
static struct text_list demands_of(struct arena *arena, struct decided decided)
{
	struct text_list demands = {0};

	if (!decided.result || text_equal(decided.word, "allowed"))
		return demands;
	TREE_EACH (missing, decided.part, "MissingContextValues") {
		const char *key = tree_text(missing, NULL);

		if ((text_glob("aws:RequestTag/*", key, true) && !text_ends_with(key, "/" CLOUD_TAG)) ||
			text_equal_nocase(key, "iam:PermissionsBoundary"))
			text_list_add_once(arena, &demands, key);
	}
	return demands;
}

static const char no_policy[] = "no policy allows it";

static const char *why_not(struct arena *arena, struct decided decided, const char *open)
{
	if (open)
		return arena_printf(arena, "it depends on %s, which is not known here", open);
	if (!decided.result)
		return "IAM did not answer";
	if (says_no(decided, "OrganizationsDecisionDetail.AllowedByOrganizations"))
		return "a policy of the organization does not allow it";
	if (text_equal(decided.word, "explicitDeny"))
		return arena_printf(arena, "denied by %s", deniers(arena, decided.part));
	if (says_no(decided, "PermissionsBoundaryDecisionDetail.AllowedByPermissionsBoundary"))
		return "the permissions boundary does not allow it";
	return no_policy;
}

void needs_read_answer(struct arena *arena, const json_t *question, const json_t *reply,
	struct missing_permissions *missing)
{
	size_t asked = tree_count(tree_get(question, "ActionNames")) *
		tree_count(tree_get(question, "ResourceArns"));
	size_t size = missing->count * sizeof(*missing->items);

	missing->items = arena_grow(arena, missing->items, size, size + asked * sizeof(*missing->items));
	TREE_EACH (action, question, "ActionNames") {
		TREE_EACH (resource, question, "ResourceArns") {
			const char *what = json_string_value(action), *on = json_string_value(resource);
			struct decided decided = decision_of(reply, what, on);
			const char *open = open_keys(arena, decided, what);
			const char *why = why_not(arena, decided, open);

			if (text_equal(decided.word, "allowed"))
				continue;
			missing->items[missing->count++] = (struct missing_permission){
				.action = arena_strdup(arena, what),
				.resource = arena_strdup(arena, on),
				.why = why,
				.lacking = !decided.result || why == no_policy,
				.demands = demands_of(arena, decided),
				.uncertain = open != NULL,
			};
		}
	}
}
