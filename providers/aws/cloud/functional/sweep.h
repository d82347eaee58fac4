/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What functional verifications left in a cloud, of any run and from any machine: instances and volumes with the cloud's tag
 * and that of a run, and objects below LAUNCH_PREFIX in its bucket.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_FUNCTIONAL_SWEEP_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_FUNCTIONAL_SWEEP_H

#include <stdbool.h>

#include "base/error.h"

struct aws_operation;
struct cloud;
struct run;

/* The operations that it calls, ended by NULL. */
extern const struct aws_operation *const sweep_operations[];

/* functional_provider.sweep(), with the caller's credentials: whoever sweeps need not be let in by the control-plane role. */
int functional_sweep(struct run *run, bool yes, struct cloud *cloud, struct error *err);

#endif
