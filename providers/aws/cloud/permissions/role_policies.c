/* SPDX-License-Identifier: Apache-2.0 */
/* From replies of IAM and S3 to policies. */
#include "providers/aws/cloud/permissions/role_policies.h"

#include "base/arena.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/iam/arn.h"
#include "providers/records/cloud.h"

#define FACTS_OF(which) \
	{ \
		.role = FACT_##which##_ROLE, .policy_names = FACT_##which##_POLICY_NAMES, \
		.policies = FACT_##which##_POLICIES, .attached = FACT_##which##_ATTACHED, \
		.versions = FACT_##which##_ATTACHED_VERSIONS, \
		.documents = FACT_##which##_ATTACHED_DOCUMENTS, .simulation = FACT_##which##_SIMULATION, \
	}

const struct role_facts role_facts[] = {
	[ROLE_CONTROL_PLANE] = FACTS_OF(CONTROL_PLANE),
	[ROLE_NODE] = FACTS_OF(NODE),
};

const char *role_arn(const struct facts *facts, enum role role)
{
	const struct aws_resources *resources = &aws_cloud(facts->cloud)->resources;

	return role == ROLE_CONTROL_PLANE ? resources->control_plane_role_arn : resources->node_role_arn;
}

const char *role_id(const struct facts *facts, enum role role)
{
	const char *id = tree_text(facts_tree(facts, role_facts[role].role), "Role.RoleId");

	return *id ? id : NULL;
}

const char *node_profile_arn(const struct facts *facts)
{
	const char *name = arn_name(aws_cloud(facts->cloud)->resources.node_role_arn);
	const json_t *profile = tree_find(facts_tree(facts, FACT_NODE_INSTANCE_PROFILES), "InstanceProfiles",
		"InstanceProfileName", name);
	const char *arn = tree_text(profile, "Arn");

	return *arn ? arn : NULL;
}

/* A managed policy by its ARN. ARNs hold dots, so the object is not read by a path. */
static struct access_policy managed(const struct facts *facts, enum role role, enum access_layer layer,
	const char *name, const char *arn)
{
	const json_t *reply = json_object_get(facts_tree(facts, role_facts[role].documents), arn);
	const json_t *document = tree_get(reply, "PolicyVersion.Document");

	if (!document)
		return (struct access_policy){.name = name, .wrong = "its document was not read"};
	return access_policy_read(facts->arena, layer, name, document);
}

/* A policy that vanished between two calls is JSON null: it is no longer the role's. */
static size_t add_inline(const struct facts *facts, enum role role, struct access_policy *policies)
{
	size_t count = 0;
	const char *name;
	json_t *reply;

	json_object_foreach ((json_t *)facts_tree(facts, role_facts[role].policies), name, reply) {
		if (json_is_object(reply))
			policies[count++] = access_policy_read(facts->arena, ACCESS_IDENTITY,
				arena_printf(facts->arena, "inline policy %s", name),
				json_object_get(reply, "PolicyDocument"));
	}
	return count;
}

static size_t add_attached(const struct facts *facts, enum role role, struct access_policy *policies)
{
	const json_t *documents = facts_tree(facts, role_facts[role].documents);
	size_t count = 0;

	TREE_EACH (policy, facts_tree(facts, role_facts[role].attached), "AttachedPolicies") {
		const char *arn = tree_text(policy, "PolicyArn");

		if (!json_is_null(json_object_get(documents, arn)))
			policies[count++] = managed(facts, role, ACCESS_IDENTITY,
				arena_printf(facts->arena, "policy %s", arn), arn);
	}
	return count;
}

static const struct access_policy *boundary(const struct facts *facts, enum role role)
{
	const json_t *tree = facts_tree(facts, role_facts[role].role);
	const char *arn = tree_text(tree, "Role.PermissionsBoundary.PermissionsBoundaryArn");
	struct access_policy *policy;

	if (!*arn)
		return NULL;
	policy = NEW(facts->arena, struct access_policy);
	*policy = managed(facts, role, ACCESS_BOUNDARY,
		arena_printf(facts->arena, "permissions boundary %s", arn), arn);
	return policy;
}

struct access_policies role_policies(const struct facts *facts, enum role role)
{
	size_t room = json_object_size(facts_tree(facts, role_facts[role].policies)) +
		tree_count(tree_get(facts_tree(facts, role_facts[role].attached), "AttachedPolicies"));
	struct access_policy *identity = NEW_ARRAY(facts->arena, struct access_policy, room);
	struct access_policies policies = {.identity = identity};

	policies.identity_count = add_inline(facts, role, identity);
	policies.identity_count += add_attached(facts, role, identity + policies.identity_count);
	policies.boundary = boundary(facts, role);
	return policies;
}

const struct access_policy *bucket_policy(const struct facts *facts)
{
	const json_t *tree = facts_tree(facts, FACT_BUCKET_POLICY);
	const json_t *payload = json_object_get(tree, "Policy");
	struct access_policy *policy;

	if (!facts_has(facts, FACT_BUCKET_POLICY))
		return NULL;
	policy = NEW(facts->arena, struct access_policy);
	*policy = access_policy_read(facts->arena, ACCESS_RESOURCE, "the bucket policy",
		payload ? payload : tree);
	return policy;
}
