/* SPDX-License-Identifier: Apache-2.0 */
/* Whether the account may run what a functional verification launches. What is running already is not counted here. */
#include "providers/aws/cloud/checks/catalogue.h"

#include "base/tree.h"
#include "providers/aws/cloud/quotas.h"

/* One m5.xlarge. */
enum { NEEDED_VCPUS = 4 };

static struct finding check_quotas_vcpu(const struct facts *facts)
{
	const json_t *quota = tree_get(facts_tree(facts, FACT_VCPU_QUOTA), "Quota");
	double limit = json_number_value(json_object_get(quota, "Value"));
	const char *why = tree_text(quota, "ErrorReason.ErrorMessage");

	if (!json_is_number(json_object_get(quota, "Value")))
		return finding_make(facts, VERDICT_UNKNOWN, "AWS does not report the quota for vCPUs%s%s",
			*why ? ": " : "", why);
	if (limit < NEEDED_VCPUS)
		return finding_make(facts, VERDICT_WARN,
			"the quota is %.0f vCPUs, and one instance with %d is launched", limit, NEEDED_VCPUS);
	return finding_make(facts, VERDICT_PASS,
		"the quota is %.0f vCPUs, and one instance with %d is launched; instances that are running already are not counted",
		limit, NEEDED_VCPUS);
}

static const char *region(const struct cloud *cloud)
{
	return cloud->region;
}

/* clang-format off */
static const struct check rows[] = {
	{.id = "quotas.vcpu", .severity = WARN, .applies = &on_functional,
	 .reads = FACTS(FACT_VCPU_QUOTA), .decide = check_quotas_vcpu,
	 .holds = "the account's quota for running on-demand vCPUs is enough for functional verification",
	 .why = "instances beyond the quota are not launched; new accounts start with a very low quota",
	 .remedy = QUOTA_INCREASE("ec2", QUOTA_VCPUS, "32"),
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "instance-quotas", .reference = AWS_DOCS "AWSEC2/latest/UserGuide/ec2-resource-limits.html"},
};
/* clang-format on */

const struct check_group quotas_group = {.id = "quotas", .name = "quotas", CHECKS(rows), .subject = region};
