/* SPDX-License-Identifier: Apache-2.0 */
/* What is asked about the two roles and their policies. */
#include "providers/aws/cloud/plan_parts.h"

#include "base/tree.h"
#include "providers/aws/cloud/permissions/role_policies.h"
#include "providers/aws/iam/arn.h"

static const struct role_facts *role_of(const struct ask *ask)
{
	return &role_facts[ask->row->which];
}

void ask_role(const struct facts *facts, struct ask *ask)
{
	ask_one(ask, "RoleName", arn_name(role_arn(facts, ask->row->which)));
}

void ask_spot_role(const struct facts *facts, struct ask *ask)
{
	(void)facts;
	ask_one(ask, "RoleName", "AWSServiceRoleForEC2Spot");
}

void ask_role_policies(const struct facts *facts, struct ask *ask)
{
	const char *role = arn_name(role_arn(facts, ask->row->which));

	TREE_EACH (name, facts_tree(facts, role_of(ask)->policy_names), "PolicyNames")
		ask_add(ask, json_string_value(name),
			json_pack("{s:s,s:s}", "RoleName", role, "PolicyName", tree_text(name, NULL)));
}

/* A permissions boundary is a managed policy like those attached, so its document comes with theirs. */
void ask_role_attached(const struct facts *facts, struct ask *ask)
{
	const char *boundary = tree_text(facts_tree(facts, role_of(ask)->role),
		"Role.PermissionsBoundary.PermissionsBoundaryArn");

	TREE_EACH (policy, facts_tree(facts, role_of(ask)->attached), "AttachedPolicies")
		ask_add(ask, tree_text(policy, "PolicyArn"),
			json_pack("{s:s}", "PolicyArn", tree_text(policy, "PolicyArn")));
	if (*boundary)
		ask_add(ask, boundary, json_pack("{s:s}", "PolicyArn", boundary));
}

void ask_role_documents(const struct facts *facts, struct ask *ask)
{
	const char *arn;
	json_t *reply;

	json_object_foreach ((json_t *)facts_tree(facts, role_of(ask)->versions), arn, reply) {
		const char *version = tree_text(reply, "Policy.DefaultVersionId");

		if (*version)
			ask_add(ask, arn, json_pack("{s:s,s:s}", "PolicyArn", arn, "VersionId", version));
	}
}
