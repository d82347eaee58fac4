/* SPDX-License-Identifier: Apache-2.0 */
/* Findings about permissions: answers to required actions turned into a verdict, the missing ones named. */
#include "providers/aws/cloud/checks/catalogue.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/checks/kms_key.h"
#include "providers/aws/cloud/checks/remedy.h"
#include "providers/aws/cloud/network/s3_endpoint.h"
#include "providers/aws/cloud/permissions/required_actions.h"
#include "providers/aws/cloud/permissions/role_policies.h"
#include "providers/aws/cloud/permissions/simulation.h"
#include "providers/aws/iam/arn.h"

enum { NAMES_MAX = 80, TEXT_MAX = 4 << 10 };

/* How many of the actions, each counted once whatever its resources, have an answer of this truth as their worst. */
struct outcome {
	size_t actions, no, maybe;
	bool vital;  /* some NO is for a thing that is needed */
	bool judged; /* some MAYBE is not for a policy that was not seen */
	const struct required_answer *first_maybe;
};

static bool is_repeated(const struct required_answers *answers, size_t index)
{
	return index > 0 && text_equal(answers->items[index - 1].action, answers->items[index].action);
}

/* Rows of one action are adjacent. */
static enum truth worst_of(const struct required_answers *answers, size_t first)
{
	enum truth worst = TRUTH_YES;

	for (size_t i = first; i < answers->count && (i == first || is_repeated(answers, i)); i++)
		worst = truth_and(worst, answers->items[i].access.decision.allowed);
	return worst;
}

static struct outcome count(const struct required_answers *answers)
{
	struct outcome outcome = {0};

	for (size_t i = 0; i < answers->count; i++) {
		const struct required_answer *answer = &answers->items[i];

		if (answer->access.decision.allowed == TRUTH_NO && !(answer->context_flags & NOT_VITAL))
			outcome.vital = true;
		if (answer->access.decision.allowed == TRUTH_MAYBE) {
			outcome.judged = outcome.judged || !answer->access.wrong;
			outcome.first_maybe = outcome.first_maybe ? outcome.first_maybe : answer;
		}
		if (is_repeated(answers, i))
			continue;
		outcome.actions++;
		outcome.no += worst_of(answers, i) == TRUTH_NO;
		outcome.maybe += worst_of(answers, i) == TRUTH_MAYBE;
	}
	return outcome;
}

/* "ec2:RunInstances, ec2:StopInstances and 3 more": the actions whose worst answer is truth; the evidence has all. */
static const char *names(const struct facts *facts, const struct required_answers *answers, enum truth truth)
{
	struct str text = {.arena = facts->arena, .max = TEXT_MAX};
	size_t named = 0, more = 0;

	for (size_t i = 0; i < answers->count; i++) {
		if (is_repeated(answers, i) || worst_of(answers, i) != truth)
			continue;
		if (text.length + strlen(answers->items[i].action) < NAMES_MAX)
			str_printf(&text, "%s%s", named++ > 0 ? ", " : "", answers->items[i].action);
		else
			more++;
	}
	if (more > 0)
		str_printf(&text, " and %zu more", more);
	return str_text(&text);
}

/* Each answer that is not plain YES, with what decided it; and every note. */
static void cite(const struct facts *facts, struct finding *finding, const struct required_answers *answers)
{
	for (size_t i = 0; i < answers->count; i++) {
		const struct required_answer *answer = &answers->items[i];

		if (answer->access.decision.allowed != TRUTH_YES)
			finding_evidence(facts, finding, "%s on %s: %s", answer->action, answer->resource,
				access_text(facts->arena, &answer->access));
		else if (answer->note)
			finding_evidence(facts, finding, "%s: %s", answer->action, answer->note);
	}
}

/* Who: "the control-plane role". severity: what a missing action is. */
static struct finding judge(const struct facts *facts, const struct required_answers *answers,
	enum verdict severity, const char *who)
{
	struct outcome outcome = count(answers);
	struct finding finding;

	if (outcome.no > 0)
		finding = finding_make(facts, outcome.vital ? severity : VERDICT_WARN,
			"%s may not perform %zu of %zu actions: %s", who, outcome.no, outcome.actions,
			names(facts, answers, TRUTH_NO));
	else if (outcome.maybe > 0 && !outcome.judged)
		finding = finding_make(facts, VERDICT_UNKNOWN, "it is not known what %s may do: %s", who,
			access_text(facts->arena, &outcome.first_maybe->access));
	else if (outcome.maybe > 0)
		finding = finding_make(facts, VERDICT_WARN, "it is not certain that %s may do %s", who,
			names(facts, answers, TRUTH_MAYBE));
	else
		finding = finding_make(facts, VERDICT_PASS, "%s may perform all %zu actions", who,
			outcome.actions);
	cite(facts, &finding, answers);
	return finding;
}

static const char *const role_names[] = {
	[ROLE_CONTROL_PLANE] = "the control-plane role",
	[ROLE_NODE] = "the node role",
};

static struct required_answers ask(const struct facts *facts, enum role role,
	const struct required_list *list, const struct access_policies *policies, const char *key_arn,
	const struct text_list *endpoints)
{
	const char *region = tree_text(facts_tree(facts, FACT_BUCKET), "BucketRegion");
	const struct required_by by = {
		.cloud = facts->cloud,
		.bucket_region = *region ? region : NULL,
		.bucket_key = bucket_key_used(facts_tree(facts, FACT_BUCKET_ENCRYPTION)),
		.role_arn = role_arn(facts, role),
		.role_id = role_id(facts, role),
		.profile_arn = node_profile_arn(facts),
		.key_arn = key_arn,
		.now_ms = facts->now_ms,
		.endpoints = endpoints,
	};

	return required_decide(facts->arena, list, &by, policies);
}

/* policy: of AWS's own or, by its name, one that would allow what is missing, see remedy_grant(). */
static struct finding check_list(const struct facts *facts, enum role role, const struct required_list *list,
	const char *policy, enum verdict severity)
{
	struct access_policies policies = role_policies(facts, role);
	struct required_answers answers = ask(facts, role, list, &policies, NULL, NULL);
	struct finding finding = judge(facts, &answers, severity, role_names[role]);

	if (text_starts_with(policy, "arn:"))
		remedy_attach(facts, &finding, role, &answers, policy);
	else
		remedy_grant(facts, &finding, role, &answers, policy);
	simulation_compare(facts, role, &answers, &finding);
	return finding;
}

struct finding check_iam_control_plane_clusters(const struct facts *facts)
{
	return check_list(facts, ROLE_CONTROL_PLANE, &required_clusters, "clusters", VERDICT_FAIL);
}

struct finding check_iam_control_plane_pass_role(const struct facts *facts)
{
	return check_list(facts, ROLE_CONTROL_PLANE, &required_pass_role, "pass-role", VERDICT_FAIL);
}

struct finding check_iam_control_plane_services(const struct facts *facts)
{
	return check_list(facts, ROLE_CONTROL_PLANE, &required_services, "services", VERDICT_WARN);
}

/* Where the account has the role already, nobody needs to make it. */
struct finding check_iam_control_plane_spot(const struct facts *facts)
{
	struct finding finding = check_list(facts, ROLE_CONTROL_PLANE, &required_spot, "spot", VERDICT_WARN);

	if (finding.verdict == VERDICT_PASS)
		return finding;
	if (facts_has(facts, FACT_SPOT_ROLE))
		return finding_make(facts, VERDICT_PASS,
			"the account has the service-linked role for spot instances");
	if (facts_lost(facts, FACT_SPOT_ROLE))
		return finding_lost(facts, FACT_SPOT_ROLE);
	return finding;
}

struct finding check_iam_node_ecr(const struct facts *facts)
{
	return check_list(facts, ROLE_NODE, &required_ecr,
		"arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly", VERDICT_WARN);
}

/* A gateway endpoint carries what goes to buckets of its own region, and nothing else. */
static bool is_far(const struct facts *facts)
{
	const char *region = tree_text(facts_tree(facts, FACT_BUCKET), "BucketRegion");

	return *region && !text_equal(region, facts->cloud->region);
}

static struct finding check_bucket_access(const struct facts *facts, enum role role)
{
	bool node = role == ROLE_NODE; /* the control plane comes from outside, by ways that are not known */
	struct s3_ways ways = is_far(facts) ? (struct s3_ways){.known = true} : s3_ways_of(facts);
	struct access_policies policies = role_policies(facts, role);
	struct required_answers answers;
	struct finding finding;

	policies.resource = bucket_policy(facts);
	policies.resource_account = facts->cloud->account;
	answers = ask(facts, role, &required_bucket, &policies, NULL, node && ways.known ? &ways.ids : NULL);
	if (node)
		s3_ways_bind(facts->arena, &ways, role_arn(facts, role), &answers);
	finding = judge(facts, &answers, VERDICT_FAIL, role_names[role]);
	remedy_grant(facts, &finding, role, &answers, "bucket");
	return finding;
}

struct finding check_s3_access_control_plane(const struct facts *facts)
{
	return check_bucket_access(facts, ROLE_CONTROL_PLANE);
}

struct finding check_s3_access_node(const struct facts *facts)
{
	return check_bucket_access(facts, ROLE_NODE);
}

/* Why a key's policy is not among the facts. */
static const char *unseen_policy(const struct facts *facts, const char *arn)
{
	const char *account = arn_account(facts->arena, arn);

	if (text_equal(account, facts->cloud->account))
		return "its document was not read";
	return arena_printf(facts->arena,
		"the key belongs to account %s, and its policy can be read only there", account);
}

static struct finding judge_key(const struct facts *facts, enum role role, const struct required_list *list,
	const char *arn, enum fact policy_fact)
{
	const json_t *document = tree_get(facts_tree(facts, policy_fact), "Policy");
	struct access_policy policy = {.name = "the key's policy", .wrong = unseen_policy(facts, arn)};
	struct access_policies policies = role_policies(facts, role);
	struct required_answers answers;

	if (document)
		policy = access_policy_read(facts->arena, ACCESS_RESOURCE, policy.name, document);
	policies.resource = &policy;
	policies.resource_decides = true;
	policies.resource_account = arn_account(facts->arena, arn);
	answers = ask(facts, role, list, &policies, arn, NULL);
	return judge(facts, &answers, VERDICT_FAIL, role_names[role]);
}

/* What both roles may do with the key. */
static struct finding judge_key_for_both(const struct facts *facts, const char *key, const char *arn)
{
	struct finding finding = judge_key(facts, ROLE_CONTROL_PLANE, &required_key, arn,
		FACT_BUCKET_KEY_POLICY);
	struct finding node = judge_key(facts, ROLE_NODE, &required_key, arn, FACT_BUCKET_KEY_POLICY);

	if (finding.verdict == VERDICT_PASS && node.verdict == VERDICT_PASS)
		finding.text = arena_printf(facts->arena, "both roles may use %s", key);
	for (size_t i = 0; i < node.evidence.count; i++)
		text_list_add(facts->arena, &finding.evidence, node.evidence.items[i]);
	if (verdict_worst(finding.verdict, node.verdict) != finding.verdict) {
		finding.verdict = node.verdict;
		finding.text = node.text;
	}
	return finding;
}

static const struct index_list key_facts = FACTS(KEY_FACTS);

struct finding check_s3_kms(const struct facts *facts)
{
	const char *key = bucket_key_id(facts_tree(facts, FACT_BUCKET_ENCRYPTION)), *arn, *fault;
	const json_t *description = facts_tree(facts, FACT_BUCKET_KEY);
	struct finding finding;

	if (!*key)
		return finding_make(facts, VERDICT_PASS,
			"the bucket is not encrypted with a customer managed key");
	if (facts_any_lost(facts, &key_facts))
		return finding_unknown(facts, &key_facts);
	arn = kms_key_arn(description);
	if (!arn) {
		finding = finding_make(facts, VERDICT_FAIL,
			"the bucket is encrypted with key %s, which does not exist", key);
		remedy_say(facts, &finding, "encrypt the bucket with a key that exists");
		return finding;
	}
	fault = kms_key_fault(facts->arena, description, "S3");
	if (fault) {
		finding = finding_make(facts, VERDICT_FAIL, "the bucket is encrypted with key %s, but %s",
			key, fault);
		kms_key_remedy(facts, description, "the bucket", &finding);
		return finding;
	}
	return judge_key_for_both(facts, key, arn);
}

static const struct index_list volume_key_facts = FACTS(VOLUME_KEY_FACTS);

/* An instance whose volumes cannot be encrypted ends at once, and only its state reason says so. */
struct finding check_account_ebs_key(const struct facts *facts)
{
	const json_t *description = facts_tree(facts, FACT_EBS_KEY);
	const char *key, *fault;
	struct finding finding;

	if (!tree_bool(facts_tree(facts, FACT_EBS_ENCRYPTION), "ebsEncryptionByDefault"))
		return finding_make(facts, VERDICT_PASS, "volumes are not encrypted by default");
	if (facts_any_lost(facts, &volume_key_facts))
		return finding_unknown(facts, &volume_key_facts);
	key = ebs_key_id(facts_tree(facts, FACT_EBS_KEY_ID));
	if (!*key || (kms_key_arn(description) && !kms_key_is_customers(description)))
		return finding_make(facts, VERDICT_PASS,
			"volumes are encrypted by default with AWS's own key");
	if (!kms_key_arn(description)) {
		finding = finding_make(facts, VERDICT_FAIL,
			"volumes are encrypted by default with key %s, which does not exist", key);
		remedy_say(facts, &finding, "choose a default key for volumes that exists");
		return finding;
	}
	fault = kms_key_fault(facts->arena, description, "EBS");
	if (!fault)
		return judge_key(facts, ROLE_CONTROL_PLANE, &required_volume_key, kms_key_arn(description),
			FACT_EBS_KEY_POLICY);
	finding = finding_make(facts, VERDICT_FAIL, "volumes are encrypted by default with key %s, but %s",
		key, fault);
	kms_key_remedy(facts, description, "volumes", &finding);
	return finding;
}
