/* SPDX-License-Identifier: Apache-2.0 */
/* Two roles, one after the other: granting, taking back, withdrawing. */
#include "providers/aws/cloud/edit_role.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/event.h"
#include "base/shell_word.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/cloud_plan.h"
#include "providers/aws/cloud/cloud_session.h"
#include "providers/aws/cloud/other_clouds.h"
#include "providers/aws/cloud/role_trust.h"
#include "providers/aws/iam/arn.h"
#include "providers/aws/iam/trust_edit.h"
#include "providers/records/cloud.h"
#include "providers/records/registry.h"
#include "providers/run.h"
#include "verify/facts.h"

/* The cloud as if this role were its own and had got the external id from us; undo: what its policy was, or NULL. */
static struct cloud with_role(struct run *run, const struct cloud *cloud, const char *role, const char *undo)
{
	struct cloud there = cloud_copy(run->arena, cloud);
	struct aws_cloud *section = aws_cloud_edit(run->arena, &there);

	section->resources.control_plane_role_arn = role;
	section->external_id_added = true;
	there.operation.undo = undo;
	return there;
}

/* --- granting --- */

int edit_role_plan(struct edit_role *role, struct run *run, struct aws *aws, bool lock,
	struct cloud *candidate, struct error *err)
{
	struct aws_cloud *section = aws_cloud_edit(run->arena, candidate);

	role->grant.run = run;
	role->grant.aws = aws;
	role->grant.cloud = candidate;
	if ((lock ? trust_grant_plan : trust_grant_look)(&role->grant, err) < 0)
		return -1;
	section->external_id_added = section->external_id_added || role->grant.changes;
	return 0;
}

const char *edit_role_undo(const struct edit_role *role)
{
	struct arena *arena = role->grant.run->arena;
	json_t *undo = json_pack("{s:s,s:O}", "role",
		aws_cloud(role->grant.cloud)->resources.control_plane_role_arn, "trust", role->grant.before);
	char *text = json_dumps(undo, JSON_COMPACT);
	const char *kept = arena_strdup(arena, text);

	free(text);
	json_decref(undo);
	return kept;
}

int edit_role_take_back(struct edit_role *role, struct run *run, const struct cloud *cloud, struct error *err)
{
	const json_t *undo = cloud->operation.undo
		? tree_defer(run->arena, json_loads(cloud->operation.undo, 0, NULL))
		: NULL;
	const char *arn = tree_text(undo, "role");
	char *trust = json_dumps(tree_get(undo, "trust"), JSON_COMPACT);
	struct cloud there = with_role(run, cloud, arn, trust ? arena_strdup(run->arena, trust) : NULL);
	struct aws *aws;
	bool changed;

	free(trust);
	if (!kind_role_valid(arn))
		return error_set(err, ERROR_INPUT,
			"the record's operation.undo does not say which role was changed");
	aws = cloud_session(run, cloud->region, true, err);
	if (!aws ||
		role_trust_lock(run, aws, arn, role->grant.lock ? &role->grant.lock : &role->lock, err) < 0 ||
		role_trust_restore(run, aws, &there, &changed, err) < 0)
		return -1;
	if (changed)
		event_step(run->stream, STEP_NOTE, "The trust policy of %s is as it was.", arn);
	return 0;
}

/* --- withdrawing --- */

void edit_role_tell_unread(struct run *run, const struct error *why)
{
	event_step(run->stream, STEP_WARNING,
		"Not all records could be read, so another cloud may have the same role: %s",
		error_text(run->arena, why));
}

/* Whether another cloud lets the control plane in by the role and the external id of there. -1: not known. */
static int is_shared(struct run *run, const struct registry *registry, const struct cloud *there,
	struct error *err)
{
	struct facts *facts = facts_new(run->arena, &cloud_plan, there);
	int found = other_clouds_find(facts, registry, err);

	if (other_clouds_name(facts, aws_cloud(there)->external_id))
		return 1;
	return found;
}

const char *edit_role_old(struct run *run, const struct registry *registry, const struct cloud *cloud)
{
	const struct aws_cloud *section = aws_cloud(cloud);
	const char *old = section->previous.resources.control_plane_role_arn;
	struct cloud there;
	struct error why;
	int shared;

	if (!section->previous.external_id_added || !old || !section->external_id ||
		text_equal(old, section->resources.control_plane_role_arn))
		return NULL;
	there = with_role(run, cloud, old, NULL);
	shared = is_shared(run, registry, &there, &why);
	if (shared < 0)
		edit_role_tell_unread(run, &why);
	return shared > 0 ? NULL : old;
}

/* The command that takes the external id out; a look where the policy cannot be read. */
static const char *by_hand(struct run *run, struct aws *aws, const struct cloud *there)
{
	struct arena *arena = run->arena;
	const struct aws_cloud *section = aws_cloud(there);
	const char *name = shell_word(arena, arn_name(section->resources.control_plane_role_arn));
	struct error ignored;
	bool changed = false;
	const json_t *now = role_trust_read(aws, arena, section->resources.control_plane_role_arn, &ignored);
	json_t *without = now ? trust_remove_external_id(now, section->control_plane_account,
					section->external_id, &changed, &ignored)
			      : NULL;
	char *text = changed ? json_dumps(without, JSON_COMPACT) : NULL;
	const char *command = text
		? arena_printf(arena, "aws iam update-assume-role-policy --role-name %s --policy-document %s",
			  name, shell_word(arena, text))
		: arena_printf(arena, "aws iam get-role --role-name %s", name);

	free(text);
	json_decref(without);
	return command;
}

/* It may have been done, or the user wants to leave: the record keeps what is to be done. */
static bool is_open(const struct error *err)
{
	return err->kind == ERROR_INTERRUPTED || err->kind == ERROR_NETWORK || err->kind == ERROR_PROTOCOL ||
		err->kind == ERROR_SERVICE || err->kind == ERROR_IO;
}

int edit_role_withdraw(struct edit_role *role, struct run *run, struct aws *aws, struct cloud *cloud,
	struct error *err)
{
	struct aws_cloud *section = aws_cloud_edit(run->arena, cloud);
	const char *old = section->previous.resources.control_plane_role_arn;
	const struct cloud there = with_role(run, cloud, old, NULL);
	bool changed = false;
	int shared;

	registry_unlock(&role->grant.lock); /* two edits that swap their roles must not wait for each other */
	shared = is_shared(run, run->registry(run, err), &there, err);
	if (shared > 0) {
		section->previous.external_id_added = false;
		return 0;
	}
	if (shared == 0 && role_trust_lock(run, aws, old, &role->lock, err) == 0 &&
		role_trust_restore(run, aws, &there, &changed, err) == 0) {
		section->previous.external_id_added = false;
		if (changed)
			event_step(run->stream, STEP_PROGRESS,
				"The external id was taken out of the trust policy of the role %s.",
				arn_name(old));
		return 0;
	}
	if (is_open(err))
		return -1;
	role->left = true;
	event_step(run->stream, STEP_WARNING,
		"The external id %s is still in the trust policy of the old role %s: %s. By hand: %s",
		section->external_id, arn_name(old), error_text(run->arena, err), by_hand(run, aws, &there));
	error_clear(err);
	return 0;
}

void edit_role_close(struct edit_role *role)
{
	registry_unlock(&role->grant.lock);
	registry_unlock(&role->lock);
}
