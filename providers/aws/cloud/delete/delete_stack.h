/* SPDX-License-Identifier: Apache-2.0 */
/* The step that deletes the stack: found, sent and followed to its end. self is the struct deletion. See providers/steps.h. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_DELETE_DELETE_STACK_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_DELETE_DELETE_STACK_H

#include "base/error.h"
#include "providers/steps.h"

/* Is it there, gone, or being deleted by the request that the record names? */
int delete_stack_find(void *self, enum found *found, struct error *err);

/* Lift the protection that setup gave it, and send the deletion; refused, it is protected again. */
int delete_stack_send(void *self, struct error *err);

/* ERROR_FAILED: it ended with DELETE_FAILED; what could not be deleted was told. */
int delete_stack_follow(void *self, struct error *err);

#endif
