/* SPDX-License-Identifier: Apache-2.0 */
/* A loop over the kinds of resources: a new kind is in it. */
#include "providers/aws/cloud/register_consent.h"

#include "base/arena.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/kinds.h"
#include "providers/aws/iam/arn.h"
#include "providers/records/cloud.h"

static void add_changes(struct consent *lines, const struct cloud *cloud, bool trust_changes)
{
	const struct aws_cloud *section = aws_cloud(cloud);
	const char *role = arn_name(section->resources.control_plane_role_arn);

	if (trust_changes)
		consent_add(lines, "Changes",
			"the trust policy of the role %s: the external id %s is added; cloudctl delete takes it out again",
			role, section->external_id);
	else
		consent_add(lines, "Changes",
			"nothing in AWS: the trust policy of the role %s names the external id %s already",
			role, section->external_id);
	consent_add(lines, "Lets in",
		"the control plane: AWS account %s may assume the role %s with the external id %s",
		account_with_owner(lines->arena, section->control_plane_account, cloud->account), role,
		section->external_id);
}

struct consent register_consent_lines(struct arena *arena, const struct cloud *cloud, bool trust_changes)
{
	struct consent lines = consent_new(arena,
		arena_printf(arena, "register is going to take over cloud '%s':", cloud->name));

	consent_add(&lines, "Account", "%s", cloud->account);
	consent_add(&lines, "Region", "%s", cloud->region);
	add_changes(&lines, cloud, trust_changes);
	for (enum kind kind = 0; kind < KINDS_COUNT; kind++) {
		struct text_list ids = kind_ids(arena, &kinds[kind], aws_cloud(cloud));

		if (kinds[kind].option && ids.count > 0)
			consent_add(&lines, "Records", "%s: %s", kinds[kind].word,
				text_join(arena, &ids, ", "));
	}
	consent_add(&lines, "Costs", "nothing: no resource is created");
	return lines;
}
