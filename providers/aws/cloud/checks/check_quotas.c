/* SPDX-License-Identifier: Apache-2.0 */
/* Whether the account may run an instance of the usual size. What is running already is not counted here. */
#include "providers/aws/cloud/checks/catalogue.h"

#include "base/tree.h"
#include "providers/aws/cloud/quotas.h"

/* One m5.xlarge. */
enum { NEEDED_VCPUS = 4 };

static struct finding judge_vcpus(const struct facts *facts, enum fact fact, const char *kind)
{
	const json_t *quota = tree_get(facts_tree(facts, fact), "Quota");
	const char *why = tree_text(quota, "ErrorReason.ErrorMessage");
	double limit;

	if (!tree_real(quota, "Value", &limit))
		return finding_make(facts, VERDICT_UNKNOWN, "AWS does not report the quota for %s vCPUs%s%s",
			kind, *why ? ": " : "", why);
	if (limit < NEEDED_VCPUS)
		return finding_make(facts, VERDICT_WARN,
			"the quota is %.0f %s vCPUs, and one instance of the usual size (m5.xlarge) has %d",
			limit, kind, NEEDED_VCPUS);
	return finding_make(facts, VERDICT_PASS,
		"the quota is %.0f %s vCPUs; instances that are running already are not counted", limit,
		kind);
}

static struct finding check_quotas_vcpu(const struct facts *facts)
{
	return judge_vcpus(facts, FACT_VCPU_QUOTA, "on-demand");
}

static struct finding check_quotas_spot_vcpu(const struct facts *facts)
{
	return judge_vcpus(facts, FACT_SPOT_VCPU_QUOTA, "spot");
}

static const char *region(const struct cloud *cloud)
{
	return cloud->region;
}

/* clang-format off */
static const struct check rows[] = {
	{.id = "quotas.vcpu", .severity = WARN, .reads = FACTS(FACT_VCPU_QUOTA), .decide = check_quotas_vcpu,
	 .holds = "the account's quota for on-demand vCPUs is enough for one node with 4 (m5.xlarge)",
	 .why = "instances beyond the quota are not launched; new accounts start with a very low quota",
	 .remedy = QUOTA_INCREASE("ec2", QUOTA_VCPUS, "32"),
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "instance-quotas", .reference = AWS_DOCS "AWSEC2/latest/UserGuide/ec2-resource-limits.html"},
	{.id = "quotas.spot-vcpu", .severity = WARN, .reads = FACTS(FACT_SPOT_VCPU_QUOTA), .decide = check_quotas_spot_vcpu,
	 .holds = "the account's quota for spot vCPUs is enough for one node with 4 (m5.xlarge)",
	 .why = "clusters may ask for spot instances, which have a quota of their own",
	 .remedy = QUOTA_INCREASE("ec2", QUOTA_SPOT_VCPUS, "32"),
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "instance-quotas", .reference = AWS_DOCS "AWSEC2/latest/UserGuide/ec2-resource-limits.html"},
};
/* clang-format on */

const struct check_group quotas_group = {.id = "quotas",
	.name = "quotas",
	CHECKS(rows),
	.subject = region,
	.subject_kind = "region"};
