/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which condition keys a request can carry, after AWS's Service Authorization Reference (condition_key_table.h). Pure.
 *
 * "Condition keys for an action": those of the action, and those of the type of the resource. Global keys (aws:…) are
 * everywhere, but those about tags, which the reference lists; and so are cross-service keys (IAM User Guide, "AWS
 * global condition context keys").
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_IAM_CONDITION_KEY_H
#define CLOUDCTL_PROVIDERS_AWS_IAM_CONDITION_KEY_H

#include <stdbool.h>
#include <stddef.h>

struct request_context;

/* Is the key the name, which has size bytes, without case? "*" at its end: all that begin so. */
bool condition_key_is(const char *name, size_t size, const char *key, size_t length);

/*
 * Certain that a request for the context's action on its resource never carries the key, whose name has length bytes.
 * False when the table does not have the action, the type of the resource, or a key of the action's own service: a
 * newer edition may.
 */
bool condition_key_ruled_out(const struct request_context *context, const char *key, size_t length);

#endif
