/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Orphans: resources that the deletion of a stack leaves in the account, because --retain names them (RetainResources of
 * DeleteStack), or because --force-stack ends it without them (DeletionMode FORCE_DELETE_STACK). Both are for a stack in
 * DELETE_FAILED alone (AWS CloudFormation API Reference, DeleteStack).
 *
 * Which they are is asked of the deleted stack, whose ARN answers for 90 days. So a deletion that was killed tells of them as
 * well, and nothing has to be kept that the record, which goes, could not keep.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_DELETE_ORPHANS_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_DELETE_ORPHANS_H

#include <jansson.h>

#include "base/error.h"
#include "base/text.h"

struct arena;
struct deletion;

/*
 * Before anything is changed: can what the options want to leave be left, by what deletion->plan and deletion->stack say?
 * Where the deletion is under way or done already, there is nothing to check. -1: ERROR_FAILED, or why it is not known.
 */
int orphans_check(const struct deletion *deletion, struct error *err);

/*
 * What of --retain is to be sent: those that failed. What was left before is the stack's no more, and to name it is refused. In
 * the run's arena.
 */
struct text_list orphans_to_retain(const struct deletion *deletion);

/* Take out of deletion->plan what is in the way of nothing but resources that are left. */
void orphans_leave_out(struct deletion *deletion);

/* The step after the stack's deletion: name each with its id, and how to remove it. self is the struct deletion. */
int orphans_tell(void *self, struct error *err);

/*
 * How to remove an element of ListStackResources, a command or a sentence without an end; resources is the whole reply, which
 * has what else it needs. In arena.
 */
const char *orphan_removal(struct arena *arena, const json_t *resources, const json_t *resource,
	const char *region);

#endif
