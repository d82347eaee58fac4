/* SPDX-License-Identifier: Apache-2.0 */
/* The external id into a trust policy, and again where somebody else wrote over it. */
#include "providers/aws/cloud/trust_grant.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/event.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/role_trust.h"
#include "providers/aws/iam/arn.h"
#include "providers/aws/iam/trust_edit.h"
#include "providers/records/cloud.h"
#include "providers/run.h"

enum { WRITES_MAX = 4 }; /* of the trust policy, when others write it too */

static const char *role_of(const struct trust_grant *grant)
{
	return aws_cloud(grant->cloud)->resources.control_plane_role_arn;
}

int trust_grant_look(struct trust_grant *grant, struct error *err)
{
	struct arena *arena = grant->run->arena;
	const struct aws_cloud *section = aws_cloud(grant->cloud);

	grant->before = role_trust_read(grant->aws, arena, role_of(grant), err);
	if (!grant->before)
		return -1;
	grant->after = tree_defer(arena,
		trust_add_external_id(grant->before, section->control_plane_account, section->external_id,
			&grant->changes, err));
	if (grant->after)
		return 0;
	return error_wrap(err, "adding the external id to the trust policy of the role %s",
		arn_name(role_of(grant)));
}

int trust_grant_plan(struct trust_grant *grant, struct error *err)
{
	if (role_trust_lock(grant->run, grant->aws, role_of(grant), &grant->lock, err) < 0)
		return -1;
	return trust_grant_look(grant, err);
}

const char *trust_grant_undo(const struct trust_grant *grant)
{
	char *text = json_dumps(grant->before, JSON_COMPACT);
	const char *undo = arena_strdup(grant->run->arena, text);

	free(text);
	return undo;
}

int trust_grant_write(struct trust_grant *grant, struct error *err)
{
	if (!grant->changes)
		return 0;
	return role_trust_replace(grant->aws, grant->run->arena, role_of(grant), grant->before, grant->after,
		err);
}

/* Somebody wrote over our policy: add the external id to theirs. 0: it is there already; 1: it was written again. */
static int write_again(struct trust_grant *grant, struct error *err)
{
	bool changed;

	if (trust_grant_look(grant, err) < 0)
		return -1;
	changed = grant->changes;
	grant->changes = true; /* by this run, whoever wrote last */
	if (!changed)
		return 0;
	return trust_grant_write(grant, err) < 0 ? -1 : 1;
}

int trust_grant_wait(struct trust_grant *grant, struct error *err)
{
	struct run *run = grant->run;
	const char *role = role_of(grant);
	int shown = TRUST_SHOWN, again = 1;

	if (!grant->changes)
		return 0;
	for (int writes = 1; again == 1; writes++) {
		shown = role_trust_wait(run, grant->aws, role, grant->before, grant->after, err);
		if (shown != TRUST_OVERWRITTEN)
			break;
		if (writes == WRITES_MAX)
			return error_set(err, ERROR_FAILED,
				"somebody else writes the trust policy of the role %s again and again; try it when that has ended",
				arn_name(role));
		again = write_again(grant, err);
	}
	/* Without it the control plane would be refused by a cloud that is said to be ready. */
	if (shown == TRUST_NOT_YET)
		return error_set(err, ERROR_FAILED,
			"the role %s does not show the external id that was written to its trust policy; run the same command again",
			arn_name(role));
	return shown < 0 || again < 0 ? -1 : 0;
}
