/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `delete --keep-file-system`: before the stack is deleted, a change set makes the file system's DeletionPolicy Retain. The
 * template is the stack's own, changed in that one attribute (AWS CloudFormation User Guide, "DeletionPolicy attribute"). The
 * mount targets go with the stack.
 *
 * Undone, the attribute is what it was; how it was written is in the record (operation.undo). While it is there, a deletion
 * that is run again keeps the file system, with the option or without.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_DELETE_KEEP_FILE_SYSTEM_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_DELETE_KEEP_FILE_SYSTEM_H

#include <stdbool.h>

#include "base/error.h"
#include "providers/steps.h"

struct aws_operation;
struct deletion;

/* Its logical id in the template. */
#define FILE_SYSTEM "FileSystem"

/* The operations of the step, ended by NULL. */
extern const struct aws_operation *const keep_operations[];

/* Does the user want it, now or in the run that this one goes on with? */
bool keep_is_wanted(const struct deletion *deletion);

/*
 * Before anything is asked or changed: wait for a change set of an earlier run's that is being executed, and see whether the
 * template can be changed; it is read into deletion. Where nothing is wanted, or the deletion is under way, there is nothing to
 * see. ERROR_FAILED: it cannot be; else as aws_call().
 */
int keep_look(struct deletion *deletion, struct error *err);

/* Wait for the change set of an earlier run's; deletion->stack is then as that left it. */
int keep_settle(struct deletion *deletion, struct error *err);

/* The functions of the step; self is the struct deletion. See providers/steps.h. */
int keep_find(void *self, enum found *found, struct error *err);
int keep_prepare(void *self, struct error *err);
int keep_perform(void *self, struct error *err);
int keep_follow(void *self, struct error *err);
int keep_undo(void *self, struct error *err);
bool keep_is_undoable(const void *self);

/* Once the stack is gone: where the file system of this id is, how to use it again and how to delete it. */
void keep_tell(const struct deletion *deletion, const char *id);

#endif
