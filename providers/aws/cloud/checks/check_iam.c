/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of the two roles: that they exist, and which principals their trust policies allow. */
#include "providers/aws/cloud/checks/catalogue.h"

#include "base/arena.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/checks/remedy.h"
#include "providers/aws/cloud/other_clouds.h"
#include "providers/aws/iam/arn.h"
#include "providers/aws/iam/trust_edit.h"
#include "providers/aws/iam/trust_policy.h"

#define TRUST_DOCUMENT "Role.AssumeRolePolicyDocument"

static struct finding check_iam_account(const struct facts *facts)
{
	const struct aws_resources *resources = &aws_cloud(facts->cloud)->resources;
	const char *control_plane = arn_account(facts->arena, resources->control_plane_role_arn);
	const char *node = arn_account(facts->arena, resources->node_role_arn);
	const char *caller = tree_text(facts_tree(facts, FACT_IDENTITY), "Account");
	struct finding finding;

	if (!*control_plane || !*node)
		return finding_make(facts, VERDICT_FAIL, "the record has no %s role",
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
static struct finding judge_role(const struct facts *facts, enum role role, const char *which)
{
	unsigned fact = role_facts[role].role;
	const char *arn = role_arn(facts, role), *found = tree_text(facts_tree(facts, fact), "Role.Arn");

	if (!arn)
		return finding_make(facts, VERDICT_FAIL, "the record has no %s role", which);
	if (!facts_has(facts, fact))
		return finding_make(facts, VERDICT_FAIL, "%s does not exist", arn);
	if (!text_equal(found, arn)) {
		struct finding other = finding_make(facts, VERDICT_FAIL,
			"the role with that name has another ARN than the record's");

		finding_evidence(facts, &other, "AWS: %s", found);
		finding_evidence(facts, &other, "record: %s", arn);
		return other;
	}
	return finding_make(facts, VERDICT_PASS, "%s exists", arn);
}

static struct finding check_iam_control_plane_exists(const struct facts *facts)
{
	return judge_role(facts, ROLE_CONTROL_PLANE, "control-plane");
}

static struct finding check_iam_node_exists(const struct facts *facts)
{
	return judge_role(facts, ROLE_NODE, "node");
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

static struct trust trust_of(const struct facts *facts, const struct iam_policy *policy)
{
	return (struct trust){
		.arena = facts->arena,
		.policy = policy,
		.account = aws_cloud(facts->cloud)->control_plane_account,
		.now_ms = facts->now_ms,
		.known_ids = other_clouds_external_ids(facts),
	};
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
	const char *principal)
{
	struct finding finding;

	if (decision->allowed == TRUTH_YES)
		finding = finding_make(facts, VERDICT_PASS, "%s may assume it", principal);
	else if (decision->allowed == TRUTH_MAYBE && decision->open)
		finding = finding_make(facts, VERDICT_WARN,
			"%s may assume it only if %s, which cannot be known from here", principal,
			condition_text(facts->arena, decision->open));
	else if (decision->allowed == TRUTH_MAYBE)
		finding = finding_make(facts, VERDICT_WARN,
			"whether %s may assume it depends on the principal that asks", principal);
	else if (decision->by)
		finding = finding_make(facts, VERDICT_FAIL, "%s denies %s",
			statement_name(facts->arena, decision->by), principal);
	else
		finding = finding_make(facts, VERDICT_FAIL, "no statement allows %s to assume it", principal);
	cite(facts, &finding, decision->by);
	return finding;
}

static const char *external_id_of(const struct cloud *cloud)
{
	return aws_cloud(cloud)->external_id ? aws_cloud(cloud)->external_id : cloud->id;
}

static void say_denied(const struct facts *facts, const struct decision *decision, struct finding *finding)
{
	remedy_say(facts, finding, "change %s of the trust policy, which no Allow overrides",
		statement_name(facts->arena, decision->by));
}

/* No Allow overrides a Deny, or makes a condition of the user's void; so only where nothing was said of the account. */
static void remedy_control_plane(const struct facts *facts, const struct decision *decision,
	struct finding *finding)
{
	const char *account = aws_cloud(facts->cloud)->control_plane_account;
	const json_t *policy;

	if (decision->by && !decision->by->allow)
		say_denied(facts, decision, finding);
	if (decision->allowed != TRUTH_NO || decision->by || !external_id_of(facts->cloud))
		return;
	policy = remedy_trust_with(facts, ROLE_CONTROL_PLANE,
		json_pack("{s:s,s:s,s:{s:s},s:{s:{s:s}}}", "Effect", "Allow", "Action", "sts:AssumeRole",
			"Principal", "AWS", account, "Condition", "StringEquals", "sts:ExternalId",
			external_id_of(facts->cloud)));
	if (policy)
		remedy_trust(facts, finding, ROLE_CONTROL_PLANE, policy);
}

static struct finding check_iam_control_plane_trust(const struct facts *facts)
{
	const char *account = aws_cloud(facts->cloud)->control_plane_account;
	struct iam_policy policy;
	const struct trust trust = trust_of(facts, &policy);
	struct decision decision, anybody;
	struct finding finding;

	if (!account)
		return finding_make(facts, VERDICT_FAIL, "the record has no control-plane account");
	if (!read_trust(facts, FACT_CONTROL_PLANE_ROLE, &policy, &finding))
		return finding;
	decision = trust_policy_account(&trust);
	finding = judge_admission(facts, &decision, arena_printf(facts->arena, "account %s", account));
	remedy_control_plane(facts, &decision, &finding);
	anybody = trust_policy_anybody(&trust);
	if (finding.verdict != VERDICT_PASS || anybody.allowed == TRUTH_NO)
		return finding;
	finding = finding_make(facts, VERDICT_WARN,
		"it allows every AWS account to assume the role%s, not only the control plane's",
		anybody.open
			? arena_printf(facts->arena, " if %s", condition_text(facts->arena, anybody.open))
			: "");
	cite(facts, &finding, anybody.by);
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

/* Allowed without the external id if it belongs to an organization: WARN, for that cannot be known from here. */
static struct finding judge_organization(const struct facts *facts, const struct decision *decision,
	const char *account, const char *external_id)
{
	struct finding finding = finding_make(facts, VERDICT_WARN,
		"account %s may assume the role without this cloud's external id %s if %s, which cannot be known from here",
		account, external_id,
		decision->open ? condition_text(facts->arena, decision->open) : "it is in an organization");

	cite(facts, &finding, decision->by);
	return finding;
}

/* As register would write it; where it would not, its reasons say what a person must do. */
static void remedy_external_id(const struct facts *facts, const char *account, const char *external_id,
	struct finding *finding)
{
	const json_t *policy = remedy_trust_document(facts, ROLE_CONTROL_PLANE);
	struct error err;
	json_t *edited;
	bool changed;

	edited = tree_defer(facts->arena,
		trust_add_external_id(policy, account, external_id, &changed, &err));
	if (edited && changed)
		remedy_trust(facts, finding, ROLE_CONTROL_PLANE, edited);
	else if (!edited)
		remedy_say(facts, finding, "%s", error_text(facts->arena, &err));
}

/* A role may serve several clouds of one owner; an id of somebody else is a gap. */
static struct finding passes(const struct facts *facts, const struct trust *trust, const char *external_id)
{
	struct finding finding = finding_make(facts, VERDICT_PASS,
		"account %s may assume the role only with external id %s", trust->account, external_id);

	for (size_t i = 0; i < trust->known_ids.count; i++) {
		const char *id = trust->known_ids.items[i];

		if (trust_policy_external_id(trust, id).allowed != TRUTH_NO)
			finding_evidence(facts, &finding,
				"and with %s, of your cloud %s, which has the same role", id,
				other_clouds_name(facts, id));
	}
	return finding;
}

static struct finding check_iam_control_plane_external_id(const struct facts *facts)
{
	const struct cloud *cloud = facts->cloud;
	const char *external_id = external_id_of(cloud);
	const char *account = aws_cloud(cloud)->control_plane_account;
	struct iam_policy policy;
	const struct trust trust = trust_of(facts, &policy);
	struct decision right;
	struct trust_gap gap;
	struct finding finding;

	if (!account || !external_id)
		return finding_make(facts, VERDICT_FAIL, "the record has no external id");
	if (!read_trust(facts, FACT_CONTROL_PLANE_ROLE, &policy, &finding))
		return finding;
	if (trust_policy_account(&trust).allowed == TRUTH_NO)
		return finding_make(facts, VERDICT_SKIP, "needs iam.control-plane.trust");
	gap = trust_policy_gap(&trust, external_id);
	right = trust_policy_external_id(&trust, external_id);
	if (gap.decision.allowed != TRUTH_NO && !gap.organization &&
		!(gap.listed && right.allowed == TRUTH_NO)) {
		finding = gap.listed
			? finding_make(facts, VERDICT_FAIL,
				  "account %s may assume the role under external id %s too, which is not this cloud's %s",
				  account, gap.external_id, external_id)
			: finding_make(facts, VERDICT_FAIL,
				  "account %s may assume the role without this cloud's external id %s",
				  account, external_id);
		cite(facts, &finding, gap.decision.by);
		if (gap.listed)
			remedy_say(facts, &finding,
				"take the external id %s out of the trust policy; where it is another cloud of yours, accept the finding with --ignore iam.control-plane.external-id",
				gap.external_id);
		else
			remedy_external_id(facts, account, external_id, &finding);
		return finding;
	}
	if (right.allowed != TRUTH_NO && gap.organization)
		return judge_organization(facts, &gap.decision, account, external_id);
	if (right.allowed != TRUTH_NO)
		return passes(facts, &trust, external_id);
	finding = finding_make(facts, VERDICT_FAIL,
		"this cloud's external id %s is refused; the policy requires %s", external_id,
		demanded(facts, &policy));
	cite(facts, &finding, right.by);
	remedy_external_id(facts, account, external_id, &finding);
	return finding;
}

/* ec2.amazonaws.com everywhere but in China, where the suffix differs. */
static const char *ec2_service(const struct cloud *cloud)
{
	return cloud->region && text_starts_with(cloud->region, "cn-") ? "ec2.amazonaws.com.cn"
								       : "ec2.amazonaws.com";
}

static struct finding check_iam_node_trust(const struct facts *facts)
{
	const char *service = ec2_service(facts->cloud);
	const json_t *edited = NULL;
	struct iam_policy policy;
	const struct trust trust = trust_of(facts, &policy);
	struct decision decision;
	struct finding finding;

	if (!read_trust(facts, FACT_NODE_ROLE, &policy, &finding))
		return finding;
	decision = trust_policy_service(&trust, service);
	finding = judge_admission(facts, &decision, service);
	if (decision.by && !decision.by->allow)
		say_denied(facts, &decision, &finding);
	else if (decision.allowed == TRUTH_NO)
		edited = remedy_trust_with(facts, ROLE_NODE,
			json_pack("{s:s,s:s,s:{s:s}}", "Effect", "Allow", "Action", "sts:AssumeRole",
				"Principal", "Service", service));
	if (edited)
		remedy_trust(facts, &finding, ROLE_NODE, edited);
	return finding;
}

static struct finding check_iam_node_instance_profile(const struct facts *facts)
{
	const json_t *profiles = facts_tree(facts, FACT_NODE_INSTANCE_PROFILES);
	const char *role = arn_name(aws_cloud(facts->cloud)->resources.node_role_arn);
	const json_t *profile = tree_find(profiles, "InstanceProfiles", "InstanceProfileName", role);
	struct finding finding;

	if (profile)
		return finding_make(facts, VERDICT_PASS, "%s", tree_text(profile, "Arn"));
	finding = finding_make(facts, VERDICT_FAIL, "no instance profile called %s contains the role", role);
	TREE_EACH (other, profiles, "InstanceProfiles")
		finding_evidence(facts, &finding, "contained in %s", tree_text(other, "InstanceProfileName"));
	return finding;
}

/* clang-format off */
static const struct check rows[] = {
	{.id = "iam.account", .severity = FAIL, .reads = FACTS(FACT_IDENTITY),
	 .decide = check_iam_account,
	 .holds = "both roles are in one account, and it is the caller's",
	 .why = "the control-plane role passes the node role to instances, which works only within one account",
	 .remedy = "register the cloud with --control-plane-role-arn and --instance-iam-role-id from account {account}",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "account", .reference = GUIDE "prerequisites"},
	{.id = "iam.control-plane.exists", .severity = FAIL, .reads = FACTS(FACT_CONTROL_PLANE_ROLE),
	 .subjects = KINDS(KIND_CONTROL_PLANE_ROLE),
	 .decide = check_iam_control_plane_exists,
	 .holds = "the control-plane role exists",
	 .why = "the control plane uses it to launch clusters",
	 .remedy = "create the role, or register the cloud with the right --control-plane-role-arn",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "control-plane-role", .reference = GUIDE "iam-role-for-cross-account-access"},
	{.id = "iam.control-plane.trust", .severity = FAIL, .reads = FACTS(FACT_CONTROL_PLANE_ROLE),
	 .about = KINDS(KIND_CONTROL_PLANE_ROLE), .subjects = KINDS(KIND_CONTROL_PLANE_ROLE),
	 .decide = check_iam_control_plane_trust,
	 .holds = "its trust policy allows the control-plane account to assume it",
	 .why = "a control plane that cannot assume the role cannot launch anything",
	 .remedy = "let account {control-plane-account} assume {control-plane-role} with the external id {external-id}, and nobody else",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "trust-in-the-control-plane", .reference = GUIDE "iam-role-for-cross-account-access"},
	{.id = "iam.control-plane.external-id", .severity = FAIL, .reads = FACTS(FACT_CONTROL_PLANE_ROLE),
	 .about = KINDS(KIND_CONTROL_PLANE_ROLE), .subjects = KINDS(KIND_CONTROL_PLANE_ROLE),
	 .decide = check_iam_control_plane_external_id,
	 .holds = "every statement that allows the control-plane account to assume the role requires this cloud's external id",
	 .why = "without it, other users of the same control plane could make it act in this account",
	 .remedy = "demand sts:ExternalId {external-id} in every statement of the trust policy of {control-plane-role} that lets account {control-plane-account} in",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "external-id", .reference = AWS_DOCS "IAM/latest/UserGuide/confused-deputy.html"},
	{.id = "iam.control-plane.clusters", .severity = FAIL,
	 .reads = FACTS(ROLE_FACTS(CONTROL_PLANE)),
	 .also = FACTS(FACT_NODE_INSTANCE_PROFILES, FACT_CONTROL_PLANE_SIMULATION),
	 .about = KINDS(KIND_CONTROL_PLANE_ROLE), .subjects = KINDS(KIND_CONTROL_PLANE_ROLE),
	 .decide = check_iam_control_plane_clusters,
	 .holds = "the control-plane role may perform every action of standard cluster operation",
	 .why = "if an action is missing, launching, stopping or describing clusters fails; what an organization's service control policies deny cannot be seen from here",
	 .remedy = "allow {control-plane-role} the actions named above",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "cluster-operation", .reference = GUIDE "iam-role-for-cross-account-access"},
	{.id = "iam.control-plane.pass-role", .severity = FAIL,
	 .reads = FACTS(ROLE_FACTS(CONTROL_PLANE)), .also = FACTS(FACT_CONTROL_PLANE_SIMULATION),
	 .about = KINDS(KIND_CONTROL_PLANE_ROLE, KIND_NODE_ROLE), .subjects = KINDS(KIND_CONTROL_PLANE_ROLE),
	 .decide = check_iam_control_plane_pass_role,
	 .holds = "the control-plane role may pass the node role to EC2",
	 .why = "instances are launched with the node role, and EC2 refuses to launch instances for a caller without iam:PassRole on it",
	 .remedy = "allow {control-plane-role} iam:PassRole on {node-role}",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "passing-the-node-role", .reference = GUIDE "iam-role-for-cross-account-access"},
	{.id = "iam.control-plane.services", .severity = WARN,
	 .reads = FACTS(ROLE_FACTS(CONTROL_PLANE)), .also = FACTS(FACT_CONTROL_PLANE_SIMULATION),
	 .about = KINDS(KIND_CONTROL_PLANE_ROLE), .subjects = KINDS(KIND_CONTROL_PLANE_ROLE),
	 .decide = check_iam_control_plane_services,
	 .holds = "the control-plane role may perform every action that services need",
	 .why = "services run behind load balancers, which the control plane creates with CloudFormation or directly",
	 .remedy = "allow {control-plane-role} the actions named above",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "operation-of-services", .reference = GUIDE "iam-role-for-cross-account-access"},
	{.id = "iam.control-plane.spot", .severity = WARN, .reads = FACTS(ROLE_FACTS(CONTROL_PLANE)),
	 .also = FACTS(FACT_CONTROL_PLANE_SIMULATION, FACT_SPOT_ROLE), .about = KINDS(KIND_CONTROL_PLANE_ROLE),
	 .subjects = KINDS(KIND_CONTROL_PLANE_ROLE),
	 .decide = check_iam_control_plane_spot,
	 .holds = "the account has the service-linked role for spot instances, or the control-plane role may create it",
	 .why = "the first spot instance in an account needs that role; an account that has used spot instances already has it",
	 .remedy = "allow {control-plane-role} iam:CreateServiceLinkedRole for spot.amazonaws.com",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "role-for-spot-instances", .reference = GUIDE "iam-role-for-cross-account-access"},
	{.id = "iam.control-plane.tag", .severity = FAIL,
	 .reads = FACTS(ROLE_FACTS(CONTROL_PLANE)),
	 .about = KINDS(KIND_CONTROL_PLANE_ROLE), .subjects = KINDS(KIND_CONTROL_PLANE_ROLE),
	 .decide = check_iam_control_plane_tag,
	 .holds = "the tag that the control-plane role's conditions demand is the one that the control plane sends",
	 .why = "instances that are launched with another tag than the role's conditions demand are refused, and so is every cluster",
	 .remedy = "let the conditions of {control-plane-role} demand the tag that the control plane sends",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "tag-of-the-control-plane", .reference = GUIDE "iam-role-for-cross-account-access"},
	{.id = "iam.control-plane.reach", .severity = WARN,
	 .reads = FACTS(ROLE_FACTS(CONTROL_PLANE)),
	 .about = KINDS(KIND_CONTROL_PLANE_ROLE), .subjects = KINDS(KIND_CONTROL_PLANE_ROLE),
	 .decide = check_iam_control_plane_reach,
	 .holds = "the control-plane role can change nothing that is not this cloud's",
	 .why = "whoever controls the control plane can do what this role can: with other stacks, instances, volumes and roles it can take over the account",
	 .remedy = "allow {control-plane-role} the actions named above only on what carries the cloud's tag",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "permissions-limited-to-the-cloud", .reference = AWS_DOCS "IAM/latest/UserGuide/access_tags.html"},
	{.id = "iam.node.exists", .severity = FAIL, .reads = FACTS(FACT_NODE_ROLE),
	 .subjects = KINDS(KIND_NODE_ROLE),
	 .decide = check_iam_node_exists,
	 .holds = "the node role exists",
	 .why = "the instances of clusters use its permissions",
	 .remedy = "create the role, or register the cloud with the right --instance-iam-role-id",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "node-role", .reference = GUIDE "iam-role-for-ray-cluster-nodes"},
	{.id = "iam.node.trust", .severity = FAIL, .reads = FACTS(FACT_NODE_ROLE),
	 .about = KINDS(KIND_NODE_ROLE), .subjects = KINDS(KIND_NODE_ROLE),
	 .decide = check_iam_node_trust,
	 .holds = "its trust policy allows EC2 to assume it",
	 .why = "without this, instances get no credentials",
	 .remedy = "let EC2 assume {node-role}",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "trust-in-ec2", .reference = GUIDE "iam-role-for-ray-cluster-nodes"},
	{.id = "iam.node.instance-profile", .severity = FAIL, .reads = FACTS(FACT_NODE_INSTANCE_PROFILES),
	 .about = KINDS(KIND_NODE_ROLE), .subjects = KINDS(KIND_NODE_ROLE),
	 .decide = check_iam_node_instance_profile,
	 .holds = "an instance profile with the same name as the role contains it",
	 .why = "instances are launched with an instance profile, and clusters use the one with the role's name",
	 .remedy = "(aws iam get-instance-profile --instance-profile-name {node-role} >/dev/null 2>&1 || aws iam create-instance-profile --instance-profile-name {node-role}) && aws iam add-role-to-instance-profile --instance-profile-name {node-role} --role-name {node-role}",
	 .requirement = REQUIREMENTS "instance-profile", .reference = GUIDE "iam-role-for-ray-cluster-nodes"},
	{.id = "iam.node.ecr", .severity = WARN, .reads = FACTS(ROLE_FACTS(NODE)),
	 .also = FACTS(FACT_NODE_SIMULATION), .about = KINDS(KIND_NODE_ROLE), .subjects = KINDS(KIND_NODE_ROLE),
	 .decide = check_iam_node_ecr,
	 .holds = "the node role may pull images from ECR",
	 .why = "without this, clusters whose images are in ECR do not start",
	 .remedy = "allow {node-role} to pull images from ECR",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "container-images", .reference = AWS_DOCS "AmazonECR/latest/userguide/ECR_on_ECS.html"},
};
/* clang-format on */

const struct check_group iam_group = {.id = "iam roles", .name = "IAM roles", CHECKS(rows)};
