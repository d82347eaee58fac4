/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of the caller and the region. Both are about calls that failed as much as about those that did not. */
#include "providers/aws/cloud/checks/catalogue.h"

#include "base/arena.h"
#include "base/tree.h"
#include "providers/aws/cloud/account_profiles.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/iam/arn.h"

/* Codes with which a region's endpoint refuses credentials that are good elsewhere. */
static bool refuses_region(const struct error *error)
{
	return text_is_among(error->code,
		"AuthFailure OptInRequired UnrecognizedClientException InvalidClientTokenId");
}

/* STS of a region that is not enabled refuses good credentials too; IAM, which is asked elsewhere, accepts them. */
static bool works_elsewhere(const struct facts *facts)
{
	return facts->values[FACT_CONTROL_PLANE_ROLE].state == FACT_KNOWN ||
		facts_error(facts, FACT_CONTROL_PLANE_ROLE)->kind == ERROR_DENIED;
}

static const char *account_of(const struct cloud *cloud, struct arena *arena)
{
	return cloud->account ? cloud->account
			      : arn_account(arena, aws_cloud(cloud)->resources.node_role_arn);
}

const char *account_caller(const struct facts *facts)
{
	const char *arn = tree_text(facts_tree(facts, FACT_IDENTITY), "Arn");

	return *arn ? arn : NULL;
}

const char *account_elsewhere(const struct facts *facts)
{
	const char *wanted = account_of(facts->cloud, facts->arena);
	const char *account = tree_text(facts_tree(facts, FACT_IDENTITY), "Account");

	if (!*account || !*wanted || text_equal(account, wanted))
		return NULL;
	return arena_printf(facts->arena, "asked in account %s, but the cloud is in account %s", account,
		wanted);
}

static struct finding check_account_identity(const struct facts *facts)
{
	const struct error *error = facts_error(facts, FACT_IDENTITY);
	const json_t *identity = facts_tree(facts, FACT_IDENTITY);
	const char *account = tree_text(identity, "Account");
	struct finding finding;

	if (!identity) {
		finding = finding_lost(facts, FACT_IDENTITY);
		if (refuses_region(error) && works_elsewhere(facts))
			finding_evidence(facts, &finding, "IAM accepts the credentials: see account.region");
		else if (error->kind == ERROR_CREDENTIALS && *error->code)
			finding.verdict = VERDICT_FAIL;
		return finding;
	}
	if (account_elsewhere(facts)) {
		const char *wanted = account_of(facts->cloud, facts->arena);

		finding = finding_make(facts, VERDICT_FAIL,
			"the credentials belong to account %s, the cloud to account %s", account, wanted);
		finding.remedy = account_profiles_advice(facts->arena, facts_tree(facts, FACT_PROFILES),
			wanted);
		finding.remedy_kind = REMEDY_DO;
	} else
		finding = finding_make(facts, VERDICT_PASS, "the credentials belong to account %s", account);
	finding_evidence(facts, &finding, "caller: %s", tree_text(identity, "Arn"));
	return finding;
}

/* No call of its own: an answer of EC2's endpoint there proves the region, a refusal of good credentials disproves it. */
static struct finding check_account_region(const struct facts *facts)
{
	const char *region = facts->cloud->region ? facts->cloud->region : "the region";

	if (!aws_cloud(facts->cloud)->resources.vpc_id)
		return finding_make(facts, VERDICT_UNKNOWN,
			"the record has no VPC, so nothing was asked of EC2 in %s", region);
	if (facts_tree(facts, FACT_VPC))
		return finding_make(facts, VERDICT_PASS, "EC2 answers in %s", region);
	if ((facts_has(facts, FACT_IDENTITY) || works_elsewhere(facts)) &&
		refuses_region(facts_error(facts, FACT_VPC))) {
		struct finding finding = finding_make(facts, VERDICT_FAIL,
			"EC2 in %s refuses credentials that %s accepts: the region is not enabled for the account",
			region, facts_has(facts, FACT_IDENTITY) ? "STS" : "IAM");

		finding_evidence(facts, &finding, "%s", finding_lost(facts, FACT_VPC).text);
		return finding;
	}
	return finding_lost(facts, FACT_VPC);
}

static const char *account(const struct cloud *cloud)
{
	return cloud->account;
}

/* clang-format off */
static const struct check rows[] = {
	{.id = "account.identity", .severity = FAIL, .judges_caller = true,
	 .also = FACTS(FACT_IDENTITY, FACT_CONTROL_PLANE_ROLE), .decide = check_account_identity,
	 .holds = "the credentials work and belong to the account of the cloud's roles",
	 .why = "with credentials of another account, verify finds nothing of the cloud, or something else with the same name",
	 .remedy = "choose credentials of account {account}, for example with --profile",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "account", .reference = GUIDE "prerequisites"},
	{.id = "account.region", .severity = FAIL,
	 .also = FACTS(FACT_IDENTITY, FACT_VPC, FACT_CONTROL_PLANE_ROLE), .decide = check_account_region,
	 .holds = "the region is enabled for the account",
	 .why = "in a region that is not enabled, no resource can be created or used",
	 .remedy = "aws account enable-region --region-name {region}",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "region", .reference = AWS_DOCS "accounts/latest/reference/manage-acct-regions.html"},
	{.id = "account.ebs-key", .severity = FAIL, .reads = FACTS(FACT_EBS_ENCRYPTION),
	 .also = FACTS(VOLUME_KEY_FACTS), .about = KINDS(KIND_CONTROL_PLANE_ROLE),
	 .subjects = KINDS(KIND_CONTROL_PLANE_ROLE), .decide = check_account_ebs_key,
	 .holds = "if volumes are encrypted by default with a customer managed key, it is enabled, and the control-plane role may use it",
	 .why = "EC2 encrypts the volumes of each instance with that key in the name of the role that launches it, and ends the instance when it cannot",
	 .remedy = "allow kms:CreateGrant (for AWS resources), kms:Decrypt, kms:DescribeKey, kms:GenerateDataKeyWithoutPlaintext and kms:ReEncrypt* on the key to {control-plane-role}, in the key's policy and, if that delegates to IAM, in the role's",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "default-encryption-of-volumes", .reference = AWS_DOCS "ebs/latest/userguide/ebs-encryption-requirements.html"},
};
/* clang-format on */

const struct check_group account_group = {.id = "account",
	.name = "account",
	CHECKS(rows),
	.subject = account};
