/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The key of `--kms-key`. The template lets both roles use it; but a key's own policy decides first, and is the user's (KMS
 * Developer Guide, "Key policies in AWS KMS"). Neither role exists yet, so the policy is asked about their names.
 */
#include "providers/aws/cloud/preflight/preflight_parts.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/checks/kms_key.h"
#include "providers/aws/cloud/checks/remedy.h"
#include "providers/aws/cloud/permissions/required_actions.h"
#include "providers/aws/iam/access.h"
#include "providers/aws/iam/arn.h"

/* What the template allows both roles, as far as this key is concerned. */
static struct access_policy own_policy(struct arena *arena, const char *key)
{
	const json_t *document = tree_defer(arena,
		json_pack("{s:s, s:[{s:s, s:s, s:s}]}", "Version", "2012-10-17", "Statement", "Effect",
			"Allow", "Action", "kms:*", "Resource", key));

	return access_policy_read(arena, ACCESS_IDENTITY, "the role's policy", document);
}

static struct required_answers ask_role(const struct facts *facts, const char *role_arn,
	const struct access_policy *key_policy)
{
	const char *key = aws_cloud(facts->cloud)->setup.kms_key;
	const struct access_policy own = own_policy(facts->arena, key);
	const struct access_policies policies = {
		.identity = &own,
		.identity_count = 1,
		.resource = key_policy,
		.resource_decides = true,
		.resource_account = facts->cloud->account,
	};
	const struct required_by by = {
		.cloud = facts->cloud,
		.role_arn = role_arn,
		.key_arn = key,
		.bucket_region = facts->cloud->region,
		.bucket_key = true,
		.now_ms = facts->now_ms,
	};

	return required_decide(facts->arena, &required_key, &by, &policies);
}

static struct finding judge_policy(const struct facts *facts, const char *key)
{
	const struct aws_resources *resources = &aws_cloud(facts->cloud)->resources;
	const json_t *document = tree_get(facts_tree(facts, PREFLIGHT_KEY_POLICY), "Policy");
	struct access_policy policy = access_policy_read(facts->arena, ACCESS_RESOURCE, "the key's policy",
		document);
	const char *const roles[] = {resources->control_plane_role_arn, resources->node_role_arn};
	struct finding finding = finding_make(facts, VERDICT_PASS, "%s can be used, and its policy allows it",
		key);
	enum truth worst = TRUTH_YES;

	for (size_t i = 0; i < ARRAY_LENGTH(roles); i++) {
		struct required_answers answers = ask_role(facts, roles[i], &policy);

		for (size_t k = 0; k < answers.count; k++) {
			const struct access *access = &answers.items[k].access;

			worst = truth_and(worst, access->decision.allowed);
			if (access->decision.allowed != TRUTH_YES)
				finding_evidence(facts, &finding, "%s for %s: %s", answers.items[k].action,
					arn_name(roles[i]), access_text(facts->arena, access));
		}
	}
	if (worst == TRUTH_YES)
		return finding;
	finding.verdict = worst == TRUTH_NO ? VERDICT_FAIL : VERDICT_WARN;
	finding.text = arena_printf(facts->arena,
		worst == TRUTH_NO ? "the policy of %s does not let both roles use it"
				  : "it is not certain that the policy of %s lets both roles use it",
		key);
	return finding;
}

struct finding check_preflight_key(const struct facts *facts)
{
	const char *key = aws_cloud(facts->cloud)->setup.kms_key, *fault;
	const json_t *description = facts_tree(facts, PREFLIGHT_KEY);
	struct finding finding;

	if (!kms_key_arn(description))
		return finding_make(facts, VERDICT_FAIL, "there is no key %s", key);
	if (!kms_key_is_customers(description))
		return finding_make(facts, VERDICT_FAIL,
			"%s is a key of AWS's own, which only one service can use", key);
	fault = kms_key_fault(facts->arena, description, "S3");
	if (fault) {
		finding = finding_make(facts, VERDICT_FAIL, "%s cannot be used: %s", key, fault);
		kms_key_remedy(facts, description, "the cloud", &finding);
		return finding;
	}
	if (!arn_field_is(key, ARN_ACCOUNT, facts->cloud->account))
		return finding_make(facts, VERDICT_WARN,
			"%s can be used, but its policy can be read only in its own account: it must let account %s use the key",
			key, facts->cloud->account);
	if (facts_lost(facts, PREFLIGHT_KEY_POLICY))
		return finding_lost(facts, PREFLIGHT_KEY_POLICY);
	return judge_policy(facts, key);
}
