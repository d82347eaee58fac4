/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of the two roles: that they exist, and whom their trust policies let in. */
#include "providers/aws/cloud/checks/catalogue.h"

#include "base/arena.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/iam/arn.h"
#include "providers/aws/iam/trust_policy.h"

#define TRUST_DOCUMENT "Role.AssumeRolePolicyDocument"

struct finding check_iam_account(const struct facts *facts)
{
	const struct aws_resources *resources = &aws_cloud(facts->cloud)->resources;
	const char *control_plane = arn_account(facts->arena, resources->control_plane_role_arn);
	const char *node = arn_account(facts->arena, resources->node_role_arn);
	const char *caller = tree_text(facts_tree(facts, FACT_IDENTITY), "Account");
	struct finding finding;

	if (!*control_plane || !*node)
		return finding_make(facts, VERDICT_FAIL, "the record names no %s role",
			*node ? "control-plane" : "node");
	if (text_equal(control_plane, node) && text_equal(node, caller))
		return finding_make(facts, VERDICT_PASS, "both roles are in the caller's account %s", caller);
	finding = finding_make(facts, VERDICT_FAIL, "the roles and the caller are not in one account");
	finding_evidence(facts, &finding, "caller: %s", caller);
	finding_evidence(facts, &finding, "control-plane role: %s", control_plane);
	finding_evidence(facts, &finding, "node role: %s", node);
	return finding;
}

/* GetRole goes by name alone, so the ARN says whether it is the role that was recorded. */
static struct finding judge_role(const struct facts *facts, enum fact fact, const char *arn,
	const char *which)
{
	const char *found = tree_text(facts_tree(facts, fact), "Role.Arn");

	if (!arn)
		return finding_make(facts, VERDICT_FAIL, "the record names no %s role", which);
	if (!facts_has(facts, fact))
		return finding_make(facts, VERDICT_FAIL, "%s does not exist", arn);
	if (!text_equal(found, arn))
		return finding_make(facts, VERDICT_FAIL, "the role of that name is %s, the record says %s",
			found, arn);
	return finding_make(facts, VERDICT_PASS, "%s exists", arn);
}

struct finding check_iam_control_plane_exists(const struct facts *facts)
{
	return judge_role(facts, FACT_CONTROL_PLANE_ROLE,
		aws_cloud(facts->cloud)->resources.control_plane_role_arn, "control-plane");
}

struct finding check_iam_node_exists(const struct facts *facts)
{
	return judge_role(facts, FACT_NODE_ROLE, aws_cloud(facts->cloud)->resources.node_role_arn, "node");
}

/* False, with the finding that says so, when the document cannot be read. */
static bool read_trust(const struct facts *facts, enum fact fact, struct iam_policy *policy,
	struct finding *finding)
{
	const json_t *document = tree_get(facts_tree(facts, fact), TRUST_DOCUMENT);
	const char *wrong;

	if (policy_read(facts->arena, document, policy, &wrong))
		return true;
	*finding = finding_make(facts, VERDICT_UNKNOWN, "the trust policy cannot be understood: %s", wrong);
	return false;
}

static void cite(const struct facts *facts, struct finding *finding, const struct iam_statement *statement)
{
	if (!statement)
		return;
	finding_evidence(facts, finding, "%s: %s", statement_name(facts->arena, statement),
		statement->allow ? "Allow" : "Deny");
	for (size_t i = 0; i < statement->principal_count; i++)
		finding_evidence(facts, finding, "  principal %s", statement->principals[i].value);
	for (size_t i = 0; i < statement->condition_count; i++)
		finding_evidence(facts, finding, "  condition %s",
			condition_text(facts->arena, &statement->conditions[i]));
}

/* What decided, in words: the Deny, the open condition, or nothing at all. */
static struct finding judge_admission(const struct facts *facts, const struct decision *decision,
	const char *whom)
{
	struct finding finding;

	if (decision->allowed == TRUTH_YES)
		finding = finding_make(facts, VERDICT_PASS, "%s may assume it", whom);
	else if (decision->allowed == TRUTH_MAYBE && decision->open)
		finding = finding_make(facts, VERDICT_WARN,
			"%s may assume it only if %s, which cannot be told from here", whom,
			condition_text(facts->arena, decision->open));
	else if (decision->allowed == TRUTH_MAYBE)
		finding = finding_make(facts, VERDICT_WARN,
			"whether %s may assume it depends on which principal asks", whom);
	else if (decision->by)
		finding = finding_make(facts, VERDICT_FAIL, "%s denies %s",
			statement_name(facts->arena, decision->by), whom);
	else
		finding = finding_make(facts, VERDICT_FAIL, "no statement lets %s assume it", whom);
	cite(facts, &finding, decision->by);
	return finding;
}

static bool lets_everyone_in(const struct iam_statement *statement)
{
	if (!statement || !statement->allow)
		return false;
	for (size_t i = 0; i < statement->principal_count; i++)
		if (text_equal(statement->principals[i].value, "*"))
			return true;
	return statement->not_principal;
}

struct finding check_iam_control_plane_trust(const struct facts *facts)
{
	const char *account = aws_cloud(facts->cloud)->control_plane_account;
	struct iam_policy policy;
	struct decision decision;
	struct finding finding;

	if (!account)
		return finding_make(facts, VERDICT_FAIL, "the record names no control-plane account");
	if (!read_trust(facts, FACT_CONTROL_PLANE_ROLE, &policy, &finding))
		return finding;
	decision = trust_policy_account(facts->arena, &policy, account);
	finding = judge_admission(facts, &decision, arena_printf(facts->arena, "account %s", account));
	if (finding.verdict == VERDICT_PASS && lets_everyone_in(decision.by)) {
		finding.verdict = VERDICT_WARN;
		finding.text = "it lets every AWS account in, not the control plane's alone";
	}
	return finding;
}

/* The external ids that the policy speaks of, for people. */
static const char *demanded(const struct facts *facts, const struct iam_policy *policy)
{
	struct text_list ids = {0};

	for (size_t i = 0; i < policy->count; i++)
		for (size_t k = 0; k < policy->statements[i].condition_count; k++) {
			const struct condition *condition = &policy->statements[i].conditions[k];

			if (text_equal_nocase(condition->key, "sts:ExternalId"))
				text_list_add(facts->arena, &ids,
					text_join(facts->arena, &condition->values, ", "));
		}
	return ids.count > 0 ? text_join(facts->arena, &ids, ", ") : "none";
}

struct finding check_iam_control_plane_external_id(const struct facts *facts)
{
	const struct cloud *cloud = facts->cloud;
	const char *external_id = aws_cloud(cloud)->external_id ? aws_cloud(cloud)->external_id : cloud->id;
	const char *account = aws_cloud(cloud)->control_plane_account;
	struct iam_policy policy;
	struct decision right, open;
	struct finding finding;

	if (!account || !external_id)
		return finding_make(facts, VERDICT_FAIL, "the record names no external id");
	if (!read_trust(facts, FACT_CONTROL_PLANE_ROLE, &policy, &finding))
		return finding;
	if (trust_policy_account(facts->arena, &policy, account).allowed == TRUTH_NO)
		return finding_make(facts, VERDICT_SKIP, "needs iam.control-plane.trust");
	open = trust_policy_open(facts->arena, &policy, account, external_id);
	if (open.allowed != TRUTH_NO) {
		finding = finding_make(facts, VERDICT_FAIL,
			"account %s is let in without this cloud's external id %s", account, external_id);
		cite(facts, &finding, open.by);
		return finding;
	}
	right = trust_policy_external_id(&policy, account, external_id);
	if (right.allowed != TRUTH_NO)
		return finding_make(facts, VERDICT_PASS, "account %s is let in under %s only", account,
			external_id);
	finding = finding_make(facts, VERDICT_FAIL,
		"this cloud's external id %s is refused; the policy demands %s", external_id,
		demanded(facts, &policy));
	cite(facts, &finding, right.by);
	return finding;
}

/* ec2.amazonaws.com everywhere but in China, where the suffix differs. */
static const char *ec2_service(const struct cloud *cloud)
{
	return cloud->region && text_starts_with(cloud->region, "cn-") ? "ec2.amazonaws.com.cn"
								       : "ec2.amazonaws.com";
}

struct finding check_iam_node_trust(const struct facts *facts)
{
	const char *service = ec2_service(facts->cloud);
	struct iam_policy policy;
	struct decision decision;
	struct finding finding;

	if (!read_trust(facts, FACT_NODE_ROLE, &policy, &finding))
		return finding;
	decision = trust_policy_service(&policy, service);
	return judge_admission(facts, &decision, service);
}

struct finding check_iam_node_instance_profile(const struct facts *facts)
{
	const json_t *profiles = facts_tree(facts, FACT_NODE_INSTANCE_PROFILES);
	const char *role = arn_name(aws_cloud(facts->cloud)->resources.node_role_arn);
	const json_t *profile = tree_find(profiles, "InstanceProfiles", "InstanceProfileName", role);
	struct finding finding;

	if (profile)
		return finding_make(facts, VERDICT_PASS, "%s", tree_text(profile, "Arn"));
	finding = finding_make(facts, VERDICT_FAIL, "no instance profile called %s holds the role", role);
	TREE_EACH (other, profiles, "InstanceProfiles")
		finding_evidence(facts, &finding, "held by %s", tree_text(other, "InstanceProfileName"));
	return finding;
}
