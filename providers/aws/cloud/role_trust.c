/* SPDX-License-Identifier: Apache-2.0 */
/* Reading and writing trust policies through IAM. */
#include "providers/aws/cloud/role_trust.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/tree.h"
#include "providers/aws/client/aws.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/cloud_session.h"
#include "providers/aws/iam/arn.h"
#include "providers/aws/iam/trust_edit.h"
#include "providers/records/cloud.h"
#include "providers/records/registry.h"
#include "providers/run.h"
#include "providers/waiter.h"

enum { LOCK_STEP_MS = 200, LOCK_WAIT_MS = 60000 };

const json_t *role_trust_read(struct aws *aws, struct arena *arena, const char *role_arn, struct error *err)
{
	const char *name = arn_name(role_arn);
	const json_t *reply = aws_call(aws, arena, &iam_GetRole, json_pack("{s:s}", "RoleName", name), err);
	json_t *policy;

	if (!reply) {
		error_wrap(err, "reading the trust policy of the role %s", name);
		return NULL;
	}
	policy = tree_defer(arena, json_loads(tree_text(reply, "Role.AssumeRolePolicyDocument"), 0, NULL));
	if (!policy)
		error_set(err, ERROR_PROTOCOL, "the trust policy of the role %s is not valid JSON", name);
	return policy;
}

static int write_policy(struct aws *aws, struct arena *arena, const char *role_arn, const json_t *policy,
	struct error *err)
{
	const char *name = arn_name(role_arn);
	char *text = json_dumps(policy, JSON_COMPACT);
	json_t *input = json_pack("{s:s, s:s}", "RoleName", name, "PolicyDocument", text ? text : "");

	free(text);
	if (aws_call(aws, arena, &iam_UpdateAssumeRolePolicy, input, err))
		return 0;
	return error_wrap(err, "changing the trust policy of the role %s", name);
}

int role_trust_replace(struct aws *aws, struct arena *arena, const char *role_arn, const json_t *expected,
	const json_t *policy, struct error *err)
{
	const json_t *now = role_trust_read(aws, arena, role_arn, err);

	if (!now)
		return -1;
	if (!trust_equal(now, expected))
		return error_set(err, ERROR_CONFLICT,
			"the trust policy of the role %s was changed by someone else in the meantime; check it and try again",
			arn_name(role_arn));
	return write_policy(aws, arena, role_arn, policy, err);
}

int role_trust_lock(struct run *run, struct aws *aws, const char *role_arn, struct registry_lock **lock,
	struct error *err)
{
	const struct registry *registry = run->registry(run, err);

	for (int waited_ms = 0; registry && !*lock; waited_ms += LOCK_STEP_MS) {
		error_clear(err);
		*lock = registry_lock_resource(registry, role_arn, 0, err);
		if (!*lock &&
			(err->kind != ERROR_CONFLICT || waited_ms >= LOCK_WAIT_MS ||
				aws_sleep(aws, LOCK_STEP_MS, err) < 0))
			return -1;
	}
	return *lock ? 0 : -1;
}

/* Two policies, of which the second was written over the first, in IAM's own forms. */
struct writing {
	const json_t *before, *after;
};

/* What IAM shows, as a word for the waiter. */
static const char *shown(const void *self, const json_t *reply)
{
	const struct writing *writing = self;
	json_t *policy = json_loads(tree_text(reply, "Role.AssumeRolePolicyDocument"), 0, NULL);
	const char *word = "overwritten";

	if (policy && trust_equal(policy, writing->after))
		word = "shown";
	else if (!policy || trust_equal(policy, writing->before))
		word = "";
	json_decref(policy);
	return word;
}

int role_trust_wait(struct run *run, struct aws *aws, const char *role_arn, const json_t *before,
	const json_t *policy, struct error *err)
{
	static const struct waiter waiter = {
		.doing = "reading the trust policy back",
		.operation = &iam_GetRole,
		.state = shown,
		.done = "shown",
		.failed = "overwritten",
		.interval_ms = 1000,
		.limit_ms = 10000,
	};
	json_t *input = json_pack("{s:s}", "RoleName", arn_name(role_arn));
	const struct writing writing = {before, policy};
	const struct wait wait = {
		.source = aws_source(run->arena, aws),
		.world = run->world,
		.input = input,
		.self = &writing,
	};
	int waited = waiter_wait(&waiter, &wait, err);

	json_decref(input);
	if (waited < 0 && err->kind == ERROR_FAILED) {
		error_clear(err);
		return TRUST_OVERWRITTEN;
	}
	return waited == WAITED_DONE ? TRUST_SHOWN : waited == WAITED_IN_VAIN ? TRUST_NOT_YET : -1;
}

/* The policy to go back to from now: the one in the undo information, where nobody changed anything since. */
static const json_t *policy_before(struct arena *arena, const struct cloud *cloud, const json_t *now,
	bool *changed)
{
	struct error ignored;
	const char *account = aws_cloud(cloud)->control_plane_account, *id = aws_cloud(cloud)->external_id;
	const char *text = cloud->operation.undo;
	json_t *undo = text ? tree_defer(arena, json_loads(text, 0, NULL)) : NULL;
	json_t *ours = undo ? trust_add_external_id(undo, account, id, changed, &ignored) : NULL;

	tree_defer(arena, ours);
	*changed = true;
	/* Equal to undo: not written yet, or IAM still shows the old one. Writing it is right in both cases. */
	if (undo && (trust_equal(now, undo) || (ours && trust_equal(now, ours))))
		return undo;
	return tree_defer(arena, trust_remove_external_id(now, account, id, changed, &ignored));
}

/* The id is there, in no statement from which it could be taken: the record names another account than the policy. */
static int refuse_rest(const json_t *policy, const struct cloud *cloud, struct error *err)
{
	const struct aws_cloud *section = aws_cloud(cloud);
	char *text = json_dumps(policy, JSON_COMPACT);
	bool there = text && strstr(text, section->external_id);

	free(text);
	if (!there)
		return 0;
	return error_set(err, ERROR_CONFLICT,
		"the trust policy of the role %s has the external id %s, but not for account %s, as the record says; nothing was changed. Correct control_plane_account in clouds/%s.yaml of the registry, or the trust policy",
		arn_name(section->resources.control_plane_role_arn), section->external_id,
		section->control_plane_account, cloud->name);
}

/* A reply that says "done" is believed when the role shows it: the external id must not stay without a record. */
static int replace_and_see(struct run *run, struct aws *aws, const char *role_arn, const json_t *now,
	const json_t *policy, struct error *err)
{
	int seen;

	if (role_trust_replace(aws, run->arena, role_arn, now, policy, err) < 0)
		return -1;
	seen = role_trust_wait(run, aws, role_arn, now, policy, err);
	if (seen == TRUST_SHOWN || seen < 0)
		return seen < 0 ? -1 : 0;
	return error_set(err, ERROR_FAILED,
		seen == TRUST_NOT_YET
			? "the role %s does not show the change of its trust policy yet; run the same command again"
			: "somebody else changed the trust policy of the role %s at the same time; run the same command again",
		arn_name(role_arn));
}

int role_trust_restore(struct run *run, struct aws *aws, const struct cloud *cloud, bool *changed,
	struct error *err)
{
	struct arena *arena = run->arena;
	const char *role_arn = aws_cloud(cloud)->resources.control_plane_role_arn;
	const json_t *now, *before;

	*changed = false;
	if (!aws_cloud(cloud)->external_id_added || !role_arn || !aws_cloud(cloud)->external_id ||
		!aws_cloud(cloud)->control_plane_account)
		return 0;
	now = role_trust_read(aws, arena, role_arn, err);
	before = now ? policy_before(arena, cloud, now, changed) : NULL;
	*changed = before && *changed;
	if (before && !*changed)
		return refuse_rest(now, cloud, err);
	if (now && (!*changed || replace_and_see(run, aws, role_arn, now, before, err) == 0))
		return 0;
	*changed = false;
	/* Not allowed to write what is there already: then it was not we who could have changed it. */
	if (now ? err->kind != ERROR_DENIED || !trust_equal(now, before) : err->kind != ERROR_NOT_FOUND)
		return -1;
	error_clear(err);
	return 0;
}
