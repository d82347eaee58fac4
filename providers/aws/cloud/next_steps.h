/* SPDX-License-Identifier: Apache-2.0 */
/* What to do once a command has ended: with a cloud that is there, or about permissions that are missing. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_NEXT_STEPS_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_NEXT_STEPS_H

struct cloud;
struct error;
struct run;

/* A cloud is ready: its ids, where the console shows it, what the control plane must be told, how to verify it. */
void next_steps_tell(struct run *run, const struct cloud *cloud);

/* An operation was denied: the error advises how to see all that the caller lacks for a command. Any other stays. */
void next_steps_denied(const char *command, struct error *err);

#endif
